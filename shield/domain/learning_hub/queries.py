"""Reads across cycles."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from shield.domain.learning_hub import permissions, rules
from shield.domain.learning_hub.models import (
    Cycle,
    DisseminationStep,
    EmergingIssue,
    PlanItem,
    PlannedActivity,
    Stage,
)
from shield.improvement import permissions as chain
from shield.improvement import queries as improvement
from shield.improvement.models import Action, Finding, ImpactReview, Priority, Recommendation, SuccessMeasure
from shield.improvement.rules import PriorityStatus, RecommendationSort
from shield.kernel.access.rules import Actor
from shield.kernel.calendar.rules import in_words, in_words_to
from shield.meetings import queries as meetings
from shield.meetings.models import Gathering


def cycles(actor: Actor) -> QuerySet[Cycle]:
    """Cycles that run or have run to their end, with their priority and stages, in order; stopped ones left out."""
    return (
        Cycle.objects.visible_to(actor)
        .filter(stopped_on=None)
        .select_related("priority")
        .prefetch_related("stages", "priority__leads")
        .order_by("starts_on")
    )


def without_cycle(actor: Actor) -> QuerySet[Priority]:
    """Priorities on which the hub has not begun to work, closed ones left out; in their order."""
    worked = Cycle.objects.filter(partnership_id=actor.partnership_id, stopped_on=None).values("priority_id")
    rows = Priority.objects.visible_to(actor).exclude(pk__in=worked).exclude(status=PriorityStatus.CLOSED)
    return rows.prefetch_related("leads").order_by("number", "title")


def stopped(actor: Actor) -> QuerySet[Cycle]:
    """Cycles that were stopped, with why; the latest first."""
    return Cycle.objects.visible_to(actor).filter(stopped_on__isnull=False).order_by("-stopped_on")


def going_on(priority: Priority) -> dict[str, int]:
    """What there is in a priority beside its cycle, as `rules.goes_back` asks."""
    return {
        "findings": Finding.objects.standing().filter(priority=priority).count(),
        "recommendations": Recommendation.objects.standing().filter(priority=priority).count(),
        "actions": Action.objects.filter(priority=priority).count(),
    }


def sessions_of(priority: Priority, actor: Actor) -> QuerySet[Gathering]:
    """Sessions, workshops and meetings about a priority, in order of date."""
    return Gathering.objects.visible_to(actor).filter(priority=priority).order_by("held_on")


def held_for(priority: Priority, today: date) -> int:
    """How many sessions about a priority were held by a day; what is planned or cancelled is none."""
    rows = Gathering.objects.filter(priority=priority, held_on__lte=today).exclude(status="cancelled")
    return rows.exclude(status="planned").count()


def found_in(stage: Stage) -> int:
    """How many findings a stage led to: those from its own source, and of the time of its cycle where the day is known."""
    rows = Finding.objects.standing().filter(priority=stage.cycle.priority)
    if sources := rules.FOUND_IN.get(stage.number):
        rows = rows.filter(evidence_from__in=sources)
    return rows.exclude(found_on__lt=stage.cycle.starts_on.replace(day=1)).count()


def steps(actor: Actor) -> QuerySet[DisseminationStep]:
    """Steps of dissemination in order of date."""
    return DisseminationStep.objects.visible_to(actor).select_related("priority", "agency", "gathering")


def steps_of(priority: Priority, actor: Actor) -> QuerySet[DisseminationStep]:
    """The steps of one priority."""
    return steps(actor).filter(priority=priority)


def why_not_report(step: DisseminationStep, actor: Actor) -> str:
    """Why somebody may not report on a step, empty if they may: it is for its agency, and for who runs the hub."""
    if actor.may(permissions.RUN) or (step.agency_id and step.agency_id in actor.agency_ids):
        return ""
    whose = step.agency.called if step.agency else "whoever runs the Learning Hub"
    return f"This step is not your agency's to report on. It is for {whose}."


def gatherings_from(day: date, actor: Actor) -> QuerySet[Gathering]:
    """Meetings and events from a day on at which learning may be passed on, in order of date."""
    return (
        Gathering.objects.visible_to(actor)
        .filter(held_on__gte=day)
        .exclude(status="cancelled")
        .order_by("held_on")
    )


@dataclass(frozen=True)
class Due:
    """The next thing that is due in the work on a priority."""

    last: date
    when: str
    title: str


def next_due(actor: Actor) -> dict[uuid.UUID, Due]:
    """By priority: the stage, step of dissemination or impact review that is due first of those not done."""
    found: list[tuple[uuid.UUID, Due]] = []
    running = Stage.objects.visible_to(actor).filter(cycle__stopped_on=None)
    for stage in running.exclude(status=rules.StageStatus.DONE):
        found.append(
            (
                stage.cycle.priority_id,
                Due(stage.ends_on, in_words(stage.ends_on), f"end of {stage.title.lower()}"),
            )
        )
    for step in steps(actor).filter(status=rules.StepStatus.PLANNED):
        last = rules.last_day(step.happens_on, step.ends_on, step.precision)
        found.append(
            (step.priority_id, Due(last, in_words_to(step.happens_on, step.precision), step.heading))
        )
    for review in ImpactReview.objects.visible_to(actor).filter(held_on=None):
        found.append(
            (
                review.priority_id,
                Due(review.due_on, in_words(review.due_on), f"{review.months}-month impact review"),
            )
        )
    first: dict[uuid.UUID, Due] = {}
    for priority_id, due in sorted(found, key=lambda pair: pair[1].last):
        first.setdefault(priority_id, due)
    return first


@dataclass(frozen=True)
class DeliveryPlan:
    """Everything on a cycle's delivery plan, as it stands: it grows from month to month."""

    cycle: Cycle
    measures: tuple[SuccessMeasure, ...]
    evidence: tuple[tuple[rules.EvidenceKind, tuple[PlanItem, ...]], ...]
    planned: tuple[PlannedActivity, ...]
    sessions: tuple[tuple[Gathering, str], ...]
    """Each with how many came, in words; empty where nobody counted."""
    findings: tuple[Finding, ...] | None
    """None for a reader who may not see findings: that is not the same as none having been made."""
    recommendations: tuple[Recommendation, ...]
    """As far as the reader may see them: for an agency those that ask something of it."""
    issues: tuple[EmergingIssue, ...]


def delivery_plan(cycle: Cycle, actor: Actor) -> DeliveryPlan:
    """The delivery plan of a cycle: the seven kinds of evidence in their order, also those of which nothing is known."""
    items: dict[str, list[PlanItem]] = {kind: [] for kind in rules.EvidenceKind.values}
    for item in PlanItem.objects.visible_to(actor).filter(cycle=cycle, withdrawn_on=None):
        items[item.sort].append(item)
    priority = cycle.priority
    sessions = list(sessions_of(priority, actor))
    counts = meetings.head_counts(sessions, cycle.partnership_id)
    found = (
        improvement.findings(actor).filter(priority=priority).order_by("sort", "evidence_from", "reference")
    )
    return DeliveryPlan(
        cycle,
        tuple(improvement.measures_of(priority, actor)),
        tuple((rules.EvidenceKind(kind), tuple(rows)) for kind, rows in items.items()),
        tuple(PlannedActivity.objects.visible_to(actor).filter(cycle=cycle)),
        tuple((row, _attended(counts.get(row.pk))) for row in sessions),
        tuple(found) if actor.may(chain.VIEW) else None,
        tuple(improvement.recommendations(actor).filter(priority=priority)),
        tuple(issues_of(cycle, actor)),
    )


def _attended(counted: meetings.HeadCount | None) -> str:
    if counted is None:
        return ""
    count, disputed = counted
    return "Not settled" if disputed else str(count)


def planned_open(actor: Actor) -> QuerySet[PlannedActivity]:
    """Planned activities of running cycles that were not reported on."""
    rows = PlannedActivity.objects.visible_to(actor).filter(status=rules.ActivityStatus.PLANNED)
    return rows.filter(cycle__stopped_on=None)


# Emerging issues ---------------------------------------------------------------------------------------


def issues_of(cycle: Cycle, actor: Actor) -> QuerySet[EmergingIssue]:
    """The issues that emerged in a cycle, what was undone left out; each with what it came from and became."""
    rows = (
        EmergingIssue.objects.visible_to(actor).filter(cycle=cycle).exclude(status=rules.IssueStatus.UNDONE)
    )
    return rows.prefetch_related("came_from", "became").annotate(
        evidence=Count("plan_items", filter=Q(plan_items__withdrawn_on=None), distinct=True),
        found=Count("findings", filter=Q(findings__withdrawn_on=None), distinct=True),
    )


def findings_under(issues: Iterable[EmergingIssue]) -> QuerySet[Finding]:
    """The findings on which any of these issues rests."""
    links = EmergingIssue.findings.through.objects.filter(emergingissue_id__in=[issue.pk for issue in issues])
    return Finding.objects.filter(pk__in=links.values("finding_id"))


def to_fix(cycle: Cycle) -> QuerySet[Recommendation]:
    """The issues to be fixed of the priority that a cycle works on."""
    return Recommendation.objects.standing().filter(
        priority_id=cycle.priority_id, sort=RecommendationSort.ISSUE_TO_FIX
    )


def next_number(cycle: Cycle) -> int:
    """The next free number of an issue to be fixed."""
    return (to_fix(cycle).aggregate(last=Max("number"))["last"] or 0) + 1


def emerged(cycle: Cycle) -> rules.Emerged:
    """How many issues emerged and what became of them: counted, or as it was recorded for the cycle as a whole."""
    rows = EmergingIssue.objects.filter(cycle=cycle).exclude(status=rules.IssueStatus.UNDONE)
    told = rows.aggregate(
        noted=Count(
            "pk",
            filter=~Exists(EmergingIssue.came_from.through.objects.filter(from_emergingissue=OuterRef("pk"))),
        ),
        still_open=Count("pk", filter=Q(status=rules.IssueStatus.OPEN)),
        elsewhere=Count("pk", filter=Q(status=rules.IssueStatus.ELSEWHERE)),
    )
    fixing = to_fix(cycle)
    without = fixing.exclude(
        pk__in=Action.objects.filter(recommendation__in=fixing).values("recommendation_id")
    )
    counted = bool(told["noted"])
    return rules.Emerged(
        noted=told["noted"] if counted else cycle.issues_noted,
        still_open=told["still_open"],
        elsewhere=told["elsewhere"] if counted else cycle.issues_elsewhere,
        to_fix=fixing.count(),
        without_action=without.count(),
    )
