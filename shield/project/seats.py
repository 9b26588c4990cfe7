"""The seats and topics of somebody who leaves: they end with the person; an agency or office that shared a seat keeps it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Q

from shield.kernel.access.rules import Actor
from shield.kernel.accounts.models import Person
from shield.kernel.calendar import queries as calendar
from shield.kernel.records.rules import Panel, PanelItem
from shield.meetings import queries as meetings_queries
from shield.meetings import services as meetings
from shield.meetings.models import BodyMember


def _open(person: Person, partnership_id: Any) -> Any:
    rows = BodyMember.objects.filter(partnership_id=partnership_id, person=person, ends_on__isnull=True)
    return rows.select_related("body", "agency", "office", "person").order_by("body__name")


def handing_over(person: Person, actor: Actor) -> Iterator[Panel]:
    """The bodies on which a person sits by name, and the topics they lead on."""
    items = tuple(
        PanelItem(seat.body.name, seat.body.ref, seat.get_role_display())
        for seat in _open(person, actor.partnership_id)
    )
    if items:
        yield Panel("Seats on bodies", items)
    leads = tuple(
        PanelItem(row.get_topic_display(), row.ref, row.agency.name)
        for row in meetings_queries.led_by(person, actor, calendar.today())
    )
    if leads:
        yield Panel("Topics they lead on", leads)


def hand_over(*, person: Person, to: Person | None, by: Actor, today: date) -> int:
    """End the person's seats and leads. Nobody inherits one: whom to seat or name is for the body or the agency to say."""
    begun = Q(starts_on__isnull=True) | Q(starts_on__lte=today)
    seats = list(_open(person, by.partnership_id).filter(begun))
    for seat in seats:
        meetings.end_member(member=seat, by=by, today=today)
        if seat.agency or seat.office:
            meetings.add_member(
                body=seat.body, role=seat.role, agency=seat.agency, office=seat.office, starts_on=today, by=by
            )
    leads = [row for row in meetings_queries.led_by(person, by, today) if row.starts_on <= today]
    for lead in leads:
        if lead.ends_on is None or lead.ends_on > today:
            meetings.end_lead(lead=lead, on=today, by=by, today=today)
    return len(seats) + len(leads)
