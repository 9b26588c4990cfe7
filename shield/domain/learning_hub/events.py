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
