"""People: who they are here, where they work, which roles they hold."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from shield.kernel.access import queries as access_table
from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.accounts import events, permissions, queries
from shield.kernel.accounts.models import Agency, AgencyMembership, Person, RoleGrant, User
from shield.kernel.history import services as history
from shield.kernel.records.models import check_storable
from shield.kernel.records.rules import Refused


@transaction.atomic
def add_person(
    *, by: Actor, name: str, email: str, today: date, agency: Agency | None = None, post: str = "", role: str = "",
    password: str | None = None, is_invented: bool = False, is_staff: bool = False,
) -> Person:  # fmt: skip
    """Add a person with a sign-in and, if given, the agency they work for and their first role.

    Somebody whose address signs in elsewhere in this installation is added here too, under the name they have.
    """
    access.require(by, permissions.MANAGE_PEOPLE)
    user = User.objects.filter(email=email.lower()).select_related("person").first()
    if user is not None and queries.is_here(user.person, by, today):
        raise ValidationError({"email": "Somebody signs in with this address already."})
    if user is None:
        person = Person(name=name, is_invented=is_invented)
        check_storable(person)
        person.full_clean()
        person.save()
        User.objects.create_user(email, password, person=person, is_staff=is_staff)
    else:
        person = user.person
        reopen(user=user)
    if agency is not None:
        AgencyMembership(
            partnership_id=by.partnership_id, person=person, agency=agency, post=post, starts_on=today
        ).store()
    history.record(events.PERSON_ADDED, on=person.ref, by=by)
    if role:
        require_role(by=by, role=role)
        _grant(person, role, by, today)
    return person


def reopen(*, user: User) -> None:
    """Open a sign-in again that was closed when its person left; part of the act that gives them a role again."""
    if not user.is_active:
        user.is_active = True
        user.save(update_fields=["is_active"])


def require_here(*, by: Actor, person: Person, today: date) -> None:
    """Refuse an act on the sign-in of somebody who has no part here now.

    A sign-in belongs to the whole installation. Whoever left this partnership, or never was in it, is another
    partnership's to look after: this one's manager must not be able to weaken how they sign in there.
    """
    if not by.is_system and not queries.is_here(person, by, today):
        raise access.Forbidden(f"{person.name} has no part in this partnership now.")


def require_over(*, by: Actor, person: Person, today: date) -> None:
    """Refuse to act on somebody of another partnership; an agency's administrator, on anybody but their own people."""
    access.require(by, permissions.MANAGE_OWN_PEOPLE)
    if by.may(permissions.MANAGE_PEOPLE):
        if not by.is_system and not Person.objects.visible_to(by).filter(pk=person.pk).exists():
            raise access.Forbidden("You look after the people of your own partnership only.")
        return
    posts = AgencyMembership.objects.filter(
        queries.open_on(today), partnership_id=by.partnership_id, person=person, agency_id__in=by.agency_ids
    )
    if not posts.exists():
        raise access.Forbidden("You look after the people of your own agency only.")


def require_agency(*, by: Actor, agency: Agency | None) -> None:
    """Refuse an agency's administrator another agency than their own."""
    if not by.may(permissions.MANAGE_PEOPLE) and (agency is None or agency.pk not in by.agency_ids):
        raise access.Forbidden("You look after the people of your own agency only.")


def require_role(*, by: Actor, role: str) -> None:
    """Refuse a role that is not there, or not an agency's to give."""
    known = access_table.table().ROLES
    if role not in known or known[role].system:
        raise Refused("There is no such role.", "role")
    if not by.may(permissions.MANAGE_PEOPLE) and not known[role].by_agency:
        raise access.Forbidden("An agency’s administrator cannot give or end this role.")


@transaction.atomic
def join_agency(
    *, person: Person, agency: Agency, by: Actor, today: date, post: str = ""
) -> AgencyMembership:
    """Note that a person works for an agency from today: they then see what is asked of it."""
    require_over(by=by, person=person, today=today)
    require_agency(by=by, agency=agency)
    known = AgencyMembership.objects.filter(queries.open_on(today), person=person, agency=agency)
    if known.exists():
        raise Refused(f"{person.name} already works for {agency.name}.", "agency")
    membership = AgencyMembership(
        partnership_id=by.partnership_id, person=person, agency=agency, post=post, starts_on=today
    ).store()
    history.record(events.AGENCY_JOINED, on=person.ref, by=by, details={"agency": agency.name})
    return membership


@transaction.atomic
def leave_agency(*, membership: AgencyMembership, by: Actor, today: date) -> AgencyMembership:
    """End a person's work for an agency at once: the last day is yesterday, as with a role.

    When an agency's own administrator does it and it was the last agency, the roles that are an agency's to give end
    with it: nobody is left with a role for an agency they no longer work for.
    """
    access.require(by, permissions.MANAGE_OWN_PEOPLE)
    row: AgencyMembership = AgencyMembership.objects.locked(membership.pk, by=by)
    require_agency(by=by, agency=row.agency)
    if row.person_id == by.person_id and not by.may(permissions.MANAGE_PEOPLE):
        raise Refused("You cannot end your own work here; ask the business manager to do it.")
    if row.ends_on is not None and row.ends_on < today:
        raise Refused(f"{row.person.name} has left {row.agency.name} already.")
    row.ends_on = today - timedelta(days=1)
    row.store()
    history.record(events.AGENCY_LEFT, on=row.person.ref, by=by, details={"agency": row.agency.name})
    if not by.may(permissions.MANAGE_PEOPLE):
        _end_roles_of_agency(row.person, by, today)
    return row


def _end_roles_of_agency(person: Person, by: Actor, today: date) -> None:
    mine = {"partnership_id": by.partnership_id, "person": person}
    if AgencyMembership.objects.filter(queries.open_on(today), **mine).exists():
        return
    table = access_table.table().ROLES
    for grant in RoleGrant.objects.filter(queries.open_on(today), **mine).select_for_update():
        if grant.role in table and table[grant.role].by_agency:
            _end(grant, by, today)


@transaction.atomic
def grant_role(*, person: Person, role: str, by: Actor, today: date) -> RoleGrant:
    """Give a person an access role from today; a role they already hold is not given twice."""
    require_over(by=by, person=person, today=today)
    require_role(by=by, role=role)
    held = RoleGrant.objects.filter(
        queries.open_on(today), partnership_id=by.partnership_id, person=person, role=role
    )
    if held.exists():
        raise Refused(f"{person.name} already holds this role.", "role")
    return _grant(person, role, by, today)


def _grant(person: Person, role: str, by: Actor, today: date) -> RoleGrant:
    grant = RoleGrant(partnership_id=by.partnership_id, person=person, role=role, starts_on=today).store()
    user = User.objects.filter(person=person).first()
    if user is not None:
        reopen(user=user)
    label = access_table.table().ROLES[role].label
    history.record(events.ROLE_GRANTED, on=person.ref, by=by, details={"role": label})
    return grant


@transaction.atomic
def end_role(*, grant: RoleGrant, by: Actor, today: date) -> RoleGrant:
    """End a role at once: its last day is yesterday. Who held it when stays on record."""
    access.require(by, permissions.MANAGE_OWN_PEOPLE)
    row: RoleGrant = RoleGrant.objects.locked(grant.pk, by=by)
    require_over(by=by, person=row.person, today=today)
    require_role(by=by, role=row.role)
    if row.person_id == by.person_id:
        raise Refused("You cannot end your own role; ask another manager to do it.")
    if row.ends_on is not None and row.ends_on < today:
        raise Refused("This role has ended already.")
    return _end(row, by, today)


def _end(row: RoleGrant, by: Actor, today: date) -> RoleGrant:
    row.ends_on = today - timedelta(days=1)
    row.store()
    label = access_table.table().ROLES[row.role].label
    history.record(events.ROLE_ENDED, on=row.person.ref, by=by, details={"role": label})
    return row
