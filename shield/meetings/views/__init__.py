"""Pages on meetings and events, bodies, and decisions."""

from shield.meetings.views.decided import resolution
from shield.meetings.views.groups import (
    add_body,
    add_member,
    add_terms,
    body,
    change_body,
    decide_without_meeting,
    end_member,
    note_change,
)
from shield.meetings.views.meeting import gathering
from shield.meetings.views.past import body_history, gathering_history, resolution_history
from shield.meetings.views.recording import agenda, attendance, change, decide, plan, record
from shield.meetings.views.registers import bodies, gatherings, resolutions

__all__ = [
    "add_body",
    "add_member",
    "add_terms",
    "agenda",
    "attendance",
    "bodies",
    "body",
    "body_history",
    "change",
    "change_body",
    "decide",
    "decide_without_meeting",
    "end_member",
    "gathering",
    "gathering_history",
    "gatherings",
    "note_change",
    "plan",
    "record",
    "resolution",
    "resolution_history",
    "resolutions",
]
