"""Clocks that records started, what moved them, and England's bank holidays."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator
from django.db import models

from shield.kernel.clocks import permissions, rules
from shield.kernel.records.models import Record
from shield.kernel.records.rules import Retention, Searched, Sensitivity

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
