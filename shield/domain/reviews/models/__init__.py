"""Cases and everything that belongs to them."""

from shield.domain.reviews.models.cases import Case, Letter, Output, Referral, RouteTaken
from shield.domain.reviews.models.rapid import AgencyReturn, PlanStep, RapidReview, SignOff, Step
from shield.domain.reviews.models.reviewing import Conversation, PracticeReview
from shield.domain.reviews.models.spreading import Sharing

__all__ = [
    "AgencyReturn",
    "Case",
    "Conversation",
    "Letter",
    "Output",
    "PlanStep",
    "PracticeReview",
    "RapidReview",
    "Referral",
    "RouteTaken",
    "Sharing",
    "SignOff",
    "Step",
]
