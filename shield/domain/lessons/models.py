"""Briefing notes, what changed after them, and examples of good practice.

What somebody writes may hold a name until it was read. So the words lie sealed until they are published, and again once they
are withdrawn; in between they stand in the clear, for the search and for everybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from shield.domain.lessons import permissions, rules
from shield.improvement.models import PRECISIONS, Evidence, Theme
from shield.kernel.accounts.models import Agency, Person, Team
from shield.kernel.calendar.rules import in_words_to
from shield.kernel.records.models import Record, RecordQuerySet
from shield.kernel.records.rules import RecordRef, Retention, Searched, Sensitivity
from shield.kernel.sealed.models import SealedJSON
from shield.meetings.models import Gathering

_PUBLIC, _INTERNAL, _PERSONAL = Sensitivity.PUBLIC, Sensitivity.INTERNAL, Sensitivity.PERSONAL


class Lesson(Record):
    """Something whose words are sealed until it is published."""

    view_permission = permissions.READ
    retention = Retention.PERMANENT
    WORDS: ClassVar[tuple[str, ...]] = ()
    PUBLISHED: ClassVar[str] = ""
    """The status at which its words are for everybody."""

    sealed_words = SealedJSON(default=dict, blank=True)
    """By field: what a draft says, or what one that was withdrawn said."""

    class Meta:
        abstract = True

    @property
    def is_published(self) -> bool:
        """Whether everybody here may read it."""
        return bool(getattr(self, "status", "") == self.PUBLISHED)

    @property
    def words(self) -> dict[str, str]:
        """What it says, wherever that lies."""
        if self.is_published:
            return {name: getattr(self, name) for name in self.WORDS}
        return {name: str(self.sealed_words.get(name, "")) for name in self.WORDS}

    def write(self, words: Mapping[str, Any]) -> None:
        """Put new words in place of the old ones of a draft."""
        known = {name: str(value).strip() for name, value in words.items() if name in self.WORDS}
        self.sealed_words = {**self.words, **known}

    def publish(self) -> None:
        """Bring the words into the clear; the status is set with it."""
        words = self.words
        for name, text in words.items():
            setattr(self, name, text)
        self.status, self.sealed_words = self.PUBLISHED, {}

    def take_away(self, status: str) -> None:
        """Take the words out of the clear and keep them sealed; the status is set with it."""
        self.sealed_words = self.words
        for name in self.WORDS:
            setattr(self, name, "")
        self.status = status


class Notes(RecordQuerySet):
    """Briefing notes: issued ones for everybody; drafts and what was withdrawn for whoever writes them.

    One about a case is its team's alone until it is issued.
    """

    def visible_to(self, actor: Any) -> Self:
        """Those that somebody may see."""
        rows = super().visible_to(actor)
        if actor.is_system:
            return rows
        seen = Q(status=rules.NoteStatus.ISSUED) | Q(team_id__in=actor.team_ids)
        if actor.may(permissions.WRITE):
            seen |= Q(team__isnull=True)
        return rows.filter(seen)


class BriefingNote(Lesson):
    """One page on what was learnt, for people who work with children: nobody in it can be recognised."""

    kind = "lessons.note"
    url_name = "briefing_note"
    label = "Briefing note"
    searched = Searched(
        by=("looked_at", "working_well", "to_develop", "happens_next", "questions"),
        only=(("status", rules.NoteStatus.ISSUED),),
        day="issued_on",
    )
    reference_prefix = "BRI"
    shown_with = ("team",)
    WORDS = rules.WORDS_OF_NOTE
    PUBLISHED = rules.NoteStatus.ISSUED
    sensitivity = {
        "about_kind": _INTERNAL, "about_id": _INTERNAL, "about_words": _PUBLIC, "team": _INTERNAL, "title": _PUBLIC,
        "looked_at": _INTERNAL, "working_well": _INTERNAL, "to_develop": _INTERNAL, "happens_next": _INTERNAL,
        "questions": _INTERNAL, "status": _PUBLIC, "issued_on": _PUBLIC, "ask_on": _INTERNAL, "withdrawn_on": _PUBLIC,
        "withdrawn_why": _INTERNAL, "sealed_words": _PERSONAL, "themes": _PUBLIC, "gatherings": _PUBLIC,
    }  # fmt: skip

    about_kind = models.CharField(max_length=80)
    about_id = models.UUIDField(db_index=True)
    about_words = models.CharField(max_length=400, blank=True)
    """What it is about, in words for everybody."""
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    title = models.CharField(max_length=200, blank=True)
    looked_at = models.TextField(max_length=2000, blank=True)
    working_well = models.TextField(max_length=3000, blank=True)
    to_develop = models.TextField(max_length=3000, blank=True)
    happens_next = models.TextField(max_length=2000, blank=True)
    questions = models.TextField(max_length=2000, blank=True)
    themes = models.ManyToManyField(Theme, related_name="+", blank=True)
    gatherings = models.ManyToManyField(Gathering, related_name="+", blank=True)
    """Where it was shared."""
    status = models.CharField(max_length=9, choices=rules.NoteStatus.choices, default="draft")
    issued_on = models.DateField(null=True, blank=True)
    ask_on = models.DateField(null=True, blank=True)
    """When it is asked what it changed; empty once that was answered."""
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawn_why = models.CharField(max_length=1000, blank=True)

    objects = Notes.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["-issued_on", "title"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "about_id"],
                condition=~Q(status="withdrawn"),
                name="one_standing_note_about_a_record",
            )
        ]

    @property
    def heading(self) -> str:
        """Its title once it is issued; until then it may hold what may not be told."""
        return self.title if self.is_published else f"Briefing note {self.reference}"

    @property
    def about(self) -> RecordRef:
        """The record that taught it."""
        return RecordRef(self.about_kind, self.about_id)


class Told(RecordQuerySet):
    """Answers, for whoever sees their note."""

    def visible_to(self, actor: Any) -> Self:
        """As the notes that were issued, or that somebody writes."""
        notes = BriefingNote.objects.visible_to(actor).order_by().values("pk")
        return super().visible_to(actor).filter(note__in=notes)


class WhatChanged(Record):
    """An answer to what a note changed; “nothing yet” is one, with the reason and a new day."""

    kind = "lessons.what_changed"
    label = "What changed"
    view_permission = permissions.READ
    retention = Retention.PERMANENT
    disposed_with = "note"
    shown_with = ("note", "agency", "evidence")
    sensitivity = {
        "note": _INTERNAL, "agency": _PUBLIC, "changed": _PUBLIC, "text": _INTERNAL, "evidence": _INTERNAL, "told_on": _PUBLIC,
        "again_on": _INTERNAL, "earlier": _INTERNAL,
    }  # fmt: skip

    note = models.ForeignKey(BriefingNote, on_delete=models.PROTECT, related_name="changes")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    """Whose practice it speaks of; empty for the whole partnership."""
    changed = models.BooleanField()
    text = models.TextField(max_length=4000)
    """What changed, or why nothing has yet."""
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    told_on = models.DateField()
    again_on = models.DateField(null=True, blank=True)
    earlier = models.JSONField(default=list, blank=True)
    """What was told before it was corrected, the oldest first: `{"on": day, "text": words}`."""

    objects = Told.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["told_on", "recorded_at"]

    @property
    def heading(self) -> str:
        """After which note."""
        return f"what changed after {self.note.heading}"


class Practices(RecordQuerySet):
    """Examples: accepted ones for everybody; before, for whoever brought one and whoever accepts them."""

    def visible_to(self, actor: Any) -> Self:
        """Those that somebody may see."""
        rows = super().visible_to(actor)
        if actor.is_system or actor.may(permissions.JUDGE):
            return rows
        seen = Q(status=rules.PracticeStatus.ACCEPTED)
        return rows.filter(seen | Q(brought_by_id=actor.person_id) if actor.person_id else seen)


class GoodPractice(Lesson):
    """Something that was done well, and what others can take from it: nobody in it can be recognised."""

    kind = "lessons.good_practice"
    url_name = "good_practice"
    label = "Example of good practice"
    searched = Searched(
        by=("setting", "done", "why", "others"),
        only=(("status", rules.PracticeStatus.ACCEPTED),),
        day="seen_on",
    )
    reference_prefix = "GPX"
    shown_with = ("agency", "brought_by")
    WORDS = rules.WORDS_OF_PRACTICE
    PUBLISHED = rules.PracticeStatus.ACCEPTED
    sensitivity = {
        "title": _PUBLIC, "setting": _INTERNAL, "agency": _PUBLIC, "done": _INTERNAL, "why": _INTERNAL, "others": _INTERNAL,
        "seen_on": _PUBLIC, "precision": _PUBLIC, "themes": _PUBLIC, "status": _PUBLIC, "brought_by": _PERSONAL,
        "brought_on": _INTERNAL, "accepted_on": _PUBLIC, "returned_why": _PERSONAL, "withdrawn_on": _PUBLIC,
        "withdrawn_why": _INTERNAL, "sealed_words": _PERSONAL,
    }  # fmt: skip

    title = models.CharField(max_length=200, blank=True)
    setting = models.CharField(max_length=300, blank=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    """Whose practice it was."""
    done = models.TextField(max_length=4000, blank=True)
    why = models.TextField(max_length=3000, blank=True)
    others = models.TextField(max_length=3000, blank=True)
    seen_on = models.DateField()
    precision = models.CharField(max_length=5, choices=PRECISIONS, default="day")
    themes = models.ManyToManyField(Theme, related_name="+", blank=True)
    status = models.CharField(max_length=9, choices=rules.PracticeStatus.choices, default="brought")
    brought_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    brought_on = models.DateField()
    accepted_on = models.DateField(null=True, blank=True)
    returned_why = models.CharField(max_length=1000, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawn_why = models.CharField(max_length=1000, blank=True)

    objects = Practices.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["-seen_on", "title"]
        verbose_name_plural = "examples of good practice"

    @property
    def heading(self) -> str:
        """Its title once it is accepted; until then it may hold what may not be told."""
        return self.title if self.is_published else f"Example of good practice {self.reference}"

    @property
    def seen(self) -> str:
        """When it was seen, as exactly as it is known."""
        return in_words_to(self.seen_on, self.precision)
