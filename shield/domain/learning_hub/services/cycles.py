"""Running a cycle: start, stages, members, dissemination."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from shield.domain.learning_hub import events, permissions, queries, rules
from shield.domain.learning_hub.models import Cycle, DisseminationStep, HubMember, Stage
from shield.improvement import services as improvement
from shield.improvement.models import Priority, Recommendation
from shield.improvement.rules import PriorityStatus, in_one_line
from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.accounts.models import Agency, Office, Person
from shield.kernel.history import services as history
from shield.kernel.records.rules import Refused, check_reason


@dataclass(frozen=True)
class StageDates:
    """A stage's own dates and title, where they differ from the plan of the variant."""

    number: int
    title: str
    starts_on: date
    ends_on: date
    status: str = "to_come"
    did: str = ""


@transaction.atomic
def start_cycle(
    *,
    priority: Priority,
    starts_on: date,
    by: Actor,
    variant: str = "four_month",
    summary: str = "",
    stages: Sequence[StageDates] = (),
    issues_noted: int | None = None,
    issues_elsewhere: int | None = None,
) -> Cycle:
    """Start the work on a priority; its stages follow month by month unless dates are given."""
    access.require(by, permissions.RUN)
    if Cycle.objects.filter(priority=priority, stopped_on=None).exists():
        raise Refused("The Learning Hub already works on this priority.", "priority")
    rules.check_told(issues_noted, issues_elsewhere)
    cycle = Cycle.new(
        by,
        priority=priority,
        variant=variant,
        starts_on=starts_on,
        summary=summary,
        issues_noted=issues_noted,
        issues_elsewhere=issues_elsewhere,
    ).store()
    _begin(priority, starts_on, by)
    needs = {plan.number: plan.needs for plan in rules.STAGES[variant]}
    for stage in stages or _planned(variant, starts_on):
        Stage(
            partnership_id=by.partnership_id, cycle=cycle, number=stage.number, title=stage.title, starts_on=stage.starts_on,
            ends_on=stage.ends_on, status=stage.status, did=stage.did, needs=needs.get(stage.number, ""),
        ).store()  # fmt: skip
    history.record(events.CYCLE_STARTED, on=cycle.ref, by=by)
    return cycle


def _begin(priority: Priority, starts_on: date, by: Actor) -> None:
    """A priority that was a candidate or planned becomes active when its cycle starts."""
    if priority.status in {PriorityStatus.CANDIDATE, PriorityStatus.PLANNED}:
        improvement.change_priority(
            priority=priority, changes={"status": PriorityStatus.ACTIVE, "starts_on": priority.starts_on or starts_on},
            leads=list(priority.leads.all()), by=by, expected_version=priority.version,
        )  # fmt: skip


def _planned(variant: str, starts_on: date) -> list[StageDates]:
    return [
        StageDates(p.number, p.title, *rules.months_of(starts_on, p.number)) for p in rules.STAGES[variant]
    ]


@transaction.atomic
def correct_cycle(
    *, cycle: Cycle, starts_on: date, spans: Mapping[int, tuple[date, date]], by: Actor, expected_version: int,
    **told: Any,
) -> Cycle:  # fmt: skip
    """Correct when a cycle and its stages began and end, and what is told of it as a whole; `spans` is by a stage's number.

    How many issues emerged is told only of a cycle of which they were not recorded one by one.
    """
    access.require(by, permissions.RUN)
    row: Cycle = Cycle.objects.locked(cycle.pk, expected_version, by=by)
    rules.check_running(row.stopped_on)
    stages = list(Stage.objects.select_for_update().filter(cycle=row).order_by("number"))
    dates = {s.number: spans.get(s.number, (s.starts_on, s.ends_on)) for s in stages}
    rules.check_spans(starts_on, [(s.title, *dates[s.number]) for s in stages])
    made = row.amend({"starts_on": starts_on, **told})
    rules.check_told(row.issues_noted, row.issues_elsewhere, one_by_one=row.issues.exists())
    row.store()
    for stage in stages:
        first, last = dates[stage.number]
        for name, change in stage.amend({"starts_on": first, "ends_on": last}).items():
            made[f"{stage.title}, {'start' if name == 'starts_on' else 'end'}"] = change
        stage.store()
    if not made:
        raise Refused("Nothing was changed.")
    history.record(events.CYCLE_CORRECTED, on=row.ref, by=by, details=in_one_line(made))
    return row


@transaction.atomic
def stop_cycle(*, cycle: Cycle, reason: str, by: Actor, today: date, expected_version: int) -> Cycle:
    """Stop a cycle that was started by mistake or is given up; its priority is planned again if nothing else goes on."""
    access.require(by, permissions.RUN)
    check_reason(reason, what="Say in a sentence why the cycle is stopped.")
    row: Cycle = Cycle.objects.locked(cycle.pk, expected_version, by=by)
    rules.check_running(row.stopped_on)
    row.stopped_on, row.stopped_why = today, reason.strip()
    row.store()
    priority = row.priority
    if rules.goes_back(priority.status, **queries.going_on(priority)):
        improvement.change_priority(
            priority=priority, changes={"status": PriorityStatus.PLANNED}, leads=list(priority.leads.all()), by=by,
            expected_version=priority.version,
        )  # fmt: skip
    history.record(events.CYCLE_STOPPED, on=row.ref, by=by, details={"reason": reason.strip()})
    return row


@transaction.atomic
def report_stage(
    *, stage: Stage, status: str, did: str, by: Actor, today: date, expected_version: int
) -> Stage:
    """Say where a stage stands and what was done in it; done only when what it needs is on record."""
    access.require(by, permissions.RUN)
    row: Stage = Stage.objects.locked(stage.pk, expected_version, by=by)
    rules.check_running(row.cycle.stopped_on)
    if status == row.status and did.strip() == row.did.strip():
        raise Refused("Say what was done, or change where the stage stands.", "did")
    priority = row.cycle.priority
    before = Stage.objects.filter(cycle=row.cycle, number__lt=row.number, status=rules.StageStatus.TO_COME)
    rules.check_order(
        status=status, starts_on=row.starts_on, today=today, not_begun=[s.title for s in before.order_by("number")]
    )  # fmt: skip
    rules.check_stage(
        status=status,
        findings=queries.found_in(row),
        recommendations=Recommendation.objects.standing().filter(priority=priority).count(),
        sessions=queries.held_for(priority, today),
        number=row.number,
        variant=row.cycle.variant,
        emerged=queries.emerged(row.cycle),
    )
    row.status, row.did = status, did
    row.store()
    label = rules.StageStatus(status).label.lower()
    history.record(
        events.STAGE_CHANGED, on=row.cycle.ref, by=by, details={"stage": row.title, "status": label}
    )
    return row


@transaction.atomic
def nominate(
    *, cycle: Cycle, agency: Agency, by: Actor, today: date, office: Office | None = None, person: Person | None = None,
    nominated_by: Agency | None = None,
) -> HubMember:  # fmt: skip
    """A partner nominates somebody to work on a cycle."""
    access.require(by, permissions.RUN)
    rules.check_running(cycle.stopped_on)
    if nominated_by is not None and not nominated_by.lead_partner:
        raise Refused("Members are nominated by one of the three safeguarding partners.", "nominated_by")
    if HubMember.objects.filter(cycle=cycle, agency=agency, person=person, office=office).exists():
        raise Refused("This member is already nominated.", "agency")
    member = HubMember(
        partnership_id=by.partnership_id, cycle=cycle, agency=agency, office=office, person=person, nominated_by=nominated_by,
        nominated_on=today,
    ).store()  # fmt: skip
    history.record(events.MEMBER_NOMINATED, on=cycle.ref, by=by, details={"member": member.heading})
    return member


@transaction.atomic
def plan_step(
    *, priority: Priority, activity: str, happens_on: date, by: Actor, **values: Any
) -> DisseminationStep:
    """Plan one step by which learning is passed on or reported back."""
    access.require(by, permissions.RUN)
    step = DisseminationStep.new(
        by,
        priority=priority,
        activity=activity,
        happens_on=happens_on,
        **values,
    ).store()
    history.record(events.STEP_ADDED, on=step.ref, by=by)
    return step


@transaction.atomic
def report_step(
    *, step: DisseminationStep, status: str, progress: str, by: Actor, today: date, expected_version: int
) -> DisseminationStep:
    """Say what became of a step: whoever runs the hub, or the agency that was to take it."""
    access.require(by, permissions.REPORT)
    row: DisseminationStep = DisseminationStep.objects.locked(step.pk, expected_version, by=by)
    if why := queries.why_not_report(row, by):
        raise access.Forbidden(why)
    rules.check_report(status=status, progress=progress, happens_on=row.happens_on, today=today)
    row.status, row.progress = status, progress
    row.store()
    label = rules.StepStatus(status).label.lower()
    history.record(events.STEP_REPORTED, on=row.ref, by=by, details={"status": label})
    return row
