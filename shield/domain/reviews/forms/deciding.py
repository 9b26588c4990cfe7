"""The rapid review: days, the plan, the summary, signatures."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError

from shield.domain.reviews import rules
from shield.domain.reviews.forms.referring import lines_of
from shield.improvement.forms.offering import OfferingForm
from shield.kernel.design import forms
from shield.meetings.models import Gathering

PLAN_LINE = re.compile(r"(?P<from>\d{1,3})\s*(?:-|–|to)\s*(?P<to>\d{1,3})\s*[:.]?\s+(?P<label>.{3,200})")


class WhyForm(forms.ShieldForm):
    """A reason, to a question of the page."""

    reason = forms.PlainTextField(
        label="Reason", missing="Say why, in a sentence", multiline=True, rows=3, max_length=1000
    )

    def __init__(self, *arguments: Any, label: str = "Reason", **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["reason"].label = label


class OnForm(forms.ShieldForm):
    """A day, to a question of the page."""

    on = forms.DayField(label="On which day?", missing="Enter the day", noun="The day")

    def __init__(self, *arguments: Any, label: str = "On which day?", **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["on"].label = label


class MeetingForm(OfferingForm):
    """When the review meeting was held."""

    on = forms.DayField(
        label="When was the review meeting held?", missing="Enter the day of the meeting", noun="The meeting"
    )
    gathering = forms.OneOfField(
        [], look="select", required=False, label="The meeting in the register, if it is there"
    )

    def offer_all(self) -> None:
        """The latest meetings."""
        rows = Gathering.objects.visible_to(self.actor).order_by("-held_on")[:60]
        self.offer("gathering", rows, lambda row: row.title, first="Not in the register")


class PlanForm(forms.ShieldForm):
    """The milestones of rapid reviews, one a line."""

    plan = forms.PlainTextField(
        label="Milestones, one a line", missing="Enter at least one milestone", multiline=True, rows=9, max_length=4000,
        help_text="From which to which working day after the notification, then what is to be reached. "
        "For example: 2 to 10: Agencies hand in what they know",
    )  # fmt: skip

    def clean_plan(self) -> list[rules.Milestone]:
        """Each line a milestone."""
        return [self._milestone(line) for line in lines_of(self.cleaned_data["plan"])]

    @staticmethod
    def _milestone(line: str) -> rules.Milestone:
        found = PLAN_LINE.fullmatch(line)
        if found is None:
            raise ValidationError(f"“{line}” could not be read. Write: 2 to 10: what is to be reached.")
        return rules.Milestone(found["label"].strip(), int(found["from"]), int(found["to"]))


def plan_text(plan: list[rules.Milestone]) -> str:
    """A plan as the form shows it."""
    return "\n".join(f"{each.from_day} to {each.to_day}: {each.label}" for each in plan)


class SummaryForm(forms.ShieldForm):
    """One page for the partners' decision."""

    proposes = forms.OneOfField(
        rules.Route.choices, label="What is proposed?", missing="Select what is proposed"
    )
    reasons = forms.PlainTextField(
        label="Reasons", missing="Give the reasons", multiline=True, rows=5, max_length=4000
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for part, label in rules.SUMMARY_PARTS.items():
            self.fields[part] = forms.PlainTextField(
                required=part == "facts", label=label, multiline=True, rows=4, max_length=3000
            )
        self.order_fields([*rules.SUMMARY_PARTS, "proposes", "reasons"])

    @property
    def summary(self) -> dict[str, str]:
        """By heading."""
        return {part: self.cleaned_data[part] for part in rules.SUMMARY_PARTS}


class SignForm(forms.ShieldForm):
    """A partner's signature."""

    choice = forms.OneOfField(
        rules.Choice.choices, label="Do you agree with what is proposed?", missing="Select whether you agree"
    )
    reasons = forms.PlainTextField(
        label="Your reasons", missing="Give your reasons", multiline=True, rows=4, max_length=4000
    )
