"""Feedback activities, the points made in them, and people's own words."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from shield.domain.voice import permissions, rules
from shield.improvement.models import PRECISIONS, Finding, Priority, shortened
from shield.improvement.rules import FindingSort
from shield.kernel.accounts.models import Agency, Office
from shield.kernel.calendar.rules import in_words_to
from shield.kernel.records.models import Record, RecordQuerySet, next_reference
from shield.kernel.records.rules import COUNT_LIMIT, RecordRef, Retention, Searched, Sensitivity
from shield.kernel.sealed import rules as sealed
from shield.meetings.models import Gathering

_PUBLIC, _INTERNAL, _PERSONAL = Sensitivity.PUBLIC, Sensitivity.INTERNAL, Sensitivity.PERSONAL


def ring() -> sealed.KeyRing:
    """The keys of this installation."""
    return sealed.ring(Path(settings.SHIELD_KEYS))


class VoiceQuerySet(RecordQuerySet):
    """Who may see what people said sees all of it in their partnership."""

    def visible_to(self, actor: Any) -> Self:
        """The rows of the partnership, with what names each of them."""
        rows = super().visible_to(actor)
        return rows.select_related(*self.model.shown_with) if self.model.shown_with else rows


class VoiceRecord(Record):
    """A record of what people told us."""

    view_permission = permissions.VIEW
    retention = Retention.PERMANENT
    shown_with: ClassVar[tuple[str, ...]] = ()
    """Relations without which a row cannot be named on a page; read together with it."""

    objects = VoiceQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        abstract = True

    @classmethod
    def new(cls, by: Any, **values: Any) -> Self:
        """A row of the actor's partnership under the next reference, not stored yet."""
        reference = next_reference(by.partnership_id, cls.reference_prefix)
        return cls(partnership_id=by.partnership_id, reference=reference, **values)


class Activity(VoiceRecord):
    """One time somebody was asked: who, how, how many, when, by whom.

    Where a meeting holds the day and the head count, that is where they are kept.
    """

    kind = "voice.activity"
    url_name = "activity"
    label = "Feedback activity"
    searched = Searched(by=("asked", "note"), day="held_on")
    reference_prefix = "VOI"
    shown_with = ("priority", "agency", "office", "gathering")
    sensitivity = {
        "title": _PUBLIC, "priority": _PUBLIC, "group": _PUBLIC, "method": _PUBLIC, "people_count": _PUBLIC, "held_on": _PUBLIC,
        "precision": _PUBLIC, "agency": _PUBLIC, "office": _PUBLIC, "gathering": _PUBLIC, "asked": _PUBLIC, "note": _INTERNAL,
    }  # fmt: skip

    title = models.CharField(max_length=300)
    priority = models.ForeignKey(Priority, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    group = models.CharField(max_length=14, choices=rules.Group.choices)
    method = models.CharField(max_length=12, choices=rules.Method.choices)
    people_count = models.PositiveIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(COUNT_LIMIT)]
    )
    held_on = models.DateField(null=True, blank=True)
    precision = models.CharField(max_length=5, choices=PRECISIONS, default="day")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    gathering = models.ForeignKey(
        Gathering, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    asked = models.TextField(blank=True, max_length=4000)
    note = models.TextField(blank=True, max_length=2000)

    class Meta:
        ordering = ["held_on", "reference"]
        verbose_name_plural = "activities"
        constraints = [
            models.CheckConstraint(
                condition=Q(gathering__isnull=True) | Q(people_count__isnull=True, held_on__isnull=True),
                name="a_meeting_holds_its_own_day_and_count",
            )
        ]

    @property
    def day(self) -> Any:
        """The day of its meeting, or its own."""
        return self.gathering.held_on if self.gathering else self.held_on

    @property
    def when(self) -> str:
        """The day in words, as exactly as it is known; empty if it is not."""
        precision = self.gathering.precision if self.gathering else self.precision
        return in_words_to(self.day, precision) if self.day else ""

    @property
    def by_whom(self) -> str:
        """Who asked, in words."""
        names = [self.office.title if self.office else "", self.agency.called if self.agency else ""]
        return ", ".join(name for name in names if name)


class Said(VoiceRecord):
    """One point somebody made, in our words, and what came of it."""

    kind = "voice.said"
    url_name = "said"
    label = "Point that was made"
    searched = Searched(by=("text", "we_did", "why_not"), day="answered_on")
    reference_prefix = "SAI"
    shown_with = ("activity__gathering", "priority", "finding")
    sensitivity = {
        "text": _INTERNAL, "sort": _PUBLIC, "group": _PUBLIC, "activity": _PUBLIC, "priority": _PUBLIC, "finding": _INTERNAL,
        "state": _PUBLIC, "we_did": _PUBLIC, "why_not": _PUBLIC, "answered_on": _PUBLIC, "told_on": _PUBLIC, "told_how": _PUBLIC,
        "told_by": _INTERNAL, "published": _PUBLIC, "source_id": _INTERNAL,
    }  # fmt: skip

    text = models.TextField(max_length=2000)
    sort = models.CharField(max_length=14, choices=FindingSort.choices)
    group = models.CharField(max_length=14, choices=rules.Group.choices)
    activity = models.ForeignKey(
        Activity, on_delete=models.PROTECT, related_name="points", null=True, blank=True
    )
    priority = models.ForeignKey(Priority, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    source_id = models.CharField(max_length=80, blank=True)
    """Which free text of a survey it was made of, so that none is taken twice."""
    state = models.CharField(max_length=10, choices=rules.PointState.choices, default="open")
    we_did = models.TextField(blank=True, max_length=2000)
    why_not = models.TextField(blank=True, max_length=2000)
    answered_on = models.DateField(null=True, blank=True)
    told_on = models.DateField(null=True, blank=True)
    told_how = models.CharField(max_length=300, blank=True)
    told_by = models.CharField(max_length=200, blank=True)
    published = models.BooleanField(default=False)

    class Meta:
        ordering = ["reference"]
        verbose_name_plural = "points"
        constraints = [
            models.CheckConstraint(
                condition=Q(activity__isnull=False) | Q(priority__isnull=False),
                name="a_point_was_made_somewhere",
            ),
            models.UniqueConstraint(
                fields=["activity", "source_id"], condition=~Q(source_id=""), name="free_text_taken_once"
            ),
        ]

    @property
    def heading(self) -> str:
        """The first words."""
        return shortened(self.text)

    @property
    def said_on(self) -> Any:
        """The day on which it was said, if that is known."""
        return self.activity.day if self.activity else None

    @property
    def answer(self) -> str:
        """What we did, or why nothing can be done; empty while there is no answer."""
        return self.we_did or self.why_not

    @property
    def told_words(self) -> str:
        """That they were told, when and how; or that they were not."""
        if self.told_on is None:
            return "Not told yet"
        return f"Told on {in_words_to(self.told_on, 'day')}: {self.told_how}"


class CameOf(VoiceRecord):
    """A recommendation, decision or action that came of a point."""

    kind = "voice.came_of"
    label = "What came of a point"
    sensitivity = {"said": _INTERNAL, "about_kind": _INTERNAL, "about_id": _INTERNAL}

    said = models.ForeignKey(Said, on_delete=models.PROTECT, related_name="came")
    about_kind = models.CharField(max_length=80)
    about_id = models.UUIDField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["said", "about_kind", "about_id"], name="came_of_once")
        ]

    @property
    def about(self) -> RecordRef:
        """What it points to; its title is read anew wherever it is shown."""
        return RecordRef(self.about_kind, self.about_id)


class Heard(VoiceQuerySet):
    """Quotations: nobody hears words without a consent that reaches them."""

    def visible_to(self, actor: Any) -> Self:
        """Those whose consent reaches the actor; whoever records them also sees that one waits or was withdrawn."""
        rows = super().visible_to(actor)
        heard = rules.scopes_heard(
            hub=actor.may(permissions.HEAR_HUB), board=actor.may(permissions.HEAR_BOARD)
        )
        reached = Q(scope__in=heard, consent_on__isnull=False, withdrawn_on=None)
        waiting = Q(consent_on=None) | Q(withdrawn_on__isnull=False)
        return rows.filter(reached | waiting if actor.may(permissions.RECORD) else reached)

    def with_consent(self, *scopes: str) -> Self:
        """Those that may be shown within these scopes."""
        return self.filter(scope__in=scopes, consent_on__isnull=False, withdrawn_on=None)


class Quotation(VoiceRecord):
    """Somebody's own words, sealed, and what they agreed to.

    `words` gives nothing without a consent in force, whoever asks. Its title names nobody and quotes nothing, so
    that neither the history nor a search holds what may have to disappear.
    """

    kind = "voice.quotation"
    url_name = "quotation"
    label = "Quotation"
    reference_prefix = "QUO"
    retention = Retention.PARTNERSHIP_YEAR
    shown_with = ("activity__gathering", "activity__priority")
    sensitivity = {
        "activity": _PUBLIC, "group": _PUBLIC, "sealed_words": _PERSONAL, "consent_by": _PERSONAL, "consent_on": _INTERNAL,
        "consent_how": _PERSONAL, "scope": _INTERNAL, "withdrawn_on": _INTERNAL, "withdrawn_how": _PERSONAL,
    }  # fmt: skip

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="quotations")
    group = models.CharField(max_length=14, choices=rules.Group.choices)
    sealed_words = models.TextField(blank=True)
    consent_by = models.CharField(max_length=200, blank=True)
    consent_on = models.DateField(null=True, blank=True)
    consent_how = models.CharField(max_length=300, blank=True)
    scope = models.CharField(max_length=10, choices=rules.Scope.choices, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawn_how = models.CharField(max_length=300, blank=True)

    objects = Heard.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["reference"]

    @property
    def heading(self) -> str:
        """Its reference and whose words they are; never the words."""
        return f"Quotation {self.reference} ({self.get_group_display().lower()})"

    @property
    def has_consent(self) -> bool:
        """Whether a consent is in force."""
        return self.consent_on is not None and self.withdrawn_on is None

    @property
    def standing(self) -> tuple[str, str]:
        """Where the consent stands, in words, and the tone of it."""
        if self.withdrawn_on is not None:
            return "Consent withdrawn", "late"
        return (self.get_scope_display(), "good") if self.has_consent else ("Waits for consent", "attention")

    @property
    def words(self) -> str:
        """What they said, if a consent is in force; otherwise nothing."""
        if not self.has_consent or not self.sealed_words:
            return ""
        return sealed.unseal(ring(), self.sealed_words, self._place)

    def keep_words(self, text: str) -> None:
        """Seal what they said for this row; an empty text leaves nothing behind."""
        self.sealed_words = sealed.seal(ring(), text, self._place) if text else ""

    @property
    def _place(self) -> str:
        return f"voice.quotation.words:{self.pk}"


class Promise(VoiceRecord):
    """Something the partnership said it would do to hear children, young people and families, and where it stands."""

    kind = "voice.promise"
    url_name = "promise"
    label = "Promise about engagement"
    searched = Searched(by=("text", "progress"), day="made_on")
    reference_prefix = "PRM"
    sensitivity = {
        "text": _PUBLIC, "made_on": _PUBLIC, "precision": _PUBLIC, "where": _PUBLIC, "progress": _PUBLIC, "position": _PUBLIC,
    }  # fmt: skip

    text = models.TextField(max_length=1000)
    made_on = models.DateField()
    precision = models.CharField(max_length=5, choices=PRECISIONS, default="day")
    where = models.CharField(max_length=200, blank=True)
    progress = models.TextField(blank=True, max_length=2000)
    position = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(999)])

    class Meta:
        ordering = ["position", "reference"]

    @property
    def heading(self) -> str:
        """The first words."""
        return shortened(self.text)
