"""The retention schedule: periods, the day from which they run, and the day on which something is due. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import TextChoices

from shield.kernel.calendar.rules import add_months
from shield.kernel.records.rules import Refused, Retention

LONGEST = 1200
"""Months: nothing has a longer period than a hundred years but what is kept for ever."""
EARLIEST = date(1900, 1, 1)
"""No page takes an earlier day."""


class BadSchedule(ValueError):
    """The file of the schedule cannot be used; the message names the entry."""


class AtEnd(TextChoices):
    """What happens when a period is over."""

    REVIEW = "review", "A person reviews it, and it is disposed of when a second person confirms"
    KEEP = "keep", "Nothing: it is kept for ever"
    EXPIRE = "expire", "The system replaces or removes it by itself"


class Trigger(StrEnum):
    """From which day a period runs."""

    OWN_DAY = "own_day"
    REPORTING_YEAR = "reporting_year"


@dataclass(frozen=True)
class ClassRule:
    """What the schedule says of one retention class."""

    retention: Retention
    label: str
    trigger: Trigger
    trigger_words: str
    months: int | None
    minimum: int | None
    minimum_source: str
    at_end: AtEnd
    source: str
    confirmed: bool
    note: str = ""

    @property
    def key(self) -> str:
        """How addresses and rows name the class."""
        return self.retention.name.lower()

    @property
    def source_words(self) -> str:
        """The source, and whether somebody has checked the period against it."""
        return (
            self.source
            if self.confirmed
            else f"{self.source} (unconfirmed: nobody has checked this period yet)"
        )


Schedule = Mapping[Retention, ClassRule]


def period_words(months: int | None) -> str:
    """A period as people say it: 6 years, 18 months, for ever."""
    if months is None:
        return "for ever"
    count, unit = (months // 12, "year") if months % 12 == 0 and months else (months, "month")
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def read_period(text: object, of: str) -> int | None:
    """A period as the file writes it, in months; BadSchedule if it is none."""
    if text == "for ever":
        return None
    found = re.fullmatch(r"([1-9]\d{0,3}) (year|month)s?", str(text))
    months = int(found[1]) * (12 if found[2] == "year" else 1) if found else 0
    if not 0 < months <= LONGEST:
        raise BadSchedule(f"{of}: “{text}” is no period; write “6 years”, “18 months” or “for ever”.")
    return months


FIELDS = {
    "label": str, "trigger": str, "trigger_words": str, "period": str, "at_end": str, "source": str, "confirmed": bool,
}  # fmt: skip
OPTIONAL = {"minimum": str, "minimum_source": str, "note": str}


def read_schedule(raw: Any) -> dict[Retention, ClassRule]:
    """Read the whole schedule; BadSchedule names what is wrong, and a class that has no entry or two."""
    entries = raw.get("classes") if isinstance(raw, dict) else None
    if not isinstance(entries, dict):
        raise BadSchedule("The file holds no “classes”.")
    known = {each.name.lower(): each for each in Retention}
    if set(entries) != set(known):
        wrong = ", ".join(sorted(set(entries) ^ set(known)))
        raise BadSchedule(f"Each retention class has one entry; these have none or are not known: {wrong}.")
    return {known[key]: _read_class(key, known[key], entry) for key, entry in entries.items()}


def _read_class(key: str, retention: Retention, entry: Any) -> ClassRule:
    if not isinstance(entry, dict) or set(entry) - set(FIELDS) - set(OPTIONAL) or set(FIELDS) - set(entry):
        raise BadSchedule(
            f"{key}: the entry holds exactly {', '.join(FIELDS)}, and perhaps {', '.join(OPTIONAL)}."
        )
    for name, kind in (FIELDS | OPTIONAL).items():
        if name in entry and (not isinstance(entry[name], kind) or entry[name] == ""):
            raise BadSchedule(f"{key}: {name} is missing or of the wrong sort.")
    try:
        trigger, at_end = Trigger(entry["trigger"]), AtEnd(entry["at_end"])
    except ValueError as problem:
        raise BadSchedule(f"{key}: {problem}.") from None
    rule = ClassRule(
        retention, entry["label"], trigger, entry["trigger_words"], read_period(entry["period"], key),
        read_period(entry["minimum"], key) if "minimum" in entry else None, entry.get("minimum_source", ""),
        at_end, entry["source"], entry["confirmed"], entry.get("note", ""),
    )  # fmt: skip
    _check_class(key, rule)
    return rule


def _check_class(key: str, rule: ClassRule) -> None:
    if (rule.at_end == AtEnd.REVIEW) == (rule.months is None):
        raise BadSchedule(f"{key}: what is reviewed has a period, and nothing else has one.")
    if (rule.minimum is None) != (not rule.minimum_source):
        raise BadSchedule(f"{key}: a minimum comes with the law that gives it.")
    if rule.minimum is not None and (rule.months or LONGEST + 1) < rule.minimum:
        raise BadSchedule(f"{key}: the period is shorter than its minimum.")


def check_own_period(rule: ClassRule, months: int) -> None:
    """Refuse a partnership's own period that the schedule does not allow."""
    if rule.at_end != AtEnd.REVIEW:
        raise Refused(
            "A partnership cannot set a period for this class: "
            + ("it is kept for ever." if rule.at_end == AtEnd.KEEP else "the system looks after it.")
        )
    if not 1 <= months <= LONGEST:
        raise Refused(f"A period is from 1 month to {period_words(LONGEST)}.", "months")
    if rule.minimum is not None and months < rule.minimum:
        raise Refused(
            f"The law wants at least {period_words(rule.minimum)}: {rule.minimum_source}.", "months"
        )


def due_on(day: date, months: int | None) -> date | None:
    """The day on which a period that runs from `day` is over and its record is due; None if it never is.

    Where the month has no such day (29 February, 31 April), it is the first of the next: never a day too early.
    """
    if months is None:
        return None
    if day.year + months // 12 >= date.max.year:
        return None
    end = add_months(day, months)
    return end if end.day == day.day else end + timedelta(days=1)


def year_end(day: date, years: Sequence[tuple[date, date]]) -> date:
    """The last day of the reporting year that a day lies in.

    A day in no year that is set up counts to twelve months on, or to the end of the next year if that comes sooner.
    """
    for starts_on, ends_on in years:
        if starts_on <= day <= ends_on:
            return ends_on
    return min([add_months(day, 12), *(ends_on for _, ends_on in years if ends_on >= day)])


def due_for(
    rule: ClassRule, months: int | None, years: Sequence[tuple[date, date]]
) -> Callable[[date], date | None]:
    """The function from a record's own day to the day on which it is due."""
    if rule.trigger == Trigger.REPORTING_YEAR:
        return lambda day: due_on(year_end(day, years), months)
    return lambda day: due_on(day, months)


def cutoff(today: date, due: Callable[[date], date | None]) -> date | None:
    """The latest own day of a record that is due today; None if none is. So a list asks the database for a day only.

    A later day is never due earlier (`due_on` and `year_end` never fall), so it is found by halving.
    """

    def is_due(day: date) -> bool:
        end = due(day)
        return end is not None and end <= today

    if not is_due(EARLIEST):
        return None
    low, high = EARLIEST.toordinal(), today.toordinal() + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if is_due(date.fromordinal(middle)) else (low, middle)
    return date.fromordinal(low)


def labels(kinds: Iterable[str]) -> str:
    """What a class covers, in words: each kind of record once, in order of the alphabet."""
    return ", ".join(sorted(set(kinds), key=str.casefold))
