"""What a person may see of what was found: each kind's own `visible_to`, asked by the database, never by the index."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import cache, cached_property
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection

from shield.kernel.access.rules import Actor
from shield.kernel.records.models import KINDS
from shield.kernel.search.models import Entry
from shield.kernel.search.queries import indexed


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


class Condition(NamedTuple):
    """A condition, or a statement of ids, with its values."""

    sql: str
    values: list[Any]


class Scope(NamedTuple):
    """Which entries a statement leaves in: a condition over lists of ids, each made once, and the kinds it settles."""

    lists: Condition
    condition: Condition
    settled: frozenset[tuple[str, bool]]


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
        self._known: dict[tuple[str, bool], Condition | None] = {}

    # Of some matches ----------------------------------------------------------------------------------

    def among(self, hits: Sequence[Hit], settled: Collection[tuple[str, bool]] = ()) -> list[Hit]:
        """Those of some matches that may be shown: themselves, and the record on whose page each stands.

        `settled` are the kinds, of records themselves or of those above, that the statement has compared already.
        """
        wanted: dict[tuple[str, bool], set[uuid.UUID]] = {}
        for hit in hits:
            wanted.setdefault((hit.kind, True), set()).add(hit.record_id)
            if hit.under_id is not None:
                wanted.setdefault((hit.under_kind, False), set()).add(hit.under_id)
        seen = self._looked_up({key: ids for key, ids in wanted.items() if key not in settled})
        seen |= {key: ids for key, ids in wanted.items() if key in settled}
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
            found = _ids(kind, self.actor, searched=searched, among=wanted[kind, searched])
            if found is not None:
                statements.append(f"SELECT {number}, s{number}.* FROM ({found.sql}) s{number}")  # noqa: S608
                values += found.values
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

        A kind of which the person sees as much as the index itself is taken as it is, so this alone shows nothing:
        a record may have been taken back since. Of every other kind only what may be seen is left.
        """
        whole, part = self._parted(self._kinds(kind), searched=True)
        wholly, partly = self._parted(self._above, searched=False)
        own, above = self._union(part, searched=True), self._union(partly)
        if not whole and own is None:
            return None
        sql, values = _any_of("e.kind", [*whole, *part])
        if own is not None:
            also = _any_of("e.kind", whole)
            sql += f" AND ({also.sql} OR e.record_id IN (SELECT id FROM own_seen))"
            values += also.values
        limited = [each for each in self._above if each not in wholly]
        if limited:
            names = _any_of("e.under_kind", limited)
            sql += f" AND (e.under_id IS NULL OR NOT {names.sql}"
            sql += " OR e.under_id IN (SELECT id FROM above_seen))" if above else ")"
            values += names.values
        settled = frozenset({*((each, True) for each in part), *((each, False) for each in limited)})
        return Scope(_lists(own_seen=own, above_seen=above), Condition(sql, values), settled)

    def exactly(self, kind: str = "") -> Scope | None:
        """Which entries may be shown, of one kind if it is given; None if there are none.

        An id names one record of whatever kind, so all that may be seen is one list.
        """
        own, above = self._union(self._kinds(kind), searched=True), self._union(self._above)
        if own is None:
            return None
        sql = "e.record_id IN (SELECT id FROM own_seen) AND (e.under_id IS NULL"
        sql += " OR e.under_id IN (SELECT id FROM above_seen))" if above else ")"
        settled = frozenset((each, searched) for each in KINDS for searched in (True, False))
        return Scope(_lists(own_seen=own, above_seen=above), Condition(sql, []), settled)

    def _kinds(self, kind: str) -> list[str]:
        return [each for each in indexed.kinds() if kind in {"", each}]

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

    def _parted(self, kinds: Sequence[str], *, searched: bool) -> tuple[list[str], list[str]]:
        """The kinds of which the person sees as much as the index itself, and those of which they see some."""
        whole, part = [], []
        for kind in kinds:
            own = self._all(kind, searched=searched)
            if own is not None:
                same = own == _of_the_index(kind, self.actor.partnership_id, searched)
                (whole if same else part).append(kind)
        return whole, part

    def _union(self, kinds: Sequence[str], *, searched: bool = False) -> Condition | None:
        """The ids of all these kinds that the person may see, as one statement."""
        parts = [found for kind in kinds if (found := self._all(kind, searched=searched)) is not None]
        sql = " UNION ALL ".join(f"SELECT s{n}.* FROM ({part.sql}) s{n}" for n, part in enumerate(parts))  # noqa: S608
        return Condition(sql, [value for part in parts for value in part.values]) if parts else None

    def _all(self, kind: str, *, searched: bool) -> Condition | None:
        """The ids of a kind that the person may see, as a statement; None if there is nothing they may see."""
        if (kind, searched) not in self._known:
            self._known[kind, searched] = _ids(kind, self.actor, searched=searched)
        return self._known[kind, searched]


@cache
def _of_the_index(kind: str, partnership_id: uuid.UUID, searched: bool) -> Condition | None:
    """The ids of a kind that the index itself sees, as a statement: made of the kind's declarations only."""
    return _ids(kind, indexed.indexer(partnership_id), searched=searched)


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


def _ids(
    kind: str, actor: Actor, *, searched: bool = False, among: set[uuid.UUID] | None = None
) -> Condition | None:
    """The ids of a kind that an actor may see, as a statement; None if there is nothing they may see."""
    model = KINDS.get(kind)
    if model is None:
        return None
    rows = model.objects.visible_to(actor)
    if searched and model.searched is not None:
        rows = rows.filter(**dict(model.searched.only))
    if among is not None:
        rows = rows.filter(pk__in=among)
    try:
        sql, values = rows.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return None
    return Condition(sql, list(values))
