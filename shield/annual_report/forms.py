"""Shape and validation of what people type about the report."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from shield.kernel.calendar import queries as calendar
from shield.kernel.design import forms


class OpenForm(forms.ShieldForm):
    """Which year's report to open, under which title."""

    year = forms.OneOfField([], label="Reporting year", missing="Select the reporting year")
    title = forms.PlainTextField(
        label="Title of the report", missing="Enter the title of the report", max_length=200
    )

    def __init__(self, *arguments: Any, years: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["year"].choices = list(years)


class AboutForm(forms.ShieldForm):
    """What holds for the whole report."""

    title = forms.PlainTextField(
        label="Title of the report", missing="Enter the title of the report", max_length=200
    )
    where_published = forms.PlainTextField(
        label="Where will it be published?",
        required=False,
        max_length=300,
        help_text="A web address. The guidance asks for it.",
    )
    secure_establishment = forms.TickField(
        label="There is a secure establishment in the area", required=False
    )


class NarrativeForm(forms.ShieldForm):
    """The text for one place in the report."""

    title = forms.PlainTextField(label="Heading", missing="Enter a heading", max_length=200)
    text = forms.PlainTextField(
        label="Text",
        multiline=True,
        rows=16,
        required=False,
        max_length=60_000,
        help_text="Leave an empty line between paragraphs; begin a line with - for a list; **two stars** make bold. "
        "Name a figure in double curly brackets, such as {{ meetings.board_held }}, and its value is filled in and stays right.",
    )


class ReasonForm(forms.ShieldForm):
    """An act that needs its reason."""

    reason = forms.PlainTextField(label="Reason", multiline=True, missing="Give the reason", max_length=2000)


class ConfirmForm(forms.ShieldForm):
    """An act that needs to be confirmed, and nothing else."""


class CopiesForm(forms.ShieldForm):
    """When copies went out."""

    on = forms.DayField(
        label="When were the copies sent?",
        noun="The date",
        missing="Enter the date the copies were sent",
        latest=calendar.today,
    )
