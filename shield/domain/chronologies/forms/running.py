"""Starting and running a chronology."""

from __future__ import annotations

from typing import Any

from shield.domain.chronologies.models import Chronology
from shield.domain.chronologies.queries import collecting
from shield.domain.chronologies.rules import states
from shield.improvement.forms.offering import OfferingForm, due_field
from shield.kernel.accounts import queries as accounts
from shield.kernel.design import forms


class ChronologyForm(forms.ShieldForm):
    """What a chronology is called, what agencies are asked for, and what counts as a gap."""

    title = forms.PlainTextField(
        label="What is it called?", missing="Enter what it is called", max_length=200,
        help_text="No name and nothing by which a child could be recognised: it stands in lists.",
    )  # fmt: skip
    asked_for = forms.PlainTextField(
        required=False, multiline=True, rows=6, max_length=8000, label="Who is it about, and what are agencies asked for?",
        help_text="Only the team and the agencies that are asked read this. It is sealed.",
    )  # fmt: skip
    period_from = forms.DayField(required=False, label="First day asked for", noun="The first day")
    period_to = forms.DayField(required=False, label="Last day asked for", noun="The last day")
    gap_days = forms.WholeNumberField(
        min_value=1, max_value=3650, initial=28, label="After how many days without contact is it a gap?",
        missing="Enter a number of days",
    )  # fmt: skip
    voice_months = forms.WholeNumberField(
        min_value=1, max_value=120, initial=3,
        label="After how many months without the child's voice, or without anything positive, is it a gap?",
        missing="Enter a number of months",
    )  # fmt: skip

    @property
    def values(self) -> dict[str, Any]:
        """The fields of the record."""
        return {name: self.cleaned_data[name] for name in _FIELDS}


_FIELDS = ("title", "asked_for", "period_from", "period_to", "gap_days", "voice_months")


def chronology_initial(row: Chronology) -> dict[str, Any]:
    """What the form of a chronology on record begins with."""
    return {name: getattr(row, name) for name in _FIELDS}


class AskForm(OfferingForm):
    """Which agencies are asked, and by when it is due."""

    agencies = forms.SeveralOfField(
        [], label="Which agencies are asked?", missing="Select the agencies that are asked",
        help_text="Each finds it in the work list of its leads, and sees its own part only.",
    )  # fmt: skip
    due_on = due_field("By when is it due?")

    def __init__(self, *arguments: Any, chronology: Chronology, **options: Any) -> None:
        self._asked = set(chronology.contributions.values_list("agency_id", flat=True))
        super().__init__(*arguments, **options)

    def offer_all(self) -> None:
        """Agencies that are not asked yet."""
        able = collecting.agencies_that_contribute(self.actor, self.today)
        rows = accounts.agencies(self.actor).exclude(pk__in=self._asked)
        self.offer(
            "agencies", rows,
            lambda row: row.name if row.pk in able else f"{row.name} (nobody there can answer in Shield yet)",
        )  # fmt: skip


class DueForm(forms.ShieldForm):
    """By when a part is due."""

    due_on = due_field("By when is it due?")


class MoveForm(forms.ShieldForm):
    """The next step of a chronology."""

    to = forms.OneOfField([], label="What is the next step?", missing="Select the next step", hints={
        "reading": "Enough agencies have answered; the team reads what they told.",
        "collecting": "More is asked of agencies.",
        "closed": "The chronology is finished. It stays as it is, and can be read and exported.",
    })  # fmt: skip

    def __init__(self, *arguments: Any, chronology: Chronology, **options: Any) -> None:
        super().__init__(*arguments, **options)
        follows = states.MOVES[chronology.status]
        self.fields["to"].choices = [each for each in states.Status.choices if each[0] in follows]  # type: ignore[attr-defined]
