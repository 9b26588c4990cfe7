"""Who leads on which topic in which agency, and where nobody does."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from shield.kernel.access.rules import Actor
from shield.kernel.accounts import queries as accounts
from shield.kernel.accounts.models import Agency, Person
from shield.meetings import permissions, rules
from shield.meetings.models import TopicLead


def leads(actor: Actor) -> QuerySet[TopicLead]:
    """All leads there are or were, by topic and agency."""
    return TopicLead.objects.visible_to(actor).order_by("topic", "agency__name", "-starts_on", "reference")


def leads_on(actor: Actor, on: date, *, topic: str = "") -> QuerySet[TopicLead]:
    """The leads of a day."""
    rows = leads(actor).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on), starts_on__lte=on)
    return rows.filter(topic=topic) if topic else rows


@dataclass(frozen=True)
class AgencyLeads:
    """An agency and its leads of a day, one tuple for each topic in the order of `rules.Topic`."""

    agency: Agency
    by_topic: tuple[tuple[TopicLead, ...], ...]

    @property
    def missing(self) -> list[str]:
        """The topics on which nobody leads."""
        return [t.label for t, found in zip(rules.Topic, self.by_topic, strict=True) if not found]


def leads_by_agency(actor: Actor, on: date) -> list[AgencyLeads]:
    """Every agency that was a relevant agency or a safeguarding partner on a day, with its leads; others if they have one."""
    found: dict[tuple[object, str], list[TopicLead]] = {}
    for lead in leads_on(actor, on):
        found.setdefault((lead.agency_id, lead.topic), []).append(lead)
    named = {agency for agency, _ in found}
    relevant = set(accounts.relevant_agencies(actor.partnership_id, on, on).values_list("pk", flat=True))
    return [
        AgencyLeads(agency, tuple(tuple(found.get((agency.pk, topic.value), ())) for topic in rules.Topic))
        for agency in accounts.agencies(actor)
        if agency.pk in named or agency.lead_partner or agency.pk in relevant
    ]


def may_name(actor: Actor, agency_id: uuid.UUID | None = None) -> bool:
    """Whether somebody names the leads of an agency, or of any at all: the operational team, and agencies their own."""
    if actor.may(permissions.EDIT_BODY):
        return True
    own = actor.agency_ids if agency_id is None else actor.agency_ids & {agency_id}
    return actor.may(permissions.NAME_OWN_LEADS) and bool(own)


def led_by(person: Person, actor: Actor, on: date) -> QuerySet[TopicLead]:
    """On what a person leads on a day, or will."""
    rows = TopicLead.objects.filter(partnership_id=actor.partnership_id, person=person)
    return rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on)).select_related("agency", "person")
