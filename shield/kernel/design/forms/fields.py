"""Fields that refuse in plain words. Each takes `missing="Enter ..."`: what to say when nothing was typed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from shield.kernel.design.forms.widgets import DayInput
from shield.kernel.design.rules import values, wording

DayLimit = date | Callable[[], date] | None
_MONTH_NAMES = {
    name: index
    for index, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
         "sep sept september", "oct october", "nov november", "dec december"), start=1)
    for name in names.split()
}  # fmt: skip
_TIME = re.compile(r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?\s*(?P<half>[ap]\.?m\.?)?", re.IGNORECASE)


def said(missing: str, **messages: str) -> dict[str, str]:
    """The error messages of a field, leaving Django's where nothing better was given."""
    return {**({"required": missing} if missing else {}), **messages}


class PlainTextField(forms.CharField):
    """Text as people type it: trimmed, without control characters, no longer than `max_length`.

    `multiline` gives a box of several lines, `count` one that counts down while you type; `width` is the
    width of a one-line box in characters (2, 3, 4, 5, 10, 20 or 30).
    """

    def __init__(
        self,
        *,
        missing: str = "",
        max_length: int = 4000,
        multiline: bool = False,
        rows: int = 5,
        count: bool = False,
        width: int | None = None,
        **options: Any,
    ) -> None:
        options.setdefault("widget", forms.Textarea(attrs={"rows": rows}) if multiline else forms.TextInput())
        options["error_messages"] = said(missing) | (options.get("error_messages") or {})
        # Our own check of the length names the limit and counts line ends once; Django's would come first.
        super().__init__(**options)
        self.limit = max_length
        self.multiline = multiline or isinstance(self.widget, forms.Textarea)
        self.count = count
        self.width = width

    def to_python(self, value: Any) -> str:
        """Trim, join what was pasted into a one-line box, and settle accents to one spelling."""
        text = str(value or "").replace("\r\n", "\n").replace("\r", "\n")
        if not self.multiline:
            text = re.sub(r"[\n\t]+", " ", text)
        text = unicodedata.normalize("NFC", text).strip()
        # Text of nothing but invisible characters is no text.
        return (
            "" if all(unicodedata.category(letter) in ("Cf", "Zs", "Zl", "Zp") for letter in text) else text
        )

    def validate(self, value: str) -> None:
        """Required, printable, short enough."""
        super().validate(value)
        if fault := wording.fault(value):
            raise ValidationError(f"The text {fault}. Remove it and try again", code="unprintable")
        if len(value) > self.limit:
            name = self.label or "The text"
            raise ValidationError(f"{name} must be {self.limit:,} characters or fewer", code="too_long")


class EmailField(forms.EmailField):
    """An email address."""

    def __init__(self, *, missing: str = "", **options: Any) -> None:
        wrong = "Enter an email address in the right form, like name@example.org"
        options["error_messages"] = said(missing, invalid=wrong) | (options.get("error_messages") or {})
        options.setdefault("widget", forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}))
        super().__init__(**options)


class DayField(forms.Field):
    """A day of the calendar, typed into three boxes. Months may be named. Gives a date, or None when left
    empty.

    `noun` begins the messages ("The date of the meeting must include a year"). `earliest` and `latest`
    are dates, or functions that give one, so that nothing is frozen when the module is read.
    """

    widget = DayInput

    def __init__(
        self,
        *,
        missing: str = "",
        noun: str = "The date",
        earliest: DayLimit = None,
        latest: DayLimit = None,
        **options: Any,
    ) -> None:
        options["error_messages"] = said(missing or f"Enter {noun[:1].lower()}{noun[1:]}") | (
            options.get("error_messages") or {}
        )
        super().__init__(**options)
        self.noun = noun
        self.earliest = earliest
        self.latest = latest

    def to_python(self, value: Any) -> date | None:
        """The date that was typed, or a refusal that says which part to mend."""
        if value is None or isinstance(value, date):
            return value
        day, month, year = (part.strip() for part in DayInput.parts_of(value))
        if not (day or month or year):
            return None
        self._refuse_missing(day, month, year)
        return self._real_day(self._number("day", day), self._month(month), self._number("year", year), year)

    def validate(self, value: date | None) -> None:
        """Required, and between the limits."""
        super().validate(value)
        if value is None:
            return
        earliest = self.earliest() if callable(self.earliest) else self.earliest
        latest = self.latest() if callable(self.latest) else self.latest
        if earliest and value < earliest:
            raise ValidationError(f"{self.noun} must be on or after {values.day(earliest)}", code="too_early")
        if latest and value > latest:
            raise ValidationError(f"{self.noun} must be on or before {values.day(latest)}", code="too_late")

    def _refuse_missing(self, day: str, month: str, year: str) -> None:
        absent = [
            f"a {name}" for name, typed in (("day", day), ("month", month), ("year", year)) if not typed
        ]
        if absent:
            raise ValidationError(f"{self.noun} must include {' and '.join(absent)}", code="incomplete")

    def _number(self, name: str, typed: str) -> int:
        if not re.fullmatch(r"[0-9]{1,4}", typed):
            raise ValidationError(
                f"The {name} must be a number, like {31 if name == 'day' else 2019}", code="words"
            )
        return int(typed)

    def _month(self, typed: str) -> int:
        named = _MONTH_NAMES.get(typed.lower().rstrip("."))
        if named is None and not re.fullmatch(r"[0-9]{1,2}", typed):
            raise ValidationError("The month must be a number from 1 to 12, or its name", code="words")
        return named or int(typed)

    def _real_day(self, day: int, month: int, year: int, typed_year: str) -> date:
        if not 1 <= month <= 12:
            raise ValidationError("The month must be a number from 1 to 12, or its name", code="month")
        if len(typed_year) != 4:
            raise ValidationError("The year must have 4 numbers, like 2019", code="year")
        if not 1900 <= year <= 2100:
            raise ValidationError("The year must be between 1900 and 2100", code="year")
        try:
            return date(year, month, day)
        except ValueError:
            month_name = values.day(date(2000, month, 1)).split()[1]
            raise ValidationError(
                f"{day} {month_name} {year} is not a real date", code="not_a_date"
            ) from None


class WholeNumberField(forms.IntegerField):
    """A whole number, with or without thousands separators."""

    def __init__(
        self, *, missing: str = "", width: int = 5, prefix: str = "", suffix: str = "", **options: Any
    ):
        least, most = options.get("min_value"), options.get("max_value")
        limits = {"min_value": f"The number must be {least:,} or more"} if least is not None else {}
        limits |= {"max_value": f"The number must be {most:,} or fewer"} if most is not None else {}
        messages = said(missing, invalid="Enter a whole number, like 12", **limits)
        options["error_messages"] = messages | (options.get("error_messages") or {})
        # A text box: a number box changes its value when the page is scrolled, and drops what it cannot read.
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "spellcheck": "false"}))
        super().__init__(**options)
        self.width = width
        self.prefix = prefix
        self.suffix = suffix

    def to_python(self, value: Any) -> int | None:
        """Read the number; figures too long to be meant are refused here, before a database must."""
        if isinstance(value, str):
            value = value.replace(",", "").replace(" ", "")
            if len(value) > 15 or (value and not re.fullmatch(r"[+-]?[0-9]+", value)):
                raise ValidationError(self.error_messages["invalid"], code="invalid")
        number: int | None = super().to_python(value)
        return number


class PoundsField(forms.Field):
    """An amount of money, typed in pounds, given in whole pence."""

    widget = forms.TextInput

    def __init__(self, *, missing: str = "", width: int = 10, **options: Any) -> None:
        messages = said(missing, invalid="Enter an amount of money in pounds, like 1,250 or 99.50")
        options["error_messages"] = messages | (options.get("error_messages") or {})
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "spellcheck": "false"}))
        super().__init__(**options)
        self.width = width
        self.prefix = "£"

    def prepare_value(self, value: Any) -> Any:
        """Pence become pounds for the box."""
        if isinstance(value, int) and not isinstance(value, bool):
            pounds = Decimal(value) / 100
            return f"{pounds:,.0f}" if value % 100 == 0 else f"{pounds:,.2f}"
        return value

    def to_python(self, value: Any) -> int | None:
        """Pounds become pence; more than two decimals, or a sign, is not an amount."""
        if value is None or isinstance(value, int):
            return value
        typed = str(value).replace("£", "").replace(",", "").replace(" ", "")
        if not typed:
            return None
        if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,2})?", typed):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return int(Decimal(typed) * 100)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compared as amounts, not as texts."""
        try:
            return bool(initial != self.to_python(data))
        except ValidationError:
            return True


class TimeOfDayField(forms.Field):
    """A time of the day, typed as 14:30, 2:30pm, 2pm or midday. Gives a `datetime.time`."""

    widget = forms.TextInput

    def __init__(self, *, missing: str = "", **options: Any) -> None:
        messages = said(missing, invalid="Enter a time, like 9:30am or 14:00")
        options["error_messages"] = messages | (options.get("error_messages") or {})
        options.setdefault("widget", forms.TextInput(attrs={"spellcheck": "false"}))
        super().__init__(**options)
        self.width = 10

    def prepare_value(self, value: Any) -> Any:
        """A time becomes what people write."""
        return f"{value:%H:%M}" if isinstance(value, time) else value

    def to_python(self, value: Any) -> time | None:
        """Read the time in any of the ways in which people write it."""
        if value is None or isinstance(value, time):
            return value
        typed = str(value).strip().lower()
        if not typed:
            return None
        if typed in ("midday", "noon", "midnight"):
            return time(0 if typed == "midnight" else 12, 0)
        match = _TIME.fullmatch(typed)
        hour, minute = (int(match["hour"]), int(match["minute"] or 0)) if match else (99, 0)
        if match and match["half"]:
            # 12am is midnight and 12pm is midday; 14:30pm is a slip.
            hour = hour % 12 + (12 if match["half"].startswith("p") else 0) if 1 <= hour <= 12 else 99
        elif match and match["minute"] is None:
            hour = 99
        if hour > 23 or minute > 59:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return time(hour, minute)


class UploadField(forms.FileField):
    """A file. What it may hold and how large it may be is for the room that keeps files to say."""

    def __init__(self, *, missing: str = "", accept: str = "", **options: Any) -> None:
        messages = said(missing or "Choose a file", empty="The file is empty. Choose another one")
        options["error_messages"] = messages | (options.get("error_messages") or {})
        options.setdefault("widget", forms.FileInput(attrs={"accept": accept} if accept else {}))
        super().__init__(**options)
