"""What pages elsewhere may ask of the Learning Hub."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from shield.domain.learning_hub import permissions, queries, rules
from shield.domain.learning_hub.models import Cycle, DisseminationStep, EmergingIssue
from shield.kernel.access.rules import Actor
from shield.kernel.accounts.models import Person
from shield.kernel.calendar.rules import in_words_to
from shield.kernel.records import queries as records
from shield.kernel.records.rules import Business, Moment, Panel, PanelItem, PersonalData, RecordRef, WorkItem


def panels(ref: RecordRef, actor: Actor) -> Iterator[Panel]:
    """On a priority: the cycle that works on it. On an issue to be fixed: the emerging issue it was."""
    if ref.kind == "improvement.recommendation":
        issues = EmergingIssue.objects.visible_to(actor).filter(recommendation_id=ref.id)
        if items := tuple(PanelItem(row.title, row.ref, row.cycle.reference) for row in issues):
            yield Panel("Emerged in the Learning Hub", items)
    if ref.kind == "improvement.priority":
        rows = Cycle.objects.visible_to(actor).filter(priority_id=ref.id).select_related("priority")
        yield Panel(
            "In the Learning Hub",
            tuple(PanelItem(c.get_variant_display(), c.ref, "Stopped" if c.stopped_on else "") for c in rows),
            "No cycle has started.",
        )


def work(actor: Actor, today: date) -> Iterator[WorkItem]:
    """For those who run cycles, and for the agency that reports: what is planned and not yet done."""
    if actor.may(permissions.RUN):
        for planned in queries.planned_open(actor)[:50]:
            last = rules.last_day(planned.happens_on, None, planned.precision)
            yield WorkItem(
                planned.heading, planned.kind, planned.pk, "Activity of a Learning Hub cycle", last, last < today,
                planned.agency.called if planned.agency else "", precision=planned.precision, act="Say what came of it",
                act_page="planned_report",
            )  # fmt: skip
    rows = queries.steps(actor).filter(status=rules.StepStatus.PLANNED)
    if not actor.may(permissions.RUN):
        rows = rows.filter(agency_id__in=actor.agency_ids)
    for row in rows[:50]:
        last = rules.last_day(row.happens_on, row.ends_on, row.precision)
        yield WorkItem(
            row.heading,
            row.kind,
            row.pk,
            "Dissemination",
            last,
            last < today,
            row.agency.called if row.agency else "",
            **({"act": "Report on it", "act_page": "step_report"} if actor.may(permissions.REPORT) else {}),
        )


def business(actor: Actor, today: date) -> Iterator[Business]:
    """For agendas: steps of dissemination that fall due within a month."""
    for row in queries.steps(actor).filter(
        status=rules.StepStatus.PLANNED, gathering=None, happens_on__lte=today + timedelta(days=31)
    ):
        when = in_words_to(row.happens_on, row.precision)
        yield Business(row.heading, row.ref, f"Planned for {when}", "information", row.priority_id)


def moments(actor: Actor, starts_on: date, ends_on: date) -> Iterator[Moment]:
    """Cycles and steps of dissemination in a span of days."""
    for cycle in queries.cycles(actor).filter(starts_on__range=(starts_on, ends_on)):
        stages = list(cycle.stages.all())
        end = max((s.ends_on for s in stages), default=cycle.starts_on)
        yield Moment(
            f"Cycle: {cycle.priority.heading}",
            "Priorities",
            cycle.starts_on,
            end,
            cycle.ref,
            "done" if end <= ends_on else "planned",
        )
    steps: list[DisseminationStep] = list(queries.steps(actor).filter(happens_on__range=(starts_on, ends_on)))
    for step in steps:
        tone = {"completed": "done", "planned": "planned"}.get(step.status, "neutral")
        yield Moment(step.heading, "Dissemination", step.happens_on, step.ends_on, step.ref, tone)


def subject_access(person: Person, actor: Actor) -> Iterator[PersonalData]:
    """The cycles a person worked on, and where the Learning Hub names them."""
    yield from records.told_of(person, actor, *records.kinds_of("learning_hub"), where="Learning Hub")
