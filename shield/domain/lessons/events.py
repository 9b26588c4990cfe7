"""What can happen to a lesson. Until it is published it is named by its reference alone."""

from shield.kernel.history.events import register

NOTE_WRITTEN = register("lessons.note_written", "wrote {title}")
NOTE_ISSUED = register("lessons.note_issued", "issued the briefing note {title}")
NOTE_WITHDRAWN = register("lessons.note_withdrawn", "withdrew {title}: {reason}")
NOTE_SHARED = register("lessons.note_shared", "said where the briefing note {title} was shared: {where}")
CHANGE_TOLD = register("lessons.change_told", "recorded on {title}: {answer}")
CHANGE_CORRECTED = register("lessons.change_corrected", "corrected the answer to {title} ({changes})")
PRACTICE_BROUGHT = register("lessons.practice_brought", "brought {title}")
PRACTICE_CHANGED = register("lessons.practice_changed", "changed {title}")
PRACTICE_ACCEPTED = register("lessons.practice_accepted", "accepted the example of good practice {title}")
PRACTICE_RETURNED = register("lessons.practice_returned", "sent {title} back: {reason}")
PRACTICE_WITHDRAWN = register("lessons.practice_withdrawn", "withdrew {title}: {reason}")
