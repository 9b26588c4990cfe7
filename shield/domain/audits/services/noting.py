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
from shield.kernel.identities import services as identities
from shield.kernel.records.rules import Refused, check_reason


@transaction.atomic
def write_note(*, audit: Audit, values: Mapping[str, Any], by: Actor) -> BriefingNote:
    """Write the first draft of an audit's briefing note, or of the corrected one after a note was withdrawn."""
    access.require(by, permissions.RUN)
    row: Audit = Audit.objects.locked(audit.pk, by=by)
    rules.check_at(row.status, "moderating", "discussed", "closed", what="have a briefing note yet")
    if BriefingNote.objects.filter(audit=row).exclude(status=rules.NoteStatus.WITHDRAWN).exists():
        raise Refused("This audit has a briefing note already. Change that one.")
    _check_says_something(values)
    note = BriefingNote.new(by, audit=row, **values).store()
    history.record(events.NOTE_WRITTEN, on=note.ref, by=by)
    return note


@transaction.atomic
def change_note(
    *, note: BriefingNote, values: Mapping[str, Any], by: Actor, expected_version: int
) -> BriefingNote:
    """Change the words of a note that was not issued."""
    row = _draft(note, by, expected_version)
    row.amend(values)
    _check_says_something({"looked_at": row.looked_at})
    row.store()
    history.record(events.NOTE_WRITTEN, on=row.ref, by=by)
    return row


def _check_says_something(values: Mapping[str, Any]) -> None:
    if not str(values.get("looked_at", "")).strip():
        raise Refused("Enter what was looked at.", "looked_at")


@transaction.atomic
def issue_note(
    *, note: BriefingNote, nobody_named: bool, by: Actor, today: date, expected_version: int
) -> BriefingNote:
    """Issue a note after somebody read it and saw that no child can be recognised; its words stand from then on.

    Refused while it holds a name that the vault knows.
    """
    row = _draft(note, by, expected_version)
    if not nobody_named:
        raise Refused("Read the note and confirm that no child can be recognised from it.", "nobody_named")
    identities.require_no_names(texts=rules.parts_of_note(row), by=by)
    row.status, row.issued_on = rules.NoteStatus.ISSUED, today
    row.store()
    history.record(events.NOTE_ISSUED, on=row.ref, by=by)
    return row


@transaction.atomic
def withdraw_note(
    *, note: BriefingNote, reason: str, by: Actor, today: date, expected_version: int
) -> BriefingNote:
    """Withdraw a note that was issued, with the reason: that it went out stays on record, its words leave at once.

    They leave the page, the files and the search, and are sealed. A corrected note can be written then.
    """
    access.require(by, permissions.RUN)
    check_reason(reason, what="Say in a sentence why the note is withdrawn, without repeating what it said.")
    row: BriefingNote = BriefingNote.objects.locked(note.pk, expected_version, by=by)
    if row.status != rules.NoteStatus.ISSUED:
        raise Refused("Only a note that was issued can be withdrawn. A draft can be changed.")
    row.seal_words()
    row.title = f"Briefing note {row.reference}, withdrawn"
    row.status, row.withdrawn_on, row.withdrawn_why = rules.NoteStatus.WITHDRAWN, today, reason.strip()
    row.store()
    history.record(events.NOTE_WITHDRAWN, on=row.ref, by=by, details={"reason": reason.strip()})
    return row


def _draft(note: BriefingNote, by: Actor, expected_version: int) -> BriefingNote:
    access.require(by, permissions.RUN)
    row: BriefingNote = BriefingNote.objects.locked(note.pk, expected_version, by=by)
    if row.status != rules.NoteStatus.DRAFT:
        raise Refused("This note was issued. It can be withdrawn, and a corrected one written.")
    return row
