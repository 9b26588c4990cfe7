"""How PostgreSQL finds entries: by text vectors of the built-in English dictionary, without any extension."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shield.kernel.search import rules
from shield.kernel.search.rules import Term

# What a person may see is looked up in memory; compiling so small a query would take longer than running it; and no
# search is quicker by reading all entries.
SETTINGS = (
    "SELECT set_config('work_mem', '64MB', true), set_config('jit', 'off', true), "
    "set_config('enable_seqscan', 'off', true)"
)
_IN_TITLE = "e.title_vector @@ to_tsquery('english', %s)"
ANY = "FROM search_entry e WHERE e.vector @@ (%s::tsquery && to_tsquery('english', %s))"
RANK = f"CASE WHEN {_IN_TITLE} THEN 0 ELSE 1 END"
# PostgreSQL itself weighs up whether it reads along the order of results or gathers all matches and sorts them.
TITLES = f"{ANY} AND {_IN_TITLE}"
OTHERS = f"{ANY} AND NOT {_IN_TITLE}"


def any_values(terms: Sequence[Term], place: str) -> list[Any]:
    """The values of `ANY`: what holds every word."""
    return [place, rules.for_postgres(terms)]


def rank_values(terms: Sequence[Term], place: str) -> list[Any]:
    """The values of `RANK`: 0 where every word stands in the title."""
    return [rules.for_postgres(terms)]


def titles_values(terms: Sequence[Term], place: str) -> list[Any]:
    """The values of `TITLES`: what holds every word in its title."""
    return [*any_values(terms, place), rules.for_postgres(terms)]


def others_values(terms: Sequence[Term], place: str) -> list[Any]:
    """The values of `OTHERS`: what holds every word, but not in its title."""
    return titles_values(terms, place)
