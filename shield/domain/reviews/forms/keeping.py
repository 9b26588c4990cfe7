"""Letters, the way, themes, outputs, the words for the wider group; and filters."""

from __future__ import annotations

from typing import Any

from shield.domain.reviews import queries, rules
from shield.improvement.forms.offering import OfferingForm
from shield.kernel.design import forms
from shield.meetings.models import Gathering


def precision_field(label: str = "How exactly is the day known?") -> forms.OneOfField:
    """How exactly a day beside it is known."""
    return forms.OneOfField(rules.Precision.choices, look="select", label=label, initial="day")


class CaseFilter(forms.FilterForm):
    """Which cases are shown."""

    stage = forms.OneOfField(rules.Stage.choices, look="select", label="Where it stands")
    route = forms.OneOfField(rules.Route.choices, look="select", label="Way")
    theme = forms.OneOfField([], look="select", label="Theme")


class WordsForm(forms.ShieldForm):
    """What a case is called, and what happened in words for the wider group."""

    pseudonym = forms.PlainTextField(
        label="Pseudonym", missing="Enter the pseudonym", max_length=80, help_text="For example: Child Q"
    )
    incident = forms.PlainTextField(
        required=False, label="What happened, in words for the wider group", multiline=True, rows=4, max_length=600,
        help_text="Nobody can be recognised by it: age in years or months, what kind of harm, nothing else.",
    )  # fmt: skip


class ShareForm(forms.ShieldForm):
    """What the wider group may read."""

    incident = forms.PlainTextField(
        label="What happened, in words for the wider group", missing="Say what happened", multiline=True, rows=4,
        max_length=600, help_text="Nobody can be recognised by it. It is read for the names of the case before it is shown.",
    )  # fmt: skip


class RecordCaseForm(WordsForm):
    """A case that began before."""

    began_on = forms.DayField(required=False, label="When did it begin?", noun="The day")
    began_precision = precision_field()
    notified_on = forms.DayField(
        required=False, label="When was it notified, if it was?", noun="The notification"
    )
    source = forms.PlainTextField(
        label="Where is this taken from?", missing="Say where it is taken from", max_length=200,
        help_text="For example: minutes of the group, 12 March 2018",
    )  # fmt: skip


class LetterForm(forms.ShieldForm):
    """A letter to or from somebody outside."""

    about = forms.OneOfField(rules.About.choices, label="What is it?", missing="Select what it is")
    direction = forms.OneOfField(rules.Direction.choices, label="Who wrote?", missing="Select who wrote")
    party = forms.PlainTextField(label="To or from whom?", missing="Enter to or from whom", max_length=200)
    dated = forms.DayField(
        label="Date of the letter", missing="Enter the date of the letter", noun="The date"
    )
    agrees = forms.OneOfField(
        [("", "It does not say"), ("yes", "Yes"), ("no", "No")], required=False,
        label="If it is the Panel’s reply: does the Panel agree?",
    )  # fmt: skip
    subject = forms.PlainTextField(required=False, label="Subject", max_length=300)
    words = forms.PlainTextField(
        required=False, label="What it says", multiline=True, rows=8, max_length=20000,
        help_text="Paste it, or attach the letter itself.",
    )  # fmt: skip
    file = forms.UploadField(required=False, label="The letter itself")

    @property
    def values(self) -> dict[str, Any]:
        """What the service takes."""
        data = self.cleaned_data
        kept = ("about", "direction", "party", "dated", "subject", "words")
        return {
            **{name: data[name] for name in kept},
            "agrees": {"yes": True, "no": False}.get(data["agrees"]),
        }


class RouteForm(OfferingForm):
    """By which way is learnt from a case."""

    route = forms.OneOfField(rules.Route.choices, label="By which way?", missing="Select the way")
    reasons = forms.PlainTextField(
        label="Reasons", missing="Give the reasons", multiline=True, rows=4, max_length=4000
    )
    decided_on = forms.DayField(
        label="When was it decided?", missing="Enter when it was decided", noun="The decision"
    )
    gathering = forms.OneOfField([], look="select", required=False, label="At which meeting?")

    def offer_all(self) -> None:
        """The latest meetings."""
        rows = Gathering.objects.visible_to(self.actor).order_by("-held_on")[:60]
        self.offer("gathering", rows, lambda row: row.title, first="Not in the register")


class ThemesForm(OfferingForm):
    """Which themes a case has."""

    themes = forms.SeveralOfField([], required=False, label="Themes")
    new = forms.PlainTextField(
        required=False,
        label="Themes that are not in the list yet, one a line",
        multiline=True,
        rows=3,
        max_length=2000,
    )

    def offer_all(self) -> None:
        """The themes of the evidence chain."""
        self.offer("themes", queries.offered_themes(self.actor), lambda row: row.title)


class DiscussForm(OfferingForm):
    """At which meetings it was discussed."""

    gatherings = forms.SeveralOfField([], required=False, label="Meetings")

    def offer_all(self) -> None:
        """The latest meetings."""
        rows = Gathering.objects.visible_to(self.actor).order_by("-held_on")[:60]
        self.offer("gatherings", rows, lambda row: row.title)


class OutputForm(forms.ShieldForm):
    """Something on paper that comes of a case."""

    sort = forms.OneOfField(rules.OutputKind.choices, label="What is it?", missing="Select what it is")
    what = forms.PlainTextField(required=False, label="Its title, if it has one", max_length=200)
    due_on = forms.DayField(required=False, label="When is it expected?", noun="The day")
    due_precision = precision_field()
    issued_on = forms.DayField(required=False, label="When was it issued?", noun="The day")
    issued_precision = precision_field()
    postponed_why = forms.PlainTextField(
        required=False,
        label="If it is postponed: why?",
        max_length=300,
        help_text="For example: court proceedings",
    )

    @property
    def values(self) -> dict[str, Any]:
        """What the service takes."""
        return {name: self.cleaned_data[name] for name in self.fields if name not in {"once", "version"}}
