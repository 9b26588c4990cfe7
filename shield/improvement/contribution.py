"""What the chain gives to the report: its figures, each priority's recommendations, and what is broken."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from shield.improvement import queries, rules
from shield.improvement.models import (
    OWNER_RELATIONS,
    Action,
    Priority,
    Recommendation,
    SuccessMeasure,
)
from shield.improvement.rules import BreakSort
from shield.kernel.access.rules import Actor
from shield.kernel.calendar.rules import in_words, in_words_to
from shield.kernel.design.rules import charts
from shield.kernel.documents.rules import blocks as b
from shield.kernel.records.models import Record
from shield.kernel.reporting import rules as reporting
from shield.kernel.reporting.rules import About, Counted, Gap, Period, Proof, Section

PARTNERSHIP = "The partnership"
DECIDED = frozenset({"accepted", "closed"})
R = TypeVar("R", Recommendation, Action)


@reporting.once
def _chain(reader: Actor) -> queries.Chain:
    return queries.chain(reader)


@reporting.once
def _broken(reader: Actor, as_at: date) -> list[rules.Break]:
    return queries.find_breaks(_chain(reader), as_at)


def _of_priority(rows: Iterable[R], argument: str) -> list[R]:
    """Rows of `priority-2`, or all where no priority is named."""
    found = re.fullmatch(r"priority-(\d{1,3})", argument)
    number = int(found.group(1)) if found else None
    return [row for row in rows if number is None or (row.priority and row.priority.number == number)]


@reporting.figure(
    "improvement.recommendations", label="Recommendations decided", unit="recommendations", about=About.RECORDS,
    definition="Numbered recommendations of the Learning Hub on which a body has decided.",
)  # fmt: skip
def recommendations(period: Period, reader: Actor, argument: str) -> Counted:
    """Count the numbered recommendations, of one priority if one is named."""
    rows = _of_priority(_chain(reader).recommendations, argument)
    return _counted(
        row
        for row in rows
        if row.sort == rules.RecommendationSort.RECOMMENDATION and row.number and row.status in DECIDED
    )


@reporting.figure(
    "improvement.issues_to_fix", label="Issues to be fixed", unit="issues", about=About.RECORDS,
    definition="Issues that the Learning Hub took up to be fixed, each with its number.",
)  # fmt: skip
def issues_to_fix(period: Period, reader: Actor, argument: str) -> Counted:
    """Count the issues to be fixed, of one priority if one is named."""
    rows = _of_priority(_chain(reader).recommendations, argument)
    return _counted(row for row in rows if row.sort == rules.RecommendationSort.ISSUE_TO_FIX)


@reporting.figure(
    "improvement.actions", label="Actions recorded", unit="actions", about=About.RECORDS,
    definition="All actions of the partnership's chain.",
)  # fmt: skip
def actions(period: Period, reader: Actor, argument: str) -> Counted:
    """Count the actions."""
    return _counted(_of_priority(_chain(reader).actions, argument))


@reporting.figure(
    "improvement.actions_done", label="Actions done", unit="actions", about=About.RECORDS,
    definition="Actions marked as done on or before the day the figures are taken at, of all actions.",
)  # fmt: skip
def actions_done(period: Period, reader: Actor, argument: str) -> Counted:
    """Count the actions done by the as-at date."""
    every = _of_priority(_chain(reader).actions, argument)
    done = [
        a for a in every if a.status == rules.ActionStatus.DONE and a.done_on and a.done_on <= period.as_at
    ]
    counted = _counted(done)
    return Counted(counted.value, counted.records, len(every))


@reporting.figure(
    "improvement.measures_shown", label="Success measures with evidence that anyone is better off", unit="measures",
    about=About.RECORDS, definition="Success measures about which evidence answers “is anyone better off?”, of all measures.",
)  # fmt: skip
def measures_shown(period: Period, reader: Actor, argument: str) -> Counted:
    """Count the success measures that impact evidence speaks to."""
    broken = {x.ref.id for x in _broken(reader, period.as_at) if x.sort is BreakSort.NO_IMPACT}
    measures = _chain(reader).measures
    refs = tuple(m.ref for m in measures if m.pk not in broken)
    return Counted(len(refs), refs, len(measures))


def _counted(rows: Iterable[Record]) -> Counted:
    refs = tuple(row.ref for row in rows)
    return Counted(len(refs), refs)


def section(period: Period, reader: Actor) -> Section:
    """The chain as a whole: figures, success measures of the partnership, and what shows little or no progress."""
    known, broken = _chain(reader), _broken(reader, period.as_at)
    keys = ("improvement.actions_done", "improvement.measures_shown")
    return Section(
        "improvement",
        "Improvement",
        figures=tuple(reporting.compute(key, period, reader) for key in keys),
        proofs=_proofs(known, broken),
        gaps=tuple(
            Gap(f"{x.sort.label}: {x.text}", x.ref, x.mended_by, x.sort.value, x.priority or PARTNERSHIP)
            for x in broken
        ),
        groups=(
            Section(
                "measures",
                "Success measures",
                content=_measures([m for m in known.measures if m.priority_id is None]),
            ),
            Section(
                "little_progress",
                "Where there has been little or no progress",
                content=lambda: _little_progress(broken, known),
            ),
        ),
    )


def _measures(rows: list[SuccessMeasure]) -> tuple[b.Block, ...]:
    made: list[b.Block] = []
    heading = None
    for row in rows:
        if row.heading_text and row.heading_text != heading:
            heading = row.heading_text
            made.append(b.Paragraph((b.Text(heading, strong=True),)))
        made.append(b.Bullets((b.Item(b.runs(row.title), tuple(b.runs(point) for point in row.points)),)))
    return tuple(_joined(made))


def _joined(made: list[b.Block]) -> list[b.Block]:
    """Lists that follow each other become one."""
    joined: list[b.Block] = []
    for block in made:
        if joined and isinstance(block, b.Bullets) and isinstance(joined[-1], b.Bullets):
            joined[-1] = b.Bullets((*joined[-1].items, *block.items))
        else:
            joined.append(block)
    return joined


def _proofs(known: queries.Chain, broken: list[rules.Break]) -> tuple[Proof, ...]:
    decided = [r for r in known.recommendations if r.status in {"accepted", "closed"}]
    proofs = [Proof("done", f"{r.heading} was decided", r.ref) for r in decided]
    for review in known.reviews:
        if review.held_on:
            proofs.append(Proof("effective", f"{review.heading} was held", review.ref))
            if review.verdict in {rules.Verdict.YES, rules.Verdict.PARTLY}:
                words = f"{review.heading}: {review.get_verdict_display().lower()}"
                proofs.append(Proof("impact", words, review.ref))
    for items in known.evidence.values():
        for item in items:
            code = "impact" if item.answers == rules.Question.BETTER_OFF else "effective"
            proofs.append(Proof(code, item.heading, item.ref))
    if broken:
        proofs.append(Proof("little_progress", f"{len(broken)} breaks in the chain are listed and analysed"))
    return tuple(proofs)


def _little_progress(broken: list[rules.Break], known: queries.Chain) -> tuple[b.Block, ...]:
    """The statutory analysis, written from the breaks."""
    if not broken:
        return (b.Paragraph(b.runs("The records show no break in the chain from findings to impact.")),)
    counts = Counter(x.sort for x in broken)
    shown = [sort for sort in BreakSort if counts[sort]]
    measures = len(known.measures)
    without = counts[BreakSort.NO_IMPACT]
    lead = (
        f"For {without} of {measures} success measures no evidence yet answers whether any child or family is better off."
        if without
        else "Every success measure has evidence that answers whether anyone is better off."
    )
    chart = charts.Bars(
        key="little-progress", title="Breaks in the chain from findings to impact",
        items=tuple((sort.label, counts[sort]) for sort in shown), label_name="Break", horizontal=True,
    )  # fmt: skip
    made: list[b.Block] = [b.Paragraph(b.runs(lead), "lead"), b.ChartBlock(chart)]
    for priority in sorted({x.priority or PARTNERSHIP for x in broken}):
        mine = [x for x in broken if (x.priority or PARTNERSHIP) == priority]
        made += [b.Heading(3, priority), _breaks_table(priority, mine)]
    return tuple(made)


def _breaks_table(priority: str, broken: list[rules.Break]) -> b.Table:
    return b.Table(
        f"Little or no progress: {priority}",
        (
            b.Column("What", share=4, row_header=True),
            b.Column("Break", share=2),
            b.Column("Who can mend it", share=2),
        ),
        tuple(
            b.row(
                x.text, f"{x.sort.label}, since {in_words(x.since)}" if x.since else x.sort.label, x.mended_by
            )
            for x in broken
        ),
    )


# For the chapters on priorities, which a module above composes ---------------------------------------


def measures_of(priority: Priority, reader: Actor) -> tuple[b.Block, ...]:
    """The success measures of one priority, or a word that it uses the partnership's."""
    if priority.uses_partnership_measures:
        return (b.Paragraph(b.runs("The partnership's own success measures apply.")),)
    return _measures([m for m in _chain(reader).measures if m.priority_id == priority.pk])


def findings_of(priority: Priority, reader: Actor) -> tuple[b.Block, ...]:
    """What was found, working well and to develop, by source."""
    rows = list(priority.findings.visible_to(reader).order_by("reference"))
    if not rows:
        return ()
    sources = Counter((f.get_evidence_from_display(), f.sort) for f in rows)
    names = tuple(dict.fromkeys(f.get_evidence_from_display() for f in rows))
    chart = charts.StackedBars(
        key=f"findings-{priority.number or 0}", title=f"Findings by source, {priority.heading}"[:160], labels=names,
        series=tuple(
            charts.Series(name=sort.label, values=tuple(float(sources[(name, sort.value)]) for name in names))
            for sort in rules.FindingSort
        ),
    )  # fmt: skip
    made: list[b.Block] = [b.ChartBlock(chart, "Findings by source")]
    for sort in rules.FindingSort:
        of_sort = [f for f in rows if f.sort == sort]
        if of_sort:
            made += [b.Heading(4, sort.label), b.Bullets(b.items(*(f.text for f in of_sort)))]
    return tuple(made)


def recommendations_of(priority: Priority, reader: Actor) -> tuple[b.Block, ...]:
    """The recommendations or issues with every part, its owner and where its actions stand."""
    rows = list(
        Recommendation.objects.visible_to(reader).filter(priority=priority).select_related("priority", *OWNER_RELATIONS)
        .prefetch_related(*(f"parts__{name}" for name in OWNER_RELATIONS))
    )  # fmt: skip
    came = _chain(reader).by_recommendation
    if not rows:
        return (b.Paragraph(b.runs("No recommendation has been drafted yet.")),)
    decided = [r for r in rows if r.number]
    others = [r for r in rows if not r.number]
    is_issue = any(r.sort == rules.RecommendationSort.ISSUE_TO_FIX for r in decided)
    made: list[b.Block] = []
    if decided:
        made.append(
            _recommendation_table("Issues to be fixed" if is_issue else "Recommendations", decided, came)
        )
    if others:
        made.append(_recommendation_table("Further recommendations, not in the numbered list", others, came))
    return tuple(made)


def _recommendation_table(
    title: str, rows: list[Recommendation], came: dict[uuid.UUID, list[Action]]
) -> b.Table:
    return b.Table(
        title,
        (
            b.Column("No.", share=0.6, row_header=True), b.Column("Issue", share=3), b.Column("What is to be done, and by whom", share=4),
            b.Column("Actions", share=1.4),
        ),
        tuple(b.row(str(r.number or "–"), r.issue or r.title, _asked(r), _standing(came.get(r.pk, []))) for r in rows),
    )  # fmt: skip


def _asked(row: Recommendation) -> b.Runs:
    said: list[str | b.Run] = [b.Text(f"{row.title}. ", strong=True), row.text]
    for part in row.parts.all():
        owner = part.owner_words or "no owner named"
        due = f", by {in_words_to(part.due_on, part.precision)}" if part.due_on else ""
        said.append(f" • {part.text} ({owner}{due})")
    if row.owner_words:
        said.append(f" ({row.owner_words})")
    return b.runs(*(s for s in said if s))


def _standing(every: list[Action]) -> str:
    done = sum(1 for a in every if a.status == rules.ActionStatus.DONE)
    return f"{done} of {len(every)} done" if every else "None recorded"


def reviews_of(priority: Priority, reader: Actor, as_at: date) -> tuple[b.Block, ...]:
    """The impact reviews as they stand on a day: how much, how well, is anyone better off?"""
    made: list[b.Block] = []
    mine = [review for review in _chain(reader).reviews if review.priority_id == priority.pk]
    for review in sorted(mine, key=lambda r: r.months):
        if review.held_on is None:
            when = in_words(review.due_on)
            due = f"was due on {when} and is not recorded" if review.due_on < as_at else f"is due on {when}"
            made.append(b.Paragraph(b.runs(f"The {review.months}-month review of impact {due}."), "note"))
            continue
        made.append(b.Heading(4, f"{review.months}-month review, {in_words(review.held_on)}"))
        answers = [(q.label, getattr(review, q.value)) for q in rules.Question]
        answers.append(("Verdict", review.get_verdict_display()))
        made.append(b.SummaryRows(tuple(b.SummaryRow(label, b.runs(text or "–")) for label, text in answers)))
    return tuple(made)
