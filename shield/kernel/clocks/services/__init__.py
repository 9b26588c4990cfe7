"""Acts on clocks, and on what is late: who is reminded, what is escalated, what came of it."""

from shield.kernel.clocks.services.escalating import (
    add_reason,
    answer_escalation,
    escalate,
    withdraw_escalation,
)
from shield.kernel.clocks.services.running import (
    extend,
    meet,
    meet_by_event,
    pause,
    pause_by_event,
    put_right,
    resume,
    resume_by_event,
    start,
    stop,
    stop_by_event,
    update_holidays,
)
from shield.kernel.clocks.services.telling import (
    NotAllReminded,
    note_reminder,
    remind_each,
    remind_of_clocks,
    remind_once,
)

__all__ = [
    "NotAllReminded",
    "add_reason",
    "answer_escalation",
    "escalate",
    "extend",
    "meet",
    "meet_by_event",
    "note_reminder",
    "pause",
    "pause_by_event",
    "put_right",
    "remind_each",
    "remind_of_clocks",
    "remind_once",
    "resume",
    "resume_by_event",
    "start",
    "stop",
    "stop_by_event",
    "update_holidays",
    "withdraw_escalation",
]
