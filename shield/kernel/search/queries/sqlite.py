"""How SQLite finds entries: by FTS5, whose words are stemmed by Porter's rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shield.kernel.search import rules
from shield.kernel.search.rules import Term

# CROSS JOIN keeps the order of the two: first the words, then the entries that hold them.
SOURCE = "search_words f CROSS JOIN search_entry e ON e.id = f.rowid"
CONDITION = "f.search_words MATCH %s"
RANK = "CASE WHEN e.id IN (SELECT rowid FROM search_words WHERE search_words MATCH %s) THEN 0 ELSE 1 END"


def condition(terms: Sequence[Term], place: str) -> list[Any]:
    """The values of the condition."""
    return [rules.for_sqlite(terms, place)]


def rank(terms: Sequence[Term], place: str) -> list[Any]:
    """The values of the rank: 0 where every word stands in the title."""
    return [rules.for_sqlite_titles(terms, place)]
