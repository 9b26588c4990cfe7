"""Teams: who works on a case about a child, and who may not because they are too near to it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction

from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.accounts import events, permissions, queries
from shield.kernel.accounts.models import ConflictOfInterest, Person, Team, TeamMembership, UrgentOpening
from shield.kernel.history import services as history
from shield.kernel.records.models import KINDS
from shield.kernel.records.rules import RecordRef, Refused, check_reason


@transaction.atomic
def form_team(
    *, title: str, purpose: str, people: Iterable[Person], by: Actor, today: date, lead: Person | None = None
) -> Team:
    """Form a team with its first members; part of the act that opens the record it is for, which decides who they are."""
    team = Team.new(by, title=title, purpose=purpose, lead=lead).store()
    members = list(dict.fromkeys(people))
    for person in members:
        TeamMembership.new(by, team=team, person=person, starts_on=today).store()
    named = ", ".join(person.name for person in members) or "nobody yet"
    history.record(events.TEAM_FORMED, on=team.ref, by=by, details={"people": named, "purpose": purpose})
    return team


def dedicate(*, team: Team, about: RecordRef) -> Team:
    """Note which record a team was formed for; part of the same act, once that record has an id."""
    team.about_kind, team.about_id = about.kind, about.id
    return team.store()


@transaction.atomic
def join_team(*, team: Team, person: Person, reason: str, by: Actor, today: date) -> TeamMembership:
    """Take somebody into a team that one is in oneself, with the reason why they need to know."""
    row = _own(team, by)
    check_reason(reason, field="reason", what="Say why this person needs to know.")
    if not queries.is_here(person, by, today):
        raise Refused(f"{person.name} has no part in this partnership now.", "person")
    if queries.has_conflict(row.pk, person.pk):
        raise Refused(f"{person.name} has declared a conflict of interest with this case.", "person")
    if TeamMembership.objects.filter(queries.open_on(today), team=row, person=person).exists():
        raise Refused(f"{person.name} is in the team already.", "person")
    made = TeamMembership.new(by, team=row, person=person, starts_on=today).store()
    history.record(events.TEAM_JOINED, on=row.ref, by=by, details={"person": person.name, "reason": reason})
    return made


@transaction.atomic
def leave_team(*, membership: TeamMembership, reason: str, by: Actor, today: date) -> TeamMembership:
    """Take somebody out of a team from today; the last member stays, else nobody could open its records."""
    row: TeamMembership = TeamMembership.objects.locked(membership.pk, by=by)
    team = _own(row.team, by)
    check_reason(reason, field="reason", what="Say why they leave the team.")
    if queries.members_of(team, today).exclude(pk=row.pk).count() == 0:
        raise Refused("The last member of a team stays: take somebody else in first.")
    ended = _end(row, today)
    _led_no_longer(team, row.person)
    told = {"person": row.person.name, "reason": reason}
    history.record(events.TEAM_LEFT, on=team.ref, by=by, details=told)
    return ended


@transaction.atomic
def lead_team(
    *, team: Team, person: Person, by: Actor, today: date, expected_version: int | None = None
) -> Team:
    """Say who leads a team and is told at once when one of its records is opened urgently."""
    row = _own(team, by)
    row.refuse_if_stale(expected_version)
    if not queries.members_of(row, today).filter(person=person).exists():
        raise Refused("Only somebody in the team can lead it.", "person")
    row.lead = person
    row.store()
    history.record(events.TEAM_LED, on=row.ref, by=by, details={"person": person.name})
    return row


@transaction.atomic
def declare_conflict(
    *, team: Team, person: Person, reason: str, by: Actor, today: date, now: datetime
) -> ConflictOfInterest:
    """Note that somebody is too near to a case. It closes to them at once, also where they had opened it urgently.

    Somebody declares it of themself; a member of the team may also note it of another.
    """
    row: Team = Team.objects.locked(team.pk, by=by)
    if by.person_id != person.pk:
        _own(row, by)
    check_reason(reason, field="reason", what="Say what the conflict is, in a sentence.")
    if queries.has_conflict(row.pk, person.pk):
        raise Refused("This conflict is on record already.", "person")
    others = queries.members_of(row, today).exclude(person=person)
    if not others.exists():
        raise Refused("You are the only one in the team: take somebody else in first.", "person")
    conflict = ConflictOfInterest.new(
        by, team=row, person=person, reason=reason, declared_on=today, declared_by_id=by.person_id
    ).store()
    for membership in queries.members_of(row, today).filter(person=person):
        _end(membership, today)
    _led_no_longer(row, person)
    _close_openings(row, person, by, now)
    history.record(events.CONFLICT_DECLARED, on=row.ref, by=by, details={"person": person.name})
    return conflict


@transaction.atomic
def end_conflict(*, conflict: ConflictOfInterest, reason: str, by: Actor, today: date) -> ConflictOfInterest:
    """Note that a conflict stands no longer, by a member of the team who is somebody else; nobody joins again by it."""
    row: ConflictOfInterest = ConflictOfInterest.objects.locked(conflict.pk, by=by)
    team = _own(row.team, by)
    if row.person_id == by.person_id:
        raise access.Forbidden("Somebody else in the team says that your conflict stands no longer.")
    if row.ended_on:
        raise Refused("This conflict was ended already.")
    check_reason(reason, field="reason", what="Say why it stands no longer.")
    row.ended_on, row.ended_why = today, reason
    row.store()
    told = {"person": row.person.name, "reason": reason}
    history.record(events.CONFLICT_ENDED, on=team.ref, by=by, details=told)
    return row


def _own(team: Team, by: Actor) -> Team:
    """The team, locked, if the actor is in it and may say who else is."""
    row: Team = Team.objects.locked(team.pk, by=by)
    if by.is_system:
        return row
    access.require(by, permissions.MANAGE_TEAMS)
    if row.pk not in by.team_ids:
        raise access.Forbidden("Only somebody who is in this team says who else is.")
    return row


def _led_no_longer(team: Team, person: Person) -> None:
    """Whoever is not in a team does not lead it, and is not told of what happens to its case."""
    if team.lead_id == person.pk:
        team.lead = None
        team.store()


def _close_openings(team: Team, person: Person, by: Actor, now: datetime) -> None:
    """Records of this team that somebody has opened urgently close to them now."""
    rows = UrgentOpening.objects.select_for_update().filter(partnership_id=by.partnership_id, person=person)
    for opening in rows.filter(closes_at__gt=now):
        record = KINDS[opening.about_kind].objects.filter(pk=opening.about_id).first()
        if getattr(record, "team_id", None) == team.pk:
            opening.closes_at = now
            opening.store()
            history.record(events.URGENT_CLOSED, on=opening.ref, by=by)


def _end(row: TeamMembership, today: date) -> TeamMembership:
    """The membership ends with yesterday, because from this moment nothing opens; one begun today then held on no day."""
    row.ends_on = today - timedelta(days=1)
    return row.store()
