"""Asking agencies for their parts, and what becomes of what they hand in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from shield.domain.chronologies import events, permissions
from shield.domain.chronologies.models import Chronology, Contribution, Entry
from shield.domain.chronologies.rules import states
from shield.domain.chronologies.services import grouping, telling
from shield.domain.chronologies.services.opening import locked
from shield.kernel.access.rules import Actor
from shield.kernel.accounts.models import Agency
from shield.kernel.history import services as history
from shield.kernel.records.rules import Refused, check_reason


@transaction.atomic
def ask_agencies(
    *, chronology: Chronology, agencies: Sequence[Agency], by: Actor, today: date, due_on: date | None = None
) -> list[Contribution]:
    """Ask agencies for their parts; one that was asked before is not asked twice."""
    row = locked(chronology=chronology, by=by, permission=permissions.OPEN)
    states.check_open(row.status)
    if not agencies:
        raise Refused("Select the agencies that are asked", "agencies")
    if due_on and due_on < today:
        raise Refused("The day by which it is due must not be past", "due_on")
    known = set(row.contributions.values_list("agency_id", flat=True))
    made = [
        Contribution.new(
            by, chronology=row, agency=agency, asked_on=today, due_on=due_on, due_set_on=today
        ).store()
        for agency in agencies
        if agency.pk not in known
    ]
    if not made:
        raise Refused("These agencies are asked already.", "agencies")
    told = telling.tell(template=telling.ASKED, contributions=made, by=by, today=today)
    details = {
        "agencies": ", ".join(each.agency.called for each in made), "told": "1 person" if told == 1 else f"{told} people",
    }  # fmt: skip
    history.record(events.ASKED, on=row.ref, by=by, details=details)
    return made


def _contribution(contribution: Contribution, by: Actor, expected_version: int) -> Contribution:
    locked(chronology=contribution.chronology, by=by, permission=permissions.EDIT)
    row: Contribution = Contribution.objects.locked(contribution.pk, expected_version, by=by)
    states.check_open(row.chronology.status)
    return row


@transaction.atomic
def change_due(
    *, contribution: Contribution, due_on: date | None, by: Actor, today: date, expected_version: int
) -> Contribution:
    """Set by when an agency's part is due."""
    row = _contribution(contribution, by, expected_version)
    row.due_on, row.due_set_on = due_on, today
    row.store()
    history.record(events.DUE_CHANGED, on=row.ref, by=by, details={"fields": "due_on"})
    return row


@transaction.atomic
def accept_contribution(*, contribution: Contribution, by: Actor, expected_version: int) -> Contribution:
    """Take a part as it was handed in; from then on it is not changed."""
    row = _contribution(contribution, by, expected_version)
    if row.status != states.Part.HANDED_IN:
        raise Refused("Only a part that is handed in can be accepted.")
    row.status, row.reason = states.Part.ACCEPTED, ""
    row.store()
    history.record(events.ACCEPTED, on=row.ref, by=by)
    return row


@transaction.atomic
def send_back(
    *, contribution: Contribution, reason: str, by: Actor, today: date, expected_version: int
) -> Contribution:
    """Give a part back to its agency and say why; until it is in again it is no part of the chronology."""
    row = _contribution(contribution, by, expected_version)
    if row.status in states.WITH_AGENCY:
        raise Refused("This part is with its agency.")
    check_reason(reason, what="Say in a sentence what should be changed.")
    row.status, row.reason = states.Part.SENT_BACK, reason.strip()
    row.store()
    Entry.objects.filter(contribution=row, standing__in=states.READ).update(
        standing=states.Standing.OWN, within=None
    )
    grouping.regroup(chronology=row.chronology)
    telling.tell(template=telling.SENT_BACK, contributions=[row], by=by, today=today)
    history.record(events.SENT_BACK, on=row.ref, by=by, details={"reason": "see the part"})
    return row
