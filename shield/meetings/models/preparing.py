"""What is prepared for a meeting: papers from their authors, and declared interests."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Exists, Q

from shield.kernel.accounts.models import Agency, Person
from shield.kernel.calendar import queries as calendar
from shield.kernel.records.models import RecordQuerySet
from shield.kernel.records.rules import Searched, Sensitivity
from shield.meetings import permissions, rules
from shield.meetings.models.base import MeetingRecord
from shield.meetings.models.bodies import BodyMember
from shield.meetings.models.gatherings import AgendaItem, Gathering

_INTERNAL, _PERSONAL = Sensitivity.INTERNAL, Sensitivity.PERSONAL


class Papers(RecordQuerySet):
    """Papers: each person sees only those meant for them."""

    def visible_to(self, actor: Any) -> Self:
        """Everybody's; those of one's own agency; members' papers for members; partners' for the three partners."""
        rows = super().visible_to(actor)
        if actor.may(permissions.RECORD_GATHERING):
            return rows
        seats = BodyMember.objects.of(actor).on(calendar.today())
        partners = Agency.objects.filter(partnership_id=actor.partnership_id).exclude(lead_partner="")
        # One query whoever asks: a partner's paper is seen by whoever works for one of the three.
        works_for_one = Exists(partners.filter(pk__in=actor.agency_ids))
        seen = Q(audience=rules.Audience.EVERYBODY) | Q(agency_id__in=actor.agency_ids)
        seen |= Q(person_id=actor.person_id)  # whoever is to write it
        seen |= Q(audience=rules.Audience.MEMBERS, gathering__body_id__in=seats.values("body_id"))
        seen |= Q(audience=rules.Audience.PARTNERS) & Q(works_for_one)
        return rows.filter(seen | Q(pk__in=actor.opened))


class Paper(MeetingRecord):
    """A paper for a meeting: asked of an agency by a date, handed in as a file, perhaps replaced."""

    kind = "meetings.paper"
    url_name = "paper"
    label = "Paper"
    is_restricted = True
    searched = Searched(follows=("gathering",), only=(("withdrawn", False),), day="gathering.held_on")
    reference_prefix = "PAP"
    shown_with = ("gathering", "item", "agency", "person")
    sensitivity = {
        "gathering": _INTERNAL, "item": _INTERNAL, "title": _INTERNAL, "agency": _INTERNAL, "person": _PERSONAL,
        "due_on": _INTERNAL, "audience": _INTERNAL, "withdrawn": _INTERNAL, "handed_in_at": _INTERNAL, "replaced_at": _INTERNAL,
    }  # fmt: skip

    gathering = models.ForeignKey(Gathering, on_delete=models.PROTECT, related_name="papers")
    item = models.ForeignKey(
        AgendaItem, on_delete=models.PROTECT, related_name="papers", null=True, blank=True
    )
    title = models.CharField(max_length=200)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    audience = models.CharField(max_length=10, choices=rules.Audience.choices, default="everybody")
    handed_in_at = models.DateTimeField(null=True, blank=True)
    replaced_at = models.DateTimeField(null=True, blank=True)
    withdrawn = models.BooleanField(default=False)

    objects = Papers.as_manager()

    class Meta:
        ordering = [models.F("item__position").asc(nulls_last=True), "reference"]

    @property
    def due(self) -> date:
        """By when it is to be there: the day it was asked for, else the day of the meeting."""
        return self.due_on or self.gathering.held_on

    @property
    def is_replaced_late(self) -> bool:
        """Whether it was handed in or replaced after the pack had gone out."""
        sent = self.gathering.pack_sent_at
        last = self.replaced_at or self.handed_in_at
        return bool(sent and last and last > sent)


class Declaration(MeetingRecord):
    """An interest somebody declared at or before a meeting, and how it was handled."""

    kind = "meetings.declaration"
    label = "Declaration of interest"
    reference_prefix = "INT"
    shown_with = ("agency", "person", "item")
    sensitivity = {
        "gathering": _INTERNAL, "item": _INTERNAL, "person": _PERSONAL, "named": _PERSONAL, "agency": _INTERNAL,
        "interest": _PERSONAL, "handling": _INTERNAL, "withdrawn": _INTERNAL,
    }  # fmt: skip

    gathering = models.ForeignKey(Gathering, on_delete=models.PROTECT, related_name="declarations")
    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    named = models.CharField(max_length=200, blank=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    interest = models.TextField(max_length=2000)
    handling = models.CharField(max_length=12, choices=rules.Handling.choices, default="noted")
    withdrawn = models.BooleanField(default=False)

    class Meta:
        ordering = ["reference"]

    @property
    def heading(self) -> str:
        """Who declared it."""
        return self.person.name if self.person else self.named
