"""What is missing in a chronology: stretches without contact, without the child's voice, without anything good. Pure.

Days are counted from the first of January of the year 1 (`date.toordinal`), as the columns that sort entries hold them.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from shield.kernel.calendar.rules import add_months, in_words

Span = tuple[int, int]
"""The first and the last day of an entry."""


@dataclass(frozen=True)
class Gap:
    """A stretch in which something is missing: what, of whom, the last day before and the first day after it."""

    what: str
    whose: str
    after: date
    until: date

    @property
    def days(self) -> int:
        """Days in between, in which nothing is told."""
        return max((self.until - self.after).days - 1, 0)

    def __str__(self) -> str:
        return f"{self.what}: from {in_words(self.after)} to {in_words(self.until)}"


def joined(spans: Iterable[Span]) -> list[Span]:
    """The same days in as few spans as there are: those that overlap or touch are one. Gaps between them stay the same."""
    made: list[Span] = []
    for first, last in sorted(spans):
        if made and first <= made[-1][1] + 1:
            made[-1] = (made[-1][0], max(made[-1][1], last))
        else:
            made.append((first, last))
    return made


def without_contact(
    spans: Iterable[Span], longest: int, *, begins: int | None = None, ends: int | None = None
) -> list[Span]:
    """Stretches of more than `longest` days of which no entry tells; each as the days that bound it.

    `begins` and `ends` bound the period that was asked for. An entry known only by its month or year may lie anywhere in
    it: it is counted for all of its days, so that no gap is claimed which may be none.
    """
    found: list[Span] = []
    reached = begins - 1 if begins is not None else None
    for first, last in sorted(spans):
        if reached is not None and first - reached - 1 > longest:
            found.append((reached, first))
        reached = last if reached is None else max(reached, last)
    if reached is not None and ends is not None and ends - reached > longest:
        found.append((reached, ends + 1))
    return found


def without(days: Sequence[int], months: int, *, begins: int | None, ends: int | None) -> list[Span]:
    """Stretches of more than so many months between these days, counted by the calendar."""
    bounds = [
        *([begins - 1] if begins is not None else []),
        *sorted(days),
        *([ends + 1] if ends is not None else []),
    ]
    pairs = itertools.pairwise(bounds)
    return [
        (one, other)
        for one, other in pairs
        # A month has 28 days at least: of the many that are near each other no calendar is asked.
        if other - one > 28 * months and add_months(date.fromordinal(one), months) < date.fromordinal(other)
    ]


def as_gaps(what: str, whose: str, spans: Iterable[Span]) -> list[Gap]:
    """Spans as gaps with days of the calendar."""
    return [Gap(what, whose, date.fromordinal(one), date.fromordinal(other)) for one, other in spans]
