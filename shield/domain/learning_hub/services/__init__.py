"""Running the Learning Hub: cycles, delivery plans, emerging issues."""

from shield.domain.learning_hub.services.cycles import (
    StageDates,
    correct_cycle,
    nominate,
    plan_step,
    report_stage,
    report_step,
    start_cycle,
    stop_cycle,
)
from shield.domain.learning_hub.services.issues import (
    change_issue,
    note_issue,
    put_back,
    regroup,
    send_elsewhere,
    split,
    take_up,
)
from shield.domain.learning_hub.services.planning import (
    add_plan_item,
    change_plan_item,
    plan_activity,
    report_activity,
    withdraw_plan_item,
)

__all__ = [
    "StageDates",
    "add_plan_item",
    "change_issue",
    "change_plan_item",
    "correct_cycle",
    "nominate",
    "note_issue",
    "plan_activity",
    "plan_step",
    "put_back",
    "regroup",
    "report_activity",
    "report_stage",
    "report_step",
    "send_elsewhere",
    "split",
    "start_cycle",
    "stop_cycle",
    "take_up",
    "withdraw_plan_item",
]
