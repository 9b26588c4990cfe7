"""Reads across cycles."""

from __future__ import annotations

from django.db.models import QuerySet

from shield.domain.learning_hub.models import Cycle, DisseminationStep
from shield.improvement.models import Priority
from shield.kernel.access.rules import Actor


def cycles(actor: Actor) -> QuerySet[Cycle]:
    """Cycles with their priority and stages, in order."""
    return (
        Cycle.objects.visible_to(actor)
        .select_related("priority")
        .prefetch_related("stages", "priority__leads")
        .order_by("starts_on")
    )


def steps(actor: Actor) -> QuerySet[DisseminationStep]:
    """Steps of dissemination in order of date."""
    return DisseminationStep.objects.visible_to(actor).select_related("priority", "agency", "gathering")


def steps_of(priority: Priority, actor: Actor) -> QuerySet[DisseminationStep]:
    """The steps of one priority."""
    return steps(actor).filter(priority=priority)
