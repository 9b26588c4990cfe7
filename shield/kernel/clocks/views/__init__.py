"""Pages on statutory clocks, on how far duties are met in time, and on what was escalated."""

from shield.kernel.clocks.views.clocks import clock, clocks, extend, meet, pause, put_right, resume, stop
from shield.kernel.clocks.views.compliance import compliance
from shield.kernel.clocks.views.escalations import answer, escalate, escalation, escalations, withdraw

__all__ = [
    "answer",
    "clock",
    "clocks",
    "compliance",
    "escalate",
    "escalation",
    "escalations",
    "extend",
    "meet",
    "pause",
    "put_right",
    "resume",
    "stop",
    "withdraw",
]
