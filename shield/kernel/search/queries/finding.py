"""What a person finds: matching entries, each checked against what they may see in the same statement."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DatabaseError, connection, transaction

from shield.kernel.access.rules import Actor
from shield.kernel.records.models import KINDS
from shield.kernel.search import rules
from shield.kernel.search.models import Entry, Word
from shield.kernel.search.queries import indexed, postgres, sqlite
from shield.kernel.search.rules import Asked, Term

MOST = 1000
"""Results that are counted and paged; whoever finds more is asked for another word."""
READ_FOR_SPELLING = 40
"""Results whose words are looked at for the spelling that was meant."""


@dataclass(frozen=True)
class Hit:
    """One result, before its texts are read."""

    id: int
    kind: str
    record_id: uuid.UUID
    rank: int
    day: date
    instead_of: uuid.UUID | None = None
    under_kind: str = ""
    under_id: uuid.UUID | None = None


@dataclass(frozen=True)
class Found:
    """What was found for what was asked."""

    hits: list[Hit] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    more: bool = False
    """Whether there is more than is counted."""
    terms: tuple[Term, ...] = ()
    meant: str = ""
    """The spelling under which something stands."""
    how: str = "all"
    """`all` words were found, words `near` them, or `some` of them."""

    def entries(self, first: int, last: int) -> list[Entry]:
        """The entries of some of the results, in their order."""
        wanted = [hit.id for hit in self.hits[first:last]]
        rows = Entry.objects.in_bulk(wanted)
        return [rows[pk] for pk in wanted if pk in rows]


class Failed(Exception):
    """The database did not answer; its own message is left out, because it may hold what was typed."""


def find(asked: Asked, actor: Actor, *, kind: str = "") -> Found:
    """Everything that holds all the words; else what holds words near them; else what holds some of them."""
    if not asked.words:
        return Found()
    try:
        with _prepared():
            return _find(asked, _Sight(actor), kind)
    except DatabaseError as problem:
        raise Failed(type(problem).__name__) from None


@contextmanager
def _prepared() -> Iterator[None]:
    """The database as it answers searches best, for these statements only."""
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(postgres.SETTINGS)
        yield


def _find(asked: Asked, sight: _Sight, kind: str) -> Found:
    found = _matching(asked.terms, sight, kind)
    if found.counts:
        return found
    near = _near(asked, sight, kind)
    if near.counts or len(asked.words) < 2:
        return near
    some = (Term(asked.words, asked.terms[-1].beginning),)
    return replace(_matching(some, sight, kind), how="some")


def _near(asked: Asked, sight: _Sight, kind: str) -> Found:
    """What holds words that each may have been meant."""
    nearest = _nearest(asked, sight.actor.partnership_id)
    if not any(nearest.values()):
        return Found(how="near")
    terms = tuple(
        Term((*term.spellings, *nearest[term.spellings[0]]), term.beginning) for term in asked.terms
    )
    found = _matching(terms, sight, kind)
    if not found.counts:
        return Found(how="near")
    texts = Entry.objects.filter(pk__in=[hit.id for hit in found.hits[:READ_FOR_SPELLING]])
    seen = [f"{title} {text}" for title, text in texts.values_list("folded_title", "folded_text")]
    return replace(found, how="near", meant=rules.suggestion(asked.words, nearest, seen))


def _nearest(asked: Asked, partnership_id: uuid.UUID) -> dict[str, list[str]]:
    """Words in use that each word may be a misspelling of."""
    lengths = {
        length
        for word in asked.words
        for length in range(len(word) - rules.tolerance(word), len(word) + rules.tolerance(word) + 1)
        if rules.tolerance(word)
    }
    rows = Word.objects.filter(partnership_id=partnership_id, length__in=lengths)
    known = list(rows.values_list("word", flat=True)) if lengths else []
    return {word: rules.near(word, known) for word in asked.words}


# The statement ----------------------------------------------------------------------------------------


def _matching(terms: Sequence[Term], sight: _Sight, kind: str) -> Found:
    """What matches and may be seen: what has every word in its title first, then the newest first."""
    found = _found(_seen(terms, sight), terms)
    if not kind:
        return found
    if found.more:
        return replace(found, hits=_found(_seen(terms, sight, kind), terms).hits)
    return replace(found, hits=[hit for hit in found.hits if hit.kind == kind])


def _seen(terms: Sequence[Term], sight: _Sight, kind: str = "") -> list[Hit]:
    """The first results, best first, and one more if there are more.

    Mostly there are few matches, or the person may see all that there is, so that each is looked up by itself. Only
    where somebody sees a part of very many does the database compare all matches with all that they may see.
    """
    partnership_id = sight.actor.partnership_id
    only: tuple[str, list[Any]] = ("e.kind = %s", [kind]) if kind else ("", [])
    some = _run(terms, partnership_id, only, ordered=False)
    if len(some) <= MOST:
        return sorted(sight.among(some), key=_order)
    if sight.is_wide:
        best = _run(terms, partnership_id, only)
        seen = sight.among(best)
        if len(seen) == len(best):
            return seen
    condition = sight.condition(kind)
    return _run(terms, partnership_id, condition) if condition[0] else []


def _order(hit: Hit) -> tuple[int, int, int]:
    """As the database orders them: every word in the title, then the newest."""
    return hit.rank, -hit.day.toordinal(), -hit.record_id.int


def _found(rows: list[Hit], terms: Sequence[Term]) -> Found:
    """Counted and without those that another result stands for."""
    more = len(rows) > MOST
    told = {hit.instead_of for hit in rows}
    hits = [hit for hit in rows[:MOST] if hit.record_id not in told]
    return Found(hits, Counter(hit.kind for hit in hits), more, tuple(terms))


def _run(
    terms: Sequence[Term], partnership_id: uuid.UUID, only: tuple[str, list[Any]], *, ordered: bool = True
) -> list[Hit]:
    """The best matches of a partnership, or just any, under a further condition if there is one."""
    backend = postgres if connection.vendor == "postgresql" else sqlite
    place = indexed.place_of(partnership_id)
    further = f"AND ({only[0]}) " if only[0] else ""
    order = "ORDER BY rank, e.day DESC, e.record_id DESC " if ordered else ""
    statement = (
        f"SELECT e.id, e.kind, e.record_id, {backend.RANK} AS rank, e.day, e.instead_of_id, e.under_kind, e.under_id "  # noqa: S608
        f"FROM {backend.SOURCE} WHERE {backend.CONDITION} AND e.partnership_id = %s {further}{order}LIMIT {MOST + 1}"
    )
    values = [
        *backend.rank(terms, place), *backend.condition(terms, place), _stored(partnership_id), *only[1],
    ]  # fmt: skip
    return _hits(statement, values)


def _hits(statement: str, values: list[Any]) -> list[Hit]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [
            Hit(pk, kind, _uuid(record), rank, _day(day), _uuid(other), under_kind, _uuid(under))
            for pk, kind, record, rank, day, other, under_kind, under in cursor.fetchall()
        ]


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _uuid(value: Any) -> Any:
    return value if value is None or isinstance(value, uuid.UUID) else uuid.UUID(value)


def _stored(value: uuid.UUID) -> Any:
    """An id as this database holds it."""
    return value if connection.features.has_native_uuid_field else value.hex


class _Sight:
    """What an actor may see: each kind's own `visible_to`, asked by the database, never by the index."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor

    @property
    def is_wide(self) -> bool:
        """Whether the actor may look at every kind, and so probably at every record."""
        return all(self.actor.may(model.view_permission) for model, _ in indexed.kinds().values())

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
            if (hit.kind, True, hit.record_id) in seen
            and (hit.under_id is None or (hit.under_kind, False, hit.under_id) in seen)
        ]

    def _looked_up(
        self, wanted: Mapping[tuple[str, bool], set[uuid.UUID]]
    ) -> set[tuple[str, bool, uuid.UUID]]:
        """Which of these ids may be seen, in one statement over all kinds."""
        keys, statements, values = list(wanted), [], []
        for number, (kind, searched) in enumerate(keys):
            found = self._ids(kind, searched=searched, among=wanted[kind, searched])
            if found is not None:
                statements.append(f"SELECT {number}, s{number}.* FROM ({found[0]}) s{number}")  # noqa: S608
                values += found[1]
        if not statements:
            return set()
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(statements), values)
            return {(*keys[number], _uuid(pk)) for number, pk in cursor.fetchall()}

    def condition(self, kind: str = "") -> tuple[str, list[Any]]:
        """Which entries may be shown, of one kind if it is given, as a condition; empty if there is none.

        An id names one record of whatever kind, so all that may be seen is one list.
        """
        own = self._union([each for each in indexed.kinds() if kind in {"", each}], searched=True)
        if own is None:
            return "", []
        above = self._union(self._kinds_above(kind))
        sql = f"e.record_id IN ({own[0]}) AND (e.under_id IS NULL"
        sql += f" OR e.under_id IN ({above[0]}))" if above else ")"
        return sql, [*own[1], *(above[1] if above else [])]

    def _kinds_above(self, kind: str) -> list[str]:
        """The kinds on whose pages others stand: by a foreign key, or by a kind and an id."""
        found = set()
        for each, (model, how) in indexed.kinds().items():
            if not how.under or kind not in {"", each}:
                continue
            fields = {field.name: field for field in model._meta.concrete_fields}
            if how.under in fields:
                found.add(fields[how.under].related_model.kind)
            else:
                rows = Entry.objects.filter(partnership_id=self.actor.partnership_id, kind=each)
                found.update(rows.values_list("under_kind", flat=True).distinct())
        return sorted(found)

    def _union(self, kinds: Sequence[str], *, searched: bool = False) -> tuple[str, list[Any]] | None:
        """The ids of all these kinds that the actor may see, as one statement."""
        parts = [found for kind in kinds if (found := self._ids(kind, searched=searched)) is not None]
        sql = " UNION ALL ".join(f"SELECT s{n}.* FROM ({part}) s{n}" for n, (part, _) in enumerate(parts))  # noqa: S608
        return (sql, [value for _, values in parts for value in values]) if parts else None

    def _ids(
        self, kind: str, *, searched: bool = False, among: set[uuid.UUID] | None = None
    ) -> tuple[str, list[Any]] | None:
        """The ids of a kind that the actor may see, as a statement; None if there is nothing they may see."""
        model = KINDS.get(kind)
        if model is None:
            return None
        rows = model.objects.visible_to(self.actor)
        if searched and model.searched is not None:
            rows = rows.filter(**dict(model.searched.only))
        if among is not None:
            rows = rows.filter(pk__in=among)
        try:
            sql, values = rows.order_by().values("pk").query.sql_with_params()
        except EmptyResultSet:
            return None
        return sql, list(values)
