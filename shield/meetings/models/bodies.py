"""Bodies: what they are for, what they agreed to be, who sits on them, what stands on each of their agendas."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from shield.improvement.models import PRECISIONS, Priority, SuccessMeasure
from shield.kernel.accounts.models import Agency, Office, Person
from shield.kernel.records.models import RecordQuerySet
from shield.kernel.records.rules import Searched, Sensitivity
from shield.meetings import rules
from shield.meetings.models.base import MeetingRecord

_PUBLIC, _INTERNAL, _PERSONAL = Sensitivity.PUBLIC, Sensitivity.INTERNAL, Sensitivity.PERSONAL


class Body(MeetingRecord):
    """A board, executive, group, panel, forum or network; of the partnership, joint, or outside it."""

    kind = "meetings.body"
    url_name = "body"
    label = "Body"
    searched = Searched(by=("purpose", "frequency", "joint_with"))
    shown_with = ("parent", "predecessor")
    reference_prefix = "BOD"
    sensitivity = {
        "name": _PUBLIC, "sort": _PUBLIC, "purpose": _PUBLIC, "parent": _PUBLIC, "predecessor": _PUBLIC, "joint_with": _PUBLIC,
        "frequency": _PUBLIC, "established_on": _PUBLIC, "ended_on": _PUBLIC, "outside": _PUBLIC, "quorum": _PUBLIC,
    }  # fmt: skip

    name = models.CharField(max_length=200)
    sort = models.CharField(max_length=16, choices=rules.BodyKind.choices)
    purpose = models.TextField(blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, related_name="groups", null=True, blank=True)
    predecessor = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="successors", null=True, blank=True
    )
    joint_with = models.JSONField(default=list, blank=True)
    frequency = models.CharField(max_length=200, blank=True)
    established_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    outside = models.BooleanField(default=False)
    quorum = models.ManyToManyField(Agency, related_name="+", blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "bodies"
        constraints = [models.UniqueConstraint(fields=["partnership", "name"], name="body_named_once")]

    @property
    def heading(self) -> str:
        """Its name."""
        return self.name


class BodyChange(MeetingRecord):
    """Something that happened to a body: a new name, revised terms, a joint footing."""

    kind = "meetings.body_change"
    label = "Change of a body"
    searched = Searched(by=("former_name", "text"), under="body", day="happened_on")
    reference_prefix = "BCH"
    sensitivity = {
        "body": _PUBLIC, "sort": _PUBLIC, "happened_on": _PUBLIC, "precision": _PUBLIC, "text": _PUBLIC, "former_name": _PUBLIC,
    }  # fmt: skip

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="changes")
    sort = models.CharField(max_length=20, choices=rules.ChangeKind.choices)
    happened_on = models.DateField(null=True, blank=True)
    precision = models.CharField(max_length=5, choices=PRECISIONS, default="day")
    former_name = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["happened_on", "reference"]

    @property
    def heading(self) -> str:
        """What happened to which body."""
        return f"{self.body.name}: {self.get_sort_display().lower()}"


class TermsOfReference(MeetingRecord):
    """One version of a body's terms of reference, and who agreed it."""

    kind = "meetings.terms"
    label = "Terms of reference"
    searched = Searched(by=("summary", "text"), under="body", day="agreed_on")
    reference_prefix = "TOR"
    sensitivity = {
        "body": _PUBLIC, "number": _PUBLIC, "agreed_on": _PUBLIC, "precision": _PUBLIC, "agreed_by": _PUBLIC, "summary": _PUBLIC,
        "text": _PUBLIC,
    }  # fmt: skip

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="terms")
    number = models.PositiveSmallIntegerField(default=1, validators=[MaxValueValidator(999)])
    agreed_on = models.DateField(null=True, blank=True)
    precision = models.CharField(max_length=5, choices=PRECISIONS, default="day")
    agreed_by = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    summary = models.TextField(blank=True)
    text = models.TextField(blank=True, max_length=60_000)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["body", "number"], name="terms_version_once")]

    @property
    def heading(self) -> str:
        """The body and the version."""
        return f"{self.body.name}: terms of reference, version {self.number}"


class Seats(RecordQuerySet):
    """Seats on bodies."""

    def on(self, day: date) -> Self:
        """Those that are held on a day, its last day included."""
        begun = Q(starts_on__isnull=True) | Q(starts_on__lte=day)
        return self.filter(begun & (Q(ends_on__isnull=True) | Q(ends_on__gte=day)))

    def of(self, actor: Any) -> Self:
        """Those of the actor in their own partnership: by name, or by an agency they work for or an office in it."""
        own = Q(agency_id__in=actor.agency_ids) | Q(office__agency_id__in=actor.agency_ids)
        mine = Q(person_id=actor.person_id) | (Q(person__isnull=True) & own)
        return self.filter(mine, partnership_id=actor.partnership_id)


class BodyMember(MeetingRecord):
    """An agency, an office or a person sits on a body, from a day to a day."""

    kind = "meetings.member"
    label = "Member of a body"
    shown_with = ("body", "agency", "office", "person", "part__participant")
    reference_prefix = "MEM"
    sensitivity = {
        "body": _PUBLIC, "agency": _PUBLIC, "office": _PUBLIC, "person": _PERSONAL, "role": _PUBLIC, "starts_on": _PUBLIC,
        "ends_on": _PUBLIC, "stands_in_for": _PUBLIC, "part": _PUBLIC,
    }  # fmt: skip

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="members")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    role = models.CharField(max_length=10, choices=rules.MemberRole.choices, default="member")
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    stands_in_for = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="substitutes", null=True, blank=True
    )
    part = models.ForeignKey(
        "JointPart", on_delete=models.PROTECT, related_name="seats", null=True, blank=True
    )
    """For which other partnership the person sits on a joint body; empty for the host's own members."""

    objects = Seats.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(agency__isnull=False) | Q(office__isnull=False) | Q(person__isnull=False),
                name="member_is_somebody",
            ),
            models.CheckConstraint(
                condition=Q(part__isnull=True) | Q(person__isnull=False), name="member_of_another_is_a_person"
            ),
        ]

    @property
    def heading(self) -> str:
        """Who it is."""
        names = [
            self.person and self.person.name,
            self.office and self.office.title,
            self.agency and self.agency.name,
            self.part and self.part.participant.short_name,
        ]
        return ", ".join(name for name in names if name)


class StandingItem(MeetingRecord):
    """What is on every agenda of a body, in its order, with the time it is given."""

    kind = "meetings.standing_item"
    label = "Standing item"
    searched = Searched(by=("text",), under="body", only=(("withdrawn", False),))
    sensitivity = {
        "body": _PUBLIC, "position": _PUBLIC, "text": _PUBLIC, "purpose": _PUBLIC, "minutes": _PUBLIC, "measure": _PUBLIC,
        "withdrawn": _INTERNAL,
    }  # fmt: skip

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="standing_items")
    position = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(999)])
    text = models.CharField(max_length=500)
    purpose = models.CharField(max_length=12, choices=rules.Purpose.choices, blank=True)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(600)])
    measure = models.ForeignKey(
        SuccessMeasure, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    withdrawn = models.BooleanField(default=False)

    class Meta:
        ordering = ["position"]

    @property
    def heading(self) -> str:
        """Its text."""
        return self.text[:100]


class ForwardItem(MeetingRecord):
    """Business that a body means to take at some meeting of the year: its forward plan."""

    kind = "meetings.forward_item"
    label = "Item of the forward plan"
    searched = Searched(by=("text",), under="body", only=(("status", "waiting"),))
    reference_prefix = "FWD"
    shown_with = ("body", "priority", "agency")
    sensitivity = {
        "body": _PUBLIC, "month": _PUBLIC, "text": _PUBLIC, "priority": _PUBLIC, "measure": _PUBLIC, "agency": _PUBLIC,
        "purpose": _PUBLIC, "status": _PUBLIC, "reason": _PUBLIC,
    }  # fmt: skip

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="forward_items")
    month = models.DateField()
    text = models.CharField(max_length=500)
    purpose = models.CharField(max_length=12, choices=rules.Purpose.choices, blank=True)
    priority = models.ForeignKey(Priority, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    measure = models.ForeignKey(
        SuccessMeasure, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    status = models.CharField(max_length=8, choices=rules.ForwardStatus.choices, default="waiting")
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["month", "reference"]

    @property
    def heading(self) -> str:
        """Its text."""
        return self.text[:100]
