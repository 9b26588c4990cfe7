"""How SQLite finds entries: by FTS5, whose words are stemmed by Porter's rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shield.kernel.search import rules
from shield.kernel.search.models import NEWEST
from shield.kernel.search.rules import Term

_MATCHES = "(SELECT rowid FROM search_words WHERE search_words MATCH %s)"
# CROSS JOIN keeps the order of the two: first the words, then the entries that hold them.
ANY = "FROM search_words f CROSS JOIN search_entry e ON e.id = f.rowid WHERE f.search_words MATCH %s"
RANK = f"CASE WHEN e.id IN {_MATCHES} THEN 0 ELSE 1 END"
# The plus keeps SQLite from taking the matches one by one: it reads along the order of results until it has enough.
TITLES = f"FROM search_entry e INDEXED BY {NEWEST} WHERE +e.id IN {_MATCHES}"
OTHERS = TITLES


def any_values(terms: Sequence[Term], place: str) -> list[Any]:
    """The values of `ANY`: what holds every word."""
    return [rules.for_sqlite(terms, place)]


def rank_values(terms: Sequence[Term], place: str) -> list[Any]:
    """The values of `RANK`: 0 where every word stands in the title."""
    return titles_values(terms, place)


def titles_values(terms: Sequence[Term], place: str) -> list[Any]:
    """The values of `TITLES`: what holds every word in its title."""
    return [rules.for_sqlite_titles(terms, place)]


def others_values(terms: Sequence[Term], place: str) -> list[Any]:
    """The values of `OTHERS`: what holds every word, but not in its title."""
    return [f"({rules.for_sqlite(terms, place)}) NOT ({rules.for_sqlite_titles(terms, place)})"]
