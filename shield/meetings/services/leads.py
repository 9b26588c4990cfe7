"""Naming who leads on a topic in an agency."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction

from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.accounts import queries as accounts
from shield.kernel.accounts.models import Agency, Person
from shield.kernel.history import services as history
from shield.kernel.records.rules import Refused
from shield.meetings import events, permissions, queries
from shield.meetings.models import TopicLead


@transaction.atomic
def name_lead(
    *, topic: str, agency: Agency, starts_on: date, by: Actor, today: date, person: Person | None = None, named: str = "",
    post: str = "", contact: str = "", instead_of: TopicLead | None = None,
) -> TopicLead:  # fmt: skip
    """Name who leads on a topic in an agency: somebody who can sign in, or a name.

    `instead_of` ends an earlier lead of the same topic and agency the day before.
    """
    require_lead_of(by=by, agency=agency)
    _check_somebody(person, named, agency, by, today)
    if starts_on > today + timedelta(days=366):
        raise Refused("Name a lead at most a year ahead.", "starts_on")
    if instead_of is not None:
        if (instead_of.topic, instead_of.agency_id) != (topic, agency.pk):
            raise Refused("A lead is followed by one of the same topic and agency.", "instead_of")
        _end(TopicLead.objects.locked(instead_of.pk, by=by), starts_on - timedelta(days=1), by)
    again = queries.leads_on(by, starts_on, topic=topic).filter(agency=agency)
    if again.filter(person=person, named=named).exists():
        raise Refused(f"{person.name if person else named} leads on this already.", "person")
    row = TopicLead.new(
        by,
        topic=topic,
        agency=agency,
        person=person,
        named=named,
        post=post,
        contact=contact,
        starts_on=starts_on,
    ).store()
    history.record(events.LEAD_NAMED, on=row.ref, by=by)
    return row


def require_lead_of(*, by: Actor, agency: Agency) -> None:
    """The operational team names any lead; an agency's own lead or administrator names those of the agency."""
    if not queries.may_name(by, agency.pk):
        access.require(by, permissions.NAME_OWN_LEADS)
        raise access.Forbidden("You name the leads of your own agency only.")


def _check_somebody(person: Person | None, named: str, agency: Agency, by: Actor, today: date) -> None:
    if bool(person) == bool(named.strip()):
        raise Refused("Choose a person, or type a name: one of the two.", "named")
    if person is not None and not accounts.works_for(person, agency, today):
        raise Refused(
            f"{person.name} does not work for {agency.called}: type the name instead, or choose the agency.",
            "person",
        )


@transaction.atomic
def change_lead(
    *, lead: TopicLead, changes: dict[str, Any], by: Actor, expected_version: int | None = None
) -> TopicLead:
    """Correct the post or how to reach them; another lead is named, not typed over this one."""
    require_lead_of(by=by, agency=lead.agency)
    row: TopicLead = TopicLead.objects.locked(lead.pk, expected_version, by=by)
    row.post, row.contact = changes["post"], changes["contact"]
    row.store()
    history.record(events.LEAD_CHANGED, on=row.ref, by=by)
    return row


@transaction.atomic
def end_lead(
    *, lead: TopicLead, on: date, by: Actor, today: date, expected_version: int | None = None
) -> TopicLead:
    """The last day on which somebody leads; who led when stays on record."""
    require_lead_of(by=by, agency=lead.agency)
    if on > today + timedelta(days=366):
        raise Refused("A lead ends at most a year ahead.", "on")
    return _end(TopicLead.objects.locked(lead.pk, expected_version, by=by), on, by)


def _end(row: TopicLead, on: date, by: Actor) -> TopicLead:
    if row.ends_on is not None and row.ends_on <= on:
        raise Refused(f"{row.who} has led no longer than that already.")
    if on < row.starts_on:
        raise Refused("A lead cannot end before it began.", "on")
    row.ends_on = on
    row.store()
    history.record(events.LEAD_ENDED, on=row.ref, by=by)
    return row
