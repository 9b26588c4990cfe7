"""The chain in memory, and where it is broken."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from shield.improvement import rules
from shield.improvement.models import (
    Action,
    Decision,
    Evidence,
    ImpactReview,
    Part,
    Priority,
    Recommendation,
    SuccessMeasure,
)
from shield.improvement.queries import belonging
from shield.improvement.rules import Break, BreakSort, Place
from shield.kernel.access.rules import Actor
from shield.kernel.calendar import rules as calendar

HAS_OWNER = (
    Q(owner_agency__isnull=False)
    | Q(owner_office__isnull=False)
    | Q(owner_person__isnull=False)
    | Q(owner_body_id__isnull=False)
    | ~Q(owner_outside="")
)
"""`Owned.has_owner` as a condition of the database."""


@dataclass
class Chain:
    """A partnership's chain, or a part of it, in memory; read with a fixed number of queries."""

    measures: list[SuccessMeasure]
    recommendations: list[Recommendation]
    actions: list[Action]
    decisions: list[Decision]
    reviews: list[ImpactReview]
    evidence: dict[uuid.UUID, list[Evidence]]
    decided: dict[uuid.UUID, list[uuid.UUID]] = field(default_factory=dict)
    """Recommendation id -> ids of the decisions about it."""
    concerns: dict[uuid.UUID, list[Priority]] = field(default_factory=dict)
    """Decision id -> the priorities it is about, by itself or by its recommendations."""

    @property
    def by_recommendation(self) -> dict[uuid.UUID, list[Action]]:
        """Actions grouped by the recommendations they belong to."""
        return belonging.by_recommendation(self.actions, self.decided)

    def priorities_of(self, action: Action) -> tuple[Place, ...]:
        """Where an action stands: its own priority, or those of the decision it came of."""
        if action.priority is not None or action.decision_id is None:
            return _place(action.priority)
        return tuple(map(_at, self.concerns.get(action.decision_id, [])))


def grouped(rows: Iterable[Any], key: str) -> dict[uuid.UUID, list[Any]]:
    """Rows by one of their values; those without it are left out."""
    groups: dict[uuid.UUID, list[Any]] = {}
    for row in rows:
        value = getattr(row, key)
        if value is not None:
            groups.setdefault(value, []).append(row)
    return groups


def with_owned_parts(rows: QuerySet[Recommendation]) -> QuerySet[Recommendation]:
    """Recommendations that know, as `part_owned`, whether anybody answers for one of their parts."""
    return rows.annotate(part_owned=Exists(Part.objects.filter(HAS_OWNER, recommendation=OuterRef("pk"))))


def chain(actor: Actor) -> Chain:
    """Everything of the chain that the actor may see."""
    recommendations = list(with_owned_parts(Recommendation.objects.visible_to(actor)))
    # One row for each recommendation and priority a decision is about; folded into the decision itself.
    repeated = Decision.objects.visible_to(actor).annotate(about=F("recommendations"), of=F("priorities"))
    decisions: dict[uuid.UUID, Decision] = {}
    decided: dict[uuid.UUID, list[uuid.UUID]] = {}
    of: dict[uuid.UUID, set[uuid.UUID]] = {}
    for row in repeated:
        decisions.setdefault(row.pk, row)
        if row.about is not None and row.pk not in decided.setdefault(row.about, []):
            decided[row.about].append(row.pk)
        if row.of is not None:
            of.setdefault(row.pk, set()).add(row.of)
    priorities = {p.pk: p for p in Priority.objects.visible_to(actor)}
    for recommendation in recommendations:
        for decision_id in decided.get(recommendation.pk, ()):
            of.setdefault(decision_id, set()).add(recommendation.priority_id)
    return Chain(
        measures=list(SuccessMeasure.objects.visible_to(actor)),
        recommendations=recommendations,
        actions=list(Action.objects.visible_to(actor)),
        decisions=list(decisions.values()),
        reviews=list(ImpactReview.objects.visible_to(actor)),
        evidence=grouped(Evidence.objects.visible_to(actor), "about_id"),
        decided=decided,
        concerns={key: [row for pk, row in priorities.items() if pk in ids] for key, ids in of.items()},
    )


def breaks(actor: Actor, today: date) -> list[Break]:
    """Every break in the chain the actor may see, the oldest first."""
    return find_breaks(chain(actor), today)


def find_breaks(known: Chain, today: date) -> list[Break]:
    """Every break in a chain, the oldest first."""
    found = [
        *_recommendation_breaks(known),
        *_action_breaks(known, today),
        *_decision_breaks(known),
        *_impact_breaks(known, today),
    ]
    order = list(BreakSort)
    return sorted(found, key=lambda b: (b.since or date.max, order.index(b.sort), b.reference))


def _recommendation_breaks(known: Chain) -> list[Break]:
    found = []
    by_recommendation = known.by_recommendation
    for row in known.recommendations:
        actions = by_recommendation.get(row.pk, [])
        place = {"places": _place(row.priority), "reference": row.reference, "owner": row.owner_words}
        if row.status in {"draft", "presented"} and row.pk not in known.decided:
            found.append(Break(BreakSort.NOT_DECIDED, row.ref, row.heading, since=row.presented_on, **place))
        if row.status != "accepted":
            continue
        part_owned = row.part_owned  # type: ignore[attr-defined]
        if not (row.has_owner or part_owned or any(action.has_owner for action in actions)):
            found.append(Break(BreakSort.NO_OWNER, row.ref, row.heading, **place))
        if not actions:
            found.append(Break(BreakSort.NO_ACTION, row.ref, row.heading, **place))
    return found


def _action_breaks(known: Chain, today: date) -> list[Break]:
    found = []
    for row in known.actions:
        place = {"places": known.priorities_of(row), "owner": row.owner_words, "reference": row.reference}
        if row.status in rules.OPEN_ACTIONS and not row.has_owner:
            found.append(Break(BreakSort.ACTION_NO_OWNER, row.ref, row.heading, **place))
        if rules.is_overdue(status=row.status, due_on=row.due_on, today=today, precision=row.precision):
            last = calendar.last_day_of(row.due_on, row.precision) if row.due_on else None
            found.append(Break(BreakSort.OVERDUE, row.ref, row.heading, since=last, **place))
        if row.status == rules.ActionStatus.DONE and row.pk not in known.evidence:
            found.append(Break(BreakSort.NO_EVIDENCE, row.ref, row.heading, since=row.done_on, **place))
    return found


def _decision_breaks(known: Chain) -> list[Break]:
    acted = {action.decision_id for action in known.actions}
    with_actions = {action.recommendation_id for action in known.actions}
    leads_on = {d for r, ids in known.decided.items() if r in with_actions for d in ids}
    found = []
    for row in known.decisions:
        if row.needs_action and row.pk not in acted and row.pk not in leads_on:
            place = {"places": tuple(map(_at, known.concerns.get(row.pk, []))), "reference": row.reference}
            found.append(Break(BreakSort.NOT_ACTED_UPON, row.ref, row.heading, since=row.decided_on, **place))
    return found


def _impact_breaks(known: Chain, today: date) -> list[Break]:
    found = []
    shown = {
        item.about_id
        for items in known.evidence.values()
        for item in items
        if item.answers == rules.Question.BETTER_OFF
    }
    for row in known.measures:
        if row.pk not in shown:
            place = {"places": _place(row.priority) or (rules.WHOLE_PARTNERSHIP,), "reference": row.reference}
            found.append(Break(BreakSort.NO_IMPACT, row.ref, row.heading, **place))
    for review in known.reviews:
        if review.held_on is None and review.due_on < today:
            place = {"places": _place(review.priority), "reference": review.reference}
            since = review.due_on
            found.append(Break(BreakSort.REVIEW_OVERDUE, review.ref, review.heading, since=since, **place))
    return found


def _place(priority: Priority | None) -> tuple[Place, ...]:
    return () if priority is None else (_at(priority),)


def _at(priority: Priority) -> Place:
    return Place(str(priority.pk), priority.heading, priority.short)
