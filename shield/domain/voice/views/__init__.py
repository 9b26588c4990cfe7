"""The pages of what people told us."""

from shield.domain.voice.views.activities import (
    activities,
    activity,
    activity_add,
    activity_correct,
    activity_history,
)
from shield.domain.voice.views.answering import (
    said_answer,
    said_decline,
    said_publish,
    said_reopen,
    told,
)
from shield.domain.voice.views.points import (
    point_finding,
    said,
    said_add,
    said_correct,
    said_history,
    voice,
)
from shield.domain.voice.views.promises import promise, promise_add, promise_history, promise_report, promises
from shield.domain.voice.views.quotations import (
    quotation,
    quotation_add,
    quotation_consent,
    quotation_history,
    quotation_withdraw,
    quotations,
)
from shield.domain.voice.views.you_said import you_said

__all__ = [
    "activities",
    "activity",
    "activity_add",
    "activity_correct",
    "activity_history",
    "point_finding",
    "promise",
    "promise_add",
    "promise_history",
    "promise_report",
    "promises",
    "quotation",
    "quotation_add",
    "quotation_consent",
    "quotation_history",
    "quotation_withdraw",
    "quotations",
    "said",
    "said_add",
    "said_answer",
    "said_correct",
    "said_decline",
    "said_history",
    "said_publish",
    "said_reopen",
    "told",
    "voice",
    "you_said",
]
