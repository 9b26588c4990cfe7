"""Forms of the delivery plan."""

from __future__ import annotations

from typing import Any

from shield.domain.learning_hub import rules
from shield.domain.learning_hub.models import PlanItem
from shield.improvement.forms.offering import OfferingForm, precision_field, stored_day
from shield.kernel.accounts import queries as accounts
from shield.kernel.design import forms


class PlanItemForm(OfferingForm):
    """A piece of evidence on the delivery plan."""

    sort = forms.OneOfField(
        [("", "Select one"), *rules.EvidenceKind.choices],
        look="select",
        label="Kind of evidence",
        missing="Select the kind of evidence",
    )
    source = forms.PlainTextField(
        label="Source",
        missing="Enter where it is from",
        max_length=300,
        help_text="For example: police data on missing episodes, April to September 2019",
    )
    dated_on = forms.DayField(required=False, label="Date of the source", noun="The date of the source")
    precision = precision_field()
    strength = forms.OneOfField(
        rules.Strength.choices, label="How far does it carry?", missing="Select how far it carries"
    )
    says = forms.PlainTextField(
        label="What does it say?",
        missing="Enter what it says",
        multiline=True,
        rows=6,
        max_length=4000,
        count=True,
        help_text="What it tells about practice. Do not name a child, a family or a worker.",
    )

    def clean(self) -> dict[str, Any]:
        """A month or a year is stored by its first day."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["dated_on"] = stored_day(cleaned, "dated_on")
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        """What the services take."""
        names = ("sort", "source", "dated_on", "precision", "strength", "says")
        return {name: self.cleaned_data[name] for name in names}


def plan_item_initial(item: PlanItem) -> dict[str, Any]:
    """What the form of evidence on the plan begins with."""
    names = ("sort", "source", "dated_on", "precision", "strength", "says")
    return {name: getattr(item, name) for name in names}


class OffPlanForm(forms.ShieldForm):
    """Why evidence is taken off the plan."""

    reason = forms.PlainTextField(
        label="Why is it taken off?",
        missing="Enter why it is taken off",
        multiline=True,
        rows=3,
        max_length=1000,
    )


class ActivityForm(OfferingForm):
    """What is planned to find out more."""

    sort = forms.OneOfField(
        rules.ActivityKind.choices, label="What kind of activity?", missing="Select the kind of activity"
    )
    what = forms.PlainTextField(
        label="What is planned?",
        missing="Enter what is planned",
        multiline=True,
        rows=3,
        max_length=500,
        help_text="For example: four cases from the weekly panel, audited by five agencies",
    )
    happens_on = forms.DayField(label="When?", missing="Enter when it is planned", noun="The day")
    precision = precision_field()
    agency = forms.OneOfField([], look="select", required=False, label="Agency that leads on it")

    def offer_all(self) -> None:
        """The agencies."""
        self.offer(
            "agency", accounts.agencies(self.actor), lambda row: row.name, first="The operational team"
        )

    def clean(self) -> dict[str, Any]:
        """A month is stored by its first day."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["happens_on"] = stored_day(cleaned, "happens_on")
        return cleaned


class ActivityReportForm(forms.ShieldForm):
    """What came of a planned activity."""

    status = forms.OneOfField(
        rules.ActivityStatus.choices, label="Where does it stand?", missing="Select where it stands"
    )
    outcome = forms.PlainTextField(
        required=False,
        label="What came of it?",
        multiline=True,
        rows=4,
        max_length=2000,
        help_text="If it is dropped, say why. What was found is recorded as findings.",
    )
