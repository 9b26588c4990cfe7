"""Who leads on a topic in each agency, from a day to a day."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from shield.kernel.accounts.models import Agency, Person
from shield.kernel.records.rules import Sensitivity
from shield.meetings import permissions, rules
from shield.meetings.models.base import MeetingRecord

_PUBLIC, _PERSONAL = Sensitivity.PUBLIC, Sensitivity.PERSONAL


class TopicLead(MeetingRecord):
    """Somebody leads on a topic for an agency: an office of this kind gives no access to anything."""

    kind = "meetings.topic_lead"
    url_name = "lead"
    view_permission = permissions.VIEW_LEADS
    label = "Topic lead"
    shown_with = ("agency", "person")
    reference_prefix = "LEA"
    sensitivity = {
        "topic": _PUBLIC, "agency": _PUBLIC, "person": _PERSONAL, "named": _PERSONAL, "post": _PUBLIC, "contact": _PERSONAL,
        "starts_on": _PUBLIC, "ends_on": _PUBLIC,
    }  # fmt: skip

    topic = models.CharField(max_length=14, choices=rules.Topic.choices)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    named = models.CharField(max_length=200, blank=True)
    post = models.CharField(max_length=200, blank=True)
    contact = models.CharField(max_length=200, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["topic", "agency__name", "starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(person__isnull=False) & Q(named="")) | (Q(person__isnull=True) & ~Q(named="")),
                name="lead_is_one_somebody",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="lead_ends_after_it_starts",
            ),
        ]

    @property
    def who(self) -> str:
        """Their name, and their post if it is known."""
        name = self.person.name if self.person else self.named
        return f"{name}, {self.post}" if self.post else name

    @property
    def heading(self) -> str:
        """The topic, the agency and who it is."""
        return f"{self.get_topic_display()}, {self.agency.called}: {self.who}"
