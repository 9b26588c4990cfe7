"""Sessions: which there are, ending one, ending all of a person at once."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from importlib import import_module

from django.conf import settings
from django.db import transaction
from django.db.models import F

from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.accounts import events, permissions, queries
from shield.kernel.accounts.models import Person, SignIn, User
from shield.kernel.accounts.services import people
from shield.kernel.history import services as history
from shield.kernel.history.events import EventKind
from shield.kernel.records.rules import Refused


@transaction.atomic
def note_session(
    *, user: User, known: uuid.UUID | None, session_key: str, fits: str, device: str, now: datetime
) -> uuid.UUID:
    """Note that a session was seen; a session seen for the first time becomes a line of the person's list."""
    if known is not None:
        mine = SignIn.objects.filter(pk=known, user=user, ended_at__isnull=True)
        if mine.update(session_key=session_key, fits=fits, seen_at=now):
            return known
    row = SignIn(
        user=user, session_key=session_key, fits=fits, device=device[:120], began_at=now, seen_at=now
    )
    row.save()
    return row.pk


@transaction.atomic
def end_session(*, sign_in: SignIn, today: date, now: datetime) -> None:
    """End one of one's own sessions: its next click leads to the sign-in page."""
    row = SignIn.objects.select_for_update().select_related("user__person").get(pk=sign_in.pk)
    if row.ended_at is not None:
        raise Refused("This session has ended already.")
    import_module(settings.SESSION_ENGINE).SessionStore(row.session_key).flush()
    row.ended_at = now
    row.save(update_fields=["ended_at"])
    tell(event=events.SESSION_ENDED, person=row.user.person, today=today)


@transaction.atomic
def end_other_sessions(*, user: User, keep: uuid.UUID | None, today: date, now: datetime) -> User:
    """End all of one's own sessions but the one this is asked from; that one must be signed in anew by the page."""
    row = cut_off(person=user.person, now=now, keep=keep)
    tell(event=events.OTHER_SESSIONS_ENDED, person=user.person, today=today)
    return row or user


@transaction.atomic
def end_sessions(*, person: Person, by: Actor, today: date, now: datetime) -> None:
    """End all sessions of somebody at once, wherever they are signed in."""
    access.require(by, permissions.MANAGE_PEOPLE)
    if person.pk == by.person_id:
        raise Refused("End your own sessions on your account’s page.")
    people.require_here(by=by, person=person, today=today)
    if cut_off(person=person, now=now) is None:
        raise Refused(f"{person.name} has no sign-in.")
    tell(event=events.SESSIONS_ENDED, person=person, today=today, by=by)


def cut_off(*, person: Person, now: datetime, keep: uuid.UUID | None = None) -> User | None:
    """Make every session of a person invalid in this transaction; part of the act that asks for it.

    Also those that no list knows yet: each session is checked against the count on every request.
    """
    user = User.objects.select_for_update(of=("self",)).filter(person=person).first()
    if user is None:
        return None
    User.objects.filter(pk=user.pk).update(times_ended=F("times_ended") + 1)
    open_ones = SignIn.objects.filter(user=user, ended_at__isnull=True)
    (open_ones.exclude(pk=keep) if keep else open_ones).update(ended_at=now)
    user.refresh_from_db(fields=["times_ended"])
    return user


def tell(
    *, event: EventKind, person: Person, today: date, by: Actor | None = None, **details: object
) -> None:
    """Record what happened to a sign-in in every partnership in which its person has a role.

    A sign-in belongs to the installation, so each partnership learns of it; who did it is told to their own only.
    """
    told = set()
    if by is not None:
        history.record(event, on=person.ref, by=by, details=details)
        told.add(by.partnership_id)
    for partnership in queries.partnerships_of(person, today):
        if partnership.pk not in told:
            own = None if by else queries.actor_for(person, partnership, today)
            history.record(
                event,
                on=person.ref,
                by=own or queries.system_actor(partnership),
                details={} if by else details,
            )
