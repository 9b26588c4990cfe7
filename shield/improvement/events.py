"""What can happen along the evidence chain."""

from shield.kernel.history.events import register

PRIORITY_ADDED = register("improvement.priority_added", "added the priority {title}")
PRIORITY_CHANGED = register("improvement.priority_changed", "changed the priority {title}")
MEASURE_ADDED = register("improvement.measure_added", "added the success measure {title}")
THEME_ADDED = register("improvement.theme_added", "added the theme {title}")
FINDING_ADDED = register("improvement.finding_added", "recorded the finding {title}")
FINDING_SORTED = register("improvement.finding_sorted", "sorted the finding {title}: {change}")
RECOMMENDATION_ADDED = register("improvement.recommendation_added", "drafted the recommendation {title}")
RECOMMENDATION_CHANGED = register("improvement.recommendation_changed", "refined the recommendation {title}")
RECOMMENDATION_MOVED = register(
    "improvement.recommendation_moved", "marked the recommendation {title} as {status}"
)
OWNER_GIVEN = register("improvement.owner_given", "made {owner} the owner of {title}")
OWNER_LEFT = register(
    "improvement.owner_left", "noted that the owner of {title} has left; it now rests with {owner}"
)
DECISION_RECORDED = register("improvement.decision_recorded", "recorded the decision {title}")
ACTION_ADDED = register("improvement.action_added", "added the action {title}, owned by {owner}")
ACTION_CHANGED = register("improvement.action_changed", "changed the action {title}")
ACTION_MOVED = register("improvement.action_moved", "marked the action {title} as {status}")
PROGRESS_NOTED = register("improvement.progress_noted", "noted progress on {about}")
EVIDENCE_ADDED = register("improvement.evidence_added", "added evidence on {about}")
REVIEW_PLANNED = register("improvement.review_planned", "planned {title}")
REVIEW_HELD = register("improvement.review_held", "recorded {title}: {verdict}")
DECISION_CORRECTED = register(
    "improvement.decision_corrected", "corrected the decision “{title}”: {changes}. Because: {why}"
)
DECISION_WITHDRAWN = register("improvement.decision_withdrawn", "took back the decision “{title}”: {reason}")
CORRECTED = register("improvement.corrected", "corrected “{title}”: {changes}")
TAKEN_BACK = register("improvement.taken_back", "took back “{title}”: {reason}")
DECISION_REDATED = register("improvement.decision_redated", "moved the decision {title} to {day}")
