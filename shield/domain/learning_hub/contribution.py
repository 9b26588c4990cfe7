"""What the Learning Hub gives to the report: each priority of the year as a chapter of its own."""

from __future__ import annotations

from datetime import date
from functools import partial

from shield.domain.learning_hub import queries, rules
from shield.domain.learning_hub.models import Cycle, DisseminationStep, Stage
from shield.improvement import contribution as improvement
from shield.improvement.models import Priority
from shield.kernel.access.rules import Actor
from shield.kernel.calendar.rules import in_words_to
from shield.kernel.design.rules import charts
from shield.kernel.documents.rules import blocks as b
from shield.kernel.reporting import rules as reporting
from shield.kernel.reporting.rules import About, Counted, Gap, Period, Proof, Section


@reporting.figure(
    "learning_hub.priorities_worked",
    label="Priorities the Learning Hub worked on",
    unit="priorities",
    about=About.RECORDS,
    definition="Priorities whose Learning Hub cycle started within the reporting year and was not stopped.",
)
def priorities_worked(period: Period, reader: Actor, argument: str) -> Counted:
    """Count the cycles of the year."""
    rows = [c for c in queries.cycles(reader) if period.holds(c.starts_on)]
    return Counted(len(rows), tuple(c.priority.ref for c in rows))


def _emerged(period: Period, reader: Actor, argument: str) -> list[tuple[Cycle, rules.Emerged]]:
    """The cycles that fix issues, of one priority if `priority-3` names it, each with how many emerged."""
    return [
        (cycle, queries.emerged(cycle))
        for cycle in queries.cycles(reader)
        if cycle.variant == rules.Variant.ISSUES_TO_FIX
        and cycle.starts_on <= period.ends_on
        and argument in {"", f"priority-{cycle.priority.number}"}
    ]


@reporting.figure(
    "learning_hub.emerging_issues", label="Emerging issues", unit="issues", about=About.RECORDS,
    definition=(
        "Issues that the evidence of a cycle seemed to show, before any was regrouped: counted where each is on record, "
        "else as recorded for the cycle as a whole."
    ),
)  # fmt: skip
def emerging_issues(period: Period, reader: Actor, argument: str) -> Counted:
    """Add up the issues noted."""
    rows = _emerged(period, reader, argument)
    return Counted(sum(e.noted or 0 for _, e in rows), tuple(cycle.ref for cycle, _ in rows))


@reporting.figure(
    "learning_hub.issues_elsewhere", label="Issues taken forward outside the Learning Hub", unit="issues",
    about=About.RECORDS,
    definition="Of the emerging issues, those that an agency or somebody else took forward outside the Learning Hub.",
)  # fmt: skip
def issues_elsewhere(period: Period, reader: Actor, argument: str) -> Counted:
    """Add up the issues sent elsewhere."""
    rows = _emerged(period, reader, argument)
    return Counted(sum(e.elsewhere or 0 for _, e in rows), tuple(cycle.ref for cycle, _ in rows))


def section(period: Period, reader: Actor) -> Section:
    """One group for each priority the hub worked on, and what is planned next."""
    cycles = [c for c in queries.cycles(reader) if c.starts_on <= period.ends_on]
    steps = list(queries.steps(reader))
    worked = {c.priority_id for c in cycles}
    planned = [
        p
        for p in Priority.objects.visible_to(reader).prefetch_related("leads").order_by("number")
        if p.pk not in worked
    ]
    late = [s for s in steps if _standing(s, period) == "Late"]
    return Section(
        "learning_hub",
        "The Learning Hub",
        figures=tuple(
            reporting.compute(f"learning_hub.{key}", period, reader)
            for key in ("priorities_worked", "emerging_issues", "issues_elsewhere")
        ),
        proofs=(
            *(Proof("done", f"{c.heading} ran", c.ref) for c in cycles),
            *(Proof("effective", s.heading, s.ref) for s in steps if s.status == rules.StepStatus.COMPLETED),
            *_feedback(cycles),
        ),
        gaps=tuple(
            Gap(
                f"Step of dissemination late: {s.heading}",
                s.ref,
                s.agency.called if s.agency else "",
                "step_late",
            )
            for s in late
        ),
        groups=(
            *(
                Section(
                    f"priority-{c.priority.number or 0}",
                    c.priority.heading,
                    content=partial(_priority, c, steps, period, reader),
                )
                for c in cycles
            ),
            Section("next", "Priorities to come", content=partial(_planned, planned)),
        ),
    )


def _feedback(cycles: list[Cycle]) -> list[Proof]:
    return [
        Proof("feedback", f"{c.priority.heading}: {stage.did}", c.ref)
        for c in cycles
        for stage in c.stages.all()
        if "feedback" in stage.title.lower() and stage.did
    ]


def _priority(
    cycle: Cycle, steps: list[DisseminationStep], period: Period, reader: Actor
) -> tuple[b.Block, ...]:
    priority = cycle.priority
    leads = ", ".join(agency.called for agency in priority.leads.all())
    made: list[b.Block] = []
    if leads:
        made.append(b.Paragraph(b.runs(f"Led by {leads}."), "small"))
    if priority.rationale:
        made += [b.Heading(3, "Why it was chosen"), b.Paragraph(b.runs(priority.rationale))]
    made += [b.Heading(3, "Success measures"), *improvement.measures_of(priority, reader)]
    made += [
        b.Heading(3, "The cycle"),
        b.ChartBlock(ring(cycle, period.as_at)),
        *_stages(cycle),
        *_issues(cycle),
    ]
    findings = improvement.findings_of(priority, reader)
    if findings:
        made += [b.Heading(3, "What was found"), *findings]
    made += [b.Heading(3, "Recommendations"), *improvement.recommendations_of(priority, reader)]
    mine = [s for s in steps if s.priority_id == priority.pk]
    if mine:
        made += [b.Heading(3, "Passing it on"), _dissemination(mine, period)]
    reviews = improvement.reviews_of(priority, reader, period.as_at)
    if reviews:
        made += [b.Heading(3, "Is anyone better off?"), *reviews]
    return tuple(made)


def ring(cycle: Cycle, on: date) -> charts.Ring:
    """The cycle as a picture: its stages, each done, under way, to come or late on a day."""
    return charts.Ring(
        key=f"cycle-{cycle.priority.number or 0}",
        title=f"The stages of the work on priority {cycle.priority.number}"
        if cycle.priority.number
        else "The stages",
        stages=tuple(_arc(stage, on) for stage in cycle.stages.all()),
    )


def _arc(stage: Stage, on: date) -> charts.Stage:
    standing, late = rules.stage_standing(stage.status, stage.ends_on, on)
    tones: dict[str, charts.ToneName] = {"done": "done", "under_way": "planned", "to_come": "neutral"}
    return charts.Stage(
        label=stage.title,
        note=f"{stage.starts_on:%B %Y}",
        tone="late" if late else tones[stage.status],
        state=standing,
    )


def issues_flow(cycle: Cycle, emerged: rules.Emerged) -> charts.Flow | None:
    """What became of the issues that emerged, as a picture; None where nobody recorded how many emerged."""
    if not emerged.noted:
        return None
    became: list[tuple[str, int | None, charts.ToneName]] = [
        ("to be fixed", emerged.to_fix, "good"),
        ("taken forward elsewhere", emerged.elsewhere, "planned"),
        ("still open", emerged.still_open, "late"),
    ]
    ends = [(text, count, tone) for text, count, tone in became if count]
    noted = "1 emerging issue" if emerged.noted == 1 else f"{emerged.noted} emerging issues"
    return charts.Flow(
        key=f"issues-{cycle.priority.number or 0}",
        title="What became of the emerging issues",
        said=f"{noted}: {', '.join(f'{count} {text}' for text, count, _ in ends) or 'nothing came of it yet'}.",
        stages=("What emerged", "What became of it"),
        nodes=(
            charts.Node(name="noted", stage=0, label=noted, note="from all the evidence", tone="done"),
            *(
                charts.Node(name=text, stage=1, label=f"{count} {text}", tone=tone)
                for text, count, tone in ends
            ),
        ),
        edges=tuple(charts.Edge(source="noted", target=text) for text, _, _ in ends),
    )


def _issues(cycle: Cycle) -> tuple[b.Block, ...]:
    """The picture of what became of the issues; regrouping makes fewer of them, which the note says."""
    if cycle.variant != rules.Variant.ISSUES_TO_FIX:
        return ()
    flow = issues_flow(cycle, queries.emerged(cycle))
    if flow is None:
        return ()
    said = (b.Paragraph(b.runs(REGROUPED), "small"),) if was_regrouped(cycle) else ()
    return (b.Heading(3, "Emerging issues"), b.ChartBlock(flow), *said)


def was_regrouped(cycle: Cycle) -> bool:
    """Whether issues of a cycle were made into others, or may have been, where it tells of them as a whole."""
    return cycle.issues_noted is not None or cycle.issues.filter(status__in=rules.MADE_INTO_OTHERS).exists()


REGROUPED = "Issues were regrouped on the way, so what became of them need not add up to how many emerged."


def _stages(cycle: Cycle) -> tuple[b.Block, ...]:
    rows = tuple(b.SummaryRow(stage.title, b.runs(stage.did)) for stage in cycle.stages.all() if stage.did)
    return (b.SummaryRows(rows),) if rows else ()


def _standing(step: DisseminationStep, period: Period) -> str:
    return rules.step_standing(
        step.status, rules.last_day(step.happens_on, step.ends_on, step.precision), period.as_at
    )


def _dissemination(steps: list[DisseminationStep], period: Period) -> b.Table:
    return b.Table(
        "How learning is passed on and reported back",
        (
            b.Column("When", share=1.6, row_header=True),
            b.Column("What", share=4),
            b.Column("Where it stands", share=2.4),
        ),
        tuple(
            b.row(
                in_words_to(s.happens_on, s.precision),
                s.activity,
                rules.standing_in_words(_standing(s, period), s.progress),
            )
            for s in steps
        ),
    )


def _planned(rows: list[Priority]) -> tuple[b.Block, ...]:
    made: list[b.Block] = []
    for row in rows:
        leads = ", ".join(agency.called for agency in row.leads.all())
        made += [b.Heading(3, row.heading), b.Paragraph(b.runs(row.rationale or "Scoping has not begun."))]
        if leads:
            made.append(b.Paragraph(b.runs(f"Led by {leads}."), "small"))
    return tuple(made)
