"""Keeping the index in step with the records: by following the history, or anew from the records themselves.

Whoever writes entries holds the row of the partnership's progress, so that an older reading never replaces a newer.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError, connection, transaction

from shield.kernel.records.rules import Searched
from shield.kernel.search import queries, rules
from shield.kernel.search.models import Entry, Progress, Word

log = logging.getLogger("shield.search")

STEP = 300
"""Entries of the history that are taken at once, and at the most at the time of a search."""
BATCH = 500
"""Rows that are read and written at once."""
FAR = 5_000
"""Entries behind from which on reading all records anew is quicker."""
PATIENCE = 150
"""Milliseconds that a search waits for somebody who is writing before it searches what it has."""
COMPARED = (
    "under_kind", "under_id", "under_title", "instead_of_id", "day", "dated", "title", "text", "folded_title", "folded_text",
)  # fmt: skip
Say = Callable[[str, int], Any]


def catch_up(*, partnership_id: uuid.UUID) -> bool:
    """Take in what happened last, as far as it goes quickly; False if the index is still behind.

    Called by a search: it never waits for somebody who is writing, and never fails.
    """
    try:
        head, done = queries.behind(partnership_id)
        if head == done:
            return True
        with _impatient():
            return _step(partnership_id) >= head
    except DatabaseError as problem:
        # Only its kind: its message may hold what a record says.
        log.warning("The search index could not catch up: %s.", type(problem).__name__)
        return False


def follow(*, partnership_id: uuid.UUID) -> int:
    """Take in everything that happened since; returns how many entries of the history that were."""
    head, before = queries.behind(partnership_id)
    if head - before > FAR:
        rebuild(partnership_id=partnership_id)
        return head - before
    done = before
    while done < head:
        reached = _step(partnership_id)
        if reached == done:
            reached = _take_in_many(partnership_id, done)
        done = reached
    return done - before


def rebuild(*, partnership_id: uuid.UUID, say: Say = lambda kind, count: None) -> int:
    """Read all records of a partnership anew, while people work; returns how many can be found."""
    with _locked(partnership_id) as progress:
        # What happens from now on is taken in after this, whatever is read here before or after it happened.
        progress.sequence = queries.behind(partnership_id)[0]
        progress.save(update_fields=["sequence"])
    total = 0
    for kind, (model, how) in queries.kinds().items():
        count = 0
        for ids in _batches(model, how, partnership_id):
            with _locked(partnership_id):
                rows = queries.indexable(model, how, partnership_id).filter(pk__in=ids)
                count += len(_put(rows, how, kind, partnership_id))
        total += count
        say(model.label, count)
    tidy(partnership_id=partnership_id)
    return total


def tidy(*, partnership_id: uuid.UUID) -> int:
    """Let leave the index what is no record any more, and words that stand nowhere; returns how many entries left."""
    here = Entry.objects.filter(partnership_id=partnership_id)
    known = queries.kinds()
    left = _drop(here.exclude(kind__in=known))
    for kind, (model, how) in known.items():
        with _locked(partnership_id):
            standing = queries.indexable(model, how, partnership_id).order_by().values("pk")
            left += _drop(here.filter(kind=kind).exclude(record_id__in=standing))
    words = Word.objects.filter(partnership_id=partnership_id)
    stale = queries.unused_words(partnership_id)
    for start in range(0, len(stale), BATCH):
        _drop(words.filter(pk__in=stale[start : start + BATCH]))
    return left


# One step ---------------------------------------------------------------------------------------------


@transaction.atomic
def _step(partnership_id: uuid.UUID) -> int:
    """Take in the next entries of the history, up to one about many records; returns the last one that is in."""
    with _locked(partnership_id) as progress:
        events = queries.events_after(partnership_id, progress.sequence, STEP)
        taken = []
        for event in events:
            if queries.imported_by(event) or queries.removes(event):
                break  # there may be very many: left to the job
            taken.append(event)
        ids: dict[str, set[uuid.UUID]] = {}
        for event in taken:
            ids.setdefault(event.record_kind, set()).add(event.record_id)
        if ids:
            _read_anew(ids, partnership_id)
        if taken:
            progress.sequence = taken[-1].sequence
            progress.save(update_fields=["sequence"])
        return progress.sequence


def _read_anew(ids: dict[str, set[uuid.UUID]], partnership_id: uuid.UUID) -> None:
    for kind, (model, how) in queries.kinds().items():
        condition = queries.touched(model, how, ids)
        if condition is not None:
            rows = queries.indexable(model, how, partnership_id).filter(condition)
            kept = _put(rows, how, kind, partnership_id)
            _drop(queries.gone(kind, ids, partnership_id, kept))


def _take_in_many(partnership_id: uuid.UUID, done: int) -> int:
    """Take in an entry about many records: what came with it is not in the index yet, what went with it is no record."""
    event = queries.events_after(partnership_id, done, 1)[0]
    if queries.removes(event):
        tidy(partnership_id=partnership_id)
    for kind in queries.imported_by(event):
        model, how = queries.kinds()[kind]
        missing = queries.indexable(model, how, partnership_id).exclude(
            pk__in=Entry.objects.filter(partnership_id=partnership_id, kind=kind).values("record_id")
        )
        while True:
            with _locked(partnership_id):
                if not _put(missing.order_by("pk")[:BATCH], how, kind, partnership_id):
                    break
    with _locked(partnership_id) as progress:
        progress.sequence = max(progress.sequence, event.sequence)
        progress.save(update_fields=["sequence"])
    return event.sequence


@contextmanager
def _locked(partnership_id: uuid.UUID) -> Iterator[Progress]:
    """The row of the partnership's progress, held until what was read under it is written."""
    with transaction.atomic():
        Progress.objects.get_or_create(partnership_id=partnership_id)
        yield Progress.objects.select_for_update().get(partnership_id=partnership_id)


@contextmanager
def _impatient() -> Iterator[None]:
    """Whoever holds the database is waited for a moment only."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with transaction.atomic():
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{PATIENCE}ms"])
                yield
            return
        usual = int(connection.settings_dict["OPTIONS"].get("timeout", 5) * 1000)
        cursor.execute(f"PRAGMA busy_timeout = {PATIENCE}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual}")


def _batches(model: Any, how: Searched, partnership_id: uuid.UUID) -> Iterator[list[uuid.UUID]]:
    """The ids of all rows of a kind that can be found, some at a time."""
    rows = queries.indexable(model, how, partnership_id).order_by("pk")
    last: uuid.UUID | None = None
    while True:
        ids = list((rows.filter(pk__gt=last) if last else rows).values_list("pk", flat=True)[:BATCH])
        if not ids:
            return
        yield ids
        last = ids[-1]


# Entries ----------------------------------------------------------------------------------------------


def _put(rows: Any, how: Searched, kind: str, partnership_id: uuid.UUID) -> set[uuid.UUID]:
    """Write the entries of rows that are new or say something else than before; returns the ids of all rows."""
    made = queries.documents(rows, how, partnership_id)
    for start in range(0, len(made), BATCH):
        _write(made[start : start + BATCH], kind, partnership_id)
    return {entry.record_id for entry in made}


def _write(made: list[Entry], kind: str, partnership_id: uuid.UUID) -> None:
    there = Entry.objects.filter(
        partnership_id=partnership_id, kind=kind, record_id__in=[entry.record_id for entry in made]
    )
    known = {entry.record_id: entry for entry in there}
    changed = [entry for entry in made if _differs(entry, known.get(entry.record_id))]
    Entry.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["partnership_id", "kind", "record_id"],
        update_fields=list(COMPARED),
    )
    texts = (text for entry in changed for text in (entry.folded_title, entry.folded_text))
    _note_words(rules.worth_knowing(word for text in texts for word in text.split()), partnership_id)


def _differs(entry: Entry, there: Entry | None) -> bool:
    return there is None or any(getattr(entry, name) != getattr(there, name) for name in COMPARED)


def _note_words(words: set[str], partnership_id: uuid.UUID) -> None:
    rows = [Word(partnership_id=partnership_id, length=len(word), word=word) for word in sorted(words)]
    Word.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)


def _drop(rows: Any) -> int:
    """Remove what is derived; the records themselves are never removed here."""
    count: int = rows.delete()[0]
    return count
