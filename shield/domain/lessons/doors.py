"""What pages elsewhere may ask of lessons."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from shield.domain.lessons import permissions, queries, rules
from shield.domain.lessons.models import BriefingNote, GoodPractice
from shield.improvement.models import Theme
from shield.kernel.access.rules import Actor
from shield.kernel.accounts.models import Person
from shield.kernel.records import queries as records
from shield.kernel.records.rules import Listing, Panel, PanelItem, PersonalData, RecordRef, WorkItem

MOST = 50


def panels(ref: RecordRef, actor: Actor) -> Iterator[Panel | Listing]:
    """On a record that teaches something: its briefing notes, and the way to write one. On a theme: what was learnt.

    On a meeting: the notes shared there.
    """
    if not actor.may(permissions.READ):
        return
    if ref.kind == Theme.kind:
        yield Listing("Briefing notes", BriefingNote.kind, queries.issued(actor).filter(themes=ref.id))
        yield Listing("Good practice", GoodPractice.kind, queries.accepted(actor).filter(themes=ref.id))
        return
    if ref.kind == "meetings.gathering":
        shared = queries.issued(actor).filter(gatherings=ref.id)
        yield Listing("Briefing notes shared here", BriefingNote.kind, shared)
        return
    offer = records.briefing(ref, actor)
    if offer is None:
        return
    notes = list(queries.notes_about(ref, actor)[:MOST])
    items = tuple(
        PanelItem(row.heading, row.ref, row.get_status_display(), rules.TONES[row.status]) for row in notes
    )
    stands = any(row.status != rules.NoteStatus.WITHDRAWN for row in notes)
    writes = not stands and not offer.why_not and queries.may_write(offer, actor)
    add = ("Write a briefing note", "briefing_note_write", ref) if writes else ()
    if items or add:
        yield Panel(
            "Briefing note", items, "What was learnt has not been written down on one page yet.", *add
        )


def work(actor: Actor, today: date) -> Iterator[WorkItem]:
    """For whoever writes notes: of which to say what changed. For whoever accepts examples: those to read.

    For whoever brought one: that it came back.
    """
    if actor.may(permissions.WRITE):
        for note in queries.to_ask(actor, today)[:MOST]:
            yield WorkItem(
                note.heading, note.kind, note.pk, "What has the briefing note changed?", note.ask_on,
                act="Say what changed", act_page="briefing_note_changed",
            )  # fmt: skip
    if actor.may(permissions.JUDGE):
        for row in queries.to_judge(actor)[:MOST]:
            yield WorkItem(
                row.words["title"], row.kind, row.pk, "Example of good practice to read",
                owner=row.agency.called if row.agency else "", act="Read it", act_page="good_practice",
            )  # fmt: skip
    if actor.may(permissions.BRING):
        for row in queries.returned_to(actor)[:MOST]:
            yield WorkItem(
                f"Sent back: {row.words['title']}", row.kind, row.pk, "Example of good practice", act="Change it",
                act_page="good_practice_change",
            )  # fmt: skip


def texts(about: RecordRef, actor: Actor) -> Iterator[tuple[str, str]]:
    """What the notes about a case say."""
    for note in queries.notes_about(about, actor):
        if note.status != rules.NoteStatus.WITHDRAWN:
            for heading, text in rules.said(note.words, rules.PARTS_OF_NOTE).items():
                yield f"Briefing note: {heading}", text


def subject_access(person: Person, actor: Actor) -> Iterator[PersonalData]:
    """Where lessons name a person."""
    yield from records.told_of(person, actor, *records.kinds_of("lessons"), where="What was learnt")
