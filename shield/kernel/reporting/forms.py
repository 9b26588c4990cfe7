"""Shape and validation of what people type about statements and years."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from shield.kernel.design import forms
from shield.kernel.reporting.rules import Assertion


class YearFilter(forms.FilterForm):
    """Which reporting year."""

    year = forms.OneOfField([], label="Reporting year", look="select", required=False)

    def __init__(self, *arguments: Any, years: Iterable[str], **options: Any) -> None:
        super().__init__(*arguments, **options)
        offered: Any = self.fields["year"]
        offered.choices = [(name, name) for name in years]


class StatementFilter(forms.FilterForm):
    """Words of the subject, and the section."""

    words = forms.PlainTextField(label="Words in the subject", required=False, max_length=100)
    section = forms.PlainTextField(label="Section begins with", required=False, max_length=40)


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
        offered.choices = [
            (str(number), f"{a.text} – {'; '.join(a.places)}") for number, a in enumerate(assertions)
        ]


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
        help_text="For example, 2019-20",
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

    def clean(self) -> dict[str, Any]:
        """The year runs forward."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("starts_on") and cleaned.get("ends_on") and cleaned["ends_on"] <= cleaned["starts_on"]:
            self.add_error("ends_on", "The last day must be after the first day")
        return cleaned
