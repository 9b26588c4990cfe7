"""To which recommendation and priority an action belongs, and when a decision was acted upon: one rule, here.

An action names its recommendation and its priority. One that names none, but came of a decision, belongs to every
recommendation and every priority that decision was about: otherwise what was done because of a decision would be
missing from the chain that led to it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from shield.improvement import rules
from shield.improvement.models import Action, Decision, Priority, Recommendation
from shield.improvement.rules import Ruling
from shield.kernel.access.rules import Actor

ACTED_UPON = Q(actions__isnull=False) | Q(recommendations__actions__isnull=False)
"""As a condition on decisions: an action came of it, or of a recommendation it was about."""


def of_recommendations(ids: Iterable[uuid.UUID]) -> Q:
    """Actions that belong to one of these recommendations."""
    wanted = list(ids)
    decided = Decision.objects.standing().filter(recommendations__in=wanted).values("pk")
    return Q(recommendation__in=wanted) | Q(recommendation=None, decision__in=decided)


def of_priority(priority_id: uuid.UUID) -> Q:
    """Actions that belong to a priority: by themselves, by their recommendation or by their decision."""
    about = Q(priorities=priority_id) | Q(recommendations__priority=priority_id)
    decided = Decision.objects.standing().filter(about).values("pk")
    return Q(priority=priority_id) | Q(priority=None, decision__in=decided)


def actions_of(recommendation: Recommendation, actor: Actor) -> QuerySet[Action]:
    """The actions that belong to one recommendation, as far as the actor may see them."""
    return Action.objects.visible_to(actor).filter(of_recommendations([recommendation.pk]))


def recommendations_behind(action: Action) -> list[uuid.UUID]:
    """The recommendations to which an action belongs."""
    if action.recommendation_id:
        return [action.recommendation_id]
    decided = Recommendation.objects.standing().filter(
        decisions=action.decision_id, decisions__withdrawn_on=None
    )
    return list(decided.values_list("pk", flat=True)) if action.decision_id else []


def takes_over(decision: Decision) -> tuple[list[Recommendation], list[Priority]]:
    """What a decision is about: its recommendations, and its priorities, by itself or by these."""
    about = list(Recommendation.objects.standing().filter(decisions=decision).select_related("priority"))
    priorities = {row.pk: row for row in decision.priorities.all()}
    priorities.update({row.priority_id: row.priority for row in about})
    return about, list(priorities.values())


def by_recommendation(
    actions: Iterable[Action], decided: Mapping[uuid.UUID, Iterable[uuid.UUID]]
) -> dict[uuid.UUID, list[Action]]:
    """Actions in memory by the recommendation they belong to; `decided` says which decisions each has."""
    about: dict[uuid.UUID, list[uuid.UUID]] = {}
    for recommendation_id, decisions in decided.items():
        for decision_id in decisions:
            about.setdefault(decision_id, []).append(recommendation_id)
    groups: dict[uuid.UUID, list[Action]] = {}
    for row in actions:
        through = about.get(row.decision_id, []) if row.decision_id else []
        for key in [row.recommendation_id] if row.recommendation_id else through:
            groups.setdefault(key, []).append(row)
    return groups


def tally_of_recommendation(*conditions: Q, **only: Any) -> Any:
    """How many actions belong to the recommendation at hand; each way by its own index."""
    here = {"decision__recommendations": OuterRef("pk"), "decision__withdrawn_on": None}
    return _count(*conditions, recommendation=OuterRef("pk"), **only) + _count(
        *conditions, recommendation=None, **here, **only
    )


def tally_of_priority(*conditions: Q, **only: Any) -> Any:
    """How many actions belong to the priority at hand."""
    about = Q(decision__priorities=OuterRef("pk")) | Q(decision__recommendations__priority=OuterRef("pk"))
    through = {"partnership": OuterRef("partnership"), "priority": None, "decision__withdrawn_on": None}
    return _count(*conditions, priority=OuterRef("pk"), **only) + _count(
        *conditions, about, decision__isnull=False, **through, **only
    )


def _count(*conditions: Q, **only: Any) -> Coalesce:
    rows = Action.objects.filter(*conditions, **only).order_by().annotate(one=Value(1)).values("one")
    counted = rows.annotate(n=Count("pk", distinct=True)).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


# What decisions say of a recommendation --------------------------------------------------------------


def decided_status(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str | None]:
    """By recommendation: where the decisions that stand put it; None where none of them moves it."""
    rulings: dict[uuid.UUID, list[Ruling]] = {pk: [] for pk in ids}
    rows = (
        Decision.objects.standing()
        .filter(recommendations__in=list(rulings))
        .annotate(about=F("recommendations"))
    )
    for row in rows:
        day = row.decided_on or timezone.localdate(row.recorded_at)
        rulings[row.about].append(Ruling(day, row.recorded_at, row.outcome))
    return {pk: rules.standing_after(each) for pk, each in rulings.items()}
