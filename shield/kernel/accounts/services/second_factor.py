"""The second factor of a sign-in: what changed about it, and resetting it."""

from __future__ import annotations

from datetime import date, datetime

from allauth.mfa.models import Authenticator
from django.db import transaction

from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.accounts import events, permissions, queries
from shield.kernel.accounts.models import Person, User
from shield.kernel.accounts.services import people, sessions
from shield.kernel.history import services as history
from shield.kernel.notices import rules as notices
from shield.kernel.notices import services as post
from shield.kernel.records.rules import Refused


@transaction.atomic
def note_sign_in_changed(*, user: User, what: str, today: date) -> None:
    """Keep that somebody changed how they sign in, and tell them by e-mail, in case it was not they."""
    sessions.tell(event=events.SIGN_IN_CHANGED, person=user.person, today=today, what=what)
    _write_to(user, what, today)


def _write_to(user: User, what: str, today: date) -> None:
    partnership = queries.partnerships_of(user.person, today).first()
    if partnership is not None:
        post.queue(
            template=notices.SIGN_IN_CHANGED, address=user.email, person_id=user.person_id, fields={"reference": what},
            by=queries.system_actor(partnership),
        )  # fmt: skip


@transaction.atomic
def reset_second_factor(*, person: Person, reason: str, by: Actor, today: date, now: datetime) -> None:
    """Take all second factors of somebody away, end their sessions and tell them.

    Their role still demands one: the next thing they can do after signing in is to set it up.
    """
    access.require(by, permissions.MANAGE_PEOPLE)
    if person.pk == by.person_id:
        raise Refused("Ask another manager to reset your own second factor.")
    people.require_here(by=by, person=person, today=today)
    user = sessions.cut_off(person=person, now=now)
    if user is None:
        raise Refused(f"{person.name} has no sign-in.")
    gone, _ = Authenticator.objects.filter(user=user).delete()
    if not gone:
        raise Refused(f"{person.name} has no second factor.")
    sessions.tell(event=events.SECOND_FACTOR_RESET, person=person, today=today, by=by, reason=reason)
    history.record(events.SESSIONS_ENDED, on=person.ref, by=by)
    _write_to(user, "your second factor was reset by a manager, and all sessions were ended", today)
