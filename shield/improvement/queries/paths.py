"""One record followed both ways, with what is missing on the way."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Case, F, Q, QuerySet, When

from shield.improvement import permissions, rules
from shield.improvement.models import (
    Action,
    ChainRecord,
    Decision,
    Evidence,
    Finding,
    ImpactReview,
    Priority,
    ProgressNote,
    Recommendation,
    SuccessMeasure,
    Theme,
)
from shield.improvement.queries import belonging
from shield.improvement.queries.breaks import Chain, find_breaks, grouped, with_owned_parts
from shield.improvement.queries.registers import NUMBERED, measures_of
from shield.improvement.rules import Break, BreakSort
from shield.kernel.access.rules import Actor

STAGES = ("Findings", "Themes", "Recommendations", "Decisions", "Actions", "Evidence", "Impact")
"""The stages of the chain, in order."""


@dataclass(frozen=True)
class Node:
    """One record on its stage of the chain."""

    stage: str
    record: Any


@dataclass
class Path:
    """A record followed up and down: the records at each stage, and the links between them."""

    nodes: dict[uuid.UUID, Node] = field(default_factory=dict)
    edges: set[tuple[uuid.UUID, uuid.UUID]] = field(default_factory=set)

    def add(self, stage: str, record: Any) -> None:
        """Put a record on its stage; one that is there already stays."""
        self.nodes.setdefault(record.pk, Node(stage, record))

    def link(self, source: uuid.UUID | None, target: uuid.UUID | None) -> None:
        """Note that one record led to another, if both are on the path."""
        if source in self.nodes and target in self.nodes:
            self.edges.add((source, target))

    def at(self, stage: str) -> list[Any]:
        """The records at one stage."""
        return [node.record for node in self.nodes.values() if node.stage == stage]


@dataclass(frozen=True)
class _Start:
    """Where a path begins: which recommendations, actions, decisions and evidence belong to it."""

    recommendations: Q | None = None
    actions: Q | None = None
    decisions: Q | None = None


def follow(record: ChainRecord, actor: Actor) -> Path:
    """Follow one record of the chain both ways, within what the actor may see."""
    path = Path()
    start = _start(record, actor)
    if isinstance(record, Evidence) and start.actions is None:
        for measure in _seen(SuccessMeasure, actor).filter(pk=record.about_id):
            path.add("Impact", measure)
    if isinstance(record, Priority):
        for measure in measures_of(record, actor):
            path.add("Impact", measure)
    if stage := _STAGE_OF.get(type(record)):
        path.add(stage, record)
    if start.recommendations is not None:
        for row in (
            with_owned_parts(_seen(Recommendation, actor))
            .filter(start.recommendations)
            .order_by(*NUMBERED)
            .distinct()
        ):
            path.add("Recommendations", row)
    recommendations = {row.pk: row for row in path.at("Recommendations")}
    _upward(path, record, recommendations, actor)
    _decisions(path, recommendations, start, actor)
    _actions(path, recommendations, start, actor)
    _ends(path, recommendations, actor)
    return path


_STAGE_OF: dict[type[ChainRecord], str] = {
    Finding: "Findings",
    Theme: "Themes",
    Decision: "Decisions",
    Action: "Actions",
    Evidence: "Evidence",
    SuccessMeasure: "Impact",
    ImpactReview: "Impact",
}


def _seen(model: type[ChainRecord], actor: Actor) -> QuerySet[Any]:
    return model.objects.visible_to(actor)


def _start(record: ChainRecord, actor: Actor) -> _Start:
    """What belongs to a record's own chain, as conditions."""
    if isinstance(record, Recommendation):
        return _Start(Q(pk=record.pk))
    if isinstance(record, Finding):
        return _Start(Q(findings=record))
    if isinstance(record, Theme):
        return _Start(Q(themes=record) | Q(findings__themes=record, findings__withdrawn_on=None))
    if isinstance(record, Decision):
        return _Start(Q(decisions=record), None, Q(pk=record.pk))
    if isinstance(record, Action):
        return _start_at(record)
    if isinstance(record, Evidence | ProgressNote):
        about = _seen(Action, actor).filter(pk=record.about_id).first()
        return _Start(Q(pk=record.about_id)) if about is None else _start_at(about)
    if isinstance(record, ImpactReview):
        decided = Q(priority=record.priority_id, status__in=["accepted", "closed"])
        return _Start(decided, belonging.of_priority(record.priority_id))
    if isinstance(record, Priority | SuccessMeasure):
        priority_id = record.pk if isinstance(record, Priority) else record.priority_id
        return (
            _Start(Q(priority=priority_id), belonging.of_priority(priority_id)) if priority_id else _Start()
        )
    return _Start()


def _start_at(action: Action) -> _Start:
    """An action's own chain: the recommendations it belongs to, itself, and the decision it came of."""
    decided = Q(pk=action.decision_id) if action.decision_id else None
    return _Start(Q(pk__in=belonging.recommendations_behind(action)), Q(pk=action.pk), decided)


def _upward(path: Path, record: ChainRecord, known: dict[uuid.UUID, Recommendation], actor: Actor) -> None:
    """Findings and themes, in one query: a row for each finding, recommendation and theme of it."""
    wanted = Q(recommendations__in=known)
    if isinstance(record, Finding):
        wanted |= Q(pk=record.pk)
    if isinstance(record, Theme):
        wanted |= Q(themes=record)
    if isinstance(record, Priority):
        wanted |= Q(priority=record)
    rows = (
        _seen(Finding, actor)
        .filter(wanted)
        .annotate(
            led_to=F("recommendations"),
            theme_id=Case(When(themes__withdrawn_on=None, then=F("themes"))),
            theme_title=F("themes__title"),
        )
        .order_by("reference")
    )
    for row in rows:
        path.add("Findings", row)
        if row.theme_id is not None:
            path.add(
                "Themes", Theme(pk=row.theme_id, partnership_id=row.partnership_id, title=row.theme_title)
            )
            path.link(row.pk, row.theme_id)
        path.link(row.theme_id or row.pk, row.led_to)


def _decisions(path: Path, known: dict[uuid.UUID, Recommendation], start: _Start, actor: Actor) -> None:
    wanted = Q(recommendations__in=known)
    if start.decisions is not None:
        wanted |= start.decisions
    rows = _seen(Decision, actor).filter(wanted).annotate(about=F("recommendations"))
    for row in rows.order_by("decided_on", "reference"):
        path.add("Decisions", row)
        path.link(row.about, row.pk)


def _actions(path: Path, known: dict[uuid.UUID, Recommendation], start: _Start, actor: Actor) -> None:
    wanted = start.actions if start.actions is not None else belonging.of_recommendations(known)
    decisions = [row.pk for row in path.at("Decisions")]
    if start.actions is None and start.decisions is not None:
        wanted |= Q(decision__in=decisions)
    for row in _seen(Action, actor).filter(wanted):
        path.add("Actions", row)
        if row.decision_id in path.nodes:
            path.link(row.decision_id, row.pk)
            continue
        through = [d for d in decisions if (row.recommendation_id, d) in path.edges]
        for source in through or [row.recommendation_id]:
            path.link(source, row.pk)


def _ends(path: Path, known: dict[uuid.UUID, Recommendation], actor: Actor) -> None:
    """Evidence about all that is on the path, and the impact reviews of its priorities."""
    about = [*known, *(row.pk for row in path.at("Actions")), *(row.pk for row in path.at("Impact"))]
    for evidence in _seen(Evidence, actor).filter(about_id__in=about):
        path.add("Evidence", evidence)
        before = path.nodes[evidence.about_id].stage != "Impact"
        ends = (evidence.about_id, evidence.pk) if before else (evidence.pk, evidence.about_id)
        path.link(*ends)
    priorities = {row.priority_id for row in known.values()}
    reviews = _seen(ImpactReview, actor).filter(priority__in=priorities).annotate(rests_on=F("evidence"))
    for review in reviews:
        path.add("Impact", review)
        path.link(review.rests_on, review.pk)


# What is missing ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Missing:
    """A link that should be there and is not: on which stage, what to call it, beside which record."""

    stage: str
    text: str
    found: Break
    before: bool = False
    """The missing record would come before the one that is there."""

    @property
    def beside(self) -> uuid.UUID:
        """The record that is there."""
        return self.found.ref.id


_MISSING: dict[BreakSort, tuple[str, str, bool]] = {
    BreakSort.NOT_DECIDED: ("Decisions", "Not decided yet", False),
    BreakSort.NO_ACTION: ("Actions", "No action yet", False),
    BreakSort.NOT_ACTED_UPON: ("Actions", "Not acted upon", False),
    BreakSort.NO_EVIDENCE: ("Evidence", "No evidence yet", False),
    BreakSort.NO_IMPACT: ("Evidence", "Nothing shows yet that anyone is better off", True),
}


def breaks_of(path: Path, actor: Actor, today: date) -> list[Break]:
    """The breaks on one path; for somebody who sees all of it, since what they cannot see is not missing."""
    if not actor.may(permissions.VIEW):
        return []
    impact = path.at("Impact")
    decided: dict[uuid.UUID, list[uuid.UUID]] = {}
    decisions = {row.pk for row in path.at("Decisions")}
    for source, target in path.edges:
        if target in decisions:
            decided.setdefault(source, []).append(target)
    part = Chain(
        measures=[row for row in impact if isinstance(row, SuccessMeasure)],
        recommendations=path.at("Recommendations"),
        actions=path.at("Actions"),
        decisions=path.at("Decisions"),
        reviews=[row for row in impact if isinstance(row, ImpactReview)],
        evidence=grouped(path.at("Evidence"), "about_id"),
        decided=decided,
    )
    return find_breaks(part, today)


def missing(found: Iterable[Break]) -> list[Missing]:
    """The missing links among breaks; the others (no owner, overdue) are faults of a record that is there."""
    return [
        Missing(_MISSING[each.sort][0], _MISSING[each.sort][1], each, _MISSING[each.sort][2])
        for each in found
        if each.sort in _MISSING
    ]


def tones_of(found: Iterable[Break]) -> dict[uuid.UUID, str]:
    """The tone of a record in which there is a fault of its own: late, or nobody answers for it."""
    own = {
        BreakSort.NO_OWNER: "missing",
        BreakSort.ACTION_NO_OWNER: "missing",
        BreakSort.OVERDUE: "late",
        BreakSort.REVIEW_OVERDUE: "late",
    }
    faults: dict[uuid.UUID, str] = {}
    for sort, tone in own.items():  # what is late as well is drawn as late
        faults.update({each.ref.id: tone for each in found if each.sort is sort})
    return faults


def tone(record: Any, faults: dict[uuid.UUID, str]) -> str:
    """How a record is drawn: done, planned, late, or simply there."""
    if record.pk in faults:
        return faults[record.pk]
    if isinstance(record, Action):
        return {"done": "done", "stopped": "neutral"}.get(record.status, "planned")
    if isinstance(record, Decision):
        return "done"
    if isinstance(record, Evidence):
        return "good" if record.answers == rules.Question.BETTER_OFF else "done"
    if isinstance(record, ImpactReview):
        return "done" if record.held_on else "planned"
    return "neutral"
