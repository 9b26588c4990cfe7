"""Forms on clocks: what a person says when a clock stands still, runs again, is longer, is met or stops."""

from __future__ import annotations

from datetime import date
from typing import Any

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

    def __init__(self, *arguments: Any, unit: str, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["extra"].label = f"By how many {unit}?"
        self.fields["extra"].suffix = unit  # type: ignore[attr-defined]


class MeetForm(forms.ShieldForm):
    """On which day the duty was done."""

    on = forms.DayField(label="On which day was the duty done?", noun="The day")


class StopForm(forms.ShieldForm):
    """Why a duty no longer applies."""

    reason = _reason("Why does the duty no longer apply?")


class PeriodFilter(forms.FilterForm):
    """Over which period duties are counted."""

    from_day = forms.DayField(label="From", noun="The first day")
    to_day = forms.DayField(label="To", noun="The last day")

    def __init__(self, *arguments: Any, today: date, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["to_day"].latest = today  # type: ignore[attr-defined]

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
