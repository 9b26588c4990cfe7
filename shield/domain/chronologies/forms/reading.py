"""Reading a chronology: filters, marks, notes, comparing, settling, exporting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shield.domain.chronologies.models import Entry, Theme
from shield.domain.chronologies.queries.merged import Asked
from shield.domain.chronologies.rules import states
from shield.kernel.accounts.models import Agency
from shield.kernel.calendar.rules.approximate import CERTAINTIES
from shield.kernel.design import forms
from shield.kernel.records.rules import as_uuid


class MergedFilter(forms.FilterForm):
    """What is shown of a chronology; all of it is in the address."""

    agency = forms.OneOfField([], look="select", label="Agency")
    theme = forms.OneOfField([], look="select", label="Theme")
    significance = forms.OneOfField(
        [("", "Any"), ("any", "Marked as significant"), *states.Significance.choices],
        look="select",
        label="Significance",
    )
    certainty = forms.OneOfField(
        [("", "Any"), *CERTAINTIES.items()], look="select", label="Certainty of the date"
    )
    since = forms.DayField(label="From", noun="The first day")
    until = forms.DayField(label="To", noun="The last day")
    text = forms.PlainTextField(label="Words", max_length=100)
    person = forms.PlainTextField(label="Person", max_length=100)

    def __init__(
        self, *arguments: Any, agencies: Sequence[Agency], themes: Sequence[Theme], **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        for name, rows, words in (("agency", agencies, "All agencies"), ("theme", themes, "Any")):
            offered = [(str(row.pk), row.heading) for row in rows]
            self.fields[name].choices = [("", words), *offered]  # type: ignore[attr-defined]
        if not themes:
            del self.fields["theme"]

    def asked(self) -> Asked:
        """What the reader wants to see."""
        chosen = self.chosen
        agency = as_uuid(chosen.get("agency", ""))
        return Asked(
            agencies=(agency,) if agency else (), theme=as_uuid(chosen.get("theme", "")),
            significance=chosen.get("significance", ""), certainty=chosen.get("certainty", ""), since=chosen.get("since"),
            until=chosen.get("until"), text=chosen.get("text", ""), person=chosen.get("person", ""),
        )  # fmt: skip


class MarkForm(forms.ShieldForm):
    """What a reader sees in an event."""

    significance = forms.OneOfField(
        [("", "Not marked"), *states.Significance.choices], required=False, label="How significant is it?"
    )
    themes = forms.SeveralOfField([], required=False, label="Which themes does it belong to?")

    def __init__(self, *arguments: Any, themes: Sequence[Theme], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._themes = {str(theme.pk): theme for theme in themes}
        self.fields["themes"].choices = [(key, row.title) for key, row in self._themes.items()]  # type: ignore[attr-defined]
        if not themes:
            del self.fields["themes"]

    @property
    def chosen_themes(self) -> list[Theme]:
        """The themes ticked."""
        return [self._themes[key] for key in self.cleaned_data.get("themes") or ()]


class NoteForm(forms.ShieldForm):
    """A reader's note."""

    text = forms.PlainTextField(
        label="Your note", missing="Write a few words", multiline=True, rows=5, max_length=4000,
        help_text="It stands apart from what the agency said, under your name.",
    )  # fmt: skip


class ThemeForm(forms.ShieldForm):
    """A theme."""

    title = forms.PlainTextField(
        label="Which theme?",
        missing="Enter the theme",
        max_length=80,
        help_text="For example: neglect, or moves of home. No names.",
    )


class ReasonForm(forms.ShieldForm):
    """A reason in words."""

    reason = forms.PlainTextField(
        label="Why?", missing="Enter the reason", multiline=True, rows=4, max_length=2000
    )

    def __init__(self, *arguments: Any, ask: str = "", help_text: str = "", **options: Any) -> None:
        super().__init__(*arguments, **options)
        if ask:
            self.fields["reason"].label = ask
        self.fields["reason"].help_text = help_text


class CompareForm(forms.ShieldForm):
    """Another entry, and what a reader says of the two."""

    other = forms.OneOfField([], label="Which other entry?", missing="Select the other entry")
    what = forms.OneOfField(
        [("same", "Both tell of the same event"), ("contradict", "They contradict each other")],
        label="What do you say of the two?", missing="Select what you say of the two",
    )  # fmt: skip
    words = forms.PlainTextField(
        required=False,
        multiline=True,
        rows=3,
        max_length=4000,
        label="What contradicts what?",
        help_text="Needed if they contradict each other.",
    )

    def __init__(self, *arguments: Any, others: Sequence[Entry], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._others = {str(entry.pk): entry for entry in others}
        self.fields["other"].choices = [  # type: ignore[attr-defined]
            (key, f"{row.when.in_english()}, {row.agency.called}: {row.event[:140]}")
            for key, row in self._others.items()
        ]

    @property
    def picked(self) -> Entry:
        """The other entry."""
        return self._others[self.cleaned_data["other"]]


class ExportForm(forms.ShieldForm):
    """In which form a chronology is taken out, and whether with names."""

    form = forms.OneOfField(
        [("docx", "Word"), ("pdf", "PDF"), ("xlsx", "Excel")],
        label="In which form?",
        missing="Select the form",
        initial="docx",
    )
    names = forms.OneOfField(
        [("pseudonyms", "With pseudonyms"), ("names", "With names")], label="With names?", missing="Select whether with names",
        initial="pseudonyms", hints={"names": "Only if it cannot be done without. That you took it out is kept."},
    )  # fmt: skip

    def __init__(self, *arguments: Any, may_name: bool, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if not may_name:
            self.fields["names"].choices = [("pseudonyms", "With pseudonyms")]  # type: ignore[attr-defined]
