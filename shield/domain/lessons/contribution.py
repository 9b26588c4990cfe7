"""What lessons give to the report: examples of good practice and briefing notes of the year."""

from __future__ import annotations

from shield.domain.lessons import queries
from shield.domain.lessons.models import BriefingNote, GoodPractice
from shield.kernel.access.rules import Actor
from shield.kernel.calendar.rules import in_words, in_words_to
from shield.kernel.documents.rules import blocks as b
from shield.kernel.reporting import rules as reporting
from shield.kernel.reporting.rules import About, Counted, Period, Section


@reporting.once
def _notes(period: Period, reader: Actor) -> list[BriefingNote]:
    """The notes issued in the year that stand, the first first."""
    rows = queries.issued(reader).prefetch_related("gatherings")
    return [row for row in rows if period.holds(row.issued_on)][::-1]


@reporting.once
def _practices(period: Period, reader: Actor) -> list[GoodPractice]:
    """The examples of what was seen in the year, the first first."""
    return [row for row in queries.accepted(reader) if period.holds(row.seen_on)][::-1]


@reporting.figure(
    "lessons.notes", label="Briefing notes issued", unit="notes", about=About.RECORDS,
    definition="Briefing notes on audits and cases that were issued within the reporting year and not withdrawn.",
)  # fmt: skip
def notes(period: Period, reader: Actor, argument: str) -> Counted:
    """Count the notes of the year."""
    rows = _notes(period, reader)
    return Counted(len(rows), tuple(row.ref for row in rows))


@reporting.figure(
    "lessons.good_practice", label="Examples of good practice", unit="examples", about=About.RECORDS,
    definition="Accepted examples of good practice that was seen within the reporting year.",
)  # fmt: skip
def good_practice(period: Period, reader: Actor, argument: str) -> Counted:
    """Count the examples of the year."""
    rows = _practices(period, reader)
    return Counted(len(rows), tuple(row.ref for row in rows))


def section(period: Period, reader: Actor) -> Section:
    """The year's examples and notes."""
    examples, issued = _practices(period, reader), _notes(period, reader)
    return Section(
        "lessons",
        "What was learnt",
        figures=tuple(
            reporting.compute(key, period, reader) for key in ("lessons.notes", "lessons.good_practice")
        ),
        groups=(
            Section("good_practice", "Good practice", content=lambda: practice_table(examples)),
            Section("notes", "Briefing notes of the year", content=lambda: note_table(issued)),
        ),
    )


def practice_table(rows: list[GoodPractice]) -> tuple[b.Block, ...]:
    """What was done well, why it worked, what others can take from it."""
    if not rows:
        return (b.Paragraph(b.runs("No example of good practice of this year is on record.")),)
    columns = (
        b.Column("Example", share=1.6, row_header=True), b.Column("When and where", share=1.4),
        b.Column("What was done, and why it worked", share=3.2), b.Column("What others can take from it", share=2.2),
    )  # fmt: skip
    cells = tuple(
        b.row(
            row.title, f"{row.seen}. {row.setting}".strip(), f"{row.done} {row.why}", row.others or "Not said"
        )
        for row in rows
    )
    return (b.Table("Examples of good practice", columns, cells),)


def note_table(rows: list[BriefingNote]) -> tuple[b.Block, ...]:
    """Which notes were issued, on what, where they were shared, and whether anything was told of what changed."""
    if not rows:
        return (b.Paragraph(b.runs("No briefing note issued in this year is on record.")),)
    columns = (
        b.Column("Briefing note", share=2.4, row_header=True), b.Column("On", share=2.2), b.Column("Issued", share=1.4),
        b.Column("Shared at", share=2.2), b.Column("What changed", share=1.6),
    )  # fmt: skip
    cells = tuple(
        b.row(
            row.title, row.about_words, in_words(row.issued_on) if row.issued_on else "",
            "; ".join(f"{g.title}, {in_words_to(g.held_on, g.precision)}" for g in row.gatherings.all()) or "Not recorded",
            "Told" if row.has_changed else "Not told yet",  # type: ignore[attr-defined]
        )
        for row in rows
    )  # fmt: skip
    return (b.Table("Briefing notes of the year", columns, cells),)
