"""Forms and their fields: shape and validation, in the words of the Design System.

Import the module and name what you take: `forms.ShieldForm`, `forms.DayField(missing="Enter the date")`.
"""

from shield.kernel.design.forms.base import Clash, FilterForm, ShieldForm
from shield.kernel.design.forms.choices import (
    OneOfField,
    RecordField,
    RecordsField,
    SeveralOfField,
    TickField,
    YesNoField,
)
from shield.kernel.design.forms.fields import (
    DayField,
    EmailField,
    PlainTextField,
    PoundsField,
    TimeOfDayField,
    UploadField,
    WholeNumberField,
)
from shield.kernel.design.forms.widgets import DayInput

__all__ = [
    "Clash",
    "DayField",
    "DayInput",
    "EmailField",
    "FilterForm",
    "OneOfField",
    "PlainTextField",
    "PoundsField",
    "RecordField",
    "RecordsField",
    "SeveralOfField",
    "ShieldForm",
    "TickField",
    "TimeOfDayField",
    "UploadField",
    "WholeNumberField",
    "YesNoField",
]
