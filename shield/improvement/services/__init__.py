"""The acts along the evidence chain. Each is one transaction: permission, rule, save, history."""

from shield.improvement.services.acting import (
    add_action,
    change_action,
    give_owner,
    hand_over,
    name_owners,
    update_action,
)
from shield.improvement.services.chasing import chase, remind_of_actions
from shield.improvement.services.correcting import correct, take_back
from shield.improvement.services.deciding import (
    correct_decision,
    record_decision,
    redate_decision,
    withdraw_decision,
)
from shield.improvement.services.learning import (
    add_finding,
    add_measure,
    add_part,
    add_priority,
    add_recommendation,
    add_theme,
    change_priority,
    change_recommendation,
    move_recommendation,
)
from shield.improvement.services.owning import NOBODY, Owner
from shield.improvement.services.showing import (
    Upload,
    add_evidence,
    hold_review,
    note_progress,
    plan_reviews,
)
from shield.improvement.services.sorting import move, put_under, take_out

__all__ = [
    "NOBODY",
    "Owner",
    "Upload",
    "add_action",
    "add_evidence",
    "add_finding",
    "add_measure",
    "add_part",
    "add_priority",
    "add_recommendation",
    "add_theme",
    "change_action",
    "change_priority",
    "change_recommendation",
    "chase",
    "correct",
    "correct_decision",
    "give_owner",
    "hand_over",
    "hold_review",
    "move",
    "move_recommendation",
    "name_owners",
    "note_progress",
    "plan_reviews",
    "put_under",
    "record_decision",
    "redate_decision",
    "remind_of_actions",
    "take_back",
    "take_out",
    "update_action",
    "withdraw_decision",
]
