"""Starting a chronology about a record, changing it, and putting it a step further."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from shield.domain.chronologies import events, permissions
from shield.domain.chronologies.models import Chronology
from shield.domain.chronologies.queries import collecting
from shield.domain.chronologies.rules import states
from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor, Forbidden, Permission
from shield.kernel.history import services as history
from shield.kernel.records.rules import RecordRef, Refused


def locked(
    *, chronology: Chronology, by: Actor, permission: Permission, expected_version: int | None = None
) -> Chronology:
    """Re-read a chronology for a change by somebody of its team who may; part of the caller's act."""
    access.require(by, permission)
    row: Chronology = Chronology.objects.locked(chronology.pk, expected_version, by=by)
    if not by.works_in(row.team_id):
        # Whoever opened it urgently reads it, and changes nothing.
        raise Forbidden("Only the team of a chronology works on it.")
    return row


@transaction.atomic
def open_chronology(*, about: RecordRef, title: str, by: Actor, **values: Any) -> Chronology:
    """Start a chronology about a record, for the team of that record."""
    access.require(by, permissions.OPEN)
    record = collecting.record_at(about, by)
    if record is None:
        raise Refused("What the chronology is about cannot be found.")
    team = collecting.team_of(record)
    if team is None:
        raise Refused("This record has no team, so nobody could read a chronology about it.")
    if not by.works_in(team.pk):
        raise Refused(
            "You are not in the team that works on this. Ask whoever leads it to start the chronology."
        )
    states.check_period(values.get("period_from"), values.get("period_to"))
    row = Chronology.new(
        by,
        title=title,
        about_kind=about.kind,
        about_id=about.id,
        team=team,
        words_key=secrets.token_hex(16),
        **values,
    ).store()
    called = getattr(record, "reference", "") or record.heading
    history.record(events.OPENED, on=row.ref, by=by, details={"about": called})
    return row


@transaction.atomic
def change_chronology(
    *, chronology: Chronology, changes: Mapping[str, Any], by: Actor, expected_version: int
) -> Chronology:
    """Change what a chronology is called, asks for, spans, and what counts as a gap in it."""
    row = locked(chronology=chronology, by=by, permission=permissions.OPEN, expected_version=expected_version)
    states.check_open(row.status)
    made = row.amend(changes)
    states.check_period(row.period_from, row.period_to)
    row.store()
    named = ", ".join(states.CHANGED_WORDS[name] for name in made) or "nothing"
    history.record(events.CHANGED, on=row.ref, by=by, details={"changes": named})
    return row


@transaction.atomic
def move_chronology(
    *, chronology: Chronology, to: str, by: Actor, today: date, expected_version: int
) -> Chronology:
    """Put a chronology a step further or back: being collected, being read, closed."""
    row = locked(chronology=chronology, by=by, permission=permissions.OPEN, expected_version=expected_version)
    states.check_move(row.status, to)
    row.status = to
    row.closed_on = today if to == states.Status.CLOSED else None
    row.store()
    history.record(events.MOVED, on=row.ref, by=by, details={"status": row.get_status_display().lower()})
    return row
