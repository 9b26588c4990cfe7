"""The schedule as it came with Shield, and as it stands in a partnership."""

from __future__ import annotations

import uuid
from functools import lru_cache
from pathlib import Path

import yaml
from django.conf import settings

from shield.kernel.records.rules import Retention
from shield.kernel.retention.models import OwnPeriod
from shield.kernel.retention.rules import schedule as rules
from shield.kernel.retention.rules.schedule import ClassRule


@lru_cache(maxsize=4)
def _read(path: str) -> dict[Retention, ClassRule]:
    return rules.read_schedule(yaml.safe_load(Path(path).read_text(encoding="utf-8")))


def schedule() -> dict[Retention, ClassRule]:
    """The schedule that came with Shield, in the file's order."""
    return _read(str(settings.SHIELD_RETENTION))


def rule_of(key: str) -> ClassRule | None:
    """The rule of a class by its key, such as `account`."""
    return next((rule for rule in schedule().values() if rule.key == key), None)


def own_periods(partnership_id: uuid.UUID) -> dict[str, OwnPeriod]:
    """The periods a partnership has set itself, by class."""
    return {row.retention_class: row for row in OwnPeriod.objects.filter(partnership_id=partnership_id)}


def period(rule: ClassRule, partnership_id: uuid.UUID) -> int | None:
    """The months for which a partnership keeps a class; None for ever."""
    own = OwnPeriod.objects.filter(partnership_id=partnership_id, retention_class=rule.key).first()
    return own.months if own else rule.months
