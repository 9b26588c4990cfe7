"""The delivery plan of a cycle as a document that is handed round at a session."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from shield.domain.learning_hub import queries, rules
from shield.improvement.models import Finding
from shield.kernel.calendar.rules import in_words, in_words_to
from shield.kernel.documents.exchange import pdf, word
from shield.kernel.documents.rules import blocks as b


def plan_document(plan: queries.DeliveryPlan, on: date) -> b.Document:
    """What is known and how far it carries, what is planned, what was found and what is recommended, as it stood on a day."""
    cycle, priority = plan.cycle, plan.cycle.priority
    meta = [
        ("How it is run", cycle.get_variant_display()),
        ("Started on", in_words(cycle.starts_on)),
        ("Led by", ", ".join(agency.called for agency in priority.leads.all())),
    ]
    return b.Document(
        title=f"Delivery plan: {priority.heading}",
        subtitle=f"As it stood on {in_words(on)}",
        organisation=cycle.partnership.name,
        layout="note",
        status="Issued",
        blocks=tuple(
            block
            for part in (_why, _measures, _evidence, _issues, _planned, _sessions, _found, _recommended)
            for block in part(plan, on)
        ),
        meta=tuple((name, text) for name, text in meta if text),
    )


def plan_pdf(plan: queries.DeliveryPlan, on: date, *, at: datetime) -> bytes:
    """The delivery plan as PDF."""
    return pdf.pdf(plan_document(plan, on), at=at)


def plan_word(plan: queries.DeliveryPlan, on: date, *, at: datetime) -> bytes:
    """The delivery plan as a Word file."""
    return word.word(plan_document(plan, on), at=at)


def _why(plan: queries.DeliveryPlan, on: date) -> Iterator[b.Block]:
    text = plan.cycle.priority.rationale or plan.cycle.summary
    yield b.Heading(1, "Why this priority")
    yield b.Paragraph(b.runs(text or "The reason is not recorded."))


def _measures(plan: queries.DeliveryPlan, on: date) -> Iterator[b.Block]:
    yield b.Heading(1, "What would show that children are better off")
    if plan.measures:
        yield b.Bullets(b.items(*(measure.title for measure in plan.measures)))
    else:
        yield b.Paragraph(b.runs("No success measure is agreed yet."))


def _evidence(plan: queries.DeliveryPlan, on: date) -> Iterator[b.Block]:
    yield b.Heading(1, "What is known")
    columns = (
        b.Column("Source", share=3, row_header=True),
        b.Column("What it says", share=5),
        b.Column("How far it carries", share=2),
    )
    for kind, items in plan.evidence:
        yield b.Heading(2, kind.label)
        if not items:
            yield b.Paragraph(b.runs("Nothing is recorded."))
            continue
        rows = []
        for item in items:
            when = f" ({in_words_to(item.dated_on, item.precision)})" if item.dated_on else ""
            strength = rules.Strength(item.strength).label.partition(":")[0]
            rows.append(b.row(f"{item.source}{when}", item.says, strength))
        yield b.Table(f"Evidence: {kind.label}", columns, tuple(rows))


def _issues(plan: queries.DeliveryPlan, on: date) -> Iterator[b.Block]:
    if not plan.issues:
        return
    yield b.Heading(1, "Emerging issues")
    columns = (
        b.Column("Issue", share=4, row_header=True),
        b.Column("Stands", share=2),
        b.Column("What became of it", share=4),
    )
    rows = [b.row(row.title, row.get_status_display(), row.outcome or "–") for row in plan.issues]
    yield b.Table("Issues that emerged, and what became of them", columns, tuple(rows))


def _planned(plan: queries.DeliveryPlan, on: date) -> Iterator[b.Block]:
    yield b.Heading(1, "Auditing and feedback")
    if not plan.planned:
        yield b.Paragraph(b.runs("Nothing is planned yet."))
        return
    columns = (
        b.Column("What", share=4, row_header=True),
        b.Column("When", share=2),
        b.Column("Led by", share=2),
        b.Column("Where it stands", share=4),
    )
    rows = []
    for row in plan.planned:
        last = rules.last_day(row.happens_on, None, row.precision)
        standing = rules.activity_standing(row.status, last, on)[0]
        said = f"{standing}. {row.outcome}" if row.outcome else standing
        who = row.agency.called if row.agency else "Operational team"
        rows.append(b.row(row.what, in_words_to(row.happens_on, row.precision), who, said))
    yield b.Table("Planned auditing and feedback", columns, tuple(rows))


def _sessions(plan: queries.DeliveryPlan, on: date) -> Iterator[b.Block]:
    yield b.Heading(1, "Sessions")
    if not plan.sessions:
        yield b.Paragraph(b.runs("No session is on record."))
        return
    columns = (
        b.Column("Session", share=5, row_header=True),
        b.Column("When", share=2),
        b.Column("Attending", share=1, align="right"),
    )
    rows = [
        b.row(
            row.title,
            in_words_to(row.held_on, row.precision),
            came or "–",
        )
        for row, came in plan.sessions
    ]
    yield b.Table("Sessions about this priority", columns, tuple(rows))


def _found(plan: queries.DeliveryPlan, on: date) -> Iterator[b.Block]:
    if plan.findings is None:
        return
    yield b.Heading(1, "What was found")
    if not plan.findings:
        yield b.Paragraph(b.runs("Nothing has been found yet."))
    for words in ("Working well", "To develop"):
        rows = [finding for finding in plan.findings if finding.get_sort_display() == words]
        if rows:
            yield b.Heading(2, words)
            yield b.Bullets(b.items(*(_line(finding) for finding in rows)))


def _line(finding: Finding) -> str:
    return f"{finding.text} ({finding.get_evidence_from_display().lower()})"


def _recommended(plan: queries.DeliveryPlan, on: date) -> Iterator[b.Block]:
    own = plan.findings is None
    yield b.Heading(1, "Recommendations that ask something of your agency" if own else "Recommendations")
    if not plan.recommendations:
        yield b.Paragraph(b.runs("None does." if own else "None is drafted yet."))
        return
    columns = (
        b.Column("No.", share=0.6),
        b.Column("Recommendation", share=6, row_header=True),
        b.Column("Who acts", share=2),
        b.Column("Stands", share=2),
    )
    rows = [
        b.row(str(row.number or "–"), row.title, row.owner_words or "Nobody yet", row.get_status_display())
        for row in plan.recommendations
    ]
    yield b.Table("Recommendations", columns, tuple(rows))
