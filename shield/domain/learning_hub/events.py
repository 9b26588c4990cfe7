"""What can happen in a Learning Hub cycle."""

from shield.kernel.history.events import register

CYCLE_STARTED = register("learning_hub.cycle_started", "started {title}")
CYCLE_CORRECTED = register("learning_hub.cycle_corrected", "corrected {title} ({changes})")
CYCLE_STOPPED = register("learning_hub.cycle_stopped", "stopped {title}: {reason}")
STAGE_CHANGED = register("learning_hub.stage_changed", "marked the stage “{stage}” of {title} as {status}")
MEMBER_NOMINATED = register("learning_hub.member_nominated", "nominated {member} to {title}")
STEP_ADDED = register("learning_hub.step_added", "planned the step “{title}”")
STEP_REPORTED = register("learning_hub.step_reported", "reported on the step “{title}”: {status}")
PLAN_ITEM_ADDED = register("learning_hub.plan_item_added", "put on the delivery plan: {title}")
PLAN_ITEM_CHANGED = register(
    "learning_hub.plan_item_changed", "changed on the delivery plan: {title} ({changes})"
)
PLAN_ITEM_WITHDRAWN = register(
    "learning_hub.plan_item_withdrawn", "took off the delivery plan: {title}: {reason}"
)
ACTIVITY_PLANNED = register("learning_hub.activity_planned", "planned “{title}”")
ACTIVITY_REPORTED = register("learning_hub.activity_reported", "reported on “{title}”: {status}")
ISSUE_NOTED = register("learning_hub.issue_noted", "noted the emerging issue “{title}”")
ISSUE_CHANGED = register("learning_hub.issue_changed", "changed the emerging issue “{title}” ({changes})")
ISSUE_REGROUPED = register(
    "learning_hub.issue_regrouped", "regrouped the emerging issue “{title}” into “{into}”"
)
ISSUE_SPLIT = register("learning_hub.issue_split", "split the emerging issue “{title}” into: {into}")
ISSUE_MADE = register("learning_hub.issue_made", "made the emerging issue “{title}” out of {out_of}")
ISSUE_SENT = register(
    "learning_hub.issue_sent", "let {to} take the emerging issue “{title}” forward: {reason}"
)
ISSUE_TAKEN_UP = register("learning_hub.issue_taken_up", "took up the emerging issue “{title}” as “{issue}”")
ISSUE_PUT_BACK = register(
    "learning_hub.issue_put_back", "opened the emerging issue “{title}” again: {reason}"
)
ISSUE_UNDONE = register("learning_hub.issue_undone", "undid the emerging issue “{title}”: {reason}")
