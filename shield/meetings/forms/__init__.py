"""Forms on meetings, their agenda and attendance, decisions and bodies: shape and validation only."""

from shield.meetings.forms.body import BodyForm, ChangeForm, MemberForm, TermsForm
from shield.meetings.forms.decision import DecisionForm
from shield.meetings.forms.filters import BodyFilter, GatheringFilter, ResolutionFilter
from shield.meetings.forms.meeting import AgendaForm, GatheringForm
from shield.meetings.forms.register import AttendanceForm, Named

__all__ = [
    "AgendaForm",
    "AttendanceForm",
    "BodyFilter",
    "BodyForm",
    "ChangeForm",
    "DecisionForm",
    "GatheringFilter",
    "GatheringForm",
    "MemberForm",
    "Named",
    "ResolutionFilter",
    "TermsForm",
]
