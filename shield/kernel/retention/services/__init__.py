"""The acts of this room: periods, holds, disposals, requests."""

from shield.kernel.retention.services.disposing import (
    confirm_disposal,
    dispose_batch,
    keep_longer,
    propose_disposal,
    remove_doomed_files,
    take_up_confirmed,
    withdraw_disposal,
)
from shield.kernel.retention.services.holding import end_hold, place_hold, set_period
from shield.kernel.retention.services.releasing import (
    download_answer,
    draft_answer,
    release_answer,
)
from shield.kernel.retention.services.requests import (
    close_request,
    extend_request,
    finish_review,
    gather,
    gather_again,
    open_request,
    reopen_review,
    review_item,
    take_over_request,
)

__all__ = [
    "close_request",
    "confirm_disposal",
    "dispose_batch",
    "download_answer",
    "draft_answer",
    "end_hold",
    "extend_request",
    "finish_review",
    "gather",
    "gather_again",
    "keep_longer",
    "open_request",
    "place_hold",
    "propose_disposal",
    "release_answer",
    "remove_doomed_files",
    "reopen_review",
    "review_item",
    "set_period",
    "take_over_request",
    "take_up_confirmed",
    "withdraw_disposal",
]
