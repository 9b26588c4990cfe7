"""Bodies, terms of reference, membership, gatherings, agenda, attendance, resolutions."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from shield.improvement.models import PRECISIONS, Decision, Priority
from shield.kernel.accounts.models import Agency, Office, Person
from shield.kernel.records.models import Record, RecordQuerySet
from shield.kernel.records.rules import COUNT_LIMIT, Retention, Sensitivity
from shield.meetings import permissions, rules

_PUBLIC, _INTERNAL, _PERSONAL = Sensitivity.PUBLIC, Sensitivity.INTERNAL, Sensitivity.PERSONAL


class WithRelations(RecordQuerySet):
    """Rows that come with what every page of them names, so that one read is enough."""

    def visible_to(self, actor: Any) -> Self:
        """Who may see meetings sees all of them."""
        rows = super().visible_to(actor)
        return rows.select_related(*self.model.named_with) if self.model.named_with else rows


class MeetingRecord(Record):
    """A record of this module: who may see meetings sees all of them."""

    view_permission = permissions.VIEW
    retention = Retention.PERMANENT
    named_with: ClassVar[tuple[str, ...]] = ()

    objects = WithRelations.as_manager()

    class Meta:
        abstract = True


class Body(MeetingRecord):
    """A board, executive, group, panel, forum or network; of the partnership, joint, or outside it."""

    kind = "meetings.body"
    url_name = "body"
    label = "Body"
    named_with = ("parent", "predecessor")
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
    reference_prefix = "TOR"
    sensitivity = {
        "body": _PUBLIC, "number": _PUBLIC, "agreed_on": _PUBLIC, "precision": _PUBLIC, "agreed_by": _PUBLIC, "summary": _PUBLIC,
    }  # fmt: skip

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="terms")
    number = models.PositiveSmallIntegerField(default=1, validators=[MaxValueValidator(999)])
    agreed_on = models.DateField(null=True, blank=True)
    precision = models.CharField(max_length=5, choices=PRECISIONS, default="day")
    agreed_by = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    summary = models.TextField(blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["body", "number"], name="terms_version_once")]

    @property
    def heading(self) -> str:
        """The body and the version."""
        return f"{self.body.name}: terms of reference, version {self.number}"


class BodyMember(MeetingRecord):
    """An agency, an office or a person sits on a body, from a day to a day."""

    kind = "meetings.member"
    label = "Member of a body"
    named_with = ("body", "agency", "office", "person")
    reference_prefix = "MEM"
    sensitivity = {
        "body": _PUBLIC, "agency": _PUBLIC, "office": _PUBLIC, "person": _PERSONAL, "role": _PUBLIC, "starts_on": _PUBLIC,
        "ends_on": _PUBLIC,
    }  # fmt: skip

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="members")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    role = models.CharField(max_length=10, choices=rules.MemberRole.choices, default="member")
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(agency__isnull=False) | Q(office__isnull=False) | Q(person__isnull=False),
                name="member_is_somebody",
            )
        ]

    @property
    def heading(self) -> str:
        """Who it is."""
        names = [
            self.person and self.person.name,
            self.office and self.office.title,
            self.agency and self.agency.name,
        ]
        return ", ".join(name for name in names if name)


class Gathering(MeetingRecord):
    """Something people attend on a day: the only register of it."""

    kind = "meetings.gathering"
    url_name = "gathering"
    label = "Meeting or event"
    named_with = ("body", "chair_agency", "chair_office", "priority")
    reference_prefix = "MTG"
    sensitivity = {
        "title": _PUBLIC, "sort": _PUBLIC, "body": _PUBLIC, "priority": _PUBLIC, "held_on": _PUBLIC, "ends_on": _PUBLIC,
        "precision": _PUBLIC, "status": _PUBLIC, "chair_agency": _PUBLIC, "chair_office": _PUBLIC, "led_by": _PUBLIC,
        "attendance_count": _PUBLIC, "agencies_represented": _PUBLIC, "levels": _PUBLIC, "content": _PUBLIC, "note": _INTERNAL,
    }  # fmt: skip

    title = models.CharField(max_length=300)
    sort = models.CharField(max_length=24, choices=rules.GatheringKind.choices)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="gatherings", null=True, blank=True)
    priority = models.ForeignKey(Priority, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    held_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    precision = models.CharField(max_length=5, choices=PRECISIONS, default="day")
    status = models.CharField(max_length=10, choices=rules.GatheringStatus.choices, default="held")
    chair_agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    chair_office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    led_by = models.ManyToManyField(Agency, related_name="+", blank=True)
    attendance_count = models.PositiveIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(COUNT_LIMIT)]
    )
    agencies_represented = models.JSONField(default=list, blank=True)
    levels = models.JSONField(default=list, blank=True)
    content = models.TextField(blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["-held_on", "title"]
        indexes = [models.Index(fields=["partnership", "held_on"], name="gathering_by_day")]

    @property
    def chair_words(self) -> str:
        """Who chaired, in words; select the relations with the row."""
        names = [
            self.chair_office.title if self.chair_office else "",
            self.chair_agency.called if self.chair_agency else "",
        ]
        return ", ".join(name for name in names if name)


class AgendaItem(MeetingRecord):
    """One item of business at a gathering."""

    kind = "meetings.agenda_item"
    label = "Agenda item"
    sensitivity = {
        "gathering": _PUBLIC, "position": _PUBLIC, "text": _PUBLIC, "priority": _PUBLIC, "about_kind": _INTERNAL,
        "about_id": _INTERNAL, "withdrawn": _INTERNAL,
    }  # fmt: skip

    gathering = models.ForeignKey(Gathering, on_delete=models.PROTECT, related_name="items")
    withdrawn = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(999)])
    text = models.TextField(max_length=2000)
    priority = models.ForeignKey(Priority, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    about_kind = models.CharField(max_length=80, blank=True)
    about_id = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering = ["position"]

    @property
    def heading(self) -> str:
        """Its text."""
        return self.text[:100]


class Attendance(MeetingRecord):
    """A person, an office or an agency was there, sent apologies, or did not come."""

    kind = "meetings.attendance"
    label = "Attendance"
    sensitivity = {
        "gathering": _PUBLIC, "agency": _PUBLIC, "office": _PUBLIC, "person": _PERSONAL, "named": _PERSONAL, "presence": _PUBLIC,
        "withdrawn": _INTERNAL,
    }  # fmt: skip

    gathering = models.ForeignKey(Gathering, on_delete=models.PROTECT, related_name="attendances")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    named = models.CharField(max_length=200, blank=True)
    presence = models.CharField(max_length=10, choices=rules.Presence.choices, default="present")
    withdrawn = models.BooleanField(default=False)

    class Meta:
        ordering = ["agency__name", "named"]

    @property
    def heading(self) -> str:
        """Who it is, as far as the record names anybody."""
        if self.person:
            return self.person.name
        if self.named:
            return self.named
        return self.office.title if self.office else (self.agency.name if self.agency else "")


class Resolution(MeetingRecord):
    """Ties a decision of the chain to the body that took it and, if known, the gathering."""

    kind = "meetings.resolution"
    url_name = "resolution"
    label = "Decision of a body"
    named_with = ("decision", "body", "gathering")
    reference_prefix = "RES"
    sensitivity = {"decision": _PUBLIC, "body": _PUBLIC, "gathering": _PUBLIC}

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="+")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="resolutions")
    gathering = models.ForeignKey(
        Gathering, on_delete=models.PROTECT, related_name="resolutions", null=True, blank=True
    )

    class Meta:
        ordering = ["-decision__decided_on", "reference"]

    @property
    def heading(self) -> str:
        """The decision's own words."""
        return self.decision.heading
