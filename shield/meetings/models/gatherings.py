"""Gatherings: what people attended, on what business, who came, what was decided."""

from __future__ import annotations

from typing import Any, Self

from django.core.validators import MaxValueValidator
from django.db import models

from shield.improvement.models import PRECISIONS, Decision, Priority, SuccessMeasure
from shield.kernel.accounts.models import Agency, Office, Person
from shield.kernel.records.models import RecordQuerySet
from shield.kernel.records.rules import COUNT_LIMIT, Refused, Searched, Sensitivity
from shield.meetings import rules
from shield.meetings.models.base import MeetingRecord
from shield.meetings.models.bodies import Body

_PUBLIC, _INTERNAL, _PERSONAL = Sensitivity.PUBLIC, Sensitivity.INTERNAL, Sensitivity.PERSONAL


class Gatherings(RecordQuerySet):
    """Gatherings, each with where its minutes stand but without their text."""

    def visible_to(self, actor: Any) -> Self:
        """Who may see meetings sees all of them."""
        return super().visible_to(actor).select_related("minutes").defer("minutes__text")


class Gathering(MeetingRecord):
    """Something people attend on a day: the only register of it."""

    kind = "meetings.gathering"
    url_name = "gathering"
    label = "Meeting or event"
    searched = Searched(by=("place", "content", "note"), day="held_on")
    shown_with = ("body", "chair_agency", "chair_office", "priority")
    reference_prefix = "MTG"
    sensitivity = {
        "title": _PUBLIC, "sort": _PUBLIC, "body": _PUBLIC, "priority": _PUBLIC, "held_on": _PUBLIC, "ends_on": _PUBLIC,
        "precision": _PUBLIC, "status": _PUBLIC, "chair_agency": _PUBLIC, "chair_office": _PUBLIC, "led_by": _PUBLIC,
        "attendance_count": _PUBLIC, "agencies_represented": _PUBLIC, "levels": _PUBLIC, "content": _PUBLIC, "note": _INTERNAL,
        "begins_at": _PUBLIC, "finishes_at": _PUBLIC, "place": _PUBLIC, "papers_due_on": _INTERNAL, "pack_sent_at": _INTERNAL,
    }  # fmt: skip

    title = models.CharField(max_length=300)
    sort = models.CharField(max_length=24, choices=rules.GatheringKind.choices)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="gatherings", null=True, blank=True)
    priority = models.ForeignKey(Priority, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    held_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    precision = models.CharField(max_length=5, choices=PRECISIONS, default="day")
    begins_at = models.TimeField(null=True, blank=True)
    finishes_at = models.TimeField(null=True, blank=True)
    place = models.CharField(max_length=300, blank=True)
    papers_due_on = models.DateField(null=True, blank=True)
    pack_sent_at = models.DateTimeField(null=True, blank=True)
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

    objects = Gatherings.as_manager()

    class Meta:
        ordering = ["-held_on", "title"]
        indexes = [models.Index(fields=["partnership", "held_on"], name="gathering_by_day")]

    def refuse_if_frozen(self) -> None:
        """What approved minutes tell does not change; what was wrong in them is put right at the next meeting."""
        found = type(self)._default_manager.filter(pk=self.pk, minutes__status=rules.MinutesStatus.APPROVED)
        if found.exists():
            raise Refused(rules.FROZEN)

    def refuse_item_of_another(self, item: AgendaItem | None) -> None:
        """A note, a paper or an interest hangs on an item of its own meeting's agenda."""
        if item is not None and item.gathering_id != self.pk:
            raise Refused("This item is on the agenda of another meeting.", "item")

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
    searched = Searched(
        by=("text",), under="gathering", only=(("withdrawn", False),), day="gathering.held_on"
    )
    sensitivity = {
        "gathering": _PUBLIC, "position": _PUBLIC, "text": _PUBLIC, "priority": _PUBLIC, "about_kind": _INTERNAL,
        "about_id": _INTERNAL, "withdrawn": _INTERNAL, "measure": _PUBLIC, "purpose": _PUBLIC, "minutes": _PUBLIC,
        "presenter": _PUBLIC, "origin": _INTERNAL,
    }  # fmt: skip

    gathering = models.ForeignKey(Gathering, on_delete=models.PROTECT, related_name="items")
    withdrawn = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(999)])
    text = models.TextField(max_length=2000)
    priority = models.ForeignKey(Priority, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    measure = models.ForeignKey(
        SuccessMeasure, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    purpose = models.CharField(max_length=12, choices=rules.Purpose.choices, blank=True)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(600)])
    presenter = models.CharField(max_length=200, blank=True)
    origin = models.CharField(max_length=10, choices=rules.Origin.choices, default="added")
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


class Resolutions(RecordQuerySet):
    """Decisions of bodies: what was taken back stands in no register."""

    def standing(self) -> Self:
        """Those whose decision was not taken back."""
        return self.filter(decision__withdrawn_on__isnull=True)

    def open_to(self, actor: Any) -> Self:
        """All of them, also what was taken back: each keeps its own page."""
        return super().visible_to(actor)

    def visible_to(self, actor: Any) -> Self:
        """Those that stand, for who may see meetings."""
        return super().visible_to(actor).standing()


class Resolution(MeetingRecord):
    """Ties a decision of the chain to the body that took it and, if known, the gathering."""

    kind = "meetings.resolution"
    url_name = "resolution"
    label = "Decision of a body"
    searched = Searched(
        by=("decision.text", "decision.reason"),
        follows=("decision",),
        day="decision.decided_on",
        instead_of="decision",
    )
    shown_with = ("decision", "body", "gathering")
    reference_prefix = "RES"
    sensitivity = {"decision": _PUBLIC, "body": _PUBLIC, "gathering": _PUBLIC}

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="+")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="resolutions")
    gathering = models.ForeignKey(
        Gathering, on_delete=models.PROTECT, related_name="resolutions", null=True, blank=True
    )

    objects = Resolutions.as_manager()

    class Meta:
        ordering = ["-decision__decided_on", "reference"]

    @property
    def heading(self) -> str:
        """The decision's own words."""
        return self.decision.heading
