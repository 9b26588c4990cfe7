"""Forms during and after a meeting: a line of the notes, minutes, corrections, approval."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.forms import CharField, HiddenInput

from shield.improvement.rules import Outcome
from shield.kernel.access.rules import Actor
from shield.kernel.accounts import queries as accounts
from shield.kernel.design import forms
from shield.meetings import rules
from shield.meetings.forms.fields import agency_field
from shield.meetings.models import AgendaItem, Gathering


class LineForm(forms.ShieldForm):
    """One line taken down during a meeting."""

    marks_optional = False
    reveals = {("sort", "action"): ["agency", "due_on"], ("sort", "decision"): ["outcome"]}

    item = forms.RecordField(
        label="Under item", required=False, empty_label="No item", label_for=lambda i: i.text[:100]
    )
    sort = forms.OneOfField(rules.LineKind.choices, label="Kind", initial="note", missing="Select what it is")
    text = forms.PlainTextField(
        label="What was said, decided or is to be done", missing="Type what was said, decided or is to be done",
        multiline=True, rows=3, max_length=4000,
    )  # fmt: skip
    agency = agency_field("Who acts")
    due_on = forms.DayField(label="By when", noun="The day it is due", required=False)
    outcome = forms.OneOfField(
        Outcome.choices, look="select", label="Outcome", initial="agreed", required=False
    )
    key = CharField(required=False, max_length=40, widget=HiddenInput)

    def __init__(
        self, *arguments: Any, actor: Actor, items: Sequence[AgendaItem], decides: bool, **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        self.fields["item"].queryset = AgendaItem.objects.filter(pk__in=[item.pk for item in items])  # type: ignore[attr-defined]
        self.fields["agency"].queryset = accounts.agencies(actor)  # type: ignore[attr-defined]
        if not decides:
            field: Any = self.fields["sort"]
            field.choices = [pair for pair in rules.LineKind.choices if pair[0] != rules.LineKind.DECISION]


class LineTextForm(forms.ShieldForm):
    """The words of a note."""

    text = forms.PlainTextField(
        label="Note",
        missing="A line cannot be empty. Take it back instead",
        multiline=True,
        rows=4,
        max_length=4000,
    )


class MinutesForm(forms.ShieldForm):
    """The text of the minutes."""

    text = forms.PlainTextField(
        label="Minutes", missing="Write the minutes", multiline=True, rows=30, max_length=200_000,
        help_text="## begins a heading, - a list; **two stars** make words bold. Do not name children",
    )  # fmt: skip


class CorrectionForm(forms.ShieldForm):
    """What a reader asks to have put right."""

    text = forms.PlainTextField(
        label="What should be put right?",
        missing="Say what should be put right",
        multiline=True,
        rows=4,
        max_length=2000,
    )


class AnswerForm(forms.ShieldForm):
    """The answer to a correction."""

    status = forms.OneOfField(
        [pair for pair in rules.CorrectionStatus.choices if pair[0] != rules.CorrectionStatus.OPEN],
        label="Is it taken up?",
        missing="Select whether it is taken up",
    )
    answer = forms.PlainTextField(
        label="Answer",
        required=False,
        multiline=True,
        rows=3,
        max_length=2000,
        help_text="A reason, if it is not taken up",
    )


class ApprovalForm(forms.ShieldForm):
    """At which meeting the minutes were approved."""

    at = forms.RecordField(
        label="At which meeting were they approved?",
        missing="Select the meeting",
        label_for=lambda g: g.title,
    )

    def __init__(self, *arguments: Any, gathering: Gathering, today: date, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["at"].queryset = (  # type: ignore[attr-defined]
            Gathering.objects.filter(
                body=gathering.body,
                status=rules.GatheringStatus.HELD,
                held_on__gte=gathering.held_on,
                held_on__lte=today,
            )
            .exclude(pk=gathering.pk)
            .order_by("held_on")
        )
