"""What pages elsewhere may ask of accounts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from shield.kernel.access.rules import Actor
from shield.kernel.accounts import permissions, queries
from shield.kernel.accounts.rules import InvitationStatus
from shield.kernel.calendar.rules import in_london
from shield.kernel.records.rules import WorkItem


def work(actor: Actor, today: date) -> Iterator[WorkItem]:
    """For reviewers: the urgent openings by others that nobody has reviewed; each is due the day after."""
    if not actor.may(permissions.REVIEW_URGENT) or actor.person_id is None:
        return
    for row in queries.urgent_openings(actor).filter(finding="").exclude(person_id=actor.person_id)[:50]:
        opened = in_london(row.opened_at).date()
        yield WorkItem(
            f"Urgent opening of {row.about_reference}", row.kind, row.pk, "Opening to review", opened, opened < today,
            row.person.name, act="Review it", act_page="urgent_review",
        )  # fmt: skip


def awaited(actor: Actor, today: date) -> Iterator[WorkItem]:
    """For those who invite: invitations that nobody has accepted yet."""
    if not actor.may(permissions.MANAGE_OWN_PEOPLE):
        return
    for row in queries.invitations(actor).filter(status=InvitationStatus.OPEN)[:50]:
        until = in_london(row.expires_at).date() if row.expires_at else None
        late = until is not None and until < today
        whose = row.agency.called if row.agency else ""
        yield WorkItem(
            "An invitation is not accepted yet", row.kind, row.pk, "Invitation", until, late, whose
        )
