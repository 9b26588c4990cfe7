"""What can happen in an audit. A record is named by its pseudonym only."""

from shield.kernel.history.events import register

PLANNED = register("audits.planned", "planned the audit {title}")
RECORDED = register("audits.recorded", "recorded the audit {title}, done before")
CHANGED = register("audits.changed", "changed the audit {title} ({changes})")
LISTED = register("audits.listed", "put a list of {count} on the audit {title} ({digest})")
CHOSEN = register("audits.chosen", "chose {count} for the audit {title}, {how}")
DEPTH_SET = register("audits.depth_set", "set the depth of {count} of the audit {title} to {depth}")
BEGUN = register("audits.begun", "began the audit {title}: {parts} asked of {agencies}, {told} told")
ASKED_ALSO = register("audits.asked_also", "asked {agencies} as well for {title}, {told} told")
OPENED = register("audits.opened", "opened the agencies' own references of {count} in {title}")
DRAFTED = register("audits.drafted", "saved a draft of {title}")
SUBMITTED = register("audits.submitted", "submitted {title}")
RETURNED = register("audits.returned", "asked for changes of {title}: {reason}")
ACCEPTED = register("audits.accepted", "accepted {title}")
EXCUSED = register("audits.excused", "excused {title}: {reason}")
MODERATING = register("audits.moderating", "began to moderate the audit {title}")
AGREED = register("audits.agreed", "recorded what the panel agreed on {title}: {count}")
DISCUSSED = register("audits.discussed", "recorded the reflective discussion {title}")
DISCUSSION_CHANGED = register(
    "audits.discussion_changed", "changed the reflective discussion {title} ({changes})"
)
FOUND = register("audits.found", "told the Learning Hub what the audit {title} found")
CLOSED = register("audits.closed", "closed the audit {title}")
STOPPED = register("audits.stopped", "stopped the audit {title}: {reason}")
TOOL_MADE = register("audits.tool_made", "made the audit tool {title}")
TOOL_COPIED = register("audits.tool_copied", "copied the audit tool {title} as version {edition}")
TOOL_RETIRED = register("audits.tool_retired", "retired the audit tool {title}")
QUESTION_SET = register("audits.question_set", "wrote the question “{question}” in {title}")
QUESTION_DROPPED = register("audits.question_dropped", "took the question “{question}” out of {title}")
SCALE_MADE = register("audits.scale_made", "made the scale {title}")
# Briefing notes are of `lessons` now; what happened to them while they were of audits is still told.
NOTE_WRITTEN = register("audits.note_written", "wrote the briefing note {title}")
NOTE_ISSUED = register("audits.note_issued", "issued the briefing note {title}")
NOTE_WITHDRAWN = register("audits.note_withdrawn", "withdrew {title}: {reason}")
