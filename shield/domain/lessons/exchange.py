"""The briefing note as a PDF and a Word file."""

from __future__ import annotations

from datetime import datetime

from shield.domain.lessons import rules
from shield.domain.lessons.models import BriefingNote
from shield.kernel.calendar.rules import in_words
from shield.kernel.documents.exchange import pdf, word
from shield.kernel.documents.rules import blocks as b


def note_document(note: BriefingNote, organisation: str) -> b.Document:
    """A briefing note as a document of one page; without words once it was withdrawn."""
    words = {} if note.status == rules.NoteStatus.WITHDRAWN else note.words
    made: list[b.Block] = []
    for heading, name in rules.PARTS_OF_NOTE:
        if text := words.get(name, "").strip():
            made += [b.Heading(1, heading), *_of_lines(text)]
    meta = [
        ("About", note.about_words),
        ("Issued", in_words(note.issued_on) if note.issued_on else "Draft, not to be passed on"),
    ]
    return b.Document(
        title=words.get("title") or note.heading, subtitle="Briefing note", organisation=organisation, layout="note",
        status="Issued" if note.is_published else "Draft", blocks=tuple(made),
        meta=tuple((label, text) for label, text in meta if text),
    )  # fmt: skip


def _of_lines(text: str) -> list[b.Block]:
    """Lines that begin with a hyphen are a list, all others are paragraphs."""
    made: list[b.Block] = []
    items: list[str] = []
    for is_point, line in [*rules.lines_of(text), (False, "")]:
        if is_point:
            items.append(line)
            continue
        if items:
            made.append(b.Bullets(b.items(*items)))
            items = []
        if line:
            made.append(b.Paragraph(b.runs(line)))
    return made


def note_pdf(note: BriefingNote, organisation: str, *, at: datetime) -> bytes:
    """The note as a PDF."""
    return pdf.pdf(note_document(note, organisation), at=at)


def note_word(note: BriefingNote, organisation: str, *, at: datetime) -> bytes:
    """The note as a Word file."""
    return word.word(note_document(note, organisation), at=at)
