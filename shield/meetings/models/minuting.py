"""What is written down of a meeting: lines as they fall, minutes in versions, corrections, and the calendar's keys."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from shield.improvement.models import Action, Decision
from shield.kernel.accounts.models import Person
from shield.kernel.calendar import queries as calendar
from shield.kernel.records.models import RecordQuerySet
from shield.kernel.records.rules import Retention, Searched, Sensitivity
from shield.meetings import permissions, rules
from shield.meetings.models.base import MeetingRecord
from shield.meetings.models.bodies import BodyMember
from shield.meetings.models.gatherings import AgendaItem, Gathering

_INTERNAL, _PERSONAL = Sensitivity.INTERNAL, Sensitivity.PERSONAL


class Line(MeetingRecord):
    """One line taken down during a meeting: a note, a decision or an action, by one person, under one item.

    Lines stand beside each other, so two people who take notes at once never write over each other. `key` is made
    where the line was typed: sent again after a lost connection, it is the same line.
    """

    kind = "meetings.line"
    label = "Line of the notes"
    shown_with = ("person", "decision", "action")
    sensitivity = {
        "gathering": _INTERNAL, "item": _INTERNAL, "sort": _INTERNAL, "text": _INTERNAL, "person": _PERSONAL, "taken_at": _INTERNAL,
        "key": _INTERNAL, "decision": _INTERNAL, "action": _INTERNAL, "withdrawn": _INTERNAL,
    }  # fmt: skip

    gathering = models.ForeignKey(Gathering, on_delete=models.PROTECT, related_name="lines")
    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    sort = models.CharField(max_length=8, choices=rules.LineKind.choices, default="note")
    text = models.TextField(max_length=4000)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    taken_at = models.DateTimeField()
    key = models.CharField(max_length=40, blank=True)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    withdrawn = models.BooleanField(default=False)

    class Meta:
        ordering = ["taken_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["gathering", "key"], condition=~Q(key=""), name="line_sent_once")
        ]

    @property
    def heading(self) -> str:
        """Its text."""
        return self.text[:100]


class Written(RecordQuerySet):
    """Minutes: a draft is for those who write it, the rest for the members of the body."""

    def visible_to(self, actor: Any) -> Self:
        """Once they are circulated: those of bodies one sits on, or of every body for whoever oversees the work."""
        rows = super().visible_to(actor)
        if actor.may(permissions.RECORD_GATHERING):
            return rows
        rows = rows.exclude(status=rules.MinutesStatus.DRAFT)
        if actor.may(permissions.READ_MINUTES):
            return rows
        seats = BodyMember.objects.of(actor).on(calendar.today())
        return rows.filter(
            Q(gathering__body_id__in=seats.values("body_id")) | Q(gathering__body__isnull=True)
        )


class Minutes(MeetingRecord):
    """The minutes of a meeting: drafted, circulated, approved at a later meeting and then frozen."""

    kind = "meetings.minutes"
    url_name = "minutes"
    label = "Minutes"
    searched = Searched(by=("text",), follows=("gathering",), day="gathering.held_on")
    shown_with = ("gathering", "approved_at")
    reference_prefix = "MIN"
    sensitivity = {
        "gathering": _INTERNAL, "status": _INTERNAL, "text": _INTERNAL, "number": _INTERNAL, "circulated_on": _INTERNAL,
        "approved_on": _INTERNAL, "approved_at": _INTERNAL, "fingerprint": _INTERNAL,
    }  # fmt: skip

    gathering = models.OneToOneField(Gathering, on_delete=models.PROTECT, related_name="minutes")
    status = models.CharField(max_length=10, choices=rules.MinutesStatus.choices, default="draft")
    text = models.TextField(max_length=200_000)
    number = models.PositiveSmallIntegerField(default=1)
    circulated_on = models.DateField(null=True, blank=True)
    approved_on = models.DateField(null=True, blank=True)
    approved_at = models.ForeignKey(
        Gathering, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    fingerprint = models.CharField(max_length=64, blank=True)

    objects = Written.as_manager()

    class Meta:
        verbose_name_plural = "minutes"

    @property
    def heading(self) -> str:
        """Of which meeting."""
        return f"Minutes of {self.gathering.title}"


class MinutesVersion(MeetingRecord):
    """What the minutes said before they were changed."""

    kind = "meetings.minutes_version"
    label = "Earlier version of minutes"
    shown_with = ("person",)
    sensitivity = {
        "minutes": _INTERNAL,
        "number": _INTERNAL,
        "text": _INTERNAL,
        "person": _PERSONAL,
        "saved_at": _INTERNAL,
    }

    minutes = models.ForeignKey(Minutes, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    text = models.TextField(max_length=200_000)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["minutes", "number"], name="minutes_version_once")]

    @property
    def heading(self) -> str:
        """Its number."""
        return f"Version {self.number}"


class Correction(MeetingRecord):
    """What a reader of circulated minutes asks to have put right, and the answer."""

    kind = "meetings.correction"
    label = "Correction of minutes"
    searched = Searched(by=("text", "answer"), under="minutes")
    shown_with = ("minutes__gathering", "person")
    reference_prefix = "COR"
    sensitivity = {
        "minutes": _INTERNAL,
        "text": _INTERNAL,
        "person": _PERSONAL,
        "status": _INTERNAL,
        "answer": _INTERNAL,
    }

    minutes = models.ForeignKey(Minutes, on_delete=models.PROTECT, related_name="corrections")
    text = models.TextField(max_length=2000)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    status = models.CharField(max_length=8, choices=rules.CorrectionStatus.choices, default="open")
    answer = models.TextField(blank=True, max_length=2000)

    class Meta:
        ordering = ["reference"]

    @property
    def heading(self) -> str:
        """Its text."""
        return self.text[:100]


class CalendarKey(MeetingRecord):
    """The private address of one person's calendar of meetings; only its digest is kept, and it can be revoked."""

    kind = "meetings.calendar_key"
    label = "Private calendar address"
    retention = Retention.ACCOUNT
    retention_from = "revoked_at"
    sensitivity: ClassVar[dict[str, Sensitivity]] = {
        "person": _PERSONAL, "digest": _INTERNAL, "made_at": _INTERNAL, "revoked_at": _INTERNAL,
    }  # fmt: skip

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
