"""Forms on what was learnt: shape and validation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from shield.domain.lessons import queries, rules
from shield.domain.lessons.models import WhatChanged
from shield.improvement.forms.offering import OfferingForm, precision_field
from shield.kernel.accounts import queries as accounts
from shield.kernel.calendar.rules import in_words_to
from shield.kernel.design import forms

NO_CHILD = "No names, and nothing by which a child or family could be recognised."
POINTS = "A line that begins with a hyphen becomes a point of a list."


class ThemedForm(OfferingForm):
    """A form whose themes, which are many, are folded away under how many are chosen."""

    @property
    def themes_summary(self) -> str:
        """What stands above the folded themes."""
        chosen = len(self["themes"].value() or ())
        return f"Themes it is found by ({chosen} chosen)" if chosen else "Themes it is found by (optional)"

    def offer_themes(self) -> None:
        """Offer the themes of the evidence chain; without any there is no question."""
        self.offer("themes", queries.themes(self.actor), lambda row: row.title)
        if not self.fields["themes"].choices:  # type: ignore[attr-defined]
            del self.fields["themes"]


class NoteForm(ThemedForm):
    """The words of a briefing note, and its themes."""

    title = forms.PlainTextField(label="Title", missing="Enter the title", max_length=200, help_text=NO_CHILD)
    looked_at = forms.PlainTextField(
        label="What we looked at", missing="Enter what was looked at", multiline=True, rows=5, max_length=2000
    )
    working_well = forms.PlainTextField(
        required=False,
        label="What is working well",
        multiline=True,
        rows=6,
        max_length=3000,
        help_text=POINTS,
    )
    to_develop = forms.PlainTextField(
        required=False, label="What needs to develop", multiline=True, rows=6, max_length=3000
    )
    happens_next = forms.PlainTextField(
        required=False, label="What happens next", multiline=True, rows=4, max_length=2000
    )
    questions = forms.PlainTextField(
        required=False, label="Questions for your team", multiline=True, rows=4, max_length=2000,
        help_text="What could a team ask itself when it reads this?",
    )  # fmt: skip
    themes = forms.SeveralOfField([], required=False, label="Themes")

    def offer_all(self) -> None:
        """The themes of the evidence chain."""
        self.offer_themes()

    @property
    def values(self) -> dict[str, Any]:
        """The words."""
        return {name: self.cleaned_data[name] for name in rules.WORDS_OF_NOTE}


class IssueForm(forms.ShieldForm):
    """The last look before everybody may read it."""

    nobody_named = forms.TickField(
        label="I have read it, and no child or family can be recognised from it",
        missing="Confirm that no child can be recognised from it",
    )


class ReasonForm(forms.ShieldForm):
    """Why something is withdrawn or sent back."""

    reason = forms.PlainTextField(
        label="Why?", missing="Enter the reason", multiline=True, rows=3, max_length=1000
    )

    def __init__(self, *arguments: Any, label: str, help_text: str = "", **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["reason"].label, self.fields["reason"].help_text = label, help_text


class SharedForm(OfferingForm):
    """At which meetings and events a note was shared."""

    gatherings = forms.SeveralOfField([], required=False, label="Where was it shared?")

    def offer_all(self) -> None:
        """Meetings and events that were held."""
        self.offer(
            "gatherings", queries.gatherings(self.actor, self.today),
            lambda row: f"{row.title}, {in_words_to(row.held_on, row.precision)}",
        )  # fmt: skip


class ChangedForm(OfferingForm):
    """What changed after a note, or that nothing has yet."""

    changed = forms.OneOfField(
        [("yes", "Something changed"), ("no", "Nothing yet")], label="Has anything changed?",
        missing="Select whether anything changed", help_text="“Nothing yet” is an honest answer.",
    )  # fmt: skip
    text = forms.PlainTextField(
        label="What changed, or why nothing has yet", missing="Enter what changed, or why nothing has yet", multiline=True,
        rows=6, max_length=4000, help_text=f"Everybody here may read it. {NO_CHILD}",
    )  # fmt: skip
    evidence = forms.OneOfField([], look="select", required=False, label="Evidence that shows it")
    agency = forms.OneOfField([], look="select", required=False, label="Whose practice is it about?")
    again_on = forms.DayField(
        required=False, label="When should we ask again?", noun="The day",
        help_text="Needed if nothing has changed yet. Leave it empty if nobody needs to ask again.",
    )  # fmt: skip

    def __init__(self, *arguments: Any, told: WhatChanged | None = None, **options: Any) -> None:
        self._told = told
        super().__init__(*arguments, **options)
        if told is not None:
            del self.fields["changed"], self.fields["again_on"]

    def offer_all(self) -> None:
        """Evidence of the chain, and agencies."""
        now = self._told
        self.offer(
            "evidence", queries.evidence(self.actor), lambda row: f"{row.reference}: {row.heading}", first="None",
            also=now and now.evidence,
        )  # fmt: skip
        self.offer(
            "agency", accounts.agencies(self.actor), lambda row: row.name, first="The whole partnership",
            also=now and now.agency,
        )  # fmt: skip


class PracticeForm(ThemedForm):
    """An example of good practice."""

    title = forms.PlainTextField(label="Title", missing="Enter the title", max_length=200, help_text=NO_CHILD)
    setting = forms.PlainTextField(
        required=False, label="Where was it?", max_length=300,
        help_text="For example, a school, a ward, a meeting. Not so closely that a family could be recognised.",
    )  # fmt: skip
    agency = forms.OneOfField([], look="select", required=False, label="Whose practice was it?")
    done = forms.PlainTextField(
        label="What was done?", missing="Enter what was done", multiline=True, rows=6, max_length=4000
    )
    why = forms.PlainTextField(
        label="Why did it work?", missing="Enter why it worked", multiline=True, rows=4, max_length=3000
    )
    others = forms.PlainTextField(
        required=False, label="What could others take from it?", multiline=True, rows=4, max_length=3000
    )
    seen_on = forms.DayField(label="When was it?", missing="Enter when it was", noun="The day")
    precision = precision_field()
    themes = forms.SeveralOfField([], required=False, label="Themes")

    def offer_all(self) -> None:
        """Agencies and themes."""
        self.offer("agency", accounts.agencies(self.actor), lambda row: row.name, first="Several, or none")
        self.offer_themes()

    @property
    def values(self) -> dict[str, Any]:
        """The words."""
        return {name: self.cleaned_data[name] for name in rules.WORDS_OF_PRACTICE}

    @property
    def given(self) -> dict[str, Any]:
        """All that a service takes."""
        return {
            "values": self.values, "agency": self.picked("agency"), "themes": self.picked_all("themes"),
            "seen_on": self.cleaned_data["seen_on"], "precision": self.cleaned_data["precision"],
        }  # fmt: skip


class LearntFilter(forms.FilterForm):
    """Above everything that was learnt."""

    words = forms.PlainTextField(label="Words", max_length=200)
    theme = forms.OneOfField([], look="select", label="Theme")
    what = forms.OneOfField([], look="select", label="What it is")
    year = forms.OneOfField([], look="select", label="Year")

    def __init__(
        self, *arguments: Any, offered: dict[str, Iterable[tuple[str, str]]], **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        for name, choices in offered.items():
            self.fields[name].choices = list(choices)  # type: ignore[attr-defined]
