"""Reads across notes, answers and examples, and everything published in one list."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from shield.domain.lessons import permissions, rules
from shield.domain.lessons.models import BriefingNote, GoodPractice, WhatChanged
from shield.improvement.models import Evidence, Theme
from shield.kernel.access.rules import Actor
from shield.kernel.records import queries as records
from shield.kernel.records.models import KINDS
from shield.kernel.records.rules import Briefing, Learnt, RecordRef
from shield.meetings.models import Gathering

MOST_EVIDENCE = 200
MOST_GATHERINGS = 100


def record_at(ref: RecordRef, actor: Actor) -> Any:
    """The record that a note is, or may be, about; None where the actor does not see it."""
    model: Any = KINDS.get(ref.kind)
    return model.objects.visible_to(actor).filter(pk=ref.id).first() if model is not None else None


def notes_about(ref: RecordRef, actor: Actor) -> QuerySet[BriefingNote]:
    """The notes about a record, the first first."""
    rows = BriefingNote.objects.visible_to(actor).filter(about_kind=ref.kind, about_id=ref.id)
    return rows.order_by("recorded_at")


def may_write(offer: Briefing, actor: Actor) -> bool:
    """Whether somebody writes the note that a module offers: one about a case is written by its team."""
    if not actor.may(permissions.WRITE):
        return False
    return offer.team is None or actor.works_in(offer.team.pk)


def has_standing_note(ref: RecordRef, partnership_id: uuid.UUID) -> bool:
    """Whether a record has a note that was not withdrawn, whoever may see it."""
    rows = BriefingNote.objects.filter(partnership_id=partnership_id, about_kind=ref.kind, about_id=ref.id)
    return rows.exclude(status=rules.NoteStatus.WITHDRAWN).exists()


def themes(actor: Actor) -> QuerySet[Theme]:
    """The themes that a lesson can be filed under: those of the evidence chain that stand, by title.

    Their titles are public, so that whoever may read lessons finds them by theme without seeing the chain.
    """
    rows = Theme.objects.filter(partnership_id=actor.partnership_id, withdrawn_on=None)
    return rows.order_by("title", "pk")


def evidence(actor: Actor) -> QuerySet[Evidence]:
    """The latest evidence that can be named for what changed."""
    return Evidence.objects.visible_to(actor).order_by("-found_on", "-reference")[:MOST_EVIDENCE]


def gatherings(actor: Actor, until: date) -> QuerySet[Gathering]:
    """The latest meetings and events at which a note may have been shared."""
    return (
        Gathering.objects.visible_to(actor).filter(held_on__lte=until).order_by("-held_on")[:MOST_GATHERINGS]
    )


def changes_of(note: BriefingNote) -> list[WhatChanged]:
    """What was told of a note, the first first."""
    return list(WhatChanged.objects.filter(note=note).select_related("agency", "evidence"))


def to_ask(actor: Actor, today: date) -> QuerySet[BriefingNote]:
    """Notes of which it is time to say what changed, the longest due first."""
    rows = BriefingNote.objects.visible_to(actor).filter(status=rules.NoteStatus.ISSUED, ask_on__lte=today)
    return rows.order_by("ask_on")


def to_judge(actor: Actor) -> QuerySet[GoodPractice]:
    """Examples that wait to be read."""
    rows = GoodPractice.objects.visible_to(actor).filter(status=rules.PracticeStatus.BROUGHT)
    return rows.order_by("brought_on") if actor.may(permissions.JUDGE) else rows.none()


def returned_to(actor: Actor) -> QuerySet[GoodPractice]:
    """Somebody's own examples that were sent back to them."""
    rows = GoodPractice.objects.visible_to(actor).filter(
        status=rules.PracticeStatus.RETURNED, brought_by_id=actor.person_id
    )
    return rows.order_by("brought_on") if actor.person_id else rows.none()


def unpublished(actor: Actor) -> list[BriefingNote | GoodPractice]:
    """Drafts and examples on their way that somebody may see."""
    notes = BriefingNote.objects.visible_to(actor).filter(status=rules.NoteStatus.DRAFT)
    examples = GoodPractice.objects.visible_to(actor).filter(status__in=rules.EDITABLE)
    return [*notes.order_by("recorded_at"), *examples.order_by("brought_on")]


def issued(actor: Actor) -> QuerySet[BriefingNote]:
    """The notes that everybody may read, each with whether anything was told of what changed."""
    told = WhatChanged.objects.filter(note=OuterRef("pk"), changed=True)
    rows = BriefingNote.objects.visible_to(actor).filter(status=rules.NoteStatus.ISSUED)
    return rows.annotate(has_changed=Exists(told)).prefetch_related("themes").order_by("-issued_on", "title")


def accepted(actor: Actor) -> QuerySet[GoodPractice]:
    """The examples that everybody may read."""
    rows = GoodPractice.objects.visible_to(actor).filter(status=rules.PracticeStatus.ACCEPTED)
    return rows.prefetch_related("themes").order_by("-seen_on", "title")


def learnt(actor: Actor) -> list[Learnt]:
    """Everything published that practice can learn from, the newest first."""
    found = [*records.learnt(actor), *map(_of_note, issued(actor)), *map(_of_practice, accepted(actor))]
    return sorted(found, key=lambda item: (-item.on.toordinal(), item.title))


def _of_note(note: BriefingNote) -> Learnt:
    assert note.issued_on is not None
    return Learnt(
        note.title, rules.NOTE, note.issued_on, " ".join(note.words.values()), "briefing_note", (("id", str(note.pk)),),
        tuple(theme.pk for theme in note.themes.all()),
    )  # fmt: skip


def _of_practice(row: GoodPractice) -> Learnt:
    text = " ".join([*row.words.values(), row.agency.name if row.agency else ""])
    return Learnt(
        row.title, rules.PRACTICE, row.seen_on, text, "good_practice", (("id", str(row.pk)),),
        tuple(theme.pk for theme in row.themes.all()), row.precision,
    )  # fmt: skip


def counts(items: Iterable[Learnt], known: Iterable[Theme]) -> list[tuple[Theme, int]]:
    """How much there is under each theme: the most first, then by title; themes without anything are left out."""
    many = Counter(theme for item in items for theme in item.themes)
    found = [(theme, many[theme.pk]) for theme in known if many[theme.pk]]
    return sorted(found, key=lambda pair: (-pair[1], pair[0].title.casefold()))
