"""Primary suppression. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

CONTROLLED = frozenset({"children", "people"})
MARK = "*"


@dataclass(frozen=True)
class Rule:
    """Counts from 1 up to and including the threshold are not shown."""

    threshold: int = 5

    @property
    def in_words(self) -> str:
        """The rule as a note under a table prints it."""
        return f"Counts of 1 to {self.threshold} are not shown ({MARK})."


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


def release_table(rows: Sequence[Sequence[str | int | None]], about: str, rule: Rule = DEFAULT) -> Released:
    """The table with small counts replaced by the mark."""
    if not is_controlled(about):
        return Released(tuple(tuple(row) for row in rows), 0, rule)
    count = 0
    released = []
    for row in rows:
        cells: list[str | int | None] = []
        for cell in row:
            hide = isinstance(cell, int) and is_small(cell, rule)
            count += hide
            cells.append(MARK if hide else cell)
        released.append(tuple(cells))
    return Released(tuple(released), count, rule)
