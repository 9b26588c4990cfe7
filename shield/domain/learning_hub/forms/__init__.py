"""Forms of the Learning Hub: shape and validation."""

from shield.domain.learning_hub.forms.cycles import (
    CycleForm,
    MemberForm,
    StageForm,
    StartForm,
    StepForm,
    StepReportForm,
    StopForm,
    cycle_initial,
)
from shield.domain.learning_hub.forms.issues import (
    ElsewhereForm,
    IssueForm,
    PutBackForm,
    RegroupForm,
    SplitForm,
    TakeUpForm,
    issue_initial,
)
from shield.domain.learning_hub.forms.planning import (
    ActivityForm,
    ActivityReportForm,
    OffPlanForm,
    PlanItemForm,
    plan_item_initial,
)

__all__ = [
    "ActivityForm",
    "ActivityReportForm",
    "CycleForm",
    "ElsewhereForm",
    "IssueForm",
    "MemberForm",
    "OffPlanForm",
    "PlanItemForm",
    "PutBackForm",
    "RegroupForm",
    "SplitForm",
    "StageForm",
    "StartForm",
    "StepForm",
    "StepReportForm",
    "StopForm",
    "TakeUpForm",
    "cycle_initial",
    "issue_initial",
    "plan_item_initial",
]
