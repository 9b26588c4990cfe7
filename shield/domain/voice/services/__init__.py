"""What is done with what people tell us: asking, recording, answering, telling."""

from shield.domain.voice.services.answering import answer, decline, name_what_came, note_told, publish, reopen
from shield.domain.voice.services.circle import join_circle, leave_circle
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
from shield.domain.voice.services.surveying import (
    add_question,
    change_question,
    change_survey,
    close_survey,
    draft_survey,
    leave_out,
    note_export,
    open_survey,
    reply,
    sum_up,
    take_text,
)

__all__ = [
    "add_point",
    "add_question",
    "answer",
    "change_question",
    "change_survey",
    "close_survey",
    "correct_activity",
    "correct_point",
    "decline",
    "draft_survey",
    "join_circle",
    "leave_circle",
    "leave_out",
    "make_finding",
    "make_promise",
    "name_what_came",
    "note_export",
    "note_told",
    "open_survey",
    "publish",
    "record_activity",
    "record_consent",
    "record_quotation",
    "reopen",
    "reply",
    "report_promise",
    "sum_up",
    "take_text",
    "withdraw_consent",
]
