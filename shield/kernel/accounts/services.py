"""Setting up partnerships, agencies, people and their roles."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from shield.kernel.access import queries as access_table
from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.accounts import events, permissions, queries, rules
from shield.kernel.accounts.models import (
    Agency,
    AgencyMembership,
    Office,
    Organisation,
    Partnership,
    Person,
    Provenance,
    RoleGrant,
    User,
)
from shield.kernel.history import services as history
from shield.kernel.records.models import check_storable, next_reference
from shield.kernel.records.rules import Refused, Stale


@transaction.atomic
def found_partnership(*, slug: str, name: str, short_name: str, **profile: Any) -> Partnership:
    """Set up a partnership; the first act in its history."""
    if not rules.usable_slug(slug):
        raise Refused(f"“{slug}” cannot be the address of a partnership.", "slug")
    partnership = Partnership(slug=slug, name=name, short_name=short_name, **profile).store()
    history.record(
        events.PARTNERSHIP_FOUNDED,
        on=partnership.ref,
        by=queries.system_actor(partnership),
        partnership_id=partnership.pk,
    )
    return partnership


@transaction.atomic
def change_profile(
    *, partnership: Partnership, changes: dict[str, Any], by: Actor, expected_version: int
) -> Partnership:
    """Change what a partnership says of itself (vision, values, ambitions)."""
    access.require(by, permissions.EDIT_PROFILE)
    row = Partnership.objects.select_for_update().get(pk=partnership.pk)
    if row.version != expected_version:
        raise Stale(row)
    for name, value in changes.items():
        setattr(row, name, value)
    row.store()
    history.record(events.PROFILE_CHANGED, on=row.ref, by=by, details={"fields": ", ".join(sorted(changes))})
    return row


@transaction.atomic
def add_agency(*, by: Actor, name: str, sector: str, **details: Any) -> Agency:
    """Add an agency to a partnership, tied to the organisation of the same name."""
    access.require(by, permissions.EDIT_PROFILE)
    _check_agency(Agency(partnership_id=by.partnership_id, name=name, **details))
    organisation, _ = Organisation.objects.get_or_create(name=name, defaults={"sector": sector})
    agency = Agency(
        partnership_id=by.partnership_id,
        reference=next_reference(by.partnership_id, Agency.reference_prefix),
        organisation=organisation,
        name=name,
        sector=sector,
        **details,
    ).store()
    history.record(events.AGENCY_ADDED, on=agency.ref, by=by)
    return agency


@transaction.atomic
def change_agency(*, agency: Agency, changes: dict[str, Any], by: Actor, expected_version: int) -> Agency:
    """Change an agency's name, sector, place among the partners or dates."""
    access.require(by, permissions.EDIT_PROFILE)
    row: Agency = Agency.objects.locked(agency.pk, expected_version, by=by)
    for name, value in changes.items():
        setattr(row, name, value)
    _check_agency(row)
    row.store()
    history.record(events.AGENCY_CHANGED, on=row.ref, by=by, details={"fields": ", ".join(sorted(changes))})
    return row


def _check_agency(agency: Agency) -> None:
    """Refuse a name that is taken, dates the wrong way round, and an agency inside itself."""
    if agency.relevant_from and agency.relevant_to and agency.relevant_to < agency.relevant_from:
        raise Refused("The last day as a relevant agency cannot be before the first.", "relevant_to")
    others = Agency.objects.filter(partnership_id=agency.partnership_id, name=agency.name).exclude(
        pk=agency.pk
    )
    if others.exists():
        raise ValidationError({"name": "There is already an agency of this name."})
    above, seen = agency.parent, {agency.pk}
    while above is not None:
        if above.pk in seen:
            raise Refused("An agency cannot be part of itself, not through another either.", "parent")
        seen.add(above.pk)
        above = above.parent


@transaction.atomic
def add_office(*, by: Actor, title: str, agency: Agency | None = None) -> Office:
    """Add an office that somebody holds in or for an agency."""
    access.require(by, permissions.EDIT_PROFILE)
    office = Office(
        partnership_id=by.partnership_id,
        reference=next_reference(by.partnership_id, Office.reference_prefix),
        title=title,
        agency=agency,
    ).store()
    history.record(events.OFFICE_ADDED, on=office.ref, by=by)
    return office


@transaction.atomic
def add_person(
    *, by: Actor, name: str, email: str, today: date, agency: Agency | None = None, post: str = "", role: str = "",
    password: str | None = None, is_invented: bool = False, is_staff: bool = False,
) -> Person:  # fmt: skip
    """Add a person with a sign-in and, if given, the agency they work for and their first role."""
    access.require(by, permissions.MANAGE_PEOPLE)
    if User.objects.filter(email=email.lower()).exists():
        raise ValidationError({"email": "Somebody signs in with this address already."})
    person = Person(name=name, is_invented=is_invented)
    check_storable(person)
    person.full_clean()
    person.save()
    User.objects.create_user(email, password, person=person, is_staff=is_staff)
    if agency is not None:
        AgencyMembership(
            partnership_id=by.partnership_id, person=person, agency=agency, post=post, starts_on=today
        ).store()
    history.record(events.PERSON_ADDED, on=person.ref, by=by)
    if role:
        grant_role(person=person, role=role, by=by, today=today)
    return person


@transaction.atomic
def join_agency(
    *, person: Person, agency: Agency, by: Actor, today: date, post: str = ""
) -> AgencyMembership:
    """Note that a person works for an agency from today: they then see what is asked of it."""
    access.require(by, permissions.MANAGE_PEOPLE)
    known = AgencyMembership.objects.filter(person=person, agency=agency, ends_on__isnull=True)
    if known.exists():
        raise Refused(f"{person.name} already works for {agency.name}.", "agency")
    membership = AgencyMembership(
        partnership_id=by.partnership_id, person=person, agency=agency, post=post, starts_on=today
    ).store()
    history.record(events.AGENCY_JOINED, on=person.ref, by=by, details={"agency": agency.name})
    return membership


@transaction.atomic
def leave_agency(*, membership: AgencyMembership, by: Actor, today: date) -> AgencyMembership:
    """End a person's work for an agency at once: the last day is yesterday, as with a role."""
    access.require(by, permissions.MANAGE_PEOPLE)
    row: AgencyMembership = AgencyMembership.objects.locked(membership.pk, by=by)
    if row.ends_on is not None:
        raise Refused(f"{row.person.name} has left {row.agency.name} already.")
    row.ends_on = today - timedelta(days=1)
    row.store()
    history.record(events.AGENCY_LEFT, on=row.person.ref, by=by, details={"agency": row.agency.name})
    return row


@transaction.atomic
def grant_role(*, person: Person, role: str, by: Actor, today: date) -> RoleGrant:
    """Give a person an access role from today; a role they already hold is not given twice."""
    access.require(by, permissions.MANAGE_PEOPLE)
    known = access_table.table().ROLES
    if role not in known or known[role].system:
        raise Refused("There is no such role.", "role")
    held = RoleGrant.objects.filter(
        partnership_id=by.partnership_id, person=person, role=role, ends_on__isnull=True
    )
    if held.exists():
        raise Refused(f"{person.name} already holds this role.", "role")
    grant = RoleGrant(partnership_id=by.partnership_id, person=person, role=role, starts_on=today).store()
    history.record(events.ROLE_GRANTED, on=person.ref, by=by, details={"role": known[role].label})
    return grant


@transaction.atomic
def end_role(*, grant: RoleGrant, by: Actor, today: date) -> RoleGrant:
    """End a role at once: its last day is yesterday. Who held it when stays on record."""
    access.require(by, permissions.MANAGE_PEOPLE)
    row: RoleGrant = RoleGrant.objects.locked(grant.pk, by=by)
    if row.person_id == by.person_id:
        raise Refused("You cannot end your own role; ask another manager to do it.")
    if row.ends_on is not None:
        raise Refused("This role has ended already.")
    row.ends_on = today - timedelta(days=1)
    row.store()
    label = access_table.table().ROLES[row.role].label
    history.record(events.ROLE_ENDED, on=row.person.ref, by=by, details={"role": label})
    return row


def note_source(*, record: Any, source: str, section: str, key: str = "") -> Provenance:
    """Keep which section of which source a record was taken from; part of the act that made it."""
    return Provenance(
        partnership_id=getattr(record, "partnership_id", record.pk),
        record_kind=record.kind,
        record_id=record.pk,
        source=source,
        section=section,
        key=key,
    ).store()
