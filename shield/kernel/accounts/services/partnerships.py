"""Partnerships, their agencies and offices."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.accounts import events, permissions, queries, rules
from shield.kernel.accounts.models import Agency, Office, Organisation, Partnership, Provenance
from shield.kernel.history import services as history
from shield.kernel.records.models import next_reference
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
