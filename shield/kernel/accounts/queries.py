"""Who somebody is in a partnership, and reads across agencies and people."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from shield.kernel.access import queries as access
from shield.kernel.access.rules import Actor
from shield.kernel.accounts.models import (
    Agency,
    AgencyMembership,
    Office,
    Partnership,
    Person,
    Provenance,
    RoleGrant,
    TeamMembership,
)

PUBLIC_ROLE = "public"


def _held_on(day: date) -> Q:
    return Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gte=day))


def public_actor(partnership: Partnership) -> Actor:
    """Anybody at all, signed out, looking at one partnership."""
    return Actor(
        partnership.pk,
        partnership.slug,
        roles=frozenset({PUBLIC_ROLE}),
        permissions=access.permissions_of([PUBLIC_ROLE]),
    )


def system_actor(partnership: Partnership, name: str = "Shield") -> Actor:
    """The system itself, at work for one partnership; holds every permission of no person."""
    return Actor(
        partnership.pk,
        partnership.slug,
        person_name=name,
        roles=frozenset({"system"}),
        permissions=access.permissions_of(["system"]),
        is_system=True,
    )


def actor_for(person: Person, partnership: Partnership, on: date, *, is_staff: bool = False) -> Actor | None:
    """A person as an actor in a partnership on a day; None if they hold no role there."""
    held = _held_on(on)
    roles = frozenset(
        RoleGrant.objects.filter(held, person=person, partnership=partnership).values_list("role", flat=True)
    )
    if not roles:
        return None
    posts = AgencyMembership.objects.filter(held, person=person, partnership=partnership).values("agency_id")
    # An agency's own units belong to it: a council's lead sees what is asked of its services.
    agencies = frozenset(
        Agency.objects.filter(Q(pk__in=posts) | Q(parent__in=posts)).values_list("pk", flat=True)
    )
    teams = frozenset(
        TeamMembership.objects.filter(held, person=person, partnership=partnership).values_list(
            "team_id", flat=True
        )
    )
    return Actor(
        partnership.pk,
        partnership.slug,
        person.pk,
        person.name,
        roles,
        access.permissions_of(roles),
        agencies,
        teams,
        is_staff,
    )


def partnerships_of(person: Person, on: date) -> QuerySet[Partnership]:
    """The partnerships in which a person holds a role on a day."""
    ids = RoleGrant.objects.filter(_held_on(on), person=person).values("partnership_id")
    return Partnership.objects.filter(pk__in=ids).order_by("name")


def people_of(actor: Actor, on: date) -> QuerySet[Person]:
    """The people who hold a role in the actor's partnership on a day, by name."""
    ids = RoleGrant.objects.filter(_held_on(on), partnership_id=actor.partnership_id).values("person_id")
    return Person.objects.filter(pk__in=ids).order_by("name")


def agencies(actor: Actor) -> QuerySet[Agency]:
    """The agencies of the actor's partnership, by name."""
    return Agency.objects.visible_to(actor).order_by("name")


def relevant_agencies(partnership_id: uuid.UUID, starts_on: date, ends_on: date) -> QuerySet[Agency]:
    """Agencies that were relevant agencies at any time of a period."""
    return (
        Agency.objects.filter(partnership_id=partnership_id, relevant_from__lte=ends_on)
        .filter(Q(relevant_to__isnull=True) | Q(relevant_to__gte=starts_on))
        .order_by("name")
    )


def lead_partners(partnership_id: uuid.UUID) -> QuerySet[Agency]:
    """The three statutory safeguarding partners of a partnership."""
    return (
        Agency.objects.filter(partnership_id=partnership_id).exclude(lead_partner="").order_by("lead_partner")
    )


def offices(actor: Actor) -> QuerySet[Office]:
    """The offices known to the actor's partnership, by title."""
    return Office.objects.visible_to(actor).order_by("title")


def source_of(record: Any) -> Provenance | None:
    """Which section of which source a record was taken from, if from one."""
    return Provenance.objects.filter(partnership_id=record.partnership_id, record_id=record.pk).first()


def persona_rows(person_ids: list[uuid.UUID], on: date) -> list[dict[str, Any]]:
    """For the demonstration: who holds which roles where, with agency and post, in order of roles."""
    roles = access.table().ROLES
    order = list(roles)
    grants = RoleGrant.objects.filter(_held_on(on), person_id__in=person_ids)
    members = {
        (m.person_id, m.partnership_id): m
        for m in AgencyMembership.objects.filter(_held_on(on), person_id__in=person_ids).select_related(
            "agency"
        )
    }
    rows = [
        {
            "person_id": grant.person_id,
            "partnership_id": grant.partnership_id,
            "role": roles[grant.role],
            "membership": members.get((grant.person_id, grant.partnership_id)),
            "order": order.index(grant.role),
        }
        for grant in grants
        if grant.role in roles
    ]
    return sorted(rows, key=lambda row: row["order"])
