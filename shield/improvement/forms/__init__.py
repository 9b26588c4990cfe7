"""Forms of the chain: shape and validation."""

from shield.improvement.forms.acting import (
    ActionForm,
    EvidenceForm,
    OwnerForm,
    PartForm,
    ProgressForm,
    UpdateForm,
)
from shield.improvement.forms.filters import ActionFilter, BreakFilter, FindingFilter, RecommendationFilter
from shield.improvement.forms.learning import (
    FindingForm,
    MeasureForm,
    MoveForm,
    PriorityForm,
    RecommendationForm,
    ThemeForm,
)
from shield.improvement.forms.offering import OfferingForm, owner_initial
from shield.improvement.forms.reviewing import PlanReviewsForm, ReviewForm

__all__ = [
    "ActionFilter",
    "ActionForm",
    "BreakFilter",
    "EvidenceForm",
    "FindingFilter",
    "FindingForm",
    "MeasureForm",
    "MoveForm",
    "OfferingForm",
    "OwnerForm",
    "PartForm",
    "PlanReviewsForm",
    "PriorityForm",
    "ProgressForm",
    "RecommendationFilter",
    "RecommendationForm",
    "ReviewForm",
    "ThemeForm",
    "UpdateForm",
    "owner_initial",
]
