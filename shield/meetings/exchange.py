"""Meetings as files: the pack, the minutes, the calendar."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
from django.utils.safestring import SafeString, mark_safe

from shield.kernel.access.rules import Actor
from shield.kernel.accounts.models import Partnership
from shield.kernel.calendar.rules import in_words
from shield.kernel.documents.exchange import binding, html, pdf, word
from shield.kernel.documents.rules import blocks as b
from shield.kernel.documents.rules import markdown
from shield.kernel.files import queries as files
from shield.meetings import queries, rules
from shield.meetings.models import Gathering, Minutes, Paper

LONDON = ZoneInfo("Europe/London")
USUAL_LENGTH = timedelta(hours=2)
"""How long a meeting is in a calendar when nobody said when it finishes."""


@dataclass(frozen=True)
class Bound:
    """A paper of the pack: bound in, or why it is not."""

    paper: Paper
    number: int
    content: bytes | None
    why_not: str = ""


def pack(gathering: Gathering, actor: Actor, *, at: datetime) -> bytes:
    """Agenda and papers in one PDF, as this person may read them: contents, bookmarks, page numbers, links."""
    papers = [
        _bound(paper, number, actor) for number, paper in enumerate(queries.papers(gathering, actor), start=1)
    ]
    parts = [
        binding.Part(str(each.paper.pk), f"Paper {each.number}: {each.paper.title}", each.content)
        for each in papers
        if each.content is not None
    ]
    return binding.bound(lambda begins: pdf.pdf(_agenda(gathering, papers, begins), at=at), parts, at=at)


def _bound(paper: Paper, number: int, actor: Actor) -> Bound:
    stored = files.about(paper.pk, actor).last()
    if stored is None:
        due = f"; it is due on {in_words(paper.due_on)}" if paper.due_on else ""
        return Bound(paper, number, None, f"not handed in yet{due}")
    path = files.path_of(stored.sha256)
    if not path.is_file():
        return Bound(paper, number, None, "its file is missing")
    if stored.content_type != "application/pdf":
        return Bound(paper, number, None, "to be opened in Shield, because it is not a PDF")
    content = path.read_bytes()
    try:
        binding.pages_of(content)
    except binding.Unbindable as reason:
        return Bound(paper, number, None, f"to be opened in Shield, because it {reason}")
    return Bound(paper, number, content)


def _agenda(gathering: Gathering, papers: Sequence[Bound], begins: dict[str, int]) -> b.Document:
    made: list[b.Block] = [b.Heading(1, "Agenda"), *_business(gathering, papers)]
    if papers:
        made += [b.Heading(1, "Papers"), _contents(papers, begins)]
    declared = list(queries.declarations(gathering))
    if declared:
        made.append(b.Heading(1, "Interests declared"))
        made.append(b.Bullets(b.items(*(f"{d.heading}: {d.interest}" for d in declared))))
    needed = queries.quorum(gathering)
    if needed:
        made.append(b.Heading(1, "Quorum"))
        made.append(b.Paragraph(b.runs(f"These must be there for a decision: {', '.join(needed.needed)}.")))
    when = in_words(gathering.held_on)
    if gathering.begins_at:
        until = f" to {gathering.finishes_at:%H:%M}" if gathering.finishes_at else ""
        when = f"{when}, {gathering.begins_at:%H:%M}{until}"
    meta = [
        ("When", when),
        ("Where", gathering.place),
        ("Chair", gathering.chair_words),
        ("Reference", gathering.reference),
    ]
    return b.Document(
        title=gathering.title,
        subtitle="Agenda and papers",
        organisation=gathering.partnership.name,
        layout="note",
        status="Issued",
        blocks=tuple(made),
        meta=tuple((name, text) for name, text in meta if text),
    )


def _business(gathering: Gathering, papers: Sequence[Bound]) -> list[b.Block]:
    """The agenda, grouped by success measure where its items serve several."""
    timed = queries.timed_business(gathering)
    if not timed:
        return [b.Paragraph(b.runs("There is nothing on the agenda yet."))]
    groups: dict[str, list[tuple[b.Runs, ...]]] = {}
    for number, (item, begins, _) in enumerate(timed, start=1):
        about = [each for each in papers if each.paper.item_id == item.pk]
        words: list[str | b.Run] = [f"{item.text}"]
        for each in about:
            words += [" (", _link(each), ")"]
        by = ", ".join(
            part for part in (item.get_purpose_display() if item.purpose else "", item.presenter) if part
        )
        time = f"{begins:%H:%M}" if begins else ""
        minutes = f"{item.minutes} min" if item.minutes else ""
        measure = item.measure.title if item.measure else ""
        groups.setdefault(measure, []).append(b.row(str(number), b.runs(*words), by, time or minutes))
    columns = (
        b.Column("No.", share=0.5),
        b.Column("Item", share=5, row_header=True),
        b.Column("For, by", share=3),
        b.Column("Time", share=0.9),
    )
    if len(groups) == 1:
        return [b.Table("The agenda", columns, tuple(next(iter(groups.values()))))]
    made: list[b.Block] = []
    for measure, rows in groups.items():
        made.append(b.Heading(2, measure or "Business of the meeting"))
        made.append(
            b.Table(f"Items: {measure}" if measure else "Business of the meeting", columns, tuple(rows))
        )
    return made


def _link(each: Bound) -> b.Run:
    words = f"paper {each.number}"
    return b.Link(words, f"{binding.PLACE}{each.paper.pk}") if each.content is not None else b.Text(words)


def _contents(papers: Sequence[Bound], begins: dict[str, int]) -> b.Table:
    rows = []
    for each in papers:
        paper = each.paper
        title: b.Run = (
            b.Link(paper.title, f"{binding.PLACE}{paper.pk}")
            if each.content is not None
            else b.Text(paper.title)
        )
        late = paper.replaced_at or paper.handed_in_at
        note = ""
        if paper.is_replaced_late and late:
            word_ = "replaced" if paper.replaced_at else "handed in"
            note = f"{word_} on {in_words(late.astimezone(LONDON).date())}, after the pack went out"
        page = str(begins[str(paper.pk)]) if each.content is not None else each.why_not
        by = paper.agency.name if paper.agency else (paper.person.name if paper.person else "")
        rows.append(b.row(str(each.number), b.runs(title, f" – {note}" if note else ""), by, page))
    columns = (
        b.Column("No.", share=0.5),
        b.Column("Paper", share=5, row_header=True),
        b.Column("From", share=2),
        b.Column("Page", share=2),
    )
    return b.Table("The papers, and the page on which each begins", columns, tuple(rows))


# --- Minutes


def minutes_document(minutes: Minutes) -> b.Document:
    """Minutes as a document that can be handed round; approved ones carry their fingerprint."""
    gathering = minutes.gathering
    meta = [
        ("Meeting", gathering.reference),
        ("Held on", in_words(gathering.held_on)),
        ("Status", minutes.get_status_display()),
    ]
    if minutes.approved_on and minutes.approved_at:
        meta.append(("Approved", f"{in_words(minutes.approved_on)}, at {minutes.approved_at.title}"))
        meta.append(("Fingerprint", minutes.fingerprint))
    body = markdown.blocks(_below_title(minutes.text), top=1)
    return b.Document(
        title=minutes.heading,
        organisation=gathering.partnership.name,
        layout="note",
        status="Issued" if minutes.status == rules.MinutesStatus.APPROVED else "Draft",
        blocks=body or (b.Paragraph(b.runs("Nothing is written yet.")),),
        meta=tuple(meta),
    )


def _below_title(text: str) -> str:
    """The text without its first heading, which is the document's title already."""
    first, _, rest = text.partition("\n")
    return rest if first.startswith("# ") else text


def minutes_html(minutes: Minutes) -> SafeString:
    """Minutes within a page."""
    return mark_safe(html.fragment(minutes_document(minutes), contents=False))  # noqa: S308 - the renderer escapes every text


def minutes_pdf(minutes: Minutes, *, at: datetime) -> bytes:
    """Minutes as PDF."""
    return pdf.pdf(minutes_document(minutes), at=at)


def minutes_word(minutes: Minutes, *, at: datetime) -> bytes:
    """Minutes as a Word file."""
    return word.word(minutes_document(minutes), at=at)


# --- Calendar


def calendar(rows: Iterable[Gathering], *, name: str, at: datetime) -> bytes:
    """Meetings as an iCalendar file (RFC 5545); without a time of day they are whole days."""
    made = icalendar.Calendar()
    made.add("prodid", "-//Shield//Meetings//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", name)
    for row in rows:
        event = icalendar.Event()
        event.add("uid", f"{row.pk}@shield")
        event.add("dtstamp", at.astimezone(UTC))
        event.add("sequence", row.version)
        event.add("summary", row.title)
        if row.begins_at:
            begins = datetime.combine(row.held_on, row.begins_at, LONDON)
            ends = (
                datetime.combine(row.ends_on or row.held_on, row.finishes_at, LONDON)
                if row.finishes_at
                else begins + USUAL_LENGTH
            )
            event.add("dtstart", begins.astimezone(UTC))
            event.add("dtend", ends.astimezone(UTC))
        else:
            event.add("dtstart", row.held_on)
            event.add("dtend", (row.ends_on or row.held_on) + timedelta(days=1))
        if row.place:
            event.add("location", row.place)
        cancelled = row.status == rules.GatheringStatus.CANCELLED
        event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
        made.add_component(event)
    return bytes(made.to_ical())


# --- The yearly list of leads


def leads_document(partnership: Partnership, rows: Sequence[queries.AgencyLeads], on: date) -> b.Document:
    """Who leads on which topic, agency by agency, as it stood on a day: the list that goes round once a year."""
    made: list[b.Block] = [b.Paragraph(b.runs("Ask these colleagues about the topic they lead on."))]
    columns = (
        b.Column("Agency", share=3, row_header=True),
        b.Column("Lead", share=4),
        b.Column("Reached at", share=4),
    )
    for number, topic in enumerate(rules.Topic):
        lines = [
            b.row(row.agency.name, lead.who, lead.contact) for row in rows for lead in row.by_topic[number]
        ]
        nobody = [row.agency.name for row in rows if not row.by_topic[number]]
        made.append(b.Heading(1, topic.label))
        if lines:
            made.append(b.Table(f"Leads: {topic.label}", columns, tuple(lines)))
        if nobody:
            made.append(b.Paragraph(b.runs(f"Nobody is named by: {'; '.join(nobody)}.")))
    return b.Document(
        title="Topic leads of our partners",
        subtitle=f"As they stood on {in_words(on)}",
        organisation=partnership.name,
        layout="note",
        status="Issued",
        blocks=tuple(made),
    )


def leads_pdf(
    partnership: Partnership, rows: Sequence[queries.AgencyLeads], on: date, *, at: datetime
) -> bytes:
    """The list of leads as PDF."""
    return pdf.pdf(leads_document(partnership, rows, on), at=at)


def leads_word(
    partnership: Partnership, rows: Sequence[queries.AgencyLeads], on: date, *, at: datetime
) -> bytes:
    """The list of leads as a Word file."""
    return word.word(leads_document(partnership, rows, on), at=at)
