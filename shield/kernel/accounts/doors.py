"""What pages elsewhere may ask of accounts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from allauth.mfa.models import Authenticator

from shield.kernel.access import queries as access
from shield.kernel.access.rules import Actor
from shield.kernel.accounts import permissions, queries
from shield.kernel.accounts.models import (
    AgencyMembership,
    Invitation,
    Leaving,
    Person,
    RoleGrant,
    SignIn,
    TeamMembership,
    UrgentOpening,
)
from shield.kernel.accounts.rules import InvitationStatus
from shield.kernel.calendar.rules import in_london, in_words
from shield.kernel.records import queries as records
from shield.kernel.records.rules import PersonalData, WorkItem

WHERE = "People and roles"


def work(actor: Actor, today: date) -> Iterator[WorkItem]:
    """For reviewers: the urgent openings by others that nobody has reviewed; each is due the day after."""
    if not actor.may(permissions.REVIEW_URGENT) or actor.person_id is None:
        return
    for row in queries.urgent_openings(actor).filter(finding="").exclude(person_id=actor.person_id)[:50]:
        opened = in_london(row.opened_at).date()
        yield WorkItem(
            f"Urgent opening of {row.about_reference}", row.kind, row.pk, "Opening to review", opened, opened < today,
            row.person.name, act="Review it", act_page="urgent_review",
        )  # fmt: skip


def awaited(actor: Actor, today: date) -> Iterator[WorkItem]:
    """For those who invite: invitations that nobody has accepted yet."""
    if not actor.may(permissions.MANAGE_OWN_PEOPLE):
        return
    for row in queries.invitations(actor).filter(status=InvitationStatus.OPEN)[:50]:
        until = in_london(row.expires_at).date() if row.expires_at else None
        late = until is not None and until < today
        whose = row.agency.called if row.agency else ""
        yield WorkItem(
            "An invitation is not accepted yet", row.kind, row.pk, "Invitation", until, late, whose
        )


def subject_access(person: Person, actor: Actor) -> Iterator[PersonalData]:
    """A person's name, sign-in and sessions; the roles, posts and teams they have or had here; their leaving."""
    yield PersonalData(f"{WHERE}: person", "about you", f"Name: {person.name}", person.ref)
    yield from _sign_in(person)
    yield from _roles(person, actor)
    yield from records.told_of(
        person, actor, AgencyMembership, TeamMembership, Invitation, Leaving, UrgentOpening, where=WHERE
    )


def _sign_in(person: Person) -> Iterator[PersonalData]:
    user = getattr(person, "user", None)
    if user is None:
        return
    lines = [f"Signs in with: {user.email}", f"Open: {'yes' if user.is_active else 'no'}"]
    if user.last_login:
        lines.append(f"Last signed in: {in_words(in_london(user.last_login).date())}")
    factors = Authenticator.objects.filter(user_id=user.pk)
    lines += [f"Second factor: {each.get_type_display()}" for each in factors]
    yield PersonalData(f"{WHERE}: sign-in", "about you", "\n".join(lines))
    sessions = [
        f"{each.device}, from {in_words(in_london(each.began_at).date())} to {in_words(in_london(each.seen_at).date())}"
        for each in SignIn.objects.filter(user=user).order_by("began_at")
    ]
    if sessions:
        yield PersonalData(f"{WHERE}: sessions", "about you", "\n".join(sessions))


def _roles(person: Person, actor: Actor) -> Iterator[PersonalData]:
    table = access.table().ROLES
    for grant in RoleGrant.objects.filter(partnership_id=actor.partnership_id, person=person).order_by("pk"):
        label = table[grant.role].label if grant.role in table else "a role that is no longer given"
        until = f" to {in_words(grant.ends_on)}" if grant.ends_on else ""
        text = f"Role: {label}, from {in_words(grant.starts_on)}{until}"
        yield PersonalData(f"{WHERE}: role", "about you", text, grant.ref, grant.starts_on)
