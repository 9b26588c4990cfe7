"""Pages of the Learning Hub: cycles, their delivery plans, the issues that are regrouped."""

from shield.domain.learning_hub.views.cycles import (
    cycle,
    cycle_correct,
    cycle_history,
    cycle_start,
    cycle_stop,
    hub,
    member_add,
    stage_report,
    step,
    step_add,
    step_history,
    step_report,
)
from shield.domain.learning_hub.views.planning import (
    delivery_plan,
    plan_file,
    plan_item_add,
    plan_item_change,
    plan_item_withdraw,
    planned_add,
    planned_report,
)

__all__ = [
    "cycle",
    "cycle_correct",
    "cycle_history",
    "cycle_start",
    "cycle_stop",
    "delivery_plan",
    "hub",
    "member_add",
    "plan_file",
    "plan_item_add",
    "plan_item_change",
    "plan_item_withdraw",
    "planned_add",
    "planned_report",
    "stage_report",
    "step",
    "step_add",
    "step_history",
    "step_report",
]
