"""How PostgreSQL finds entries: by text vectors of the built-in English dictionary, without any extension."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shield.kernel.search import rules
from shield.kernel.search.rules import Term

SOURCE = "search_entry e"
CONDITION = "e.vector @@ (%s::tsquery && to_tsquery('english', %s))"
RANK = "CASE WHEN e.title_vector @@ to_tsquery('english', %s) THEN 0 ELSE 1 END"
# What a person may see is looked up in memory; compiling so small a query would take longer than running it; and the
# index is always the shorter way, since the vectors lie apart from the rows.
SETTINGS = (
    "SELECT set_config('work_mem', '64MB', true), set_config('jit', 'off', true), "
    "set_config('enable_seqscan', 'off', true)"
)


def condition(terms: Sequence[Term], place: str) -> list[Any]:
    """The values of the condition."""
    return [place, rules.for_postgres(terms)]


def rank(terms: Sequence[Term], place: str) -> list[Any]:
    """The values of the rank: 0 where every word stands in the title."""
    return [rules.for_postgres(terms)]
