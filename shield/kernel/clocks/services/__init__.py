"""Acts on clocks, and on what is late: who is reminded, what is escalated, what came of it."""

from shield.kernel.clocks.services.running import (
    extend,
    meet,
    meet_by_event,
    pause,
    resume,
    start,
    stop,
    stop_by_event,
    update_holidays,
)
from shield.kernel.clocks.services.telling import (
    answer_escalation,
    escalate,
    note_reminder,
    remind_of_clocks,
    remind_once,
    withdraw_escalation,
)

__all__ = [
    "answer_escalation",
    "escalate",
    "extend",
    "meet",
    "meet_by_event",
    "note_reminder",
    "pause",
    "remind_of_clocks",
    "remind_once",
    "resume",
    "start",
    "stop",
    "stop_by_event",
    "update_holidays",
    "withdraw_escalation",
]
