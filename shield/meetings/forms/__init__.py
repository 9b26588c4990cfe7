"""Forms on meetings, what is prepared for them and written down of them, decisions and bodies: shape and validation only."""

from shield.meetings.forms.body import BodyForm, ChangeForm, MemberForm, TermsForm
from shield.meetings.forms.decision import DecisionForm
from shield.meetings.forms.filters import BodyFilter, GatheringFilter, PresenceFilter, ResolutionFilter
from shield.meetings.forms.joint import AnswerPartForm, AskPartForm, EndPartForm, SeatsForm
from shield.meetings.forms.leads import LeadChangeForm, LeadEndForm, LeadForm, LeadsFilter
from shield.meetings.forms.meeting import AgendaForm, GatheringForm
from shield.meetings.forms.minuting import (
    AnswerForm,
    ApprovalForm,
    CorrectionForm,
    LineForm,
    LineTextForm,
    MinutesForm,
)
from shield.meetings.forms.preparing import (
    DeclarationForm,
    DropForm,
    ForwardForm,
    HandInForm,
    OffersForm,
    PaperForm,
    PictureForm,
    SeriesDaysForm,
    SeriesForm,
    StandingForm,
    StrikeForm,
)
from shield.meetings.forms.register import AttendanceForm, Named

__all__ = [
    "AgendaForm",
    "AnswerForm",
    "AnswerPartForm",
    "ApprovalForm",
    "AskPartForm",
    "AttendanceForm",
    "BodyFilter",
    "BodyForm",
    "ChangeForm",
    "CorrectionForm",
    "DecisionForm",
    "DeclarationForm",
    "DropForm",
    "EndPartForm",
    "ForwardForm",
    "GatheringFilter",
    "GatheringForm",
    "HandInForm",
    "LeadChangeForm",
    "LeadEndForm",
    "LeadForm",
    "LeadsFilter",
    "LineForm",
    "LineTextForm",
    "MemberForm",
    "MinutesForm",
    "Named",
    "OffersForm",
    "PaperForm",
    "PictureForm",
    "PresenceFilter",
    "ResolutionFilter",
    "SeatsForm",
    "SeriesDaysForm",
    "SeriesForm",
    "StandingForm",
    "StrikeForm",
    "TermsForm",
]
