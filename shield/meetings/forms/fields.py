"""Fields that several forms of this module have."""

from __future__ import annotations

from typing import Any

from shield.improvement.models import PRECISIONS
from shield.kernel.accounts.models import Agency
from shield.kernel.design import forms

EXACTNESS = {"day": "The day", "month": "Only the month", "year": "Only the year"}


def lines_of(text: str) -> list[str]:
    """The lines of a text box that hold anything."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def exactness_field(**options: Any) -> forms.OneOfField:
    """How exactly a date is known."""
    options.setdefault("label", "How exactly is the date known?")
    return forms.OneOfField([(key, EXACTNESS[key]) for key, _ in PRECISIONS], initial="day", **options)


def agency_field(label: str) -> forms.RecordField:
    """One agency, or none."""
    return forms.RecordField(Agency.objects.none(), required=False, label=label, empty_label="None")
