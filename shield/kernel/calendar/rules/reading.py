"""Reading dates as people write them, in England: day first. What cannot be read without a guess is a doubt. Pure.

A doubt is put to a person with the readings there are; nothing is ever chosen silently. What a person says of a whole
file (`Convention`) is their choice and not a guess.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from functools import lru_cache

from shield.kernel.calendar.rules.approximate import (
    PARTS_OF_MONTH,
    ApproximateDate,
    Certainty,
    Kind,
    between,
    in_month,
    in_year,
    on,
    unknown,
)
from shield.kernel.calendar.rules.days import days_in_month, in_words

FIRST_YEAR = 1900
"""No date before it is taken for one."""
NO_DATE = "This cannot be read as a date."
"""Why a text is in doubt that has nothing of a date."""
SERIALS = range(20_000, 80_000)
"""Excel counts days from the end of 1899; these numbers are days from 1954 to 2119."""
SERIAL_START = date(1899, 12, 30)


class Doubtful(Exception):
    """A text that cannot be read without a guess; why, and the readings that a person may choose from."""

    def __init__(self, why: str, *readings: ApproximateDate) -> None:
        super().__init__(why)
        self.why = why
        self.readings = readings


@dataclass(frozen=True)
class Convention:
    """How one file writes its dates, as a person said who knows it."""

    month_first: bool = False
    """Whether 04/03/2016 is 3 April, as Americans write."""
    clock_24: bool = False
    """Whether 2:30 without am or pm is half past two in the morning, because all times are of the 24-hour clock."""


ENGLISH = Convention()
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
         "sep sept september", "oct october", "nov november", "dec december"), start=1)
    for name in names.split()
}  # fmt: skip
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NO_DATE = {
    "", "?", "??", "unknown", "not known", "date not known", "date unknown", "unknown date", "undated", "no date", "n/k", "nk",
    "n/a", "tbc", "not recorded", "date not recorded", "not stated", "-",
}  # fmt: skip
_M = r"(?P<m>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?"
_D = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?"
_Y = r"(?P<y>\d{4}|['’]?\d{2})"
_WEEKDAY = re.compile(r"^(mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(day)?\.?,?\s+(?=.*\d)")
_NAMED = re.compile(rf"{_D}(?:\s+of)?[\s-]*{_M},?[\s-]*{_Y}|{_M.replace('<m>', '<m2>')}[\s-]+{_D.replace('<d>', '<d2>')}"
                    rf"(?:,\s*|\s+){_Y.replace('<y>', '<y2>')}")  # fmt: skip
_NUMBERS = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4}|\d{2})")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_MONTH = re.compile(rf"(?:(?P<part>early|mid|late)[\s-]+)?{_M},?[\s-]*{_Y}")
_MONTH_NUMBER = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{4})")
_ABOUT = re.compile(
    r"^(?:circa\b|ca?\.|ca?(?=[\s\d])|about\b|around\b|approximately\b|approx\b\.?|roughly\b|~)\s*(?=\w)"
)
_UNSURE = re.compile(
    r"^(?:\?+|possibly|probably|perhaps|thought to be|believed to be|maybe)\s*|\s*(?:\(\?\)|\?+|\(uncertain\))$"
)
_CLOCK = re.compile(r"(?P<h>\d{1,2})(?:[:.](?P<min>\d{2})(?::\d{2}(?:\.\d+)?)?)?\s*(?P<half>[ap]\.?m\.?)?")
_TIME_AFTER = re.compile(
    r"^(?P<day>.*?\d{2}|.*\d{4})(?:\s*,?\s+(?:at\s+)?|t)"
    r"(?P<time>(?:c\.\s*|about\s+)?(?:\d{1,2}[:.]\d{2}.*|\d{1,2}\s*[ap]\.?m\.?.*|\d{4}\s*h(?:ou)?rs?\.?|midday|noon|midnight.*))$"
)
_DAY_PARTS = {
    "am": "morning", "morning": "morning", "lunchtime": "lunchtime", "lunch time": "lunchtime", "afternoon": "afternoon",
    "pm": "pm", "evening": "evening", "night": "night", "overnight": "night",
}  # fmt: skip
_PART_AFTER = re.compile(r"^(?P<day>.*\d)\s*,?\s*(?:in the |at )?(?P<part>" + "|".join(_DAY_PARTS) + r")$")
_PART_BEFORE = re.compile(r"^(?P<part>" + "|".join(_DAY_PARTS) + r")\s+of\s+(?P<day>.*\d)$")
_RELATIVE = re.compile(
    r"\b(yesterday|today|tomorrow|tonight|ago|next|last|previous|following|same day|later|recently)\b"
)
_OPEN = re.compile(r"^(before|by|prior to|until|up to|after|since|from)\b")
_SEASON = re.compile(
    r"\b(spring|summer|autumn|winter|christmas|easter|term|half[- ]term|school year|new year)\b"
)
_WITHOUT_YEAR = re.compile(rf"{_D}\s*{_M}|\d{{1,2}}\s*[/.-]\s*\d{{1,2}}|{_M.replace('<m>', '<m2>')}")


@lru_cache(maxsize=16_384)
def read(
    words: str, time_words: str = "", *, latest: date, convention: Convention = ENGLISH
) -> ApproximateDate:
    """A date as it is written, with its time if that stands by itself; Doubtful where it cannot be read without a guess.

    `latest` is the last day that can be meant: what lies after it is no date of something that happened, and a year of
    two figures that would lie after it is a doubt.
    """
    written = " ".join(f"{words} {time_words}".split())
    reader = _Reader(latest, convention)
    made = reader.whole(_plain(words))
    if plain_time := _plain(time_words):
        made = reader.with_time(made, plain_time)
    return replace(made, words=written)


def _plain(words: str) -> str:
    text = " ".join(words.replace("\u00a0", " ").split()).casefold()
    return re.sub(r"[‐‑‒–—−]", "-", text).strip(" .,;")


class _Reader:
    """One text on its way to a date."""

    def __init__(self, latest: date, convention: Convention) -> None:
        self.latest = latest
        self.convention = convention

    def whole(self, text: str) -> ApproximateDate:
        """A text with what it says of its own certainty."""
        if text in _NO_DATE:
            return unknown()
        text, certainty = _certainty(text)
        try:
            return _with(certainty, self.span(text))
        except Doubtful as doubt:
            raise Doubtful(doubt.why, *(_with(certainty, each) for each in doubt.readings)) from None

    def span(self, text: str) -> ApproximateDate:
        """A range, or one date."""
        if plain := self.numbered_day(text) or self.named_day(text):
            return plain
        self.refuse_what_hangs_on_another(text)
        for reads in (self.short_range, self.long_range):
            if made := reads(text):
                return made
        return self.one(text)

    def refuse_what_hangs_on_another(self, text: str) -> None:
        if _RELATIVE.search(text):
            raise Doubtful("This depends on the day on which it was written.")
        if _OPEN.match(text) and not re.search(r"\bto\b|-", text):
            raise Doubtful("This says only before or after which day.")
        if _SEASON.search(text):
            years = re.findall(r"\b(?:19|20)\d{2}\b", text)
            named = [in_year(date(int(y), 1, 1), certainty=Certainty.APPROXIMATE) for y in set(years)]
            raise Doubtful("This names a time of the year, and not when it begins and ends.", *named)

    def short_range(self, text: str) -> ApproximateDate | None:
        """“3-5 June 2016”, “night of 3/4 June 2016”, “May to July 2016”, “2014 to 2016”."""
        text = text.removeprefix("night of ").removeprefix("between ").removeprefix("from ")
        if found := re.fullmatch(
            rf"(\d{{1,2}})(?:st|nd|rd|th)?\s*(?:-|/|to|and|&)\s*{_D}\s+{_M},?\s*{_Y}", text
        ):
            year, month = self.year(found["y"]), _MONTHS[found["m"]]
            return self.from_to(self.day(year, month, int(found[1])), self.day(year, month, int(found["d"])))
        if found := re.fullmatch(rf"{_M.replace('<m>', '<m2>')}\s*(?:-|/|to|and)\s*{_M}\s+{_Y}", text):
            year = self.year(found["y"])
            return self.from_to(
                date(year, _MONTHS[found["m2"]], 1), date(year, _MONTHS[found["m"]], 1), Kind.MONTH
            )
        if found := re.fullmatch(r"(\d+[/.]\d+[/.]\d+)-(\d+[/.]\d+[/.]\d+)", text):
            return self.from_to(self.day_alone(found[1]), self.day_alone(found[2]))
        if found := re.fullmatch(r"(\d{4})\s*(?:-|to|and)\s*(\d{4})", text):
            begins, ends = (date(self.year(found[n]), 1, 1) for n in (1, 2))
            return self.from_to(begins, ends, Kind.YEAR)
        if found := re.fullmatch(r"((?:19|20)\d{2})\s*[/-]\s*(\d{2})", text):
            raise Doubtful("This may be a year and a month, two years, or a school year.")
        return None

    def long_range(self, text: str) -> ApproximateDate | None:
        """“28 May to 2 June 2016”, “between 01/05/2016 and 03/05/2016”."""
        found = re.fullmatch(
            r"(?:between\s+|from\s+)?(?P<a>.*\d.*?|[a-z]+.*?)\s*(?:\s-\s|\bto\b|\band\b|\buntil\b|&)\s*(?P<b>.*\d)",
            text,
        )
        if found is None or re.search(r"\d[:.]\d\d\s*(?:[ap]m)?\s*(?:-|to)", text):
            return None
        last = self.one(found["b"])
        if last.kind not in {Kind.DAY, Kind.MONTH, Kind.YEAR}:
            raise Doubtful("This is a span with times. Give its first and its last day.")
        assert last.first
        assert last.last
        first_words = found["a"].strip()
        if _WITHOUT_YEAR.fullmatch(first_words):
            return self.without_year(first_words, last)
        first = self.one(first_words)
        if first.kind != last.kind:
            assert first.first
            known = between(first.first, last.last) if first.first < last.last else None
            raise Doubtful(
                "Its beginning and its end are not known equally exactly.", *([known] if known else [])
            )
        return self.from_to(first.first, last.last, last.kind)

    def without_year(self, words: str, last: ApproximateDate) -> ApproximateDate:
        """A beginning that names no year: that of the end; where that would be after the end, a person says which."""
        assert last.first
        assert last.last
        stroke = "/" if "/" in words else " "
        first = self.one(f"{words}{stroke}{last.first.year}").first
        assert first is not None
        if first > last.last:
            earlier = self.one(f"{words}{stroke}{last.first.year - 1}").first
            raise Doubtful("The first part has no year.", self.from_to(earlier, last.last, last.kind))
        return self.from_to(first, last.last, last.kind)

    def from_to(self, first: date | None, last: date, unit: Kind = Kind.DAY) -> ApproximateDate:
        assert first is not None
        if last < first:
            raise Doubtful("This ends before it begins.")
        try:
            return between(first, last, unit=unit)
        except ValueError:
            raise Doubtful("This begins and ends on the same day.", on(first)) from None

    def one(self, text: str) -> ApproximateDate:
        """One date, with a time or a part of the day if it has one."""
        if found := _TIME_AFTER.fullmatch(text):
            return self.with_time(on(self.day_alone(found["day"].strip(" ,"))), found["time"])
        if found := _PART_AFTER.fullmatch(text) or _PART_BEFORE.fullmatch(text):
            day = self.day_alone(found["day"].strip(" ,"))
            return on(day, part=_DAY_PARTS[found["part"]])
        for reads in (self.named_day, self.numbered_day, self.month, self.just_year):
            if made := reads(text):
                return made
        raise Doubtful(self.why_not(text), *self.serials(text))

    def day_alone(self, text: str) -> date:
        made = self.named_day(text) or self.numbered_day(text)
        if made is None or made.first is None:
            raise Doubtful(self.why_not(text))
        return made.first

    def why_not(self, text: str) -> str:
        if text.isdigit() and int(text) in SERIALS:
            return (
                "This is a number, as Excel keeps a day. Whether it is meant as one, only a person can say."
            )
        if _WITHOUT_YEAR.fullmatch(text):
            return "This has no year."
        return NO_DATE

    def serials(self, text: str) -> list[ApproximateDate]:
        if found := re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text):
            parts = [int(part) for part in found.groups()]
            return self.readings(lambda: self.day(self.year(found[1]), *parts[1:]))
        if not _is_serial(text):
            return []
        day = SERIAL_START + timedelta(days=int(text))
        return [on(day)] if day <= self.latest else []

    # Days ---------------------------------------------------------------------------------------------

    def named_day(self, text: str) -> ApproximateDate | None:
        """“22 May 2016”, “Sunday 22nd May 2016”, “May 22, 2016”: the month is named, so the order is certain."""
        weekday = _WEEKDAY.match(text)
        rest = text[weekday.end() :] if weekday else text
        found = _NAMED.fullmatch(rest)
        if found is None:
            return self.numbered_day(rest, weekday[1]) if weekday else None
        day, month, year = (found[name] or found[f"{name}2"] for name in ("d", "m", "y"))
        return on(self.on_weekday(self.day(self.year(year), _MONTHS[month], int(day)), weekday))

    def on_weekday(self, day: date, weekday: re.Match[str] | str | None) -> date:
        said = weekday if isinstance(weekday, str) else weekday[1] if weekday else ""
        if said and not _WEEKDAYS[day.weekday()].startswith(said[:3]):
            named = next(name for name in _WEEKDAYS if name.startswith(said[:3]))
            raise Doubtful(
                f"{in_words(day)} was a {_WEEKDAYS[day.weekday()].capitalize()}, not a {named.capitalize()}.",
                on(day),
            )
        return day

    def numbered_day(self, text: str, weekday: str = "") -> ApproximateDate | None:
        """“22/05/2016” is read day first, “2016-05-22” as it stands."""
        if found := _ISO.fullmatch(text):
            _year, month, day = (int(part) for part in found.groups())
            return on(self.on_weekday(self.day(self.year(found[1]), month, day), weekday))
        found = _NUMBERS.fullmatch(text)
        if found is None:
            return None
        one, two, year_words = int(found[1]), int(found[2]), found[3]
        day, month = (two, one) if self.convention.month_first else (one, two)
        if not 1 <= month <= 12:
            order = "day first" if self.convention.month_first else "month first"
            turned = self.readings(lambda: self.day(self.year(year_words), day, month))
            raise Doubtful(
                f"There is no month {month}. It may have been written {order}."
                if turned
                else f"There is no month {month}.",
                *turned,
            )
        return on(self.on_weekday(self.day(self.year(year_words), month, day), weekday))

    def readings(self, reads: Callable[[], date]) -> list[ApproximateDate]:
        try:
            return [on(reads())]
        except Doubtful:
            return []

    def day(self, year: int, month: int, day: int) -> date:
        if not 1 <= month <= 12:
            raise Doubtful(f"There is no month {month}.")
        first = date(year, month, 1)
        if not 1 <= day <= days_in_month(first):
            raise Doubtful(f"{first:%B %Y} has no day {day}.")
        made = first.replace(day=day)
        if made > self.latest:
            raise Doubtful(f"{in_words(made)} lies in the future.")
        return made

    def year(self, words: str) -> int:
        """A year of four figures as it stands; of two, this century's if that has come by then."""
        digits = words.strip("'’")
        if len(digits) == 4:
            year = int(digits)
            if not FIRST_YEAR <= year <= self.latest.year:
                raise Doubtful(f"The year {year} is not between {FIRST_YEAR} and {self.latest.year}.")
            return year
        year = self.latest.year // 100 * 100 + int(digits)
        if year > self.latest.year:
            raise Doubtful(f"A year “{digits}” may be {year - 100} or {year}. Write it with four figures.")
        return year

    # Months and years ---------------------------------------------------------------------------------

    def month(self, text: str) -> ApproximateDate | None:
        """“May 2016”, “late May 2016”, “05/2016”."""
        if found := _MONTH_NUMBER.fullmatch(text):
            return in_month(self.day(self.year(found[2]), int(found[1]), 1))
        found = _MONTH.fullmatch(text)
        if found is None:
            return None
        year, part = found["y"], found["part"] or ""
        assert part in {"", *PARTS_OF_MONTH}
        if len(year) == 2:
            reading = self.readings(lambda: self.day(self.year(year), _MONTHS[found["m"]], 1))
            whole = [in_month(each.first, part=part) for each in reading if each.first]
            raise Doubtful(f"“{year}” may be a day of the month or a year.", *whole)
        return in_month(self.day(self.year(year), _MONTHS[found["m"]], 1), part=part)

    def just_year(self, text: str) -> ApproximateDate | None:
        """“2016”."""
        return in_year(date(self.year(text), 1, 1)) if re.fullmatch(r"\d{4}", text) else None

    # Times --------------------------------------------------------------------------------------------

    def with_time(self, made: ApproximateDate, text: str) -> ApproximateDate:
        """A day with its time, a span of time, or its part."""
        if text in _NO_DATE:
            return made
        if made.kind != Kind.DAY or made.first is None:
            raise Doubtful("A time can be given to one day only.")
        day, certainty = made.first, made.certainty
        text, unsure = _certainty(text)
        certainty = unsure if certainty == Certainty.EXACT else certainty
        if text in _DAY_PARTS:
            return on(day, part=_DAY_PARTS[text], certainty=certainty)
        words = [each.strip() for each in re.split(r"\s*(?:-|\bto\b|\buntil\b)\s*", text)]
        if len(words) > 2:
            raise Doubtful("This cannot be read as a time.")
        if (
            len(words) == 2
            and (half := re.search(r"[ap]\.?m", words[1]))
            and not re.search(r"[ap]\.?m", words[0])
        ):
            words[0] += half[0] if words[0].isdigit() or re.fullmatch(r"\d{1,2}[:.]\d{2}", words[0]) else ""
        times = [self.clock(each, on(day, certainty=certainty)) for each in words]
        if len(times) == 2 and times[1] < times[0]:
            raise Doubtful("This ends before it begins.", on(day, at=times[0], certainty=certainty))
        return on(day, at=times[0], until=times[1] if len(times) == 2 else None, certainty=certainty)

    def clock(self, text: str, day: ApproximateDate) -> time:
        """A time as it is written: 14:30, 2.30pm, 1430 hrs, midday."""
        if text in {"midday", "noon", "midnight"}:
            return time(0 if text == "midnight" else 12)
        marked = re.sub(r"\s*(?:h(?:ou)?rs?|h)\.?$", "", text)
        if re.fullmatch(r"\d{4}", marked):
            marked = f"{marked[:2]}:{marked[2:]}"
        found = _CLOCK.fullmatch(marked)
        if found is None or (found["min"] is None and not found["half"]):
            raise Doubtful("This cannot be read as a time.", day)
        hour, minute = int(found["h"]), int(found["min"] or 0)
        if hour > 23 or minute > 59 or (found["half"] and not 1 <= hour <= 12):
            raise Doubtful("There is no such time of the day.", day)
        if found["half"]:
            return time(hour % 12 + (12 if found["half"].startswith("p") else 0), minute)
        sure = self.convention.clock_24 or marked != text or len(found["h"]) == 2
        if not sure and 1 <= hour <= 11:
            either = [
                on(day.first, at=time(h, minute), certainty=day.certainty)
                for h in (hour, hour + 12)
                if day.first
            ]
            raise Doubtful("This may be in the morning or in the afternoon.", *either)
        return time(hour, minute)


def _is_serial(text: str) -> bool:
    return re.fullmatch(r"[0-9]{5}", text) is not None and int(text) in SERIALS


def _certainty(text: str) -> tuple[str, Certainty]:
    """The text without the words by which it says how sure it is."""
    found = Certainty.EXACT
    while match := _UNSURE.search(text):
        text, found = (text[: match.start()] + text[match.end() :]).strip(" ,"), Certainty.UNCERTAIN
    if match := _ABOUT.match(text):
        text = text[match.end() :].strip()
        found = Certainty.APPROXIMATE if found == Certainty.EXACT else found
    return text, found


def _with(certainty: Certainty, made: ApproximateDate) -> ApproximateDate:
    return replace(made, certainty=certainty) if made.is_known and made.certainty == Certainty.EXACT else made
