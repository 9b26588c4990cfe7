"""Reads of the room: the schedule here, what is due, what is held, requests."""

from shield.kernel.retention.queries.holds import held_because, held_record, open_holds, words
from shield.kernel.retention.queries.people import (
    known_names,
    may_confirm,
    nobody_else_manages,
    requests_of,
)
from shield.kernel.retention.queries.periods import own_periods, period, rule_of, schedule
from shield.kernel.retention.queries.register import (
    Counting,
    chosen,
    day_of,
    describe,
    due,
    groups,
    kinds,
    label_of,
    obstacles,
    records_by_kind,
    reviewed_kinds,
    rows_of,
    standing_items,
    years_of,
)
from shield.kernel.retention.queries.standing import standing

__all__ = [
    "Counting",
    "chosen",
    "day_of",
    "describe",
    "due",
    "groups",
    "held_because",
    "held_record",
    "kinds",
    "known_names",
    "label_of",
    "may_confirm",
    "nobody_else_manages",
    "obstacles",
    "open_holds",
    "own_periods",
    "period",
    "records_by_kind",
    "requests_of",
    "reviewed_kinds",
    "rows_of",
    "rule_of",
    "schedule",
    "standing",
    "standing_items",
    "words",
    "years_of",
]
