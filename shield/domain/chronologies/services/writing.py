"""Writing many entries at once, sealed: one statement for all, and nothing asked of the database for each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any

from django.db import connection
from django.utils import timezone

from shield.domain.chronologies.models import Entry, Upload
from shield.domain.chronologies.rules import states
from shield.domain.chronologies.rules.states import Told
from shield.kernel.calendar.rules.approximate import ApproximateDate
from shield.kernel.records.rules import new_id
from shield.kernel.sealed.models import SealedText

AT_A_TIME = 2_000
SEALED = ("written", *states.TEXTS)
OF_A_ROW = (
    "id", "row", "sequence", "first_day", "last_day", "order", "date_kind", "certainty", "at", "until", "date_part", "date_unit",
    "has_voice",
)  # fmt: skip
"""What differs from entry to entry beside the texts; all else is the same for a whole table."""


def write(*, upload: Upload, told: Sequence[Told], start: int) -> None:
    """Write the entries of a table, numbered from `start`; part of the act that takes it in.

    Everything was checked while the table was read. A full check of each row, or its way through the model's own
    writing, would take minutes for a hundred thousand.
    """
    fields = {field.attname: field for field in Entry._meta.concrete_fields}
    same = _the_same(upload, fields)
    order = [*OF_A_ROW, *SEALED, *same]
    columns = ", ".join(connection.ops.quote_name(str(fields[name].column)) for name in order)
    places = ", ".join(["%s"] * len(order))
    table = connection.ops.quote_name(Entry._meta.db_table)
    statement = f"INSERT INTO {table} ({columns}) VALUES ({places})"  # noqa: S608 - names of our own columns
    rows = _rows(told, start, fields, list(same.values()))
    with connection.cursor() as cursor:
        while some := list(islice(rows, AT_A_TIME)):
            cursor.executemany(statement, some)


def _the_same(upload: Upload, fields: dict[str, Any]) -> dict[str, Any]:
    """What all entries of a table have in common, as the database holds it."""
    contribution = upload.contribution
    pattern = Entry(
        partnership_id=contribution.partnership_id, contribution=contribution, chronology_id=contribution.chronology_id,
        agency=contribution.agency, upload=upload, version=1, recorded_at=timezone.now(),
    )  # fmt: skip
    names = [name for name in fields if name not in OF_A_ROW and name not in SEALED]
    return {name: fields[name].get_db_prep_save(getattr(pattern, name), connection) for name in names}


def _rows(told: Sequence[Told], start: int, fields: dict[str, Any], same: list[Any]) -> Iterator[list[Any]]:
    sealed: list[tuple[str, SealedText]] = [(name, fields[name]) for name in SEALED[1:]]
    as_id = fields["id"].get_db_prep_value
    for number, each in enumerate(told, start=start):
        pk = new_id()
        key = str(pk)
        yield [
            as_id(pk, connection), each.row, number, *_of_date(each.when), bool(each.voice.strip()),
            str(fields["written"].closed(each.when.words, key)),
            *(str(field.closed(text, key)) if (text := getattr(each, name)) else "" for name, field in sealed), *same,
        ]  # fmt: skip


@lru_cache(maxsize=16_384)
def _of_date(when: ApproximateDate) -> tuple[Any, ...]:
    """The columns of a date; the days of one table repeat themselves."""
    as_time = connection.ops.adapt_timefield_value
    return (
        when.first.toordinal() if when.first else None, when.last.toordinal() if when.last else None, when.order, str(when.kind),
        str(when.certainty), as_time(when.at), as_time(when.until), when.part, str(when.unit),
    )  # fmt: skip
