"""Shape and validation of what people type about statements and years."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.forms import CharField, HiddenInput

from shield.kernel.design import forms
from shield.kernel.reporting.rules import Assertion, normalised, seen


class YearFilter(forms.FilterForm):
    """Which reporting year."""

    year = forms.OneOfField([], label="Reporting year", look="select", required=False)

    def __init__(self, *arguments: Any, years: Iterable[str], shown: str, **options: Any) -> None:
        super().__init__(*arguments, **options)
        offered: Any = self.fields["year"]
        offered.choices = [(name, name) for name in years]
        offered.initial = shown


class StatementFilter(forms.FilterForm):
    """Words of the subject, and the section."""

    words = forms.PlainTextField(label="Words in the subject", required=False, max_length=100)
    section = forms.PlainTextField(label="Section begins with", required=False, max_length=40)


class DiscrepancyFilter(forms.FilterForm):
    """Words of what it is about, of a place, or of a value; whether open ones or all are shown stays as it is."""

    words = forms.PlainTextField(label="Words in it", required=False, max_length=100)
    show = CharField(required=False, widget=HiddenInput)


class SettleForm(forms.ShieldForm):
    """Which value stands, and why."""

    value = forms.OneOfField([], label="Which value is right?", missing="Select the value that is right")
    reason = forms.PlainTextField(
        label="Why?", multiline=True, missing="Say why this value is the right one", max_length=2000,
        help_text="For example: the attendance sheet was counted again. The reason is printed beside the settled value.",
    )  # fmt: skip

    def __init__(self, *arguments: Any, assertions: Iterable[Assertion], **options: Any) -> None:
        super().__init__(*arguments, **options)
        offered: Any = self.fields["value"]
        self.assertions = {str(normalised(a.value)): a for a in assertions}
        offered.choices = [(key, f"{a.text} – {'; '.join(a.places)}") for key, a in self.assertions.items()]
        self.fields["seen"] = CharField(
            required=False,
            widget=HiddenInput,
            initial=json.dumps(seen(a.value for a in self.assertions.values())),
        )

    @property
    def values_seen(self) -> list[str]:
        """The values that stood on the page when the person chose; none if the page did not say."""
        try:
            found = json.loads(self.cleaned_data.get("seen") or "[]")
        except ValueError:
            return []
        return [str(each) for each in found] if isinstance(found, list) else []


class TakeBackForm(forms.ShieldForm):
    """Why a statement is taken back."""

    reason = forms.PlainTextField(
        label="Why is it taken back?",
        missing="Say why it is taken back",
        max_length=500,
        multiline=True,
        rows=3,
    )


class StatementForm(forms.ShieldForm):
    """What a source asserts of a figure, at its place."""

    figure = forms.OneOfField([], label="Of which figure?", look="select", missing="Select the figure")
    value = forms.WholeNumberField(
        label="What number does the source give?", missing="Enter the number", min_value=0
    )
    source = forms.PlainTextField(
        label="Source",
        missing="Enter the source",
        max_length=200,
        help_text="For example: draft of the annual report",
    )
    section = forms.PlainTextField(label="Section", missing="Enter the section", max_length=80)
    wording = forms.PlainTextField(label="How the source puts it, in short", required=False, max_length=500)

    def __init__(self, *arguments: Any, figures: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        offered: Any = self.fields["figure"]
        offered.choices = list(figures)


class YearForm(forms.ShieldForm):
    """A reporting year and the edition of the guidance in force for it."""

    name = forms.PlainTextField(
        label="Name of the year",
        missing="Enter the name of the year",
        max_length=20,
        help_text="Like 2019-20, or 2020 for a calendar year",
    )
    starts_on = forms.DayField(label="First day", noun="The first day", missing="Enter the first day")
    ends_on = forms.DayField(label="Last day", noun="The last day", missing="Enter the last day")
    as_at = forms.DayField(
        label="Figures as at",
        noun="The day figures are taken at",
        missing="Enter the day figures are taken at",
    )
    edition = forms.OneOfField([], label="Guidance in force", missing="Select the guidance in force")

    def __init__(self, *arguments: Any, editions: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        offered: Any = self.fields["edition"]
        offered.choices = list(editions)

    def clean_name(self) -> str:
        """2019/20 and 2019–20 are the same year as 2019-20."""
        return str(self.cleaned_data["name"]).replace("/", "-").replace("–", "-").replace(" ", "")

    @property
    def values(self) -> dict[str, Any]:
        """What the service takes."""
        return {
            name: self.cleaned_data[name] for name in ("name", "starts_on", "ends_on", "as_at", "edition")
        }
