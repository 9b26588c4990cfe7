"""Taking a table in: as a whole or not at all, while somebody waits if it is small, else by the worker, which says how far it is."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator
from datetime import date

from django.db import transaction

from shield.domain.chronologies import events
from shield.domain.chronologies.models import Upload
from shield.domain.chronologies.queries import collecting
from shield.domain.chronologies.rules import mapping
from shield.domain.chronologies.rules.states import UploadStatus
from shield.domain.chronologies.services import giving, indexing, writing
from shield.kernel.access.rules import Actor, Forbidden
from shield.kernel.history import services as history
from shield.kernel.jobs import services as jobs
from shield.kernel.records.rules import Refused

SMALL = 150_000
"""Bytes of a table that is taken in while somebody waits: some two thousand rows, two seconds."""
JOB = "chronologies.take_in"
READING, SEALING, WRITING = 5, 45, 85
"""Of 100: where the worker's steps begin."""


@transaction.atomic
def take_in(*, upload: Upload, by: Actor, today: date, expected_version: int) -> int:
    """Take a table in as a whole; refused while anything in it is wrong or in doubt. Returns how many entries it gave."""
    row = giving.own_upload(upload=upload, by=by, expected_version=expected_version)
    collecting.refuse_while_taking(row.contribution)
    read = _read(row, today)
    start = collecting.next_sequence(row.contribution)
    return _keep(row, read, start, writing.sealed(told=read.entries, start=start), by)


@transaction.atomic
def ask_to_take_in(*, upload: Upload, by: Actor, expected_version: int) -> Upload:
    """Ask the worker to take a large table in; nothing of it is in the part until all of it is."""
    row = giving.own_upload(upload=upload, by=by, expected_version=expected_version)
    collecting.refuse_while_taking(row.contribution)
    if row.mapped is None:
        raise Refused("Say first which column is what.")
    row.status, row.progress, row.problem = UploadStatus.TAKING, 0, ""
    row.store()
    person = str(by.person_id) if by.person_id else ""
    jobs.enqueue(JOB, upload_id=str(row.pk), person_id=person)
    history.record(events.TAKING, on=row.contribution.ref, by=by)
    return row


def perform_take_in(*, upload_id: uuid.UUID, by: Actor, today: date) -> Upload:
    """Take a table in that was asked for. Safe to repeat after a crash: all of it is kept in one act, or nothing.

    It is read and sealed before that act, so that others write meanwhile; what was sealed waits in a file without a name.
    """
    row: Upload = Upload.objects.select_related(*Upload.shown_with).get(pk=upload_id)
    if row.status != UploadStatus.TAKING:
        return row
    try:
        _say(row, READING)
        read = _read(row, today, told=lambda done: _say(row, READING + done * (SEALING - READING)))
        start = collecting.next_sequence(row.contribution)
        chunks = _heard(row, writing.sealed(told=read.entries, start=start), len(read.entries))
        with writing.set_aside(chunks=chunks) as sealed, transaction.atomic():
            return _keep_asked(row, read, start, sealed, by)
    except (Refused, Forbidden) as refusal:
        # What the table tells is in such a refusal, so it is not kept; the table's own page says it.
        return give_back(upload=row, by=by, why="" if isinstance(refusal, Mend) else str(refusal))


class Mend(Refused):
    """Something in the table is wrong or in doubt; its page says what."""


def _read(row: Upload, today: date, told: Callable[[float], None] | None = None) -> mapping.Read:
    read = collecting.read_upload(row, latest=today, told=told)
    if read.problems:
        raise Mend(f"{read.problems[0]} Nothing was taken in.")
    if read.doubts:
        first = read.doubts[0]
        raise Mend(f"Row {first.row}: “{first.written}” is in doubt. {first.why} Nothing was taken in.")
    return read


def _say(row: Upload, percent: float) -> None:
    Upload.objects.filter(pk=row.pk, status=UploadStatus.TAKING).update(progress=round(percent))


def _heard(row: Upload, chunks: Iterable[writing.Rows], of: int) -> Iterator[writing.Rows]:
    for number, some in enumerate(chunks, start=1):
        yield some
        if number % 4 == 0:
            _say(row, SEALING + (WRITING - SEALING) * number * writing.AT_A_TIME / max(of, 1))
    _say(row, WRITING)


def _keep_asked(
    row: Upload, read: mapping.Read, start: int, sealed: Iterable[writing.Rows], by: Actor
) -> Upload:
    giving.own(contribution=row.contribution, by=by)
    again: Upload = Upload.objects.locked(row.pk, by=by)
    if again.status == UploadStatus.TAKING:  # else a second worker took it up after a silence, and was faster
        _keep(again, read, start, sealed, by)
    return again


def _keep(row: Upload, read: mapping.Read, start: int, sealed: Iterable[writing.Rows], by: Actor) -> int:
    number = len(read.entries)
    writing.write(upload=row, chunks=sealed)
    indexing.shelve(upload=row, catalogue=indexing.catalogue(told=read.entries, start=start), size=number)
    row.status, row.taken, row.progress, row.problem = UploadStatus.TAKEN, number, 100, ""
    row.store()
    details = {"count": giving.told_count(number=number), "digest": f"fingerprint {row.digest[:12]}"}
    history.record(events.TAKEN, on=row.contribution.ref, by=by, details=details)
    return number


@transaction.atomic
def give_back(*, upload: Upload, by: Actor, why: str) -> Upload:
    """Let a table wait again that the worker could not take in, and say why; what is wrong in it is said on its page."""
    row: Upload = Upload.objects.locked(upload.pk, by=by)
    if row.status == UploadStatus.TAKING:
        row.status, row.progress, row.problem = UploadStatus.WAITING, 0, why[:200]
        row.store()
        history.record(events.NOT_TAKEN, on=row.contribution.ref, by=by)
    return row


@transaction.atomic
def stop_taking(*, upload: Upload, by: Actor) -> Upload:
    """Stop taking a table in; nothing of it was kept, and it waits as before."""
    giving.own(contribution=upload.contribution, by=by)
    row: Upload = Upload.objects.locked(upload.pk, by=by)
    if row.status != UploadStatus.TAKING:
        raise Refused(f"This table is “{row.get_status_display().lower()}”.")
    return give_back(upload=row, by=by, why="It was stopped.")
