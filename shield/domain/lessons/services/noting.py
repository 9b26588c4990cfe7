"""The briefing note of whatever taught something: written, read once more, issued, shared, withdrawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction

from shield.domain.lessons import events, permissions, queries, rules
from shield.domain.lessons.models import BriefingNote
from shield.improvement.models import Theme
from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor, Forbidden
from shield.kernel.history import services as history
from shield.kernel.identities import services as identities
from shield.kernel.records import queries as records
from shield.kernel.records.models import KINDS
from shield.kernel.records.rules import RecordRef, Refused, check_reason
from shield.meetings.models import Gathering

NEEDED = {"title": "the title", "looked_at": "what was looked at"}
ISSUED = "This note was issued. It can be withdrawn, and a corrected one written."


@transaction.atomic
def write_note(
    *, about: RecordRef, values: Mapping[str, Any], by: Actor, themes: Sequence[Theme] = ()
) -> BriefingNote:
    """Write the first draft of the note about a record, or of the corrected one after a note was withdrawn.

    The record's module says whether one can be written yet, and whose it is until it is issued.
    """
    access.require(by, permissions.WRITE)
    offer = records.briefing(about, by)
    if offer is None:
        raise Refused("No briefing note can be written about this.")
    KINDS[about.kind]._default_manager.locked(about.id, by=by)
    if offer.why_not:
        raise Refused(offer.why_not)
    if queries.has_standing_note(about, by.partnership_id):
        raise Refused("There is a briefing note about this already. Change that one.")
    rules.check_complete(values, NEEDED)
    note = BriefingNote.new(
        by, about_kind=about.kind, about_id=about.id, about_words=offer.about, team=offer.team
    )
    _require_team(note, by)
    note.write(values)
    note.store()
    note.link("themes", themes)
    history.record(events.NOTE_WRITTEN, on=note.ref, by=by)
    return note


@transaction.atomic
def change_note(
    *, note: BriefingNote, values: Mapping[str, Any], by: Actor, expected_version: int, themes: Sequence[Theme] | None = None
) -> BriefingNote:  # fmt: skip
    """Change the words of a note that was not issued, and the themes it is filed under."""
    row = _locked(note, by, expected_version)
    rules.check_status(row.status, rules.NoteStatus.DRAFT, otherwise=ISSUED)
    row.write(values)
    rules.check_complete(row.words, NEEDED)
    row.store()
    if themes is not None:
        row.link("themes", themes)
    history.record(events.NOTE_WRITTEN, on=row.ref, by=by)
    return row


@transaction.atomic
def issue_note(
    *, note: BriefingNote, nobody_named: bool, by: Actor, today: date, expected_version: int
) -> BriefingNote:
    """Issue a note after somebody read it and saw that no child can be recognised; its words stand from then on.

    Refused while it holds a name that the vault knows, or a word like one of the case it is about. From then on it is
    for everybody here, and after some months it is asked what it changed.
    """
    row = _locked(note, by, expected_version)
    rules.check_status(row.status, rules.NoteStatus.DRAFT, otherwise=ISSUED)
    if not nobody_named:
        raise Refused("Read the note and confirm that no child can be recognised from it.", "nobody_named")
    identities.require_no_names(texts=rules.said(row.words, rules.PARTS_OF_NOTE), by=by, of=[row.about_id])
    row.publish()
    row.issued_on = today
    row.ask_on = rules.asked_on(today, settings.SHIELD_WHAT_CHANGED_MONTHS)
    row.store()
    history.record(events.NOTE_ISSUED, on=row.ref, by=by)
    return row


@transaction.atomic
def share_note(
    *, note: BriefingNote, gatherings: Sequence[Gathering], by: Actor, expected_version: int | None = None
) -> BriefingNote:
    """Say at which meetings and learning events an issued note was shared."""
    row = _locked(note, by, expected_version)
    rules.check_status(
        row.status, rules.NoteStatus.ISSUED, otherwise="Only a note that was issued can be shared."
    )
    if made := row.relink("gatherings", gatherings):
        row.store()
        where = made["gatherings"][1] or "nowhere yet"
        history.record(events.NOTE_SHARED, on=row.ref, by=by, details={"where": where})
    return row


@transaction.atomic
def withdraw_note(
    *, note: BriefingNote, reason: str, by: Actor, today: date, expected_version: int
) -> BriefingNote:
    """Withdraw a note that was issued, with the reason: that it went out stays on record, its words leave at once.

    They leave the page, the files and the search, and are sealed. A corrected note can be written then.
    """
    row = _locked(note, by, expected_version)
    check_reason(reason, what="Say in a sentence why the note is withdrawn, without repeating what it said.")
    rules.check_status(
        row.status, rules.NoteStatus.ISSUED,
        otherwise="Only a note that was issued can be withdrawn. A draft can be changed.",
    )  # fmt: skip
    identities.require_no_names(texts={"The reason": reason}, by=by, of=[row.about_id])
    row.take_away(rules.NoteStatus.WITHDRAWN)
    row.withdrawn_on, row.withdrawn_why, row.ask_on = today, reason.strip(), None
    row.store()
    history.record(events.NOTE_WITHDRAWN, on=row.ref, by=by, details={"reason": reason.strip()})
    return row


def _locked(note: BriefingNote, by: Actor, expected_version: int | None = None) -> BriefingNote:
    access.require(by, permissions.WRITE)
    row: BriefingNote = BriefingNote.objects.locked(note.pk, expected_version, by=by)
    if not row.is_published:
        _require_team(row, by)
    return row


def _require_team(row: BriefingNote, by: Actor) -> None:
    if row.team_id is not None and not by.works_in(row.team_id):
        raise Forbidden("Until it is issued, only the team of the case works on its briefing note.")
