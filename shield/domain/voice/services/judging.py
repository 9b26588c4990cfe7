"""Keeping what was told of how many were heard, so that no later number gives back one that was withheld."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from shield.domain.voice import queries, rules
from shield.domain.voice.models import Activity
from shield.kernel.access.rules import Actor


def judge_numbers(*, by: Actor) -> None:
    """Note of every activity by which number, in which place and year it is judged now, and whether it is withheld.

    Part of each act that puts a number on record or changes one. What was withheld once stays withheld; where its number
    changed, or one beside it left the year, the total of that year is told no more: of two totals, one before and one
    after, the difference would be left.
    """
    rows: list[Any] = list(
        queries.numbered(Activity.objects.filter(partnership_id=by.partnership_id)).select_related(
            "gathering"
        )
    )
    known = queries.how_many(rows, by)
    left = {row.judged_year for row in rows if row.withheld and row.judged_year != row.year}
    last = max((row.judged_order or 0 for row in rows), default=0)
    by_year: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        by_year[row.year].append(row)
    for year, of_year in by_year.items():
        ordered = queries.in_order(of_year, known)
        released, _ = rules.release_heads([queries.head_of(row, known[row.pk].count) for row in ordered])
        for row, shown in zip(ordered, released, strict=True):
            count = known[row.pk].count
            stood = row.judged_count == count and row.judged_year == year
            changes = {
                "judged_count": count,
                "judged_year": year,
                "withheld": row.withheld or shown != count,
                "seals_total": row.seals_total
                or queries.is_changed(row, known)
                or (row.withheld and year in left),
            }
            if count is not None and (row.judged_order is None or not (stood or row.withheld)):
                last += 1
                changes["judged_order"] = last
            if any(getattr(row, name) != value for name, value in changes.items()):
                Activity.objects.filter(pk=row.pk).update(**changes)
