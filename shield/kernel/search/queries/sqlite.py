"""How SQLite finds entries: by FTS5, whose words are stemmed by Porter's rule."""

from __future__ import annotations

from collections.abc import Sequence

from shield.kernel.search import rules
from shield.kernel.search.models import NEWEST
from shield.kernel.search.queries.scope import Condition
from shield.kernel.search.rules import Term

_MATCHES = "(SELECT rowid FROM search_words WHERE search_words MATCH %s)"


def matching(terms: Sequence[Term], place: str) -> Condition:
    """Entries `e` that hold every word, in any order."""
    # CROSS JOIN keeps the order of the two: first the words, then the entries that hold them.
    return Condition(
        "FROM search_words f CROSS JOIN search_entry e ON e.id = f.rowid WHERE f.search_words MATCH %s",
        [rules.for_sqlite(terms, place)],
    )


def rank(terms: Sequence[Term], place: str) -> Condition:
    """0 where every word stands in the title."""
    asked = [rules.for_sqlite_titles(terms, place)]
    return Condition(f"CASE WHEN e.id IN {_MATCHES} THEN 0 ELSE 1 END", asked)


def best(columns: str, terms: Sequence[Term], place: str, only: Condition, limit: int) -> Condition:
    """The first entries that hold every word: those with all words in the title, then the newest.

    It reads along the order of results until it has enough, once for titles and, if they are too few, once for the
    others. The plus keeps SQLite from taking the matches one by one instead.
    """
    every, titles = rules.for_sqlite(terms, place), rules.for_sqlite_titles(terms, place)
    parts = [
        f"SELECT * FROM (SELECT {columns}, {number} AS rank FROM search_entry e INDEXED BY {NEWEST} "  # noqa: S608
        f"WHERE +e.id IN {_MATCHES} AND {only.sql} ORDER BY e.day DESC, e.record_id DESC LIMIT {limit})"
        for number in (0, 1)
    ]
    return Condition(
        f"{' UNION ALL '.join(parts)} LIMIT {limit}",
        [titles, *only.values, f"({every}) NOT ({titles})", *only.values],
    )
