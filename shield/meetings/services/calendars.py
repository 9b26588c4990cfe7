"""The private address of a person's calendar."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime

from django.db import transaction

from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.history import services as history
from shield.kernel.records.rules import Refused
from shield.meetings import events, permissions, queries
from shield.meetings.models import CalendarKey


@transaction.atomic
def make_calendar_key(*, by: Actor, now: datetime) -> str:
    """Make a private address for the actor's own calendar; an earlier one stops working. The key is shown once only."""
    access.require(by, permissions.VIEW)
    person_id = _own(by)
    _revoke(person_id, by, now)
    key = secrets.token_urlsafe(32)
    made = CalendarKey(
        partnership_id=by.partnership_id, person_id=person_id, digest=queries.digest_of(key), made_at=now
    ).store()
    history.record(events.CALENDAR_MADE, on=made.ref, by=by)
    return key


@transaction.atomic
def revoke_calendar_key(*, by: Actor, now: datetime) -> None:
    """Make the actor's private address stop working, at once."""
    access.require(by, permissions.VIEW)
    if not _revoke(_own(by), by, now):
        raise Refused("You have no private calendar address.")


def _own(by: Actor) -> uuid.UUID:
    if by.person_id is None:
        raise Refused("Only a person has a calendar.")
    return by.person_id


def _revoke(person_id: uuid.UUID, by: Actor, now: datetime) -> int:
    rows = CalendarKey.objects.filter(
        partnership_id=by.partnership_id, person_id=person_id, revoked_at__isnull=True
    )
    for row in rows:
        row.revoked_at = now
        row.store()
        history.record(events.CALENDAR_REVOKED, on=row.ref, by=by)
    return len(rows)
