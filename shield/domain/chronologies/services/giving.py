"""What an agency gives: tables taken in whole or not at all, entries typed, corrected until they are accepted, handed in."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from datetime import date

from django.db import transaction

from shield.domain.chronologies import events, permissions
from shield.domain.chronologies.models import ColumnChoice, Contribution, Entry, Upload
from shield.domain.chronologies.queries import collecting, merged
from shield.domain.chronologies.rules import mapping, states
from shield.domain.chronologies.rules.mapping import Mapped
from shield.domain.chronologies.rules.states import Told
from shield.domain.chronologies.services import comparing, indexing
from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor, Forbidden
from shield.kernel.history import services as history
from shield.kernel.jobs import services as jobs
from shield.kernel.records.rules import Refused

AT_ONCE = 2_000
"""Entries that are compared while somebody waits; more are compared by the worker."""
JOB = "chronologies.compare"


def own(*, contribution: Contribution, by: Actor, expected_version: int | None = None) -> Contribution:
    """Re-read one's own agency's part for a change; part of the caller's act."""
    access.require(by, permissions.CONTRIBUTE)
    row: Contribution = Contribution.objects.locked(contribution.pk, expected_version, by=by)
    if not (row.is_own(by) or by.is_system):
        raise Forbidden(f"This part is not your agency's to write. It is for {row.agency.called}.")
    states.check_written(row.chronology.status, row.status)
    return row


def own_upload(*, upload: Upload, by: Actor, expected_version: int | None = None) -> Upload:
    """Re-read a table of one's own agency that waits; part of the caller's act."""
    own(contribution=upload.contribution, by=by)
    row: Upload = Upload.objects.locked(upload.pk, expected_version, by=by)
    if row.status != states.UploadStatus.WAITING:
        raise Refused(f"This table is “{row.get_status_display().lower()}”.")
    return row


# Tables -----------------------------------------------------------------------------------------------


@transaction.atomic
def upload_table(
    *,
    contribution: Contribution,
    content: bytes,
    by: Actor,
    today: date,
    name: str = "",
    pasted: bool = False,
) -> Upload:
    """Keep a table, sealed, until its columns and dates are settled. What is no table, or was uploaded before, is refused."""
    row = own(contribution=contribution, by=by)
    grid = collecting.grid_of(content, pasted=pasted, latest=today)
    if not grid.lines and grid.problems:
        raise Refused(str(grid.problems[0]), "text" if pasted else "file")
    digest = collecting.digest_of(content)
    if same := collecting.same_as(row, digest):
        what = (
            "uploaded, and waits to be taken in" if same.status == states.UploadStatus.WAITING else "taken in"
        )
        raise Refused(f"The same table was {what} already.", "text" if pasted else "file")
    upload = Upload(
        partnership_id=by.partnership_id, contribution=row, name="Pasted text" if pasted else _plain(name), digest=digest,
        content=collecting.packed(content), size=len(content), pasted=pasted,
    ).store()  # fmt: skip
    history.record(events.UPLOADED, on=row.ref, by=by, details={"digest": f"fingerprint {digest[:12]}"})
    return upload


def _plain(name: str) -> str:
    """The name of a file as it may be shown: printable, and not longer than a line."""
    shown = "".join(c for c in name if unicodedata.category(c)[0] != "C").strip()
    return shown[-120:] or "A table"


@transaction.atomic
def map_columns(*, upload: Upload, mapped: Mapped, by: Actor, today: date, expected_version: int) -> Upload:
    """Say which column is what and how dates are written; it is remembered for the agency and proposed next time."""
    row = own_upload(upload=upload, by=by, expected_version=expected_version)
    mapping.check_mapped(mapped)
    row.mapped = mapped
    row.store()
    grid = collecting.grid_of(collecting.content_of(row), pasted=row.pasted, latest=today)
    agency = row.contribution.agency
    choice = collecting.remembered(agency.pk) or ColumnChoice(partnership_id=by.partnership_id, agency=agency)
    choice.roles = {**choice.roles, **collecting.roles_by_heading(grid, mapped)}
    choice.month_first, choice.clock_24 = mapped.convention.month_first, mapped.convention.clock_24
    choice.store()
    history.record(events.MAPPED, on=row.contribution.ref, by=by)
    return row


@transaction.atomic
def answer_dates(*, upload: Upload, answers: Mapping[int, str], by: Actor, expected_version: int) -> Upload:
    """Say how dates are to be read that cannot be read without a guess, by row."""
    row = own_upload(upload=upload, by=by, expected_version=expected_version)
    known = {**collecting.answers_of(row), **answers}
    row.answers = json.dumps({str(number): text for number, text in known.items() if text.strip()})
    row.store()
    history.record(events.MAPPED, on=row.contribution.ref, by=by)
    return row


@transaction.atomic
def drop_upload(*, upload: Upload, by: Actor, expected_version: int) -> Upload:
    """Throw a table away that was not taken in; its content is forgotten."""
    row = own_upload(upload=upload, by=by, expected_version=expected_version)
    row.status, row.content, row.answers = states.UploadStatus.DROPPED, collecting.packed(b""), ""
    row.store()
    history.record(events.DROPPED, on=row.contribution.ref, by=by)
    return row


@transaction.atomic
def take_back(*, upload: Upload, by: Actor, expected_version: int) -> Upload:
    """Take everything out again that came with one table."""
    own(contribution=upload.contribution, by=by)
    row: Upload = Upload.objects.locked(upload.pk, expected_version, by=by)
    if row.status != states.UploadStatus.TAKEN:
        raise Refused("This table was not taken in.")
    out = row.entries.exclude(standing=states.Standing.OUT).update(standing=states.Standing.OUT, within=None)
    row.status = states.UploadStatus.TAKEN_BACK
    row.store()
    history.record(
        events.TAKEN_BACK, on=row.contribution.ref, by=by, details={"count": told_count(number=out)}
    )
    return row


# Entries one by one -----------------------------------------------------------------------------------


@transaction.atomic
def add_entry(*, contribution: Contribution, told: Told, by: Actor) -> Entry:
    """Enter one event by hand."""
    row = own(contribution=contribution, by=by)
    collecting.refuse_while_taking(row)
    states.check_told(told)
    entry = Entry(
        partnership_id=by.partnership_id, contribution=row, chronology_id=row.chronology_id, agency=row.agency,
        sequence=collecting.next_sequence(row),
    )  # fmt: skip
    entry.told = told
    entry.store()
    history.record(events.ENTERED, on=row.ref, by=by)
    return entry


def _own_entry(entry: Entry, by: Actor, expected_version: int) -> Entry:
    own(contribution=entry.contribution, by=by)
    row: Entry = Entry.objects.locked(entry.pk, expected_version, by=by)
    if row.standing == states.Standing.OUT:
        raise Refused("This event was taken out.")
    return row


@transaction.atomic
def correct_entry(*, entry: Entry, told: Told, by: Actor, expected_version: int) -> Entry:
    """Correct an event as long as the part is not handed in; the history says which fields, not what stood there."""
    row = _own_entry(entry, by, expected_version)
    states.check_told(told)
    before = row.told
    row.told = told
    row.store()
    changed = [
        words for name, words in states.FIELD_WORDS.items() if getattr(before, name) != getattr(told, name)
    ]
    history.record(
        events.CORRECTED, on=row.contribution.ref, by=by, details={"fields": ", ".join(changed) or "nothing"}
    )
    return row


@transaction.atomic
def take_entry_out(*, entry: Entry, by: Actor, expected_version: int) -> Entry:
    """Take an event out of what an agency tells."""
    row = _own_entry(entry, by, expected_version)
    row.standing, row.within = states.Standing.OUT, None
    row.store()
    history.record(events.ENTRY_OUT, on=row.contribution.ref, by=by)
    return row


# Handing in -------------------------------------------------------------------------------------------


@transaction.atomic
def hand_in(*, contribution: Contribution, by: Actor, today: date, expected_version: int) -> Contribution:
    """Hand a part in: from here on it is in the merged chronology, and is compared with what others told."""
    row = own(contribution=contribution, by=by, expected_version=expected_version)
    collecting.refuse_while_taking(row)
    if row.uploads.filter(status=states.UploadStatus.WAITING).exists():
        raise Refused("A table waits to be taken in. Take it in or throw it away first.")
    entries = Entry.objects.filter(contribution=row, standing=states.Standing.OWN)
    count = entries.update(standing=states.Standing.MERGED)
    if not count:
        raise Refused("Nothing is entered yet. If your agency holds nothing, say so.")
    row.status, row.handed_in_on, row.reason = states.Part.HANDED_IN, today, ""
    row.store()
    indexing.keep_beside(contribution=row)
    history.record(events.HANDED_IN, on=row.ref, by=by, details={"count": told_count(number=count)})
    if merged.size_of(row.chronology) <= AT_ONCE:
        comparing.compare(chronology=row.chronology, by=by, today=today)
    else:
        jobs.enqueue(JOB, chronology_id=str(row.chronology_id))
    return row


@transaction.atomic
def say_nothing_held(
    *, contribution: Contribution, statement: str, by: Actor, today: date, expected_version: int
) -> Contribution:
    """Say that one's agency holds nothing, in words."""
    row = own(contribution=contribution, by=by, expected_version=expected_version)
    collecting.refuse_while_taking(row)
    if Entry.objects.filter(contribution=row).exclude(standing=states.Standing.OUT).exists():
        raise Refused("Events are entered. Take them out first, or hand them in.")
    row.status, row.handed_in_on, row.statement = states.Part.NOTHING, today, statement.strip()
    row.store()
    history.record(events.NOTHING_HELD, on=row.ref, by=by)
    return row


@transaction.atomic
def download_own(*, contribution: Contribution, by: Actor) -> None:
    """Note that somebody took what their agency gave out of Shield."""
    access.require(by, permissions.CONTRIBUTE)
    if not contribution.is_own(by):
        raise Forbidden("Only the agency that gave it downloads its part by itself.")
    history.record(events.DOWNLOADED, on=contribution.ref, by=by)


def told_count(*, number: int) -> str:
    """How many events, as the history says it."""
    return "1 event" if number == 1 else f"{number:,} events"
