"""Who sits in the Learning Circle."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from shield.domain.voice import events, permissions
from shield.domain.voice.models import CircleMember
from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.accounts.models import Agency
from shield.kernel.history import services as history
from shield.kernel.records.rules import Refused
from shield.meetings.models import Body


@transaction.atomic
def join_circle(
    *, body: Body, chosen_name: str, joined_on: date, by: Actor, today: date, contact: str = "", agency: Agency | None = None
) -> CircleMember:  # fmt: skip
    """Add a member by the name they choose; how they are reached is kept sealed."""
    access.require(by, permissions.CIRCLE)
    if joined_on > today:
        raise Refused("The day they joined must be today or earlier.", "joined_on")
    member = CircleMember.new(by, body=body, chosen_name=chosen_name, joined_on=joined_on, agency=agency)
    member.keep_contact(contact.strip())
    member.store()
    history.record(events.MEMBER_JOINED, on=member.ref, by=by)
    return member


@transaction.atomic
def leave_circle(*, member: CircleMember, left_on: date, by: Actor, today: date) -> CircleMember:
    """End a membership; how they were reached is wiped at once."""
    access.require(by, permissions.CIRCLE)
    row: CircleMember = CircleMember.objects.locked(member.pk, by=by)
    if row.left_on is not None:
        raise Refused("The membership has ended already.")
    if not row.joined_on <= left_on <= today:
        raise Refused("The day they left lies between the day they joined and today.", "left_on")
    row.left_on = left_on
    row.keep_contact("")
    row.store()
    history.record(events.MEMBER_LEFT, on=row.ref, by=by)
    return row
