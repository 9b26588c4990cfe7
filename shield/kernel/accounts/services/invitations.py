"""Invitations: written, sent by a link that only the post box knows, accepted once.

Whoever invites learns nothing of other partnerships: the page answers alike whether the address is known to the
installation or not, and somebody who is known joins under the name they have.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from shield.kernel.access.rules import Actor, require
from shield.kernel.accounts import events, permissions, queries, rules
from shield.kernel.accounts.models import (
    Agency,
    AgencyMembership,
    Invitation,
    Person,
    RoleGrant,
    User,
)
from shield.kernel.accounts.services import people
from shield.kernel.calendar.rules import in_london, in_words
from shield.kernel.history import services as history
from shield.kernel.jobs import services as jobs
from shield.kernel.jobs.rules import ATTEMPTS
from shield.kernel.notices import rules as notices
from shield.kernel.notices import services as post
from shield.kernel.records.models import check_storable
from shield.kernel.records.rules import Refused

OWN_JOB_ENDS = timedelta(hours=2)
"""After so long an invitation's own job has tried five times and given up."""
TOO_LATE = "This link has been used, withdrawn or is too old. Ask whoever invited you for a new one."


@transaction.atomic
def invite(
    *, email: str, agency: Agency | None, post: str, roles: Iterable[str], by: Actor, today: date, now: datetime, site: str
) -> Invitation:  # fmt: skip
    """Invite somebody into an agency with roles; the message leaves once this is kept."""
    require(by, permissions.MANAGE_OWN_PEOPLE)
    people.require_agency(by=by, agency=agency)
    given = list(dict.fromkeys(roles))
    if not given:
        raise Refused("Select at least one role.", "roles")
    for role in given:
        people.require_role(by=by, role=role)
    _refuse_known(email.lower(), agency, by, today)
    row = Invitation(
        partnership_id=by.partnership_id, email=email.lower(), agency=agency, post=post, roles=given, invited_at=now
    ).store()  # fmt: skip
    jobs.enqueue("accounts.send_invitation", invitation_id=str(row.pk), site=site)
    history.record(events.INVITED, on=row.ref, by=by)
    return row


def _refuse_known(email: str, agency: Agency | None, by: Actor, today: date) -> None:
    """Refuse whom the inviter can see to be here already; whoever they cannot see must not be told of by a refusal."""
    user = queries.signs_in_with(email)
    if user is not None and Person.objects.visible_to(by).filter(pk=user.person_id).exists():
        if queries.is_here(user.person, by, today):
            raise Refused(
                "Somebody here signs in with this address already. Give them a role on their page.", "email"
            )
    waiting = Invitation.objects.visible_to(by).filter(email=email, agency=agency, status="open")
    if waiting.exists():
        raise Refused("This address has been invited already. Send that invitation again instead.", "email")


def _locked(invitation: Invitation, by: Actor) -> Invitation:
    row: Invitation = Invitation.objects.locked(invitation.pk, by=by)
    people.require_agency(by=by, agency=row.agency)
    if row.status != rules.InvitationStatus.OPEN:
        raise Refused(f"This invitation has been {row.get_status_display().lower()} already.")
    return row


@transaction.atomic
def resend_invitation(*, invitation: Invitation, by: Actor, site: str) -> Invitation:
    """Send an invitation again with a new link and another seven days; the earlier link ends at once."""
    require(by, permissions.MANAGE_OWN_PEOPLE)
    row = _locked(invitation, by)
    row.digest, row.sent_at, row.expires_at = "", None, None
    row.store()
    jobs.enqueue("accounts.send_invitation", invitation_id=str(row.pk), site=site)
    history.record(events.INVITATION_RESENT, on=row.ref, by=by)
    return row


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: Actor, now: datetime) -> Invitation:
    """Withdraw an invitation: its link ends at once."""
    require(by, permissions.MANAGE_OWN_PEOPLE)
    row = _locked(invitation, by)
    row.status, row.digest, row.settled_at = rules.InvitationStatus.WITHDRAWN, "", now
    row.store()
    history.record(events.INVITATION_WITHDRAWN, on=row.ref, by=by)
    return row


def send_invitation(*, invitation_id: uuid.UUID, site: str, now: datetime) -> bool:
    """Make the link and send it; run by the worker, so that the link itself is never stored anywhere.

    A mail server that is down raises, and the job is tried again with another link.
    """
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        row = (
            Invitation.objects.select_for_update(of=("self",))
            .select_related("partnership")
            .get(pk=invitation_id)
        )
        if row.status != rules.InvitationStatus.OPEN or row.sent_at is not None:
            return False
        row.digest, row.expires_at = rules.digest(token), now + rules.INVITATION_LASTS
        row.store()
    fields = {
        "partnership": row.partnership.name,
        "link": site.rstrip("/") + reverse("invitation", args=[token]),
        "due": in_words(in_london(row.expires_at).date()),
    }
    post.send_unkept(template=notices.INVITED, address=row.email, fields=fields)
    Invitation.objects.filter(pk=row.pk, digest=row.digest).update(sent_at=now)
    return True


@transaction.atomic
def send_delayed_invitations(*, now: datetime) -> int:
    """Ask again for every invitation whose own job has given up because mail was down; returns how many."""
    rows = Invitation.objects.filter(
        status=rules.InvitationStatus.OPEN,
        sent_at__isnull=True,
        invited_at__range=(now - rules.INVITATION_LASTS, now - OWN_JOB_ENDS),
    )
    for row in rows:
        jobs.enqueue(
            "accounts.send_invitation",
            attempt=ATTEMPTS,
            invitation_id=str(row.pk),
            site=settings.SHIELD_ADDRESS,
        )
    return len(rows)


@transaction.atomic
def accept_as_new(*, token: str, name: str, password: str | None, today: date, now: datetime) -> Person:
    """Accept as somebody who has no sign-in here yet: choose a name and a password.

    Somebody whose sign-in was closed when they left opens it again in the same way: the link has shown that the
    address is still theirs. Without a password (an agency that signs in by its own provider) there is none to use.
    """
    row = _opened(token, now)
    user = queries.signs_in_with(row.email)
    if user is not None and user.is_active:
        raise Refused("You have a sign-in already. Sign in with it to accept.")
    person = user.person if user else Person()
    person.name = name
    check_storable(person)
    person.full_clean()
    person.save()
    if user is None:
        User.objects.create_user(row.email, password, person=person)
    else:
        user.set_password(password)
        user.is_active = True
        user.save()
    return _take_part(row, person, today, now)


@transaction.atomic
def accept(*, token: str, user: User, today: date, now: datetime) -> Person:
    """Accept as somebody who has a sign-in and has used it."""
    row = _opened(token, now)
    if user.email != row.email:
        raise Refused("This invitation went to another address than the one you sign in with.")
    return _take_part(row, user.person, today, now)


def _opened(token: str, now: datetime) -> Invitation:
    row: Invitation | None = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("partnership", "agency")
        .filter(digest=rules.digest(token))
        .first()
    )
    if row is None or not rules.is_open(row.status, row.expires_at, now):
        raise Refused(TOO_LATE)
    return row


def _take_part(row: Invitation, person: Person, today: date, now: datetime) -> Person:
    """Make the person a member as the invitation says; what they have already is not given twice."""
    system = queries.system_actor(row.partnership)
    here = {"partnership": row.partnership, "person": person}
    if (
        row.agency
        and not AgencyMembership.objects.filter(queries.open_on(today), agency=row.agency, **here).exists()
    ):
        AgencyMembership(agency=row.agency, post=row.post, starts_on=today, **here).store()
    held = set(RoleGrant.objects.filter(queries.open_on(today), **here).values_list("role", flat=True))
    for role in row.roles:
        if role not in held:
            people.grant_role(person=person, role=role, by=system, today=today)
    row.status, row.digest, row.settled_at, row.person = rules.InvitationStatus.ACCEPTED, "", now, person
    row.store()
    by = queries.actor_for(person, row.partnership, today) or system
    history.record(events.PERSON_ADDED, on=person.ref, by=system)
    history.record(events.INVITATION_ACCEPTED, on=row.ref, by=by)
    return person
