"""What a person may see of what was found: each kind's own `visible_to`, asked by the database, never by the index."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection

from shield.kernel.access.rules import Actor
from shield.kernel.calendar import queries as calendar
from shield.kernel.records.models import KINDS
from shield.kernel.search.models import Entry
from shield.kernel.search.queries import indexed
from shield.kernel.search.queries.scope import Condition, Scope


class Hit(NamedTuple):
    """One result, before its texts are read."""

    id: int
    kind: str
    record_id: uuid.UUID
    rank: int
    day: date
    instead_of: uuid.UUID | None = None
    under_kind: str = ""
    under_id: uuid.UUID | None = None


def as_id(value: Any) -> Any:
    """An id as every database gives it back."""
    return value if value is None or isinstance(value, uuid.UUID) else uuid.UUID(value)


def stored(value: uuid.UUID) -> Any:
    """An id as this database holds it."""
    return value if connection.features.has_native_uuid_field else value.hex


class Sight:
    """What one person may see."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor

    # Of some matches ----------------------------------------------------------------------------------

    def among(self, hits: Sequence[Hit]) -> list[Hit]:
        """Those of some matches that may be shown: themselves, and the record on whose page each stands."""
        wanted: dict[tuple[str, bool], set[uuid.UUID]] = {}
        for hit in hits:
            wanted.setdefault((hit.kind, True), set()).add(hit.record_id)
            if hit.under_id is not None:
                wanted.setdefault((hit.under_kind, False), set()).add(hit.under_id)
        seen = self._looked_up(wanted)
        return [
            hit
            for hit in hits
            if hit.record_id in seen[hit.kind, True]
            and (hit.under_id is None or hit.under_id in seen[hit.under_kind, False])
        ]

    def _looked_up(
        self, wanted: Mapping[tuple[str, bool], set[uuid.UUID]]
    ) -> dict[tuple[str, bool], set[uuid.UUID]]:
        """Which of these ids may be seen, in one statement over all kinds."""
        keys, statements, values = list(wanted), [], []
        for number, (kind, searched) in enumerate(keys):
            found = _ids(kind, self.actor, searched=searched)
            if found is not None:
                some = _some(f"s{number}.pk", wanted[kind, searched])
                rows = f"({found.sql}) s{number} WHERE {some.sql}"
                statements.append(f"SELECT {number}, s{number}.pk FROM {rows}")  # noqa: S608 - our own text
                values += [*found.values, *some.values]
        seen: dict[tuple[str, bool], set[uuid.UUID]] = {key: set() for key in keys}
        if statements:
            with connection.cursor() as cursor:
                cursor.execute(" UNION ALL ".join(statements), values)
                for number, pk in cursor.fetchall():
                    seen[keys[number]].add(as_id(pk))
        return seen

    # Of all -------------------------------------------------------------------------------------------

    def roughly(self, kind: str = "") -> Scope | None:
        """Which entries are worth looking up, of one kind if it is given; None if there are none.

        This alone shows nothing: a kind of which the person sees as much as the index itself is taken as it is,
        though a record may have been taken back since, and the statement is the one that was made for them before.
        """
        return _roughly(self.actor, calendar.today(), tuple(_kinds(kind)), tuple(self._above))

    def exactly(self, kind: str = "") -> Scope | None:
        """Which entries may be shown, of one kind if it is given; None if there are none.

        An id names one record of whatever kind, so all that may be seen is one list.
        """
        own = _union(ids for each in _kinds(kind) if (ids := _ids(each, self.actor, searched=True)))
        above = _union(ids for each in self._above if (ids := _ids(each, self.actor)))
        if own is None:
            return None
        sql = "e.record_id IN (SELECT id FROM own_seen) AND (e.under_id IS NULL"
        sql += " OR e.under_id IN (SELECT id FROM above_seen))" if above else ")"
        return Scope(_lists(own_seen=own, above_seen=above), Condition(sql, []))

    @cached_property
    def _above(self) -> list[str]:
        """The kinds on whose pages others stand: by a foreign key, or by a kind and an id."""
        found = set()
        for each, (model, how) in indexed.kinds().items():
            if not how.under:
                continue
            fields = {field.name: field for field in model._meta.concrete_fields}
            if how.under in fields:
                found.add(fields[how.under].related_model.kind)
            else:
                rows = Entry.objects.filter(partnership_id=self.actor.partnership_id, kind=each)
                found.update(rows.values_list("under_kind", flat=True).distinct())
        return sorted(found)


@lru_cache(maxsize=256)
def _roughly(actor: Actor, day: date, kinds: Sequence[str], above: Sequence[str]) -> Scope | None:
    """Kept because making it takes longer than many a search; what somebody may see changes with themself and the day."""
    whole, part = _parted(kinds, actor, searched=True)
    wholly, partly = _parted(above, actor, searched=False)
    if not whole and not part:
        return None
    sql, values = _any_of("e.kind", [*whole, *part])
    if part:
        also = _any_of("e.kind", whole)
        sql += f" AND ({also.sql} OR e.record_id IN (SELECT id FROM own_seen))"  # noqa: S608 - text of our own
        values = [*values, *also.values]
    limited = [each for each in above if each not in wholly]
    if limited:
        names = _any_of("e.under_kind", limited)
        sql += f" AND (e.under_id IS NULL OR NOT {names.sql}"
        sql += " OR e.under_id IN (SELECT id FROM above_seen))" if partly else ")"
        values = [*values, *names.values]
    lists = _lists(own_seen=_union(part.values()), above_seen=_union(partly.values()))
    return Scope(lists, Condition(sql, values))


def _parted(kinds: Sequence[str], actor: Actor, *, searched: bool) -> tuple[list[str], dict[str, Condition]]:
    """The kinds of which an actor sees as much as the index itself, and those of which they see some, with their ids."""
    index, whole, part = indexed.indexer(actor.partnership_id), [], {}
    for kind in kinds:
        own = _ids(kind, actor, searched=searched)
        if own is not None and own == _ids(kind, index, searched=searched):
            whole.append(kind)
        elif own is not None:
            part[kind] = own
    return whole, part


def _kinds(kind: str) -> list[str]:
    return [each for each in indexed.kinds() if kind in {"", each}]


def _union(parts: Iterable[Condition]) -> Condition | None:
    """The ids of several statements as one; None if there is none."""
    found = list(parts)
    sql = " UNION ALL ".join(f"SELECT s{n}.* FROM ({part.sql}) s{n}" for n, part in enumerate(found))  # noqa: S608
    return Condition(sql, [value for part in found for value in part.values]) if found else None


def _lists(**named: Condition | None) -> Condition:
    """Lists of ids, each read once however often the statement looks into it; empty without any."""
    known = {name: ids for name, ids in named.items() if ids is not None}
    made = ", ".join(f"{name}(id) AS MATERIALIZED ({ids.sql})" for name, ids in known.items())
    return Condition(
        f"WITH {made} " if made else "", [value for ids in known.values() for value in ids.values]
    )


def _any_of(column: str, kinds: Sequence[str]) -> Condition:
    """Whether a column names one of these kinds; never, if there are none."""
    if not kinds:
        return Condition("1 = 0", [])
    return Condition(f"{column} IN ({', '.join(['%s'] * len(kinds))})", list(kinds))


def _some(column: str, ids: Iterable[uuid.UUID]) -> Condition:
    """Whether a column holds one of these ids."""
    held = [stored(pk) for pk in ids]
    if connection.vendor == "postgresql":
        return Condition(f"{column} = ANY(%s)", [held])
    return Condition(f"{column} IN ({', '.join(['%s'] * len(held))})", held)


def _ids(kind: str, actor: Actor, *, searched: bool = False) -> Condition | None:
    """The ids of a kind that an actor may see, as a statement; None if there is nothing they may see."""
    return _ids_on(kind, actor, searched, calendar.today())


@lru_cache(maxsize=2048)
def _ids_on(kind: str, actor: Actor, searched: bool, day: date) -> Condition | None:
    """Kept because making it takes longer than running it. It is a statement, never its answer: `visible_to` asks
    nothing while it is made (tests/architecture/test_search.py), so what is kept changes with the actor and the day."""
    model = KINDS.get(kind)
    if model is None:
        return None
    rows = model.objects.visible_to(actor)
    if searched and model.searched is not None:
        rows = rows.filter(**dict(model.searched.only))
    try:
        sql, values = rows.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return None
    return Condition(sql, list(values))
