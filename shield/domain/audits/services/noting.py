"""The briefing note of an audit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from shield.domain.audits import events, permissions, rules
from shield.domain.audits.models import Audit, BriefingNote
from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.history import services as history
from shield.kernel.records.rules import Refused


@transaction.atomic
def write_note(*, audit: Audit, values: Mapping[str, Any], by: Actor) -> BriefingNote:
    """Write the first draft of an audit's briefing note."""
    access.require(by, permissions.RUN)
    rules.check_at(audit.status, "moderating", "discussed", "closed", what="have a briefing note yet")
    if BriefingNote.objects.filter(audit=audit).exists():
        raise Refused("This audit has a briefing note already. Change that one.")
    note = BriefingNote.new(by, audit=audit, **values).store()
    history.record(events.NOTE_WRITTEN, on=note.ref, by=by)
    return note


@transaction.atomic
def change_note(
    *, note: BriefingNote, values: Mapping[str, Any], by: Actor, expected_version: int
) -> BriefingNote:
    """Change the words of a note that was not issued."""
    row = _draft(note, by, expected_version)
    row.amend(values)
    row.store()
    history.record(events.NOTE_WRITTEN, on=row.ref, by=by)
    return row


@transaction.atomic
def issue_note(
    *, note: BriefingNote, nobody_named: bool, by: Actor, today: date, expected_version: int
) -> BriefingNote:
    """Issue a note after somebody read it and saw that no child can be recognised; its words stand from then on."""
    row = _draft(note, by, expected_version)
    if not nobody_named:
        raise Refused("Read the note and confirm that no child can be recognised from it.", "nobody_named")
    row.status, row.issued_on = rules.NoteStatus.ISSUED, today
    row.store()
    history.record(events.NOTE_ISSUED, on=row.ref, by=by)
    return row


def _draft(note: BriefingNote, by: Actor, expected_version: int) -> BriefingNote:
    access.require(by, permissions.RUN)
    row: BriefingNote = BriefingNote.objects.locked(note.pk, expected_version, by=by)
    if row.status == rules.NoteStatus.ISSUED:
        raise Refused("This note was issued. What was issued is not changed.")
    return row
