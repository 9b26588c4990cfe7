"""Who may confirm, and whose names are known."""

from __future__ import annotations

import uuid
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from shield.kernel.access import queries as access
from shield.kernel.access.rules import Actor
from shield.kernel.accounts import queries as accounts
from shield.kernel.accounts.models import AgencyMembership, Person, RoleGrant
from shield.kernel.retention import permissions
from shield.kernel.retention.models import Disposal, SubjectRequest
from shield.kernel.retention.rules import disposing as rules


def nobody_else_manages(actor: Actor, proposed_by_id: uuid.UUID | None, on: date) -> bool:
    """Whether there is no manager but the one who proposed, so that a safeguarding partner may confirm."""
    managing = [
        key
        for key, role in access.table().ROLES.items()
        if not role.system and permissions.PROPOSE.key in access.permissions_of([key])
    ]
    able = accounts.who_can_sign_in(actor.partnership_id, on, roles=managing)
    return not (able.exclude(pk=proposed_by_id) if proposed_by_id else able).exists()


def may_confirm(disposal: Disposal, actor: Actor, on: date) -> bool:
    """Whether this person is the second one who looks."""
    if not actor.may(permissions.CONFIRM):
        return False
    alone = nobody_else_manages(actor, disposal.proposed_by_id, on)
    return not rules.why_not_confirm(
        disposal.proposed_by_id,
        actor.person_id,
        may_propose=actor.may(permissions.PROPOSE),
        other_manager=not alone,
    )


def known_names(partnership_id: uuid.UUID) -> list[str]:
    """The names of everybody who has or had a part in a partnership: whom a text may mean."""
    here = {"partnership_id": partnership_id, "person": OuterRef("pk")}
    people = Person.objects.filter(
        Exists(RoleGrant.objects.filter(**here)) | Exists(AgencyMembership.objects.filter(**here))
    )
    return list(people.order_by("name").values_list("name", flat=True))


def requests_of(actor: Actor) -> QuerySet[SubjectRequest]:
    """The requests this person may see, the first due first."""
    return SubjectRequest.objects.visible_to(actor).select_related("person")
