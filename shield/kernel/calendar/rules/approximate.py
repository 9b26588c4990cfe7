"""A date that may not be exactly known: what is certain of it, its bounds, its words, its place in an order. Pure.

Bounds are clock times of London without a zone. They are those of the period that is named: how far “about May 2016”
reaches beyond May is not known, and so it is not made up; that it may is told by the certainty.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from shield.kernel.calendar.rules.days import days_in_month, in_words


class Kind(StrEnum):
    """How much of a date is known."""

    TIME = "time"
    PART = "part"
    DAY = "day"
    RANGE = "range"
    MONTH = "month"
    YEAR = "year"
    UNKNOWN = "unknown"


class Certainty(StrEnum):
    """How sure whoever wrote it was."""

    EXACT = "exact"
    UNCERTAIN = "uncertain"
    APPROXIMATE = "approximate"
    UNKNOWN = "unknown"


CERTAINTIES: dict[str, str] = {
    "exact": "Date as recorded", "uncertain": "Date uncertain", "approximate": "Date approximate",
    "unknown": "Date not known",
}  # fmt: skip
PARTS: dict[str, tuple[int, int]] = {
    "morning": (0, 12), "lunchtime": (11, 15), "afternoon": (12, 18), "pm": (12, 24), "evening": (17, 24), "night": (18, 30),
}  # fmt: skip
"""Parts of a day and the hours from and to which each may reach; a night ends at six in the next morning."""
PARTS_OF_MONTH = ("early", "mid", "late")
"""Said of a month; nobody says where early ends, so the bounds stay those of the month."""
_RANK = {kind: number for number, kind in enumerate(Kind)}
_SURENESS = {certainty: number for number, certainty in enumerate(Certainty)}
_LAST = "9" * 24
"""Stands after every date."""
UNKNOWN_WORDS = "date not known"


@dataclass(frozen=True)
class ApproximateDate:
    """A date as exactly as it is known. Two are equal if they say the same, however it was written.

    `first` and `last` are the days it spans (one and the same for a day); `at` and `until` times of a day that is
    known to the time; `part` the part of a day or of a month; `unit` what a range counts in.
    """

    kind: Kind
    first: date | None = None
    last: date | None = None
    certainty: Certainty = Certainty.EXACT
    at: time | None = None
    until: time | None = None
    part: str = ""
    unit: Kind = Kind.DAY
    words: str = field(default="", compare=False)
    """As it was written."""

    def __post_init__(self) -> None:
        """Refuse what says nothing or contradicts itself (ValueError)."""
        if self.kind == Kind.UNKNOWN:
            if self.first or self.last or self.at or self.part or self.certainty != Certainty.UNKNOWN:
                raise ValueError("A date that is not known says nothing of when.")
            return
        if self.first is None or self.last is None or self.last < self.first:
            raise ValueError("A date ends on or after the day on which it begins.")
        if self.certainty == Certainty.UNKNOWN:
            raise ValueError("A date with days is known to some degree.")
        if (self.at is not None) != (self.kind == Kind.TIME):
            raise ValueError("A date has a time if it is known to the time, and only then.")
        if self.until is not None and (self.at is None or self.until < self.at):
            raise ValueError("A span of time ends after it begins.")
        self._check_span()

    def _check_span(self) -> None:
        whole = {Kind.MONTH: month(self._first), Kind.YEAR: year(self._first)}.get(self.kind)
        one_day = self.kind in {Kind.TIME, Kind.PART, Kind.DAY}
        if (one_day and self.first != self.last) or (whole and (self.first, self.last) != whole):
            raise ValueError("A day, a month or a year spans just that.")
        fitting = {Kind.PART: self.part in PARTS, Kind.MONTH: self.part in {"", *PARTS_OF_MONTH}}
        if not fitting.get(self.kind, self.part == ""):
            raise ValueError("Only a day or a month has a part.")
        if self.kind == Kind.RANGE and not _is_range(self._first, self._last, self.unit):
            raise ValueError("A range goes from one day, month or year to another.")

    @property
    def _first(self) -> date:
        assert self.first is not None
        return self.first

    @property
    def _last(self) -> date:
        assert self.last is not None
        return self.last

    @property
    def is_known(self) -> bool:
        """Whether anything is known of when."""
        return self.kind != Kind.UNKNOWN

    @property
    def earliest(self) -> datetime | None:
        """The first minute of what is named; None if nothing is known."""
        if not self.is_known:
            return None
        if self.at is not None:
            return datetime.combine(self._first, self.at)
        hours = PARTS[self.part][0] if self.kind == Kind.PART else 0
        return datetime.combine(self._first, time()) + timedelta(hours=hours)

    @property
    def latest(self) -> datetime | None:
        """The last minute of what is named; None if nothing is known."""
        if not self.is_known:
            return None
        if self.at is not None:
            return datetime.combine(self._first, self.until or self.at)
        hours = PARTS[self.part][1] if self.kind == Kind.PART else 24
        return datetime.combine(self._last, time()) + timedelta(hours=hours, minutes=-1)

    @property
    def order(self) -> str:
        """Digits by which dates sort: by where they begin, then by where they end; what is not known comes last."""
        if self.earliest is None or self.latest is None:
            return _LAST + "9"
        return f"{_minute(self.earliest)}{_minute(self.latest)}{_RANK[self.kind]}"

    @property
    def key(self) -> tuple[str, int, str, str]:
        """What dates are compared by: total, so that no two that differ are equal in it."""
        return self.order, _SURENESS[self.certainty], self.part, self.unit

    def __lt__(self, other: ApproximateDate) -> bool:
        """Whether this comes before another."""
        return self.key < other.key

    def excludes(self, other: ApproximateDate) -> bool:
        """Whether both cannot be true of one event: as they stand they have no minute in common.

        One of them may be uncertain or approximate: then they differ all the same, and a person says what it means.
        """
        if None in (self.earliest, self.latest, other.earliest, other.latest):
            return False
        assert self.earliest
        assert self.latest
        assert other.earliest
        assert other.latest
        return self.latest < other.earliest or other.latest < self.earliest

    def __str__(self) -> str:
        return self.in_english()

    def in_english(self) -> str:
        """As people in England write it: “22 May 2016 at 2:30pm”, “about May 2016”, “3 to 5 June 2016”."""
        if not self.is_known:
            return UNKNOWN_WORDS
        said = self._said()
        if self.certainty == Certainty.APPROXIMATE:
            return f"about {said}"
        return f"{said} (uncertain)" if self.certainty == Certainty.UNCERTAIN else said

    def _said(self) -> str:
        first, last = self._first, self._last
        if self.kind == Kind.RANGE:
            return _range(first, last, self.unit)
        if self.kind == Kind.YEAR:
            return str(first.year)
        if self.kind == Kind.MONTH:
            return f"{self.part} {first:%B %Y}".strip()
        if self.kind == Kind.TIME:
            assert self.at is not None
            ends = f" to {clock(self.until)}" if self.until else ""
            return f"{in_words(first)} at {clock(self.at)}{ends}"
        return f"{in_words(first)}, {self.part}" if self.part else in_words(first)


def month(day: date) -> tuple[date, date]:
    """The first and the last day of a month."""
    return day.replace(day=1), day.replace(day=days_in_month(day))


def year(day: date) -> tuple[date, date]:
    """The first and the last day of a year."""
    return date(day.year, 1, 1), date(day.year, 12, 31)


def clock(at: time) -> str:
    """A time as people say it: 2:30pm, 9am, midday, midnight."""
    if at.minute == 0 and at.hour in (0, 12):
        return "midday" if at.hour else "midnight"
    minutes = f":{at.minute:02d}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{'am' if at.hour < 12 else 'pm'}"


def _is_range(first: date, last: date, unit: Kind) -> bool:
    if unit == Kind.MONTH:
        return month(first)[0] == first and month(last)[1] == last and month(first)[1] != last
    if unit == Kind.YEAR:
        return year(first)[0] == first and year(last)[1] == last and first.year != last.year
    return unit == Kind.DAY and first != last


def _minute(at: datetime) -> str:
    return f"{at.year:04d}{at.month:02d}{at.day:02d}{at.hour:02d}{at.minute:02d}"


def _range(first: date, last: date, unit: Kind) -> str:
    if unit == Kind.YEAR:
        return f"{first.year} to {last.year}"
    if unit == Kind.MONTH:
        begins = f"{first:%B}" if first.year == last.year else f"{first:%B %Y}"
        return f"{begins} to {last:%B %Y}"
    if first.year != last.year:
        return f"{in_words(first)} to {in_words(last)}"
    begins = str(first.day) if first.month == last.month else f"{first.day} {first:%B}"
    return f"{begins} to {in_words(last)}"


# Making them ------------------------------------------------------------------------------------------


def unknown(words: str = "") -> ApproximateDate:
    """A date of which nothing is known."""
    return ApproximateDate(Kind.UNKNOWN, certainty=Certainty.UNKNOWN, words=words)


def on(
    day: date, *, at: time | None = None, until: time | None = None, part: str = "",
    certainty: Certainty = Certainty.EXACT, words: str = "",
) -> ApproximateDate:  # fmt: skip
    """One day, perhaps with a time or a part of it."""
    kind = Kind.TIME if at is not None else Kind.PART if part else Kind.DAY
    return ApproximateDate(kind, day, day, certainty, at, until, part, words=words)


def in_month(
    of: date, *, part: str = "", certainty: Certainty = Certainty.EXACT, words: str = ""
) -> ApproximateDate:
    """One month, given by any of its days."""
    return ApproximateDate(Kind.MONTH, *month(of), certainty, part=part, words=words)


def in_year(of: date, *, certainty: Certainty = Certainty.EXACT, words: str = "") -> ApproximateDate:
    """One year, given by any of its days."""
    return ApproximateDate(Kind.YEAR, *year(of), certainty, words=words)


def between(
    first: date, last: date, *, unit: Kind = Kind.DAY, certainty: Certainty = Certainty.EXACT, words: str = ""
) -> ApproximateDate:
    """From one day, month or year to another; ValueError if it ends before it begins or is none."""
    if unit == Kind.MONTH:
        first, last = month(first)[0], month(last)[1]
    elif unit == Kind.YEAR:
        first, last = year(first)[0], year(last)[1]
    return ApproximateDate(Kind.RANGE, first, last, certainty, unit=unit, words=words)
