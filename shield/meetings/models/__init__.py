"""Bodies, gatherings, what is prepared for them and what is written down of them."""

from shield.meetings.models.base import MeetingRecord
from shield.meetings.models.bodies import (
    Body,
    BodyChange,
    BodyMember,
    ForwardItem,
    StandingItem,
    TermsOfReference,
)
from shield.meetings.models.gatherings import AgendaItem, Attendance, Gathering, Resolution
from shield.meetings.models.joint import JointPart
from shield.meetings.models.leads import TopicLead
from shield.meetings.models.minuting import CalendarKey, Correction, Line, Minutes, MinutesVersion
from shield.meetings.models.preparing import Declaration, Paper

__all__ = [
    "AgendaItem",
    "Attendance",
    "Body",
    "BodyChange",
    "BodyMember",
    "CalendarKey",
    "Correction",
    "Declaration",
    "ForwardItem",
    "Gathering",
    "JointPart",
    "Line",
    "MeetingRecord",
    "Minutes",
    "MinutesVersion",
    "Paper",
    "Resolution",
    "StandingItem",
    "TermsOfReference",
    "TopicLead",
]
