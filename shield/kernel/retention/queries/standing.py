"""Every class of the schedule as it stands in a partnership."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from shield.kernel.records.rules import Retention
from shield.kernel.retention.models import OwnPeriod
from shield.kernel.retention.queries import periods, register
from shield.kernel.retention.rules import schedule as rules
from shield.kernel.retention.rules.schedule import ClassRule


@dataclass(frozen=True)
class Standing:
    """A class as it stands in a partnership."""

    rule: ClassRule
    own: OwnPeriod | None
    covers: str
    records: int
    due: int

    @property
    def months(self) -> int | None:
        """The period in force here."""
        return self.own.months if self.own else self.rule.months


OWN = "What Shield itself needs to work"
"""Tables that are no records of the partnership's work; a business manager is not asked to know them by name."""


def _called(model: Any) -> str:
    return register.label_of(model) if getattr(model, "label", "") else OWN


def standing(partnership_id: uuid.UUID, today: date) -> list[Standing]:
    """Every class: its rule, the period here, what it covers, how many records there are and how many are due."""
    own, counted = periods.own_periods(partnership_id), register.records_by_kind(partnership_id)
    waiting: dict[Retention, int] = {}
    for group in register.groups(partnership_id, today):
        waiting[group.rule.retention] = waiting.get(group.rule.retention, 0) + group.count
    made = []
    for retention, rule in periods.schedule().items():
        of_class = {kind: model for kind, model in register.kinds().items() if model.retention == retention}
        covers = rules.labels({_called(model) for model in of_class.values()})
        records = sum(counted.get(kind, 0) for kind in of_class)
        made.append(Standing(rule, own.get(rule.key), covers, records, waiting.get(retention, 0)))
    return made
