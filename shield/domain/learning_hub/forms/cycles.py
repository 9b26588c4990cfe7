"""Forms of cycles, their stages, members and steps of dissemination."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from shield.domain.learning_hub import queries, rules
from shield.domain.learning_hub.models import Cycle, Stage
from shield.improvement.forms.offering import OfferingForm, precision_field, stored_day
from shield.improvement.models import Priority
from shield.kernel.accounts import queries as accounts
from shield.kernel.design import forms
from shield.meetings.models import Gathering

VARIANT_HINTS = {
    "four_month": "Scoping, auditing, feedback, recommendations: one month each.",
    "issues_to_fix": "Evidence is regrouped into issues to be fixed, each with an owner and an action plan.",
}


class StartForm(OfferingForm):
    """The start of a cycle."""

    priority = forms.OneOfField([], look="select", label="Priority", missing="Select the priority")
    variant = forms.OneOfField(
        rules.Variant.choices,
        label="How is it run?",
        missing="Select how the cycle is run",
        hints=VARIANT_HINTS,
    )
    starts_on = forms.DayField(
        label="When does it start?",
        missing="Enter when the cycle starts",
        noun="The start",
        help_text="Each stage takes a month of the calendar from then on.",
    )
    summary = forms.PlainTextField(
        required=False, multiline=True, rows=4, max_length=8000, label="What is it to find out?"
    )

    def __init__(self, *arguments: Any, priority: Priority | None = None, **options: Any) -> None:
        self.known_priority = priority
        super().__init__(*arguments, **options)

    def offer_all(self) -> None:
        """Priorities on which the hub does not work yet, unless one is known."""
        if self.known_priority is not None:
            del self.fields["priority"]
            return
        self.offer("priority", queries.without_cycle(self.actor), lambda row: row.heading, first="Select one")


class CycleForm(forms.ShieldForm):
    """When a cycle and each of its stages began and end, as it should have been written down."""

    starts_on = forms.DayField(
        label="When did the cycle start?", missing="Enter when the cycle started", noun="The start"
    )
    summary = forms.PlainTextField(
        required=False, multiline=True, rows=4, max_length=8000, label="What is it to find out?"
    )

    issues_noted = forms.WholeNumberField(
        required=False, label="How many issues emerged?", min_value=0, max_value=999, width=3,
        help_text="Only for a cycle whose issues were not recorded one by one.",
    )  # fmt: skip
    issues_elsewhere = forms.WholeNumberField(
        required=False,
        label="How many of them were taken forward elsewhere?",
        min_value=0,
        max_value=999,
        width=3,
    )

    def __init__(
        self, *arguments: Any, stages: Iterable[Stage], counts_issues: bool = False, **options: Any
    ) -> None:
        self._stages = list(stages)
        super().__init__(*arguments, **options)
        if not counts_issues:
            del self.fields["issues_noted"], self.fields["issues_elsewhere"]
        for stage in self._stages:
            for end, words in (("first", "start"), ("last", "end")):
                self.fields[f"{end}_{stage.number}"] = forms.DayField(
                    label=f"{stage.title}: {words}", noun=f"The {words} of “{stage.title}”"
                )

    @property
    def told(self) -> dict[str, Any]:
        """What is said of the cycle as a whole, beside the days."""
        names = ("summary", "issues_noted", "issues_elsewhere")
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}

    @property
    def spans(self) -> dict[int, tuple[date, date]]:
        """First and last day of each stage by its number."""
        data = self.cleaned_data
        return {s.number: (data[f"first_{s.number}"], data[f"last_{s.number}"]) for s in self._stages}


def cycle_initial(cycle: Cycle, stages: Iterable[Stage]) -> dict[str, Any]:
    """What the form of a cycle on record begins with."""
    names = ("starts_on", "summary", "issues_noted", "issues_elsewhere")
    made: dict[str, Any] = {name: getattr(cycle, name) for name in names}
    for stage in stages:
        made |= {f"first_{stage.number}": stage.starts_on, f"last_{stage.number}": stage.ends_on}
    return made


class StopForm(forms.ShieldForm):
    """Why a cycle is stopped."""

    reason = forms.PlainTextField(
        label="Why is the cycle stopped?",
        missing="Enter why the cycle is stopped",
        multiline=True,
        rows=3,
        max_length=1000,
        help_text="Its page keeps what was done, and this reason. Another cycle can be started afterwards.",
    )


class StageForm(forms.ShieldForm):
    """Where a stage stands, and what was done in it."""

    status = forms.OneOfField(
        rules.StageStatus.choices,
        label="Where does the stage stand?",
        missing="Select where the stage stands",
    )
    did = forms.PlainTextField(
        required=False,
        label="What was done?",
        multiline=True,
        rows=6,
        max_length=8000,
        help_text="Sessions held, audits done, who was asked. The yearly report takes it from here.",
    )


class MemberForm(OfferingForm):
    """Somebody nominated to work on a cycle."""

    agency = forms.OneOfField([], look="select", label="Agency", missing="Select the agency")
    person = forms.OneOfField([], look="select", required=False, label="Person")
    office = forms.OneOfField([], look="select", required=False, label="Office, if it goes with the post")
    nominated_by = forms.OneOfField(
        [],
        look="select",
        required=False,
        label="Nominated by",
        help_text="One of the three safeguarding partners.",
    )

    def offer_all(self) -> None:
        """Agencies, people, offices, and the partners who nominate."""
        none = "Nobody chosen"
        partners = accounts.lead_partners(self.actor.partnership_id)
        self.offer("agency", accounts.agencies(self.actor), lambda row: row.name, first="Select one")
        self.offer("person", accounts.people_of(self.actor, self.today), lambda row: row.name, first=none)
        self.offer("office", accounts.offices(self.actor), lambda row: row.title, first=none)
        self.offer("nominated_by", partners, lambda row: row.name, first=none)


class StepForm(OfferingForm):
    """One step by which learning is passed on or reported back."""

    activity = forms.PlainTextField(
        label="What happens?",
        missing="Enter what happens",
        multiline=True,
        rows=3,
        max_length=1000,
        help_text="For example: Champions hear the learning and the recommendations.",
    )
    happens_on = forms.DayField(label="When?", missing="Enter when it happens", noun="The day")
    precision = precision_field()
    agency = forms.OneOfField([], look="select", required=False, label="Agency that reports")
    gathering = forms.OneOfField([], look="select", required=False, label="At which meeting or event?")

    def __init__(self, *arguments: Any, gatherings: Iterable[Gathering], **options: Any) -> None:
        self._gatherings = list(gatherings)
        super().__init__(*arguments, **options)

    def offer_all(self) -> None:
        """Agencies, and the meetings to come."""
        self.offer("agency", accounts.agencies(self.actor), lambda row: row.name, first="No agency")
        self.offer(
            "gathering",
            self._gatherings,
            lambda row: f"{row.title}, {row.held_on:%B %Y}",
            first="Not tied to a meeting",
        )

    def clean(self) -> dict[str, Any]:
        """A month is stored by its first day."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["happens_on"] = stored_day(cleaned, "happens_on")
        return cleaned


class StepReportForm(forms.ShieldForm):
    """What became of a step."""

    status = forms.OneOfField(
        rules.StepStatus.choices, label="What became of it?", missing="Select what became of the step"
    )
    progress = forms.PlainTextField(
        required=False,
        label="What was said or agreed?",
        multiline=True,
        rows=4,
        max_length=2000,
        help_text="If it was moved or dropped, say what happens instead.",
    )
