"""Reads across the chain: its breaks, one record followed both ways, a priority's progress."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet

from shield.improvement import rules
from shield.improvement.models import (
    OWNER_RELATIONS,
    Action,
    Decision,
    Evidence,
    Finding,
    ImpactReview,
    Part,
    Priority,
    ProgressNote,
    Recommendation,
    SuccessMeasure,
    Theme,
    owned_by,
)
from shield.improvement.rules import Break, BreakSort
from shield.kernel.access.rules import Actor


@dataclass
class Chain:
    """A partnership's chain in memory, read with a fixed number of queries."""

    priorities: list[Priority]
    measures: list[SuccessMeasure]
    recommendations: list[Recommendation]
    parts: dict[uuid.UUID, list[Part]]
    actions: list[Action]
    decisions: list[Decision]
    reviews: list[ImpactReview]
    evidence: dict[uuid.UUID, list[Evidence]]
    decided: dict[uuid.UUID, list[uuid.UUID]] = field(default_factory=dict)
    """Recommendation id -> ids of the decisions about it."""

    @property
    def by_recommendation(self) -> dict[uuid.UUID, list[Action]]:
        """Actions grouped by their recommendation."""
        return _grouped(self.actions, "recommendation_id")


def _grouped(rows: Iterable[Any], key: str) -> dict[uuid.UUID, list[Any]]:
    groups: dict[uuid.UUID, list[Any]] = {}
    for row in rows:
        value = getattr(row, key)
        if value is not None:
            groups.setdefault(value, []).append(row)
    return groups


def chain(actor: Actor) -> Chain:
    """Everything of the chain that the actor may see."""
    recommendations = list(
        Recommendation.objects.visible_to(actor).select_related("priority", *OWNER_RELATIONS)
    )
    shown = {r.pk for r in recommendations}
    decisions = list(Decision.objects.visible_to(actor))
    through = Decision.recommendations.through.objects.filter(decision__partnership_id=actor.partnership_id)
    decided: dict[uuid.UUID, list[uuid.UUID]] = {}
    for recommendation_id, decision_id in through.values_list("recommendation_id", "decision_id"):
        decided.setdefault(recommendation_id, []).append(decision_id)
    return Chain(
        priorities=list(Priority.objects.visible_to(actor)),
        measures=list(SuccessMeasure.objects.visible_to(actor).select_related("priority")),
        recommendations=recommendations,
        parts=_grouped(
            Part.objects.filter(recommendation_id__in=shown).select_related(*OWNER_RELATIONS),
            "recommendation_id",
        ),
        actions=list(Action.objects.visible_to(actor).select_related("priority", *OWNER_RELATIONS)),
        decisions=decisions,
        reviews=list(ImpactReview.objects.visible_to(actor).select_related("priority")),
        evidence=_grouped(Evidence.objects.visible_to(actor), "about_id"),
        decided=decided,
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
        parts = known.parts.get(row.pk, [])
        place = {
            "priority": row.priority.heading,
            "priority_id": str(row.priority_id),
            "reference": row.reference,
        }
        if row.status in {"draft", "presented"} and row.pk not in known.decided:
            found.append(Break(BreakSort.NOT_DECIDED, row.ref, row.heading, since=row.presented_on, **place))
        if row.status != "accepted":
            continue
        owned = row.has_owner or any(p.has_owner for p in parts) or any(a.has_owner for a in actions)
        if not owned:
            found.append(Break(BreakSort.NO_OWNER, row.ref, row.heading, **place))
        if not actions:
            found.append(Break(BreakSort.NO_ACTION, row.ref, row.heading, owner=row.owner_words, **place))
    return found


def _action_breaks(known: Chain, today: date) -> list[Break]:
    found = []
    for row in known.actions:
        place = {
            "priority": row.priority.heading if row.priority else "",
            "priority_id": str(row.priority_id or ""),
            "owner": row.owner_words,
            "reference": row.reference,
        }
        if rules.is_overdue(status=row.status, due_on=row.due_on, today=today, precision=row.precision):
            found.append(Break(BreakSort.OVERDUE, row.ref, row.heading, since=row.due_on, **place))
        if row.status == rules.ActionStatus.DONE and row.pk not in known.evidence:
            found.append(Break(BreakSort.NO_EVIDENCE, row.ref, row.heading, since=row.done_on, **place))
    return found


def _decision_breaks(known: Chain) -> list[Break]:
    acted = {action.decision_id for action in known.actions}
    with_actions = set(known.by_recommendation)
    leads_on = {d for r, ids in known.decided.items() if r in with_actions for d in ids}
    return [
        Break(BreakSort.NOT_ACTED_UPON, row.ref, row.heading, since=row.decided_on, reference=row.reference)
        for row in known.decisions
        if row.needs_action and row.pk not in acted and row.pk not in leads_on
    ]


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
            priority = row.priority
            found.append(
                Break(
                    BreakSort.NO_IMPACT, row.ref, row.heading, priority.heading if priority else "The partnership",
                    str(row.priority_id or ""), reference=row.reference,
                )
            )  # fmt: skip
    for review in known.reviews:
        if review.held_on is None and review.due_on < today:
            found.append(
                Break(
                    BreakSort.REVIEW_OVERDUE, review.ref, review.heading, review.priority.heading, str(review.priority_id),
                    since=review.due_on, reference=review.reference,
                )
            )  # fmt: skip
    return found


@dataclass(frozen=True)
class Node:
    """One record on the drawing of a chain."""

    stage: str
    record: Any
    tone: str = "neutral"


@dataclass
class Path:
    """A record followed up and down: the records at each stage, and the links between them."""

    nodes: dict[uuid.UUID, Node] = field(default_factory=dict)
    edges: set[tuple[uuid.UUID, uuid.UUID]] = field(default_factory=set)

    def add(self, stage: str, record: Any, *, after: Any = None, before: Any = None) -> None:
        """Put a record on its stage, linked to the one it comes after or before."""
        self.nodes.setdefault(record.pk, Node(stage, record))
        if after is not None:
            self.edges.add((after.pk, record.pk))
        if before is not None:
            self.edges.add((record.pk, before.pk))

    def at(self, stage: str) -> list[Any]:
        """The records at one stage."""
        return [node.record for node in self.nodes.values() if node.stage == stage]


STAGES = ("Findings", "Themes", "Recommendations", "Decisions", "Actions", "Evidence", "Impact")


def follow(record: Any, actor: Actor) -> Path:
    """Follow one record of the chain both ways, within what the actor may see."""
    path = Path()
    recommendations: list[Recommendation] = []
    actions: list[Action] = []
    see = _Seeing(actor)
    if isinstance(record, Recommendation):
        recommendations = [record]
    elif isinstance(record, Finding):
        path.add("Findings", record)
        recommendations = list(see.of(Recommendation, findings=record))
    elif isinstance(record, Theme):
        path.add("Themes", record)
        recommendations = list(
            see.of(Recommendation, Q(themes=record) | Q(findings__themes=record)).distinct()
        )
        for finding in see.of(Finding, themes=record):
            path.add("Findings", finding, before=record)
    elif isinstance(record, Decision):
        path.add("Decisions", record)
        recommendations = list(see.of(Recommendation, decisions=record))
        actions = list(see.of(Action, decision=record))
    elif isinstance(record, Part):
        recommendations = list(see.of(Recommendation, pk=record.recommendation_id))
    elif isinstance(record, Action):
        path.add("Actions", record)
        actions = [record]
        recommendations = list(see.of(Recommendation, pk=record.recommendation_id))
        for decision in see.of(Decision, pk=record.decision_id):
            path.add("Decisions", decision, before=record)
    elif isinstance(record, Evidence):
        path.add("Evidence", record)
        actions = list(see.of(Action, pk=record.about_id))
        recommendations = list(
            see.of(Recommendation, Q(pk=record.about_id) | Q(pk__in=[a.recommendation_id for a in actions]))
        )
    elif isinstance(record, ImpactReview):
        path.add("Impact", record)
        recommendations = list(
            see.of(Recommendation, priority=record.priority_id, status__in=["accepted", "closed"])
        )
    elif isinstance(record, SuccessMeasure | Priority):
        priority_id = record.pk if isinstance(record, Priority) else record.priority_id
        recommendations = list(see.of(Recommendation, priority=priority_id))
        if isinstance(record, SuccessMeasure):
            path.add("Impact", record)
    only = [a.pk for a in actions] if isinstance(record, Action | Evidence) and actions else None
    _spread(path, recommendations, actions, see, only)
    return path


class _Seeing:
    """Rows as one actor may see them."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor

    def of(self, model: Any, *conditions: Q, **filters: Any) -> QuerySet[Any]:
        """Visible rows of a model, with their owners where they have any."""
        rows = model.objects.visible_to(self.actor).filter(*conditions, **filters)
        if issubclass(model, Recommendation | Action):
            rows = rows.select_related("priority", *OWNER_RELATIONS)
        return rows  # type: ignore[no-any-return]


def _spread(
    path: Path,
    recommendations: list[Recommendation],
    actions: list[Action],
    see: _Seeing,
    only: list[uuid.UUID] | None,
) -> None:
    """From the recommendations upwards to findings and themes, downwards to impact."""
    by_id = {r.pk: r for r in recommendations}
    for row in recommendations:
        path.add("Recommendations", row)
    for finding in (
        see.of(Finding, recommendations__in=by_id).prefetch_related("recommendations", "themes").distinct()
    ):
        path.add("Findings", finding)
        themes = list(finding.themes.all())
        for theme in themes:
            path.add("Themes", theme, after=finding)
        for row in finding.recommendations.all():
            if row.pk in by_id:
                for before in themes or [finding]:
                    path.edges.add((before.pk, row.pk))
    for decision in (
        see.of(Decision, recommendations__in=by_id).prefetch_related("recommendations").distinct()
    ):
        path.add("Decisions", decision)
        path.edges.update((row.pk, decision.pk) for row in decision.recommendations.all() if row.pk in by_id)
    more = see.of(Action, recommendation__in=by_id) if only is None else see.of(Action, pk__in=only)
    for action in {a.pk: a for a in [*actions, *more]}.values():
        path.add("Actions", action)
        sources = [d.pk for d in path.at("Decisions") if (action.recommendation_id, d.pk) in path.edges]
        for source in sources or ([action.recommendation_id] if action.recommendation_id in by_id else []):
            path.edges.add((source, action.pk))
    _ends(path, by_id, see)


def _ends(path: Path, by_id: dict[uuid.UUID, Recommendation], see: _Seeing) -> None:
    about = [*by_id, *(a.pk for a in path.at("Actions")), *(m.pk for m in path.at("Impact"))]
    for evidence in see.of(Evidence, about_id__in=about):
        path.add("Evidence", evidence)
        path.edges.add((evidence.about_id, evidence.pk))
    priorities = {r.priority_id for r in by_id.values()}
    reviews = (
        see.of(ImpactReview, priority__in=priorities).select_related("priority").prefetch_related("evidence")
    )
    for review in reviews:
        path.add("Impact", review)
        path.edges.update((e.pk, review.pk) for e in review.evidence.all() if e.pk in path.nodes)


def notes_about(record_id: uuid.UUID, actor: Actor) -> QuerySet[ProgressNote]:
    """Progress notes about one record, newest first."""
    return ProgressNote.objects.visible_to(actor).filter(about_id=record_id)


def evidence_about(record_id: uuid.UUID, actor: Actor) -> QuerySet[Evidence]:
    """Evidence about one record, newest first."""
    return Evidence.objects.visible_to(actor).filter(about_id=record_id)


def open_actions(actor: Actor) -> QuerySet[Action]:
    """Actions that are not finished, the first due first; those without a date last."""
    return (
        Action.objects.visible_to(actor)
        .filter(status__in=["planned", "in_progress"])
        .select_related("priority", *OWNER_RELATIONS)
        .order_by(F("due_on").asc(nulls_last=True), "reference")
    )


def my_actions(actor: Actor) -> QuerySet[Action]:
    """Open actions that are the actor's own or their agencies'."""
    return open_actions(actor).filter(owned_by(actor))


def themes(actor: Actor) -> QuerySet[Theme]:
    """Themes the actor may see."""
    return Theme.objects.visible_to(actor).select_related("priority")
