"""Forms of the chain: shape and validation."""

from shield.improvement.forms.acting import (
    ActionForm,
    EvidenceForm,
    NameOwnersForm,
    OwnerForm,
    PartForm,
    ProgressForm,
    UpdateForm,
)
from shield.improvement.forms.correcting import DecisionForm, TakeBackForm
from shield.improvement.forms.filters import ActionFilter, BreakFilter, FindingFilter, RecommendationFilter
from shield.improvement.forms.learning import (
    FindingForm,
    MeasureForm,
    MoveForm,
    PriorityForm,
    RecommendationForm,
    SortingForm,
    ThemeForm,
)
from shield.improvement.forms.offering import OfferingForm, owner_initial
from shield.improvement.forms.reviewing import PlanReviewsForm, ReviewForm

__all__ = [
    "ActionFilter",
    "ActionForm",
    "BreakFilter",
    "DecisionForm",
    "EvidenceForm",
    "FindingFilter",
    "FindingForm",
    "MeasureForm",
    "MoveForm",
    "NameOwnersForm",
    "OfferingForm",
    "OwnerForm",
    "PartForm",
    "PlanReviewsForm",
    "PriorityForm",
    "ProgressForm",
    "RecommendationFilter",
    "RecommendationForm",
    "ReviewForm",
    "SortingForm",
    "TakeBackForm",
    "ThemeForm",
    "UpdateForm",
    "owner_initial",
]
