"""The pages of the chain."""

from shield.improvement.views.actions import (
    action,
    action_add,
    action_chase,
    action_edit,
    action_owner,
    action_update,
    actions,
    actions_owners,
)
from shield.improvement.views.board import findings_board, findings_sort
from shield.improvement.views.breaks import chain
from shield.improvement.views.correcting import MENDED
from shield.improvement.views.evidence import evidence, evidence_add, measure, progress_add, progress_note
from shield.improvement.views.findings import finding, finding_add, findings, theme, theme_add, themes
from shield.improvement.views.following import FOLLOWED, decision
from shield.improvement.views.priorities import (
    measure_add,
    partnership_measure_add,
    priorities,
    priority,
    priority_add,
    priority_edit,
)
from shield.improvement.views.recommendations import (
    part_add,
    part_owner,
    recommendation,
    recommendation_add,
    recommendation_edit,
    recommendation_move,
    recommendation_owner,
    recommendations,
)
from shield.improvement.views.reviews import impact_review, impact_review_hold, impact_reviews_plan

__all__ = [
    "FOLLOWED",
    "MENDED",
    "action",
    "action_add",
    "action_chase",
    "action_edit",
    "action_owner",
    "action_update",
    "actions",
    "actions_owners",
    "chain",
    "decision",
    "evidence",
    "evidence_add",
    "finding",
    "finding_add",
    "findings",
    "findings_board",
    "findings_sort",
    "impact_review",
    "impact_review_hold",
    "impact_reviews_plan",
    "measure",
    "measure_add",
    "part_add",
    "part_owner",
    "partnership_measure_add",
    "priorities",
    "priority",
    "priority_add",
    "priority_edit",
    "progress_add",
    "progress_note",
    "recommendation",
    "recommendation_add",
    "recommendation_edit",
    "recommendation_move",
    "recommendation_owner",
    "recommendations",
    "theme",
    "theme_add",
    "themes",
]
