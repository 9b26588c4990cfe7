"""What is done with what people tell us: asking, recording, answering, telling."""

from shield.domain.voice.services.answering import answer, decline, note_told, publish, reopen
from shield.domain.voice.services.quoting import record_consent, record_quotation, withdraw_consent
from shield.domain.voice.services.recording import (
    add_point,
    correct_activity,
    correct_point,
    make_finding,
    make_promise,
    record_activity,
    report_promise,
)

__all__ = [
    "add_point",
    "answer",
    "correct_activity",
    "correct_point",
    "decline",
    "make_finding",
    "make_promise",
    "note_told",
    "publish",
    "record_activity",
    "record_consent",
    "record_quotation",
    "reopen",
    "report_promise",
    "withdraw_consent",
]
