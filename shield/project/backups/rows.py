"""Rows in a form that every database understands: one JSON array a line, exact values, the same on SQLite and PostgreSQL.

Columns are read and written as they are stored, past the models: what a field would decrypt stays sealed.
"""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db import DatabaseError, models

from shield.project.installation import CannotDo

SEARCH_INDEX = frozenset(
    {
        "search_entry", "search_word", "search_progress",
        "search_words", "search_words_config", "search_words_data", "search_words_docsize", "search_words_idx",
    }
)  # fmt: skip
"""The search index and SQLite's own tables of it: made anew out of the records after a restore."""
NOT_KEPT = SEARCH_INDEX | {"django_migrations", "django_session", "accounts_signin", "sign_in_limits"}
"""Tables that no backup holds: sessions and what belongs to them, counts of failed sign-ins, what is derived from
other tables, and the list of migrations, which stands in the manifest."""
BATCH = 1000
"""Rows that are read or written at a time."""
KINDS = {
    "UUIDField": "uuid", "DateTimeField": "moment", "DateField": "date", "TimeField": "time",
    "BooleanField": "truth", "DecimalField": "decimal", "BinaryField": "bytes", "JSONField": "json",
    "DurationField": "duration", "FloatField": "float", "CharField": "text", "TextField": "text",
    "SlugField": "text", "FileField": "text", "GenericIPAddressField": "text", "AutoField": "number",
    "BigAutoField": "number", "IntegerField": "number", "BigIntegerField": "number",
    "SmallIntegerField": "number", "PositiveIntegerField": "number", "PositiveBigIntegerField": "number",
    "PositiveSmallIntegerField": "number",
}  # fmt: skip


@dataclass(frozen=True)
class Table:
    """A table, its columns with the kind of value each holds, and the column that names a row."""

    name: str
    columns: tuple[tuple[str, str], ...]
    key: str

    @property
    def kind_of_key(self) -> str:
        """What kind of value names a row."""
        return dict(self.columns)[self.key]


def tables(apps: Any) -> list[Table]:
    """Every table that a backup holds, each after those that its rows point to."""
    ordered: dict[str, Table] = {}

    def add(model: type[models.Model], above: frozenset[str]) -> None:
        name = model._meta.db_table
        if name in ordered or name in above or name in NOT_KEPT or not model._meta.managed:
            return
        for field in model._meta.concrete_fields:
            if field.remote_field is not None:
                add(field.remote_field.model, above | {name})
        columns = tuple((field.column, kind(field)) for field in model._meta.concrete_fields)
        ordered[name] = Table(name, columns, model._meta.pk.column)

    for model in sorted(apps.get_models(include_auto_created=True), key=lambda each: each._meta.db_table):
        add(model, frozenset())
    return list(ordered.values())


def kind(field: Any) -> str:
    """What kind of value a column holds; that of a foreign key is that of the key it points to."""
    while field.remote_field is not None:
        field = field.target_field
    try:
        return KINDS[field.get_internal_type()]
    except KeyError:
        raise CannotDo(f"A backup does not know how to keep the field {field}.") from None


# Reading ----------------------------------------------------------------------------------------------


def read(connection: Any, table: Table) -> Iterator[list[Any]]:
    """The rows of a table in the order of their keys, as JSON holds them; CannotDo names a row that is unreadable.

    Call it in a transaction that sees one moment.
    """
    quote = connection.ops.quote_name
    is_postgres = connection.vendor == "postgresql"
    # A bare plus keeps SQLite's driver from making what it thinks of a value by the column's declared type.
    chosen = ", ".join(("" if is_postgres else "+") + quote(name) for name, _ in table.columns)
    order = quote(table.key) + (' COLLATE "C"' if is_postgres and table.kind_of_key == "text" else "")
    portable = [_PORTABLE[kind] for _, kind in table.columns]
    try:
        with connection.chunked_cursor() as cursor:
            cursor.execute(f"SELECT {chosen} FROM {quote(table.name)} ORDER BY {order}")  # noqa: S608 - names of our own
            while rows := cursor.fetchmany(BATCH):
                for row in rows:
                    yield _row(table, portable, row)
    except DatabaseError as problem:
        said = str(problem).splitlines()[0]
        raise CannotDo(f"The table {table.name} cannot be read: {said}") from problem


def _row(table: Table, portable: list[Callable[[Any], Any]], row: tuple[Any, ...]) -> list[Any]:
    try:
        return [None if value is None else make(value) for make, value in zip(portable, row, strict=True)]
    except (ValueError, TypeError, ArithmeticError) as problem:
        at = [name for name, _ in table.columns].index(table.key)
        raise CannotDo(
            f"The row {row[at]} of the table {table.name} cannot be read: it was not written by Shield."
        ) from problem


def _of(*types: type) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        if type(value) not in types:
            raise TypeError(type(value))
        return value

    return check


def _truth(value: Any) -> bool:
    if value not in (0, 1):
        raise ValueError(value)
    return bool(value)


def _moment(value: Any) -> str:
    at = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return at.isoformat(timespec="microseconds")


def _date(value: Any) -> str:
    return (value if isinstance(value, date) else date.fromisoformat(value)).isoformat()


def _time(value: Any) -> str:
    return (value if isinstance(value, time) else time.fromisoformat(value)).isoformat()


def _uuid(value: Any) -> str:
    return str(value if isinstance(value, uuid.UUID) else uuid.UUID(value))


def _decimal(value: Any) -> str:
    return format(Decimal(str(value)).normalize(), "f")


def _bytes(value: Any) -> str:
    return base64.b64encode(bytes(_of(bytes, memoryview)(value))).decode("ascii")


def _duration(value: Any) -> int:
    return value // timedelta(microseconds=1) if isinstance(value, timedelta) else int(_of(int)(value))


_PORTABLE: dict[str, Callable[[Any], Any]] = {
    "uuid": _uuid, "moment": _moment, "date": _date, "time": _time, "truth": _truth, "decimal": _decimal,
    "bytes": _bytes, "json": _of(str), "duration": _duration, "float": _of(float, int), "text": _of(str),
    "number": _of(int),
}  # fmt: skip


def same(table: Table, one: list[Any] | None, other: list[Any] | None) -> bool:
    """Whether two rows hold the same; PostgreSQL writes the same JSON in another order and spacing."""
    if one is None or other is None:
        return one is other
    return one == other or all(
        a == b or (kind == "json" and None not in (a, b) and _parsed(a) == _parsed(b))
        for (_, kind), a, b in zip(table.columns, one, other, strict=True)
    )


def _parsed(text: str) -> Any:
    return json.loads(text, parse_float=Decimal)


# Writing ----------------------------------------------------------------------------------------------


def insert(connection: Any, table: Table, rows: Iterable[list[Any]]) -> int:
    """Write rows as `read` gave them, and return how many; call it in a transaction."""
    quote = connection.ops.quote_name
    native_json = connection.vendor == "postgresql"
    names = ", ".join(quote(name) for name, _ in table.columns)
    places = ", ".join("%s::jsonb" if kind == "json" and native_json else "%s" for _, kind in table.columns)
    statement = f"INSERT INTO {quote(table.name)} ({names}) VALUES ({places})"  # noqa: S608 - names of our own
    stored = [_stored(connection).get(kind, _as_is) for _, kind in table.columns]
    count, waiting = 0, iter(rows)
    with connection.cursor() as cursor:
        while batch := list(islice(waiting, BATCH)):
            cursor.executemany(statement, [_values(stored, row) for row in batch])
            count += len(batch)
    return count


def _values(stored: list[Callable[[Any], Any]], row: list[Any]) -> list[Any]:
    return [None if value is None else make(value) for make, value in zip(stored, row, strict=True)]


def _as_is(value: Any) -> Any:
    return value


def _stored(connection: Any) -> dict[str, Callable[[Any], Any]]:
    """How each kind of value is handed to this database, as Django's own fields do it."""
    has = connection.features
    return {
        "uuid": uuid.UUID if has.has_native_uuid_field else lambda text: uuid.UUID(text).hex,
        "moment": lambda text: connection.ops.adapt_datetimefield_value(datetime.fromisoformat(text)),
        "date": lambda text: connection.ops.adapt_datefield_value(date.fromisoformat(text)),
        "time": lambda text: connection.ops.adapt_timefield_value(time.fromisoformat(text)),
        "decimal": lambda text: connection.ops.adapt_decimalfield_value(Decimal(text)),
        "bytes": lambda text: connection.Database.Binary(base64.b64decode(text)),
        "duration": (lambda n: timedelta(microseconds=n)) if has.has_native_duration_field else _as_is,
    }
