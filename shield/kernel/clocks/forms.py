"""Forms on clocks: what a person says when a clock stands still, runs again, is longer, is met or stops."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError

from shield.kernel.calendar.rules import add_months
from shield.kernel.clocks import rules
from shield.kernel.design import forms


class ClockFilter(forms.FilterForm):
    """Which clocks a list shows."""

    state = forms.OneOfField([("", "Any state"), *rules.State.choices], look="select", label="State")
    late = forms.TickField(label="Late only")


def _reason(label: str, hint: str = "") -> forms.PlainTextField:
    return forms.PlainTextField(
        label=label,
        missing="Give the reason in a sentence",
        help_text=hint or "One sentence; do not name children",
        multiline=True,
        rows=3,
        max_length=2000,
    )


class PauseForm(forms.ShieldForm):
    """From which day a clock stands still, and why."""

    on = forms.DayField(
        label="From which day does it stand still?", noun="The day", help_text="This day itself still counts"
    )
    reason = _reason("Why does it stand still?")


class ResumeForm(forms.ShieldForm):
    """Until which day a clock stood still."""

    on = forms.DayField(
        label="Which was the last day it stood still?",
        noun="The day",
        help_text="The clock counts again from the day after",
    )


class ExtendForm(forms.ShieldForm):
    """By how much a clock is longer, and why."""

    extra = forms.WholeNumberField(
        label="By how many?", missing="Enter by how many", min_value=1, max_value=366
    )
    reason = _reason("Why is it longer?")

    def __init__(self, *arguments: Any, rule: rules.ClockRule, **options: Any) -> None:
        super().__init__(*arguments, **options)
        unit = rules.Unit(rule.unit).label
        self.fields["extra"].label = f"By how many {unit}?"
        self.fields["extra"].help_text = f"1 to {rule.period}: no further than the period itself"
        self.fields["extra"].suffix = unit  # type: ignore[attr-defined]


class MeetForm(forms.ShieldForm):
    """On which day the duty was done; how, where Shield sees it done by itself."""

    on = forms.DayField(label="On which day was the duty done?", noun="The day")
    reason = _reason("How was it met outside Shield?", "Say where it can be seen; do not name children")

    def __init__(self, *arguments: Any, rule: rules.ClockRule, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if not rule.met_by:
            del self.fields["reason"]


class PutRightForm(forms.ShieldForm):
    """Why a clock should not have been marked as it is."""

    reason = _reason("What was the mistake?")


class StopForm(forms.ShieldForm):
    """Why a duty no longer applies."""

    reason = _reason("Why does the duty no longer apply?")


def a_year_until(ends: date) -> date:
    """The first day of the year that ends with a day."""
    return add_months(ends, -12) + timedelta(days=1)


class PeriodFilter(forms.FilterForm):
    """Over which period duties are counted: a year until today, unless another is asked for."""

    from_day = forms.DayField(label="From", noun="The first day")
    to_day = forms.DayField(label="To", noun="The last day")

    def __init__(self, data: Any, *, today: date) -> None:
        self.asked = any(data.get(name) for name in data if name.startswith(("from_day", "to_day")))
        ends = self._typed(data, "to_day", today) or today
        starts = self._typed(data, "from_day", today) or a_year_until(ends)
        self.period = (starts, ends) if starts <= ends else (a_year_until(ends), ends)
        super().__init__(self._shown(data))
        for name in ("from_day", "to_day"):
            self.fields[name].latest = today  # type: ignore[attr-defined]

    @property
    def chosen(self) -> dict[str, Any]:
        """The days that were asked for; none where the usual year is shown."""
        return super().chosen if self.asked else {}

    @classmethod
    def _typed(cls, data: Any, name: str, today: date) -> date | None:
        """A day that was asked for and makes sense."""
        field: Any = cls.base_fields[name]
        try:
            day: date | None = field.to_python(field.widget.value_from_datadict(data, {}, name))
        except ValidationError:
            return None
        return day if day and day <= today else None

    def _shown(self, data: Any) -> dict[str, Any]:
        """What stands in the boxes: what was typed, and where nothing was, the day that is counted from or to."""
        shown: dict[str, Any] = {}
        for name, day in zip(("from_day", "to_day"), self.period, strict=True):
            widget: Any = self.base_fields[name].widget
            typed = widget.parts_of(widget.value_from_datadict(data, {}, name))
            parts = typed if any(part.strip() for part in typed) else widget.parts_of(day)
            shown |= dict(zip((f"{name}_day", f"{name}_month", f"{name}_year"), parts, strict=True))
        return shown

    def clean(self) -> dict[str, Any]:
        """A period ends after it begins."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("from_day") and given.get("to_day") and given["to_day"] < given["from_day"]:
            self.add_error("to_day", "The last day must not be before the first day")
        return given


class EscalationFilter(forms.FilterForm):
    """Which escalations a list shows."""

    state = forms.OneOfField(
        [("", "Any state"), *rules.EscalationState.choices], look="select", label="Stands at"
    )


class EscalateForm(forms.ShieldForm):
    """Why something is put before the safeguarding partners."""

    reason = _reason("What stands in the way, and what do you ask of the partners?")


class AnswerForm(forms.ShieldForm):
    """What comes of an escalation."""

    answer = forms.PlainTextField(
        label="What will be done, by whom and by when?",
        missing="Say what will be done",
        help_text="Do not name children",
        multiline=True,
        rows=5,
        max_length=4000,
    )


class WithdrawForm(forms.ShieldForm):
    """Why an escalation is taken back."""

    reason = _reason("Why is it taken back?")
