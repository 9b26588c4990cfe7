"""What a person finds: matching entries, each checked against what they may see in the same statement."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db import DatabaseError, connection, transaction

from shield.kernel.access.rules import Actor
from shield.kernel.search import rules
from shield.kernel.search.models import Entry, Word
from shield.kernel.search.queries import indexed, postgres, sqlite
from shield.kernel.search.queries.scope import Condition, Scope
from shield.kernel.search.queries.sight import Hit, Sight, as_id, stored
from shield.kernel.search.rules import Asked, Term

MOST = 300
"""Results that are counted and paged; whoever finds more is asked for a kind or another word."""
SPARE = 50
"""Results that are read beyond those, for some that turn out to be gone since the index took notice of them."""
READ_FOR_SPELLING = 40
"""Results whose words are looked at for the spelling that was meant."""


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
            return _find(asked, Sight(actor), kind)
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


def _find(asked: Asked, sight: Sight, kind: str) -> Found:
    found = _first_things_first(_matching(asked.terms, sight, kind), asked)
    if found.counts or asked.is_reference:
        return found
    near = _near(asked, sight, kind)
    if near.counts or len(asked.words) < 2:
        return near
    some = (Term(asked.words, asked.terms[-1].beginning),)
    return replace(_matching(some, sight, kind), how="some")


def _first_things_first(found: Found, asked: Asked) -> Found:
    """What is called just as was asked comes first, what sources assert about records last; the rest as it was."""
    in_title = [hit.id for hit in found.hits if hit.rank == 0]
    titles = Entry.objects.filter(pk__in=in_title).values_list("pk", "folded_title") if in_title else ()
    called = {pk for pk, title in titles if rules.is_called(title, asked.words)}
    last = {kind for kind, (_, how) in indexed.kinds().items() if how.last}
    return replace(found, hits=sorted(found.hits, key=lambda hit: (hit.id not in called, hit.kind in last)))


def _near(asked: Asked, sight: Sight, kind: str) -> Found:
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


def _matching(terms: Sequence[Term], sight: Sight, kind: str) -> Found:
    """What matches and may be seen: what has every word in its title first, then the newest first."""
    found = _found(_seen(terms, sight), terms)
    if not kind:
        return found
    if found.more:
        return replace(found, hits=_found(_seen(terms, sight, kind), terms).hits)
    return replace(found, hits=[hit for hit in found.hits if hit.kind == kind])


def _seen(terms: Sequence[Term], sight: Sight, kind: str = "") -> list[Hit]:
    """The first results, best first, and one more if there are more.

    Of few matches each is looked up by itself. Of very many only the best are read, leaving out what is surely not
    for this person, and those are looked up. Should too many of them be gone, the database compares every match
    with all that the person may see.
    """
    matching = _any(terms, sight, kind)
    if len(matching) <= MOST:
        return sorted(sight.among(_read(matching, terms, sight)), key=_order)
    roughly = sight.roughly(kind)
    if roughly is None:
        return []
    best = _best(terms, sight, roughly, MOST + 1 + SPARE)
    seen = sight.among(best)
    if len(best) > MOST + SPARE and len(seen) <= MOST:
        exactly = sight.exactly(kind)
        return _best(terms, sight, exactly, MOST + 1) if exactly else []
    return seen[: MOST + 1]


def _order(hit: Hit) -> tuple[int, int, int]:
    """As the database orders them: every word in the title, then the newest."""
    return hit.rank, -hit.day.toordinal(), -hit.record_id.int


def _found(rows: list[Hit], terms: Sequence[Term]) -> Found:
    """Counted and without those that another result stands for."""
    more = len(rows) > MOST
    told = {hit.instead_of for hit in rows}
    hits = [hit for hit in rows[:MOST] if hit.record_id not in told]
    return Found(hits, Counter(hit.kind for hit in hits), more, tuple(terms))


def _backend() -> Any:
    return postgres if connection.vendor == "postgresql" else sqlite


def _any(terms: Sequence[Term], sight: Sight, kind: str) -> list[int]:
    """Keys of matching entries of a partnership in any order, seen or not: no more than tell whether they are many."""
    found, here = _backend().matching(terms, _place(sight)), _here(sight)
    statement = f"SELECT e.id {found.sql} AND {here.sql}"
    values = [*found.values, *here.values]
    if kind:
        statement, values = f"{statement} AND e.kind = %s", [*values, kind]
    return [pk for (pk,) in _run(f"{statement} LIMIT {MOST + 1}", values)]


_COLUMNS = "e.id, e.kind, e.record_id, e.day, e.instead_of_id, e.under_kind, e.under_id"


def _read(keys: Sequence[int], terms: Sequence[Term], sight: Sight) -> list[Hit]:
    """Some matching entries by their keys."""
    if not keys:
        return []
    rank, wanted = _backend().rank(terms, _place(sight)), ", ".join(map(str, keys))
    return _hits(
        f"SELECT {_COLUMNS}, {rank.sql} FROM search_entry e WHERE e.id IN ({wanted})",  # noqa: S608
        rank.values,
    )


def _best(terms: Sequence[Term], sight: Sight, scope: Scope, limit: int) -> list[Hit]:
    """The best matches within a scope."""
    here = _here(sight)
    only = Condition(f"{here.sql} AND ({scope.condition.sql})", [*here.values, *scope.condition.values])
    found = _backend().best(_COLUMNS, terms, _place(sight), only, limit)
    return _hits(scope.lists.sql + found.sql, [*scope.lists.values, *found.values])


def _place(sight: Sight) -> str:
    return indexed.place_of(sight.actor.partnership_id)


def _here(sight: Sight) -> Condition:
    return Condition("e.partnership_id = %s", [stored(sight.actor.partnership_id)])


def _hits(statement: str, values: list[Any]) -> list[Hit]:
    return [
        Hit(pk, kind, as_id(record), rank, _day(day), as_id(other), under_kind, as_id(under))
        for pk, kind, record, day, other, under_kind, under, rank in _run(statement, values)
    ]


def _run(statement: str, values: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)
