"""Leavers: one act ends everything a person has here, and hands over what is still to be done."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction

from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.accounts import events, permissions, queries, rules
from shield.kernel.accounts.models import (
    AgencyMembership,
    Leaving,
    Person,
    RoleGrant,
    TeamMembership,
    User,
)
from shield.kernel.accounts.services import sessions
from shield.kernel.calendar.rules import in_words
from shield.kernel.history import services as history
from shield.kernel.records import services as records
from shield.kernel.records.rules import Refused

PARTS: tuple[type[Any], ...] = (RoleGrant, AgencyMembership, TeamMembership)
"""What a person has in a partnership, each from a day to a day."""


@transaction.atomic
def leave(
    *, person: Person, last_day: date, hand_over_to: Person | None, reason: str, by: Actor, today: date, now: datetime
) -> Leaving:  # fmt: skip
    """Note that a person leaves: at once if the last day is today or past, else on the day after it.

    Roles, posts and teams are ended by date at once in both cases, so that nothing hangs on the scheduled job.
    """
    access.require(by, permissions.MANAGE_PEOPLE)
    _check(person, last_day, hand_over_to, by, today)
    row = Leaving(
        partnership_id=by.partnership_id, person=person, last_day=last_day, hand_over_to=hand_over_to, reason=reason, noted_at=now
    )  # fmt: skip
    row.ended = _end_parts(person, last_day, by, today)
    row.store()
    if last_day > today:
        history.record(
            events.LEAVING_PLANNED, on=person.ref, by=by, details={"last_day": in_words(last_day), "reason": reason}
        )  # fmt: skip
        return row
    return _carry_out(row, by, today, now)


def _check(person: Person, last_day: date, to: Person | None, by: Actor, today: date) -> None:
    if person.pk == by.person_id:
        raise Refused("You cannot end your own part here; ask another manager to do it.")
    if not any(
        part.objects.filter(queries.open_on(today), partnership_id=by.partnership_id, person=person).exists()
        for part in PARTS
    ):
        raise Refused(f"{person.name} has no part in this partnership that could end.")
    if Leaving.objects.filter(partnership_id=by.partnership_id, person=person, status="planned").exists():
        raise Refused(f"It is noted already when {person.name} leaves. Withdraw that first.")
    came = _came(person, by, today)
    if came is not None and last_day < came:
        raise Refused(
            f"{person.name} came on {in_words(came)}: the last day cannot be before that.", "last_day"
        )
    if last_day > today + rules.FURTHEST_AHEAD:
        raise Refused("The last day must be within a year.", "last_day")
    if to is not None and to.pk == person.pk:
        raise Refused("Choose somebody else to take over.", "hand_over_to")
    if to is not None and not queries.people_of(by, today).filter(pk=to.pk).exists():
        raise Refused("Choose somebody who has a role here.", "hand_over_to")


def _came(person: Person, by: Actor, today: date) -> date | None:
    """Since when somebody has had any part here that is open now."""
    here = {"partnership_id": by.partnership_id, "person": person}
    starts = [
        day
        for part in PARTS
        for day in part.objects.filter(queries.open_on(today), **here).values_list("starts_on", flat=True)
        if day is not None
    ]
    return min(starts, default=None)


def _end_parts(person: Person, last_day: date, by: Actor, today: date) -> list[str]:
    """Date the end of everything the person has here; what was to end earlier keeps its end."""
    ended = []
    for part in PARTS:
        # Access ends at once; that somebody worked for an agency until the last day is a fact and stays one.
        until = last_day if part is AgencyMembership else rules.end_of_access(last_day, today)
        rows = part.objects.filter(queries.open_on(today), partnership_id=by.partnership_id, person=person)
        for row in rows.select_for_update():
            end = rules.not_before_it_began(row.starts_on, until)
            if row.ends_on is None or row.ends_on > end:
                row.ends_on = end
                row.store()
                ended.append(str(row.pk))
    return ended


def _carry_out(row: Leaving, by: Actor, today: date, now: datetime) -> Leaving:
    """Hand over what is open, end all sessions, close a sign-in that opens nothing any more."""
    to = row.hand_over_to
    if to is not None and not queries.people_of(by, today).filter(pk=to.pk).exists():
        to = None  # they have left meanwhile: what is open then shows as work without an owner
    count = records.hand_over(person=row.person, to=to, by=by, today=today)
    sessions.cut_off(person=row.person, now=now)
    if not RoleGrant.objects.filter(queries.open_on(today), person=row.person).exists():
        User.objects.filter(person=row.person).update(is_active=False)
    row.status, row.settled_at = rules.LeavingStatus.DONE, now
    row.store()
    things = "nothing was open" if not count else f"{count} thing{'s' if count > 1 else ''} handed over"
    details = {
        "last_day": in_words(row.last_day),
        "reason": row.reason,
        "handed": f"{things} to {to.name if to else 'nobody'}" if count else things,
    }
    history.record(events.PERSON_LEFT, on=row.person.ref, by=by, details=details)
    return row


@transaction.atomic
def withdraw_leaving(*, leaving: Leaving, by: Actor, today: date, now: datetime) -> Leaving:
    """Take a planned leaving back: what it was to end goes on as before."""
    access.require(by, permissions.MANAGE_PEOPLE)
    row: Leaving = Leaving.objects.locked(leaving.pk, by=by)
    if row.status != rules.LeavingStatus.PLANNED or rules.is_due(row.last_day, today):
        raise Refused(f"{row.person.name} has left already. Invite them again instead.")
    for part in PARTS:
        for held in part.objects.filter(
            partnership_id=by.partnership_id, person=row.person, pk__in=row.ended
        ):
            held.ends_on = None
            held.store()
    row.status, row.settled_at = rules.LeavingStatus.WITHDRAWN, now
    row.store()
    history.record(
        events.LEAVING_WITHDRAWN, on=row.person.ref, by=by, details={"last_day": in_words(row.last_day)}
    )
    return row


@transaction.atomic
def carry_out_leavings(*, today: date, now: datetime) -> int:
    """Carry out every leaving whose last day is over; returns how many. Run by the worker, in all partnerships."""
    due = Leaving.objects.filter(status=rules.LeavingStatus.PLANNED, last_day__lt=today)
    rows = list(due.select_for_update(of=("self",)).select_related("person", "hand_over_to", "partnership"))
    for row in rows:
        _carry_out(row, queries.system_actor(row.partnership), today, now)
    return len(rows)
