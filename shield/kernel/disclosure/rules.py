"""Small counts suppressed, and the totals they could be worked out of. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

CONTROLLED = frozenset({"children", "people"})
MARK = "*"


@dataclass(frozen=True)
class Rule:
    """Counts from 1 up to and including the threshold are not shown."""

    threshold: int = 5

    @property
    def in_words(self) -> str:
        """The rule as a note under a table prints it."""
        return (
            f"Counts of 1 to {self.threshold}, and totals that would give them away, are not shown ({MARK})."
        )


DEFAULT = Rule()


@dataclass(frozen=True)
class Released:
    """A table as it may leave: cells, how many were suppressed, and the rule used."""

    rows: tuple[tuple[str | int | None, ...], ...]
    suppressed: int
    rule: Rule


def is_controlled(about: str) -> bool:
    """Whether a figure or table is about children or people."""
    return about in CONTROLLED


def is_small(value: int | None, rule: Rule = DEFAULT) -> bool:
    """Whether a count must not be shown; nought says nothing of anybody."""
    return value is not None and 1 <= value <= rule.threshold


def release_value(value: int | None, about: str, rule: Rule = DEFAULT) -> int | None:
    """The value, or None if it is suppressed."""
    return None if is_controlled(about) and is_small(value, rule) else value


def release_share(part: int | None, whole: int | None, about: str, rule: Rule = DEFAULT) -> int | None:
    """The numerator of a rate, or None if it is suppressed: when it is small, or what is left of the whole is.

    95 of 98 children says of 3 what is not shown of 3.
    """
    if part is None or not is_controlled(about):
        return part
    rest = None if whole is None else whole - part
    return None if is_small(part, rule) or is_small(rest, rule) else part


Cell = str | int | None


def release_rows(
    rows: Sequence[Sequence[Cell]],
    about: str,
    rule: Rule = DEFAULT,
    *,
    total_rows: Iterable[int] = (),
    total_columns: Iterable[int] = (),
) -> Released:
    """The rows of a table as they may leave, for every page and report: the one place where this is done.

    Where one count about children or people is suppressed, the totals of the whole table are withheld too: those
    named by their number, those whose label says total, and those that are the sum of the others. That hides more
    than it must; what is left cannot be subtracted from anything in the same table.
    """
    given = tuple(tuple(row) for row in rows)
    if not is_controlled(about) or not any(_is_hidden(cell, rule) for row in given for cell in row):
        return Released(given, 0, rule)
    flat = set(total_rows) | _totals(given)
    across = set(total_columns) | _totals(_turned(given))
    released = tuple(
        tuple(
            MARK if _is_hidden(cell, rule) or (_is_count(cell) and (r in flat or c in across)) else cell
            for c, cell in enumerate(row)
        )
        for r, row in enumerate(given)
    )
    count = sum(
        now is MARK and was != MARK
        for row, made in zip(given, released, strict=True)
        for was, now in zip(row, made, strict=True)
    )
    return Released(released, count, rule)


def _is_count(cell: Cell) -> bool:
    return isinstance(cell, int) and not isinstance(cell, bool)


def _is_hidden(cell: Cell, rule: Rule) -> bool:
    return isinstance(cell, int) and _is_count(cell) and is_small(cell, rule)


def _turned(rows: Sequence[Sequence[Cell]]) -> tuple[tuple[Cell, ...], ...]:
    """Columns as rows; a row that is too short ends in nothing."""
    return tuple(zip_longest(*rows))


def _totals(rows: Sequence[Sequence[Cell]]) -> set[int]:
    """The numbers of the rows that are totals: by their label, or because they sum up the rows that are not."""
    said = {
        number for number, row in enumerate(rows) if row and isinstance(row[0], str) and _TOTAL.search(row[0])
    }
    rest = [number for number in range(len(rows)) if number not in said]
    sums = {n for n in rest if len(rest) > 2 and _sums_up(rows[n], [rows[m] for m in rest if m != n])}
    return said | sums


def _sums_up(row: Sequence[Cell], others: Sequence[Sequence[Cell]]) -> bool:
    """Whether every count of a row is the sum of those of the others in its column."""
    counts = [(c, cell) for c, cell in enumerate(row) if isinstance(cell, int) and _is_count(cell)]
    return bool(counts) and all(
        cell == sum(o[c] for o in others if c < len(o) and isinstance(o[c], int))  # type: ignore[misc]
        for c, cell in counts
    )


_TOTAL = re.compile(r"\b(totals?|all|altogether|overall|sum)\b", re.IGNORECASE)
"""What a total is called."""
