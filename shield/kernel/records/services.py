"""Acts that go through the doors of all modules."""

from __future__ import annotations

from datetime import date
from typing import Any

from shield.kernel.records import queries


def hand_over(*, person: Any, to: Any, by: Any, today: date) -> int:
    """Let every module pass on what a person who leaves has open, to somebody or to nobody; returns how much.

    Part of the act that notes the leaving: one transaction, and each module records its own events.
    """
    return sum(each.hand_over(person=person, to=to, by=by, today=today) for each in queries.hands())
