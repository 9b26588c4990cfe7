"""Feedback activities, the points made in them, people's own words, surveys, the Learning Circle."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from shield.domain.voice import permissions, rules
from shield.improvement.models import PRECISIONS, Finding, Priority, shortened
from shield.improvement.rules import FindingSort
from shield.kernel.accounts.models import Agency, Office, Person
from shield.kernel.calendar.rules import in_words_to
from shield.kernel.records.models import Record, RecordQuerySet
from shield.kernel.records.rules import COUNT_LIMIT, RecordRef, Retention, Searched, Sensitivity
from shield.kernel.sealed import rules as sealed
from shield.meetings.models import Body, Gathering

_PUBLIC, _INTERNAL, _PERSONAL = Sensitivity.PUBLIC, Sensitivity.INTERNAL, Sensitivity.PERSONAL


def ring() -> sealed.KeyRing:
    """The keys of this installation."""
    return sealed.ring(Path(settings.SHIELD_KEYS))


class VoiceRecord(Record):
    """A record of what people told us: who may see it sees all of it, but quotations."""

    view_permission = permissions.VIEW
    retention = Retention.PERMANENT

    class Meta:
        abstract = True


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
        "title": _PUBLIC, "priority": _PUBLIC, "group": _PUBLIC, "method": _PUBLIC, "people_count": _INTERNAL, "held_on": _PUBLIC,
        "precision": _PUBLIC, "agency": _PUBLIC, "office": _PUBLIC, "gathering": _PUBLIC, "asked": _PUBLIC, "note": _INTERNAL,
        "judged_order": _INTERNAL, "judged_count": _INTERNAL, "judged_year": _INTERNAL, "withheld": _INTERNAL, "seals_total": _INTERNAL,
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
    # What was told of its number, so that no later number gives it back (`services.judging`).
    judged_order = models.PositiveIntegerField(null=True, blank=True)
    """Its place in the order in which numbers came on record; empty while it is not known."""
    judged_count = models.PositiveIntegerField(null=True, blank=True)
    """The number by which it was judged."""
    judged_year = models.UUIDField(null=True, blank=True)
    """The reporting year in which it was judged."""
    withheld = models.BooleanField(default=False)
    """Whether its number was ever withheld; then it stays so."""
    seals_total = models.BooleanField(default=False)
    """Whether its year's total is told no more, because its number changed, or one beside it left the year."""

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
        "told_by": _INTERNAL, "published": _PUBLIC, "offered_by": _INTERNAL, "source_id": _INTERNAL,
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
    offered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    """Who read it first and would publish it; somebody else looks at it too."""

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
    def public_words(self) -> str:
        """Whether it is on the public page, or waits for a second look."""
        return "Yes" if self.published else "Waits for a second look" if self.offered_by_id else "No"

    def take_off(self) -> None:
        """Leave the public page, and whatever waits for a second look."""
        self.published, self.offered_by = False, None

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


class Heard(RecordQuerySet):
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


class Survey(VoiceRecord):
    """Questions that anybody with its address may answer, once it is open, without saying who they are."""

    kind = "voice.survey"
    url_name = "survey"
    label = "Survey"
    searched = Searched(by=("intro", "summary"), day="opens_on")
    reference_prefix = "SUR"
    shown_with = ("priority", "activity")
    sensitivity = {
        "title": _PUBLIC, "intro": _PUBLIC, "group": _PUBLIC, "priority": _INTERNAL, "status": _PUBLIC, "opens_on": _PUBLIC,
        "closes_on": _PUBLIC, "token": _PERSONAL, "activity": _INTERNAL, "summary": _INTERNAL,
    }  # fmt: skip

    title = models.CharField(max_length=200)
    intro = models.TextField(max_length=2000)
    group = models.CharField(max_length=14, choices=rules.Group.choices)
    priority = models.ForeignKey(Priority, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    status = models.CharField(max_length=10, choices=rules.SurveyStatus.choices, default="draft")
    opens_on = models.DateField(null=True, blank=True)
    closes_on = models.DateField(null=True, blank=True)
    token = models.CharField(max_length=64, unique=True, null=True, blank=True)
    """What makes its address; nobody can guess it, and whoever has it sees the questions and nothing else."""
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    summary = models.TextField(blank=True, max_length=4000)

    class Meta:
        ordering = ["-reference"]

    def takes_answers(self, today: Any) -> bool:
        """Whether it is open on a day."""
        return rules.takes_answers(self.status, self.opens_on, self.closes_on, today)


class Question(VoiceRecord):
    """One question of a survey, in full and in a few easy words."""

    kind = "voice.question"
    label = "Question of a survey"
    searched = None
    shown_with = ("survey",)
    sensitivity = {
        "survey": _PUBLIC, "position": _INTERNAL, "sort": _PUBLIC, "text": _PUBLIC, "easy": _PUBLIC, "choices": _PUBLIC,
        "left_out": _INTERNAL,
    }  # fmt: skip

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="questions")
    position = models.PositiveSmallIntegerField(validators=[MaxValueValidator(999)])
    sort = models.CharField(max_length=8, choices=rules.QuestionSort.choices)
    text = models.CharField(max_length=300)
    easy = models.CharField(max_length=120, blank=True)
    choices = models.JSONField(default=list, blank=True)
    left_out = models.BooleanField(default=False)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["survey", "position"], name="question_has_its_place")]

    @property
    def heading(self) -> str:
        """The question."""
        return self.text


class Reply(models.Model):
    """One person's answers: not even the day is kept beside them.

    It is no record: a record's id and time of recording would tell the moment, and so perhaps the person. What they
    wrote in their own words is sealed.
    """

    retention: ClassVar[Retention] = Retention.PARTNERSHIP_YEAR
    sensitivity: ClassVar[dict[str, Sensitivity]] = {
        "id": _INTERNAL,
        "survey": _INTERNAL,
        "once": _INTERNAL,
        "answers": _PERSONAL,
        "sealed_words": _PERSONAL,
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    """Random, not ordered by time."""
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="replies")
    once = models.CharField(max_length=64, unique=True)
    """A digest of the form's own token, so that what is sent twice is one reply."""
    answers = models.JSONField(default=dict, blank=True)
    """By a question's position: the answer chosen, or several."""
    sealed_words = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "replies"

    def __str__(self) -> str:
        return "A reply"

    @property
    def words(self) -> dict[str, str]:
        """By a question's position: what was written."""
        if not self.sealed_words:
            return {}
        found: dict[str, str] = json.loads(sealed.unseal(ring(), self.sealed_words, self._place))
        return found

    def keep_words(self, words: dict[str, str]) -> None:
        """Seal what was written for this row."""
        self.sealed_words = sealed.seal(ring(), json.dumps(words), self._place) if words else ""

    @property
    def _place(self) -> str:
        return f"voice.reply.words:{self.pk}"


class CircleMember(VoiceRecord):
    """Somebody with experience of services who sits in the Learning Circle, by the name they choose.

    Its title is its reference alone, so that no history, search or address holds the name.
    """

    kind = "voice.circle_member"
    url_name = "circle_member"
    label = "Learning Circle member"
    view_permission = permissions.CIRCLE
    retention = Retention.ACCOUNT
    reference_prefix = "CIR"
    retention_from = "left_on"
    shown_with = ("body", "agency")
    sensitivity = {
        "body": _PUBLIC, "chosen_name": _PERSONAL, "sealed_contact": _PERSONAL, "joined_on": _INTERNAL, "left_on": _INTERNAL,
        "agency": _INTERNAL,
    }  # fmt: skip

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    chosen_name = models.CharField(max_length=60)
    sealed_contact = models.TextField(blank=True)
    joined_on = models.DateField()
    left_on = models.DateField(null=True, blank=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        ordering = ["joined_on", "reference"]

    @property
    def heading(self) -> str:
        """Its reference; never the name."""
        return f"Learning Circle member {self.reference}"

    @property
    def contact(self) -> str:
        """How they are reached."""
        if not self.sealed_contact:
            return ""
        return sealed.unseal(ring(), self.sealed_contact, self._place)

    def keep_contact(self, text: str) -> None:
        """Seal how they are reached for this row; an empty text leaves nothing behind."""
        self.sealed_contact = sealed.seal(ring(), text, self._place) if text else ""

    @property
    def _place(self) -> str:
        return f"voice.circle_member.contact:{self.pk}"
