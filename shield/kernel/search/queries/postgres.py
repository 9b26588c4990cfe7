"""How PostgreSQL finds entries: by text vectors of the built-in English dictionary, without any extension."""

from __future__ import annotations

from collections.abc import Sequence

from shield.kernel.search import rules
from shield.kernel.search.queries.scope import Condition
from shield.kernel.search.rules import Term

# What a person may see is looked up in memory; compiling so small a query, or starting others to help with it, would
# take longer than running it; and no search is quicker by reading all entries.
SETTINGS = (
    "SELECT set_config('work_mem', '64MB', true), set_config('jit', 'off', true), "
    "set_config('enable_seqscan', 'off', true), set_config('max_parallel_workers_per_gather', '0', true)"
)


def matching(terms: Sequence[Term], place: str) -> Condition:
    """Entries `e` that hold every word, in any order."""
    return Condition(
        "FROM search_entry e WHERE e.vector @@ (%s::tsquery && to_tsquery('english', %s))",
        [place, rules.for_postgres(terms)],
    )


_IN_TITLE = "e.title_vector @@ to_tsquery('english', %s)"


def rank(terms: Sequence[Term], place: str) -> Condition:
    """0 where every word stands in the title."""
    asked = [rules.for_postgres(terms)]
    return Condition(f"CASE WHEN {_IN_TITLE} THEN 0 ELSE 1 END", asked)


def best(columns: str, terms: Sequence[Term], place: str, only: Condition, limit: int) -> Condition:
    """The first entries that hold every word: those with all words in the title, then the newest.

    PostgreSQL reads along the order of results where a word is in very many, once for titles and, if they are too
    few, once for the others.
    """
    first, found = rank(terms, place), matching(terms, place)
    parts = [
        f"(SELECT {columns}, {number} AS rank {found.sql} AND {condition} AND {only.sql} "
        f"ORDER BY e.day DESC, e.record_id DESC LIMIT {limit})"
        for number, condition in enumerate((_IN_TITLE, f"NOT {_IN_TITLE}"))
    ]
    return Condition(
        f"{' UNION ALL '.join(parts)} LIMIT {limit}", [*found.values, *first.values, *only.values] * 2
    )
