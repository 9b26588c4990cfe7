"""Cases and everything that belongs to them."""

from shield.domain.reviews.models.cases import Case, Letter, Output, Referral, RouteTaken
from shield.domain.reviews.models.rapid import AgencyReturn, PlanStep, RapidReview, SignOff, Step

__all__ = [
    "AgencyReturn",
    "Case",
    "Letter",
    "Output",
    "PlanStep",
    "RapidReview",
    "Referral",
    "RouteTaken",
    "SignOff",
    "Step",
]
