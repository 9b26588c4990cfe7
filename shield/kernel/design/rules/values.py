"""How values are written for people in England: dates, times, amounts, yes and no."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
NOT_RECORDED = "Not recorded"
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def _local(value: date) -> date:
    """The date as London's wall calendar has it. Times without a zone are taken as they stand."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(LONDON)
    return value


def day(value: date | None) -> str:
    """29 July 2019. A moment is turned into London's day first; nothing gives an empty text."""
    if not isinstance(value, date):
        return ""
    local = _local(value)
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}"


def day_short(value: date | None) -> str:
    """29 Jul 2019, for tables."""
    if not isinstance(value, date):
        return ""
    local = _local(value)
    return f"{local.day} {_MONTHS[local.month - 1][:3]} {local.year}"


def clock_time(value: datetime) -> str:
    """4:05pm, 9am, midday, midnight: as GOV.UK writes times, in London."""
    local = _local(value)
    assert isinstance(local, datetime)
    if local.minute == 0 and local.hour in (0, 12):
        return "midday" if local.hour else "midnight"
    minutes = f":{local.minute:02d}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"


def moment(value: datetime | None) -> str:
    """29 July 2019 at 4:05pm, London time. Gives a date without a time when there is only a date."""
    if isinstance(value, datetime):
        return f"{day(value)} at {clock_time(value)}"
    return day(value)


def count(amount: int, one: str, many: str = "") -> str:
    """1 action, 1,204 actions."""
    return f"{amount:,} {one if amount == 1 else many or one + 's'}"


def shown(value: Any) -> str:
    """Any value as a page shows it when nothing else was said; nothing gives an empty text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, int | float | Decimal):
        return f"{value:,}"
    if isinstance(value, str):
        return value
    if isinstance(value, Iterable):
        return ", ".join(shown(each) for each in value)
    return str(value)
