"""Acts on what was learnt."""

from shield.domain.lessons.services.following import correct_answer, tell_change
from shield.domain.lessons.services.noting import (
    change_note,
    issue_note,
    share_note,
    withdraw_note,
    write_note,
)
from shield.domain.lessons.services.practising import (
    accept_practice,
    bring_practice,
    change_practice,
    return_practice,
    withdraw_practice,
)

__all__ = [
    "accept_practice",
    "bring_practice",
    "change_note",
    "change_practice",
    "correct_answer",
    "issue_note",
    "return_practice",
    "share_note",
    "tell_change",
    "withdraw_note",
    "withdraw_practice",
    "write_note",
]
