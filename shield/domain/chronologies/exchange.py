"""Chronologies as Word, Excel and PDF, and what an agency gave as a workbook of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shield.domain.chronologies.models import Chronology, Conflict, Entry
from shield.domain.chronologies.queries.merged import Event
from shield.domain.chronologies.rules import states
from shield.domain.chronologies.rules.gaps import Gap
from shield.kernel.calendar.rules import in_words
from shield.kernel.calendar.rules.approximate import CERTAINTIES
from shield.kernel.documents.exchange import excel, pdf, word
from shield.kernel.documents.rules import blocks as b

Disguise = Callable[[str], str]
"""How a text leaves: as it is, or with pseudonyms for names."""
MOST_IN_A_DOCUMENT = 3_000
"""Events; more are taken out as a workbook, which nobody prints."""
HEADINGS = (
    "Event", "When", "As it was written", "Certainty", "Agency", "Source", "What happened", "People concerned", "Child's voice",
    "Impact on the child", "Action taken", "Comment", "Significance", "Themes", "Readers' notes",
)  # fmt: skip
_WIDTHS = (8, 22, 18, 16, 22, 20, 60, 24, 36, 36, 36, 30, 18, 24, 40)
_LABELS = (
    ("people", "People"), ("voice", "Child's voice"), ("impact", "Impact on the child"), ("action", "Action"), ("comment", "Comment"),
)  # fmt: skip


@dataclass(frozen=True)
class Taken:
    """What is taken out of a chronology, and how its texts leave."""

    chronology: Chronology
    events: Sequence[Event]
    conflicts: Sequence[Conflict]
    gaps: Sequence[Gap]
    organisation: str
    disguise: Disguise
    filtered: bool = False
    names: bool = True


def as_is(text: str) -> str:
    """A text with the names in it."""
    return text


def rows(taken: Taken) -> Iterator[list[Any]]:
    """One row for each entry, the headings first; entries of one event have its number."""
    yield list(HEADINGS)
    for number, event in enumerate(taken.events, start=1):
        notes = "\n".join(_note(note) for note in event.notes)
        for entry in event.entries:
            yield [
                number, entry.when.in_english(), taken.disguise(entry.written), CERTAINTIES[entry.certainty], entry.agency.name,
                *(taken.disguise(getattr(entry, name)) for name in ("source", "event", "people", "voice", "impact", "action", "comment")),
                entry.get_significance_display(), ", ".join(event.themes), taken.disguise(notes),
            ]  # fmt: skip


def _note(note: Any) -> str:
    author = note.author.name if note.author else "Shield"
    return f"{note.text} ({author}, {in_words(note.written_on)})"


def as_excel(taken: Taken, *, at: datetime) -> bytes:
    """The events as a workbook."""
    return excel.workbook(rows(taken), sheet=taken.chronology.reference, at=at, widths=_WIDTHS)


def as_word(taken: Taken, *, at: datetime) -> bytes:
    """The events, conflicts and gaps as a Word file."""
    return word.word(document(taken), at=at)


def as_pdf(taken: Taken, *, at: datetime) -> bytes:
    """The same as a tagged PDF."""
    return pdf.pdf(document(taken), at=at)


FILES = {
    "pdf": ("application/pdf", as_pdf),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", as_word),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_excel),
}


def document(taken: Taken) -> b.Document:
    """A chronology as a document."""
    chronology = taken.chronology
    names = "With names. Keep it as the record of a child." if taken.names else "With pseudonyms for names."
    made: list[b.Block] = [
        b.Heading(1, "The events"),
        b.Paragraph(
            b.runs(f"{names}{' Only a part of the chronology: filters were set.' if taken.filtered else ''}")
        ),
    ]
    if taken.events:
        made.append(_events(taken))
    made += _findings(taken)
    return b.Document(
        title=taken.disguise(chronology.title), subtitle=f"Combined chronology {chronology.reference}",
        organisation=taken.organisation, layout="report",
        status="Issued" if chronology.status == states.Status.CLOSED else "Draft", blocks=tuple(made),
        meta=(("Team", chronology.team.title), ("Events", f"{len(taken.events):,}")),
    )  # fmt: skip


def _events(taken: Taken) -> b.Table:
    columns = (
        b.Column("When", share=1.3, row_header=True),
        b.Column("Agency and source", share=1.5),
        b.Column("What is told", share=4),
    )
    lines = []
    for event in taken.events:
        for entry in event.entries:
            again = "" if entry is event.head else " (the same event)"
            lines.append(
                b.row(
                    f"{entry.when.in_english()}{again}",
                    f"{entry.agency.called}. {taken.disguise(entry.source)}",
                    _told(taken, event, entry),
                )
            )
    return b.Table("Events in their order", columns, tuple(lines))


def _told(taken: Taken, event: Event, entry: Entry) -> b.Runs:
    parts: list[b.Run] = [b.Text(taken.disguise(entry.event))]
    for name, label in _LABELS:
        if text := getattr(entry, name):
            parts += [b.Text(f" {label}: ", strong=True), b.Text(taken.disguise(text))]
    if entry.significance:
        parts.append(b.Text(f" [{entry.get_significance_display()}]", strong=True))
    if entry is event.head:
        for note in event.notes:
            parts += [
                b.Text(" Reader's note: ", emphasis=True),
                b.Text(taken.disguise(_note(note)), emphasis=True),
            ]
    return tuple(parts)


def _findings(taken: Taken) -> Iterator[b.Block]:
    if taken.conflicts:
        yield b.Heading(1, "Conflicts")
        columns = (
            b.Column("In what", row_header=True),
            b.Column("What contradicts what", share=3),
            b.Column("How it was settled", share=2),
        )
        lines = tuple(
            b.row(
                row.get_sort_display(),
                taken.disguise(row.words),
                taken.disguise(row.reason) or row.get_state_display(),
            )
            for row in taken.conflicts
        )
        yield b.Table("Conflicts between entries", columns, lines)
    if taken.gaps:
        yield b.Heading(1, "Gaps")
        columns = (
            b.Column("What is missing", share=2, row_header=True),
            b.Column("From"),
            b.Column("To"),
            b.Column("Days", align="right", share=0.6),
        )
        lines = tuple(
            b.row(gap.what, in_words(gap.after), in_words(gap.until), f"{gap.days:,}") for gap in taken.gaps
        )
        yield b.Table("Stretches in which something is missing", columns, lines)


def own_table(entries: Iterable[Entry], *, reference: str, at: datetime) -> bytes:
    """What an agency gave, for itself."""

    def lines() -> Iterator[list[Any]]:
        yield ["Date", "Source", *(words for name, words in _own_columns())]
        for entry in entries:
            yield [
                entry.written or entry.when.in_english(),
                entry.source,
                *(getattr(entry, name) for name, _ in _own_columns()),
            ]

    return excel.workbook(lines(), sheet=reference, at=at, widths=(22, 24, 60, 24, 36, 36, 36, 30))


def _own_columns() -> list[tuple[str, str]]:
    return [(name, states.FIELD_WORDS[name].capitalize()) for name in states.TEXTS if name != "source"]
