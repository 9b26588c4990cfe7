"""Clocks that records started, what moved them, who was told of what is late, and England's bank holidays."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.core.validators import MaxValueValidator
from django.db import models

from shield.kernel.access.rules import Actor
from shield.kernel.accounts.models import Person
from shield.kernel.clocks import permissions, rules
from shield.kernel.records.models import Record, next_reference
from shield.kernel.records.rules import RecordRef, Retention, Searched, Sensitivity

_PUBLIC, _INTERNAL = Sensitivity.PUBLIC, Sensitivity.INTERNAL


class Clock(Record):
    """A duty that a record's event set running."""

    kind = "clocks.clock"
    url_name = "clock"
    label = "Clock"
    searched = Searched(by=("owed_by", "reason"), day="due_on")
    view_permission = permissions.VIEW
    reference_prefix = "CLK"
    retention = Retention.PERMANENT
    sensitivity = {
        "about_kind": _INTERNAL,
        "about_id": _INTERNAL,
        "about_title": _INTERNAL,
        "edition": _PUBLIC,
        "code": _PUBLIC,
        "occasion": _PUBLIC,
        "title": _PUBLIC,
        "owed_by": _PUBLIC,
        "started_on": _PUBLIC,
        "due_on": _PUBLIC,
        "state": _PUBLIC,
        "met_on": _PUBLIC,
        "extra": _INTERNAL,
        "reason": _INTERNAL,
    }

    about_kind = models.CharField(max_length=80)
    about_id = models.UUIDField(db_index=True)
    about_title = models.CharField(max_length=300)
    edition = models.CharField(max_length=20)
    code = models.CharField(max_length=60)
    occasion = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=300)
    owed_by = models.CharField(max_length=200)
    started_on = models.DateField()
    due_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=rules.State.choices, default="running")
    met_on = models.DateField(null=True, blank=True)
    extra = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(366)])
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["due_on", "reference"]
        constraints = [
            models.UniqueConstraint(fields=["about_id", "code", "occasion"], name="one_clock_an_occasion"),
            models.UniqueConstraint(
                fields=["about_id", "code"],
                condition=models.Q(state__in=["running", "paused"]),
                name="one_open_clock_a_duty",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="met") | models.Q(met_on__isnull=False), name="clock_met_has_day"
            ),
        ]


class ClockPause(Record):
    """A clock stood still from a day to a day, with the reason."""

    kind = "clocks.pause"
    label = "Pause of a clock"
    searched = Searched(by=("reason",), under="clock", day="starts_on")
    view_permission = permissions.VIEW
    retention = Retention.PERMANENT
    sensitivity = {"clock": _INTERNAL, "starts_on": _PUBLIC, "ends_on": _PUBLIC, "reason": _INTERNAL}

    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="pauses")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    reason = models.TextField()

    class Meta:
        ordering = ["starts_on"]

    @property
    def heading(self) -> str:
        """Which clock."""
        return f"Pause of {self.clock.title}"


class Reminder(Record):
    """People were reminded of a date: once for each step of each date, or chased by hand.

    `told` is for how many people a message was queued.
    """

    kind = "clocks.reminder"
    label = "Reminder"
    view_permission = permissions.VIEW_ESCALATIONS
    retention = Retention.PARTNERSHIP_YEAR
    sensitivity = {
        "about_kind": _INTERNAL,
        "about_id": _INTERNAL,
        "due_on": _INTERNAL,
        "step": _INTERNAL,
        "on": _INTERNAL,
        "told": _INTERNAL,
    }

    about_kind = models.CharField(max_length=80)
    about_id = models.UUIDField(db_index=True)
    due_on = models.DateField()
    step = models.CharField(max_length=20)
    on = models.DateField()
    told = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["on"]
        constraints = [
            models.UniqueConstraint(
                fields=["about_id", "due_on", "step"],
                condition=~models.Q(step=rules.CHASED),
                name="one_reminder_a_step",
            ),
        ]

    @property
    def heading(self) -> str:
        """What it was."""
        return "Chased" if self.step == rules.CHASED else "Reminder"


class Escalation(Record):
    """Something is late or stuck and was put before the safeguarding partners, who answer."""

    kind = "clocks.escalation"
    url_name = "escalation"
    label = "Escalation"
    searched = Searched(by=("reason", "answer"), day="raised_on")
    view_permission = permissions.VIEW_ESCALATIONS
    reference_prefix = "ESC"
    retention = Retention.PARTNERSHIP_YEAR
    sensitivity = {
        "about_kind": _INTERNAL,
        "about_id": _INTERNAL,
        "about_title": _INTERNAL,
        "due_on": _INTERNAL,
        "reason": _INTERNAL,
        "raised_on": _INTERNAL,
        "raised_by": _INTERNAL,
        "state": _INTERNAL,
        "answer": _INTERNAL,
        "answered_on": _INTERNAL,
        "answered_by": _INTERNAL,
    }

    about_kind = models.CharField(max_length=80)
    about_id = models.UUIDField(db_index=True)
    about_title = models.CharField(max_length=300)
    due_on = models.DateField(null=True, blank=True)
    reason = models.TextField(max_length=2000)
    raised_on = models.DateField()
    raised_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    state = models.CharField(max_length=9, choices=rules.EscalationState.choices, default="open")
    answer = models.TextField(max_length=4000, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        ordering = ["-raised_on", "-reference"]
        constraints = [
            models.UniqueConstraint(
                fields=["about_id"], condition=models.Q(state="open"), name="one_open_escalation_a_record"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="answered")
                | (models.Q(answered_on__isnull=False) & models.Q(answered_by__isnull=False)),
                name="escalation_answered_by_somebody",
            ),
        ]

    @classmethod
    def begin(
        cls, by: Actor, *, about: RecordRef, due_on: date | None, reason: str, raised_on: date
    ) -> Escalation:
        """A new escalation about a record, with its reference; the system raises in nobody's name."""
        return cls(
            partnership_id=by.partnership_id,
            reference=next_reference(by.partnership_id, cls.reference_prefix),
            about_kind=about.kind,
            about_id=about.id,
            about_title=about.title[:300],
            due_on=due_on,
            reason=reason,
            raised_on=raised_on,
            raised_by_id=by.person_id,
        ).store()

    @property
    def heading(self) -> str:
        """What it is about, as it was called."""
        return self.about_title

    @property
    def about(self) -> RecordRef:
        """What it is about."""
        return RecordRef(self.about_kind, self.about_id, self.about_title)


class FurtherReason(Record):
    """Another person put before the partners what was escalated already: why they did."""

    kind = "clocks.further_reason"
    label = "Further reason of an escalation"
    searched = Searched(by=("reason",), under="escalation", day="given_on")
    view_permission = permissions.VIEW_ESCALATIONS
    retention = Retention.PARTNERSHIP_YEAR
    sensitivity = {
        "escalation": _INTERNAL,
        "reason": _INTERNAL,
        "given_on": _INTERNAL,
        "given_by": _INTERNAL,
    }

    escalation = models.ForeignKey(Escalation, on_delete=models.PROTECT, related_name="further_reasons")
    reason = models.TextField(max_length=2000)
    given_on = models.DateField()
    given_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        ordering = ["given_on", "recorded_at"]

    @property
    def heading(self) -> str:
        """Which escalation."""
        return f"Further reason: {self.escalation.about_title}"


class BankHoliday(models.Model):
    """A bank holiday of England that the shipped snapshot did not know, or one that was withdrawn."""

    retention: ClassVar[Retention] = Retention.PERMANENT
    sensitivity: ClassVar[dict[str, Sensitivity]] = {"day": _PUBLIC, "title": _PUBLIC, "withdrawn": _PUBLIC}

    day = models.DateField(primary_key=True)
    title = models.CharField(max_length=200)
    withdrawn = models.BooleanField(default=False)

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.title}"
