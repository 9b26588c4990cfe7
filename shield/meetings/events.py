"""What can happen to bodies and gatherings."""

from shield.kernel.history.events import register

BODY_ADDED = register("meetings.body_added", "set up the body {title}")
BODY_CHANGED = register("meetings.body_changed", "changed the body {title}: {change}")
TERMS_AGREED = register(
    "meetings.terms_agreed", "recorded version {version} of the terms of reference of {title}"
)
MEMBER_ADDED = register("meetings.member_added", "made {member} a member of {title}")
MEMBER_ENDED = register("meetings.member_ended", "ended the membership of {member} in {title}")
GATHERING_PLANNED = register("meetings.gathering_planned", "planned {title}")
GATHERING_RECORDED = register("meetings.gathering_recorded", "recorded {title}")
GATHERING_CHANGED = register("meetings.gathering_changed", "changed {title}")
AGENDA_CHANGED = register("meetings.agenda_changed", "changed the agenda of {title}")
ATTENDANCE_RECORDED = register("meetings.attendance_recorded", "recorded the attendance of {title}")
DECISION_TAKEN = register("meetings.decision_taken", "recorded a decision of {body}: {title}")
