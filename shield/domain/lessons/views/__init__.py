"""The pages of what was learnt."""

from shield.domain.lessons.views.following import briefing_note_changed, what_changed_correct
from shield.domain.lessons.views.learnt import learnt, learnt_theme
from shield.domain.lessons.views.notes import (
    briefing_note,
    briefing_note_change,
    briefing_note_file,
    briefing_note_history,
    briefing_note_issue,
    briefing_note_shared,
    briefing_note_withdraw,
    briefing_note_write,
)
from shield.domain.lessons.views.practising import (
    good_practice,
    good_practice_accept,
    good_practice_bring,
    good_practice_change,
    good_practice_history,
    good_practice_return,
    good_practice_withdraw,
)

__all__ = [
    "briefing_note",
    "briefing_note_change",
    "briefing_note_changed",
    "briefing_note_file",
    "briefing_note_history",
    "briefing_note_issue",
    "briefing_note_shared",
    "briefing_note_withdraw",
    "briefing_note_write",
    "good_practice",
    "good_practice_accept",
    "good_practice_bring",
    "good_practice_change",
    "good_practice_history",
    "good_practice_return",
    "good_practice_withdraw",
    "learnt",
    "learnt_theme",
    "what_changed_correct",
]
