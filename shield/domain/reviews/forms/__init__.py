"""Forms on cases: shape and validation only."""

from shield.domain.reviews.forms.deciding import MeetingForm, OnForm, PlanForm, SignForm, SummaryForm, WhyForm
from shield.domain.reviews.forms.keeping import (
    CaseFilter,
    DiscussForm,
    LetterForm,
    OutputForm,
    RecordCaseForm,
    RouteForm,
    ShareForm,
    ThemesForm,
    WordsForm,
)
from shield.domain.reviews.forms.referring import AskForm, NotifyForm, ReferForm, ReturnForm, ScreenForm

__all__ = [
    "AskForm",
    "CaseFilter",
    "DiscussForm",
    "LetterForm",
    "MeetingForm",
    "NotifyForm",
    "OnForm",
    "OutputForm",
    "PlanForm",
    "RecordCaseForm",
    "ReferForm",
    "ReturnForm",
    "RouteForm",
    "ScreenForm",
    "ShareForm",
    "SignForm",
    "SummaryForm",
    "ThemesForm",
    "WhyForm",
    "WordsForm",
]
