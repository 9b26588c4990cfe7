"""Writing many entries at once, sealed: sealed first, then one statement for all, and nothing asked of the database for each."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import islice
from operator import attrgetter
from typing import Any, BinaryIO, cast

from django.db import connection
from django.utils import timezone

from shield.domain.chronologies.models import Entry, Upload
from shield.domain.chronologies.rules import states
from shield.domain.chronologies.rules.states import Told
from shield.kernel.calendar.rules.approximate import ApproximateDate
from shield.kernel.records.rules import new_id

AT_A_TIME = 2_000
SEALED = ("written", *states.TEXTS)
OF_A_ROW = (
    "id", "row", "sequence", "first_day", "last_day", "order", "date_kind", "certainty", "at", "until", "date_part", "date_unit",
    "has_voice",
)  # fmt: skip
"""What differs from entry to entry beside the texts; all else is the same for a whole table."""

Rows = list[list[Any]]


def sealed(*, told: Sequence[Told], start: int) -> Iterator[Rows]:
    """The entries of a table, numbered from `start`, as the database holds them, some at a time.

    Everything was checked while the table was read. A full check of each row, or its way through the model's own
    writing, would take minutes for a hundred thousand.
    """
    rows = _rows(told, start)
    while some := list(islice(rows, AT_A_TIME)):
        yield some


@contextmanager
def set_aside(*, chunks: Iterable[Rows]) -> Iterator[Iterator[Rows]]:
    """Keep sealed entries in a file without a name while nothing is written, so that the database is held up by writing alone."""
    with tempfile.TemporaryFile() as file:
        for some in chunks:
            pickle.dump(some, file, pickle.HIGHEST_PROTOCOL)
        file.seek(0)
        yield _taken_up(cast(BinaryIO, file))


def _taken_up(file: BinaryIO) -> Iterator[Rows]:
    while True:
        try:
            yield pickle.load(file)  # noqa: S301 - our own file of this moment, which has no name
        except EOFError:
            return


def write(*, upload: Upload, chunks: Iterable[Rows]) -> None:
    """Write the entries of a table; part of the act that takes it in."""
    fields = {field.attname: field for field in Entry._meta.concrete_fields}
    same = _the_same(upload, fields)
    order = [*OF_A_ROW, *SEALED, *same]
    columns = ", ".join(connection.ops.quote_name(str(fields[name].column)) for name in order)
    table = connection.ops.quote_name(Entry._meta.db_table)
    alike = list(same.values())
    with connection.cursor() as cursor:
        for some in chunks:
            _insert(cursor, f"{table} ({columns})", len(order), [row + alike for row in some])


def _insert(cursor: Any, into: str, width: int, rows: Rows) -> None:
    """Rows into columns of our own; by PostgreSQL's way for many rows, which takes half the time there."""
    if connection.vendor == "postgresql":
        with cursor.copy(f"COPY {into} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    places = ", ".join(["%s"] * width)
    cursor.executemany(f"INSERT INTO {into} VALUES ({places})", rows)  # noqa: S608 - names of our own columns


def _the_same(upload: Upload, fields: dict[str, Any]) -> dict[str, Any]:
    """What all entries of a table have in common, as the database holds it."""
    contribution = upload.contribution
    pattern = Entry(
        partnership_id=contribution.partnership_id, contribution=contribution, chronology_id=contribution.chronology_id,
        agency=contribution.agency, upload=upload, version=1, recorded_at=timezone.now(),
    )  # fmt: skip
    names = [name for name in fields if name not in OF_A_ROW and name not in SEALED]
    return {name: fields[name].get_db_prep_save(getattr(pattern, name), connection) for name in names}


def _rows(told: Sequence[Told], start: int) -> Iterator[list[Any]]:
    fields: dict[str, Any] = {field.attname: field for field in Entry._meta.concrete_fields}
    written = fields["written"].closing()
    closing = [(attrgetter(name), fields[name].closing()) for name in SEALED[1:]]
    native = connection.features.has_native_uuid_field
    for number, each in enumerate(told, start=start):
        pk = new_id()
        key = str(pk)
        yield [
            pk if native else pk.hex, each.row, number, *_of_date(each.when), bool(each.voice.strip()),
            written(each.when.words, key), *[close(text(each), key) for text, close in closing],
        ]  # fmt: skip


@lru_cache(maxsize=16_384)
def _of_date(when: ApproximateDate) -> tuple[Any, ...]:
    """The columns of a date; the days of one table repeat themselves."""
    as_time = connection.ops.adapt_timefield_value
    return (
        when.first.toordinal() if when.first else None, when.last.toordinal() if when.last else None, when.order, str(when.kind),
        str(when.certainty), as_time(when.at), as_time(when.until), when.part, str(when.unit),
    )  # fmt: skip
