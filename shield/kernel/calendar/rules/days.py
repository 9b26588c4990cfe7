"""Working days of England and the words for dates.

Bank holidays are passed in as a `WorkingCalendar`; nothing here reads a clock, a file or the network.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
SNAPSHOT = Path(__file__).parent.parent / "data" / "bank-holidays-england.json"

FEWEST_IN_A_YEAR = 8
"""Bank holidays of England in a year; a list with fewer of a year is not the whole list of that year.

A holiday that falls on a weekend moves to a working day of the same year, and one-off holidays only add to them.
"""


class UnknownDays(ValueError):
    """A date lies outside the years for which bank holidays are known."""


class BadHolidayFile(ValueError):
    """A file of bank holidays cannot be used; the message says why."""


@dataclass(frozen=True)
class WorkingCalendar:
    """Bank holidays of England by date, and the span of years they are known for."""

    holidays: dict[date, str] = field(default_factory=dict)
    known_from: date = date(1900, 1, 1)
    known_to: date = date(2199, 12, 31)

    def is_working_day(self, day: date) -> bool:
        """Monday to Friday and no bank holiday of England; UnknownDays outside the known years."""
        if not self.known_from <= day <= self.known_to:
            raise UnknownDays(f"Bank holidays are not known for {in_words(day)}.")
        return day.weekday() < 5 and day not in self.holidays

    def why_not(self, day: date) -> str:
        """Why a day does not count, in words; empty if it counts."""
        if day in self.holidays:
            return f"bank holiday: {self.holidays[day]}"
        if day.weekday() >= 5:
            return "weekend"
        return ""


def in_words(day: date) -> str:
    """A date as people in England write it: 29 July 2019."""
    return f"{day.day} {day:%B %Y}"


def in_words_to(day: date, precision: str) -> str:
    """A date as exactly as it is known: 29 July 2019, July 2019, or 2019."""
    if precision == "year":
        return str(day.year)
    return f"{day:%B %Y}" if precision == "month" else in_words(day)


def last_day_of(day: date, precision: str) -> date:
    """The last day of a date known only by its month or year; the day itself otherwise."""
    if precision == "year":
        return date(day.year, 12, 31)
    return day.replace(day=days_in_month(day)) if precision == "month" else day


def add_working_days(start: date, count: int, calendar: WorkingCalendar) -> date:
    """The day that is `count` working days after `start`; `start` itself is day 0.

    0 gives `start` moved to the next working day if it is none itself.
    """
    if count < 0:
        raise ValueError("A number of working days cannot be negative.")
    day = start
    while not calendar.is_working_day(day) and count == 0:
        day += timedelta(days=1)
    left = count
    while left:
        day += timedelta(days=1)
        if calendar.is_working_day(day):
            left -= 1
    return day


def working_days_between(start: date, end: date, calendar: WorkingCalendar) -> int:
    """Working days after `start` up to and including `end`; negative if `end` is earlier."""
    if end < start:
        return -working_days_between(end, start, calendar)
    span = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(calendar.is_working_day(day) for day in span)


def add_months(start: date, count: int) -> date:
    """The same day `count` months later, or the last day of that month if it is shorter."""
    month_index = start.year * 12 + start.month - 1 + count
    year, month = divmod(month_index, 12)
    first = date(year, month + 1, 1)
    return first.replace(day=min(start.day, days_in_month(first)))


def days_in_month(day: date) -> int:
    """How many days the month of `day` has."""
    following = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return (following - timedelta(days=1)).day


def each_day(start: date, end: date) -> Iterator[date]:
    """Every day after `start` up to and including `end`."""
    for n in range(1, (end - start).days + 1):
        yield start + timedelta(days=n)


def in_london(moment: datetime) -> datetime:
    """A moment as the clock on a London wall shows it."""
    return moment.astimezone(LONDON)


def parse_holidays(text: str) -> dict[date, str]:
    """Read bank holidays from the JSON that GOV.UK publishes, or from its England and Wales part.

    BadHolidayFile names the entry that is wrong; nothing is half-read.
    """
    try:
        raw = json.loads(text)
    except ValueError as problem:
        raise BadHolidayFile(f"The file is not JSON: {problem}.") from problem
    except RecursionError as problem:
        raise BadHolidayFile("The file is nested too deeply to be a list of bank holidays.") from problem
    part = raw.get("england-and-wales", raw) if isinstance(raw, dict) else {}
    events = part.get("events") if isinstance(part, dict) else None
    if not isinstance(events, list) or not events:
        raise BadHolidayFile("The file holds no events for England and Wales.")
    return dict(_holiday(number, event) for number, event in enumerate(events, start=1))


def _holiday(number: int, event: object) -> tuple[date, str]:
    try:
        day = date.fromisoformat(event["date"])  # type: ignore[index]
        title = event["title"]  # type: ignore[index]
    except (KeyError, TypeError, ValueError):
        raise BadHolidayFile(f"Event {number} has no usable title and date.") from None
    if not 1900 <= day.year <= 2199 or not isinstance(title, str) or not _is_title(title.strip()):
        raise BadHolidayFile(f"Event {number} has a date or title that cannot be a bank holiday.")
    return day, title.strip()


def _is_title(text: str) -> bool:
    """One line of characters that can be shown: no control character, no line break, no half of a pair."""
    return 0 < len(text) <= 200 and text.isprintable()


def calendar_of(holidays: dict[date, str] | Iterable[tuple[date, str]]) -> WorkingCalendar:
    """A calendar known for the years of which all bank holidays are listed, from the first without a gap.

    A year of which fewer are listed than England has is not known: one day far ahead, or the first few that were
    announced, must not make the rest of their year look like working days.
    """
    days = dict(holidays)
    if not days:
        return WorkingCalendar()
    listed = Counter(day.year for day in days)
    whole = sorted(year for year, count in listed.items() if count >= FEWEST_IN_A_YEAR)
    if not whole:
        first = date(min(listed), 1, 1)
        return WorkingCalendar(days, first, first - timedelta(days=1))
    last = next(year for year in whole if year + 1 not in whole)
    return WorkingCalendar(days, date(whole[0], 1, 1), date(last, 12, 31))


def shipped_holidays() -> dict[date, str]:
    """The snapshot that came with this version."""
    return parse_holidays(SNAPSHOT.read_text(encoding="utf-8"))
