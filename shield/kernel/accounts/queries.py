"""Who somebody is in a partnership, and reads across agencies and people."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Case, DateField, DateTimeField, F, Prefetch, Q, QuerySet, UUIDField, Value, When

from shield.kernel.access import queries as access
from shield.kernel.access.rules import Actor, Permission
from shield.kernel.accounts import rules
from shield.kernel.accounts.models import (
    Agency,
    AgencyMembership,
    ConflictOfInterest,
    Invitation,
    Leaving,
    Office,
    Partnership,
    Person,
    Provenance,
    RoleGrant,
    SignIn,
    Team,
    TeamMembership,
    UrgentOpening,
    User,
)
from shield.kernel.calendar import queries as calendar
from shield.kernel.calendar.rules import in_london
from shield.kernel.records.queries import Prepared
from shield.kernel.records.rules import fold

PUBLIC_ROLE = "public"


def held_on(day: date) -> Q:
    """Dated rows that hold on a day."""
    return Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gte=day))


def open_on(day: date) -> Q:
    """Dated rows that hold on a day or begin later: what an end could still be set to."""
    return Q(ends_on__isnull=True) | Q(ends_on__gte=day)


def public_actor(partnership: Partnership) -> Actor:
    """Anybody at all, signed out, looking at one partnership."""
    return Actor(
        partnership.pk,
        partnership.slug,
        roles=frozenset({PUBLIC_ROLE}),
        permissions=access.permissions_of([PUBLIC_ROLE]),
    )


def system_actor(partnership: Partnership, name: str = "Shield") -> Actor:
    """The system itself, at work for one partnership; holds every permission of no person."""
    return Actor(
        partnership.pk,
        partnership.slug,
        person_name=name,
        roles=frozenset({"system"}),
        permissions=access.permissions_of(["system"]),
        is_system=True,
    )


def actor_for(person: Person, partnership: Partnership, on: date, *, is_staff: bool = False) -> Actor | None:
    """A person as an actor in a partnership on a day; None if they hold no role there."""
    roles, agencies, teams, opened = _standing(person, partnership, on)
    if not roles:
        return None
    return Actor(
        partnership.pk,
        partnership.slug,
        person.pk,
        person.name,
        roles,
        access.permissions_of(roles),
        agencies,
        teams,
        opened,
        is_staff,
    )


def _standing(
    person: Person, partnership: Partnership, on: date
) -> tuple[frozenset[str], frozenset[uuid.UUID], frozenset[uuid.UUID], frozenset[uuid.UUID]]:
    """Roles, agencies, teams and urgent openings of a person; one statement, because every page begins with it."""
    rows = _STANDING.rows(person=person.pk, partnership=partnership.pk, on=on, now=calendar.now())
    found: dict[str, set[Any]] = {"role": set(), "agency": set(), "team": set(), "opened": set()}
    for what, role, key in rows:
        found[what].add(role if what == "role" else uuid.UUID(str(key)))
    return tuple(frozenset(found[what]) for what in ("role", "agency", "team", "opened"))  # type: ignore[return-value]


def _standing_rows(
    *, person: uuid.UUID, partnership: uuid.UUID, on: date, now: datetime
) -> QuerySet[Any, Any]:
    here: dict[str, Any] = {"person_id": person, "partnership_id": partnership}
    held = held_on(on)
    posts = AgencyMembership.objects.filter(held, **here).values("agency_id")
    # An agency's own units belong to it: a council's lead sees what is asked of its services.
    agencies = Agency.objects.filter(Q(pk__in=posts) | Q(parent__in=posts))
    nothing = Value(None, output_field=UUIDField())
    columns = ("what", "role_held", "key")
    rows: QuerySet[Any, Any] = (
        RoleGrant.objects.filter(held, **here)
        .annotate(what=Value("role"), role_held=F("role"), key=nothing)
        .values_list(*columns)
        .union(
            agencies.order_by()
            .annotate(what=Value("agency"), role_held=Value(""), key=F("id"))
            .values_list(*columns),
            TeamMembership.objects.filter(held, **here)
            .annotate(what=Value("team"), role_held=Value(""), key=F("team_id"))
            .values_list(*columns),
            UrgentOpening.objects.order_by()
            .filter(closes_at__gt=now, **here)
            .annotate(what=Value("opened"), role_held=Value(""), key=F("about_id"))
            .values_list(*columns),
        )
    )
    return rows


_STANDING = Prepared(
    _standing_rows, person=UUIDField(), partnership=UUIDField(), on=DateField(), now=DateTimeField()
)


def works_for(person: Person, agency: Agency, on: date) -> bool:
    """Whether a person works on a day for an agency, or for the agency of which it is a unit."""
    posts = AgencyMembership.objects.filter(held_on(on), person=person)
    return posts.filter(agency_id__in=[agency.pk, agency.parent_id]).exists()


def partnerships_of(person: Person, on: date) -> QuerySet[Partnership]:
    """The partnerships in which a person holds a role on a day."""
    ids = RoleGrant.objects.filter(held_on(on), person=person).values("partnership_id")
    return Partnership.objects.filter(pk__in=ids).order_by("name")


def people_of(actor: Actor, on: date) -> QuerySet[Person]:
    """The people who hold a role in the actor's partnership on a day, by name."""
    ids = RoleGrant.objects.filter(held_on(on), partnership_id=actor.partnership_id).values("person_id")
    return Person.objects.filter(pk__in=ids).order_by("name")


def people_who_may(
    permission: Permission, partnership_id: uuid.UUID, on: date, *, but: uuid.UUID | None = None
) -> list[Person]:
    """Who can sign in here on a day and may do something, by name; `but` leaves out whoever does the telling."""
    rows = who_can_sign_in(partnership_id, on, roles=access.roles_with(permission))
    return list(rows.exclude(pk=but) if but else rows)


def name_of(partnership_id: uuid.UUID) -> str:
    """What a partnership is called in a message."""
    return Partnership.objects.values_list("short_name", flat=True).get(pk=partnership_id)


def posts_in(partnership_id: uuid.UUID, on: date, *, roles: list[str]) -> QuerySet[AgencyMembership]:
    """The posts on a day of those who hold one of these roles and can sign in."""
    people = who_can_sign_in(partnership_id, on, roles=roles).order_by()
    return AgencyMembership.objects.filter(held_on(on), partnership_id=partnership_id, person__in=people)


def people_in(agency: Agency, on: date, *, roles: list[str]) -> QuerySet[Person]:
    """Who can sign in, holds one of these roles and works for an agency, or for the one whose unit it is."""
    posts = posts_in(agency.partnership_id, on, roles=roles).filter(
        agency_id__in=[agency.pk, agency.parent_id]
    )
    rows = who_can_sign_in(agency.partnership_id, on, roles=roles)
    return rows.filter(pk__in=posts.values("person_id"))


def agencies_with(posts: QuerySet[AgencyMembership]) -> set[uuid.UUID]:
    """The agencies in which these posts are, and their units; one query."""
    held = posts.values("agency_id")
    return set(
        Agency.objects.filter(Q(pk__in=held) | Q(parent__in=held)).order_by().values_list("pk", flat=True)
    )


def who_can_sign_in(
    partnership_id: uuid.UUID, on: date, *, roles: list[str] | None = None
) -> QuerySet[Person]:
    """Everybody who holds a role (one of these) in a partnership on a day and has an open sign-in, by name."""
    grants = RoleGrant.objects.filter(held_on(on), partnership_id=partnership_id)
    if roles is not None:
        grants = grants.filter(role__in=roles)
    rows = Person.objects.filter(pk__in=grants.values("person_id"), user__is_active=True)
    return rows.select_related("user").order_by("name", "pk")


def named(words: str, actor: Actor) -> list[uuid.UUID]:
    """Who has all of these words in their name, of those who ever held a role in the actor's partnership."""
    wanted = fold(words).split()
    everybody = everybody_of(actor.partnership_id).values_list("pk", "name")
    return [pk for pk, name in everybody if all(word in fold(name) for word in wanted)]


def names(ids: list[uuid.UUID], actor: Actor) -> dict[uuid.UUID, str]:
    """The names of people of the actor's partnership."""
    return dict(everybody_of(actor.partnership_id).filter(pk__in=ids).values_list("pk", "name"))


def directory(
    actor: Actor,
    on: date,
    *,
    words: str = "",
    role: str = "",
    agency: Agency | None = None,
    left: bool = False,
) -> QuerySet[Person]:
    """The people an actor may see, with the roles (`held`) and posts (`posts`) they have here on a day.

    Only those who hold a role that day, unless those who have left are asked for as well.
    """
    rows = Person.objects.visible_to(actor)
    roles = RoleGrant.objects.filter(held_on(on), partnership_id=actor.partnership_id)
    posts = AgencyMembership.objects.filter(held_on(on), partnership_id=actor.partnership_id)
    if role:
        rows = rows.filter(pk__in=roles.filter(role=role).values("person_id"))
    elif not left:
        rows = rows.filter(pk__in=roles.values("person_id"))
    if agency is not None:
        rows = rows.filter(pk__in=posts.filter(agency=agency).values("person_id"))
    if words:
        wanted = fold(words).split()
        named = Person.objects.visible_to(actor).values_list("pk", "name")
        rows = rows.filter(pk__in=[pk for pk, name in named if all(word in fold(name) for word in wanted)])
    return rows.prefetch_related(
        Prefetch("roles", queryset=roles, to_attr="held"),
        Prefetch("memberships", queryset=posts.select_related("agency"), to_attr="posts"),
    )


def roles_of(person: Person, actor: Actor) -> QuerySet[RoleGrant]:
    """The roles a person holds or held here, those that still hold first."""
    rows = RoleGrant.objects.visible_to(actor).filter(person=person)
    return rows.order_by(F("ends_on").desc(nulls_first=True), "-starts_on")


def posts_of(person: Person, actor: Actor) -> QuerySet[AgencyMembership]:
    """The agencies a person works or worked for here, those that still hold first."""
    rows = AgencyMembership.objects.visible_to(actor).filter(person=person).select_related("agency")
    return rows.order_by(F("ends_on").desc(nulls_first=True), "-starts_on")


def is_here(person: Person, actor: Actor, on: date) -> bool:
    """Whether a person has a role or works for an agency in the actor's partnership, now or from a later day."""
    here = {"partnership_id": actor.partnership_id, "person": person}
    return any(model.objects.filter(open_on(on), **here).exists() for model in (RoleGrant, AgencyMembership))


def invitations(actor: Actor) -> QuerySet[Invitation]:
    """The invitations an actor may see, the newest first."""
    return Invitation.objects.visible_to(actor).select_related("agency").order_by("-invited_at", "-pk")


def invitation_for(token: str, now: datetime) -> Invitation | None:
    """The invitation that a link opens, if it still does."""
    row = (
        Invitation.objects.filter(digest=rules.digest(token)).select_related("partnership", "agency").first()
    )
    return row if row is not None and rules.is_open(row.status, row.expires_at, now) else None


def signs_in_with(email: str) -> User | None:
    """Whoever signs in with an address, in whatever case."""
    return User.objects.filter(email=email.lower()).select_related("person").first()


def must_use_sso(person: Person, on: date) -> bool:
    """Whether a person works for an agency, in any partnership, that signs in through its own provider only."""
    posts = AgencyMembership.objects.filter(held_on(on), person=person)
    return posts.filter(agency__sso_only=True).exists()


def second_factors(user: User) -> int:
    """How many second factors somebody has set up; recovery codes alone are none."""
    types = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return int(Authenticator.objects.filter(user_id=user.pk, type__in=types).count())


def must_have_second_factor(person: Person, on: date) -> bool:
    """Whether any role of a person, in any partnership, lets them see a child's record."""
    demanding = access.roles_that_show_children()
    return RoleGrant.objects.filter(held_on(on), person=person, role__in=demanding).exists()


def today() -> date:
    """The day on which a page of allauth's is asked, which brings none along."""
    return calendar.today()


def planned_leaving(person: Person, actor: Actor) -> Leaving | None:
    """When a person is to leave, if that is noted and not yet carried out."""
    rows = Leaving.objects.filter(partnership_id=actor.partnership_id, person=person, status="planned")
    return rows.select_related("hand_over_to").first()


def teams_of(person: Person, actor: Actor, on: date) -> QuerySet[TeamMembership]:
    """The teams a person is in here on a day."""
    rows = TeamMembership.objects.filter(held_on(on), partnership_id=actor.partnership_id, person=person)
    return rows.select_related("team")


def sign_ins_of(user: User, now: datetime, *, idle: timedelta, absolute: timedelta) -> list[SignIn]:
    """The sessions of a sign-in that are still open, the one seen last first."""
    rows = SignIn.objects.filter(
        user=user, ended_at__isnull=True, fits=user.get_session_auth_hash(), seen_at__gte=now - idle
    )
    return list(rows.filter(began_at__gte=now - absolute))


def everybody_of(partnership_id: uuid.UUID) -> QuerySet[Person]:
    """Everybody who ever held a role in a partnership, by name: who may stand in its history."""
    ids = RoleGrant.objects.filter(partnership_id=partnership_id).values("person_id")
    return Person.objects.filter(pk__in=ids).order_by("name")


def chosen_agencies(
    actor: Actor, on: date, *, sector: str = "", lead: bool = False, relevant: str = ""
) -> QuerySet[Agency]:
    """The agencies as a filter asks for them; `relevant` is yes, no or past, as it stands on a day."""
    rows = Agency.objects.visible_to(actor).select_related("parent")
    if sector:
        rows = rows.filter(sector=sector)
    if lead:
        rows = rows.exclude(lead_partner="")
    now = Q(relevant_from__lte=on) & (Q(relevant_to__isnull=True) | Q(relevant_to__gte=on))
    chosen = {"yes": now, "no": Q(relevant_from__isnull=True), "past": Q(relevant_to__lt=on)}
    return rows.filter(chosen[relevant]) if relevant else rows


def agencies(actor: Actor) -> QuerySet[Agency]:
    """The agencies of the actor's partnership, by name."""
    return Agency.objects.visible_to(actor).order_by("name")


def relevant_agencies(partnership_id: uuid.UUID, starts_on: date, ends_on: date) -> QuerySet[Agency]:
    """Agencies that were relevant agencies at any time of a period."""
    return (
        Agency.objects.filter(partnership_id=partnership_id, relevant_from__lte=ends_on)
        .filter(Q(relevant_to__isnull=True) | Q(relevant_to__gte=starts_on))
        .order_by("name")
    )


def lead_partners(partnership_id: uuid.UUID) -> QuerySet[Agency]:
    """The three statutory safeguarding partners of a partnership."""
    return (
        Agency.objects.filter(partnership_id=partnership_id).exclude(lead_partner="").order_by("lead_partner")
    )


def offices(actor: Actor) -> QuerySet[Office]:
    """The offices known to the actor's partnership, by title."""
    return Office.objects.visible_to(actor).order_by("title")


def source_of(record: Any) -> Provenance | None:
    """Which section of which source a record was taken from, if from one."""
    partnership_id = getattr(record, "partnership_id", record.pk)
    return Provenance.objects.filter(partnership_id=partnership_id, record_id=record.pk).first()


def urgent_openings(actor: Actor) -> QuerySet[UrgentOpening]:
    """The urgent openings an actor may see, those that wait for a review first."""
    rows = UrgentOpening.objects.visible_to(actor).select_related("person", "reviewed_by")
    return rows.order_by(Case(When(finding="", then=0), default=1), "-opened_at")


def refused_until(record_id: uuid.UUID, actor: Actor, today: date) -> date | None:
    """Until when somebody may not open a record urgently, because they did so without need; None if they may."""
    if actor.person_id is None:
        return None
    rows = UrgentOpening.objects.filter(
        partnership_id=actor.partnership_id, person_id=actor.person_id, about_id=record_id,
        finding=rules.Finding.NOT_JUSTIFIED,
    )  # fmt: skip
    last = rows.order_by("-reviewed_at").values_list("reviewed_at", flat=True).first()
    until = in_london(last).date() + rules.NOT_AGAIN_FOR if last else None
    return until if until is not None and today <= until else None


def person_of(actor: Actor) -> Person:
    """The person behind an actor."""
    assert actor.person_id is not None
    return Person.objects.select_related("user").get(pk=actor.person_id)


def team_of(record: Any) -> Team | None:
    """The team to whom a record is open; None if it has none."""
    team_id = getattr(record, "team_id", None)
    return Team.objects.select_related("lead__user").filter(pk=team_id).first() if team_id else None


def members_of(team: Team, on: date) -> QuerySet[TeamMembership]:
    """Who is in a team on a day, by name."""
    rows = TeamMembership.objects.filter(held_on(on), team=team).select_related("person")
    return rows.order_by("person__name")


def lead_to_tell(team: Team | None, by: Actor, on: date) -> list[Person]:
    """Who leads a team and is in it still, if that is somebody else than who acts."""
    lead = team.lead if team is not None else None
    if team is None or lead is None or lead.pk == by.person_id:
        return []
    return [lead] if members_of(team, on).filter(person=lead).exists() else []


def ever_in(team: Team) -> QuerySet[TeamMembership]:
    """Who is or was in a team, the latest first."""
    rows = TeamMembership.objects.filter(team=team).select_related("person")
    return rows.order_by(F("ends_on").desc(nulls_first=True), "person__name")


def has_conflict(team_id: uuid.UUID, person_id: uuid.UUID) -> bool:
    """Whether somebody is too near to the case of a team."""
    rows = ConflictOfInterest.objects.filter(team_id=team_id, person_id=person_id, ended_on__isnull=True)
    return rows.exists()


def could_join(team: Team, actor: Actor, on: date) -> QuerySet[Person]:
    """Who could be taken into a team: whoever can sign in here, is not in it and has no conflict with it."""
    inside = TeamMembership.objects.filter(open_on(on), team=team).values("person_id")
    barred = ConflictOfInterest.objects.filter(team=team, ended_on__isnull=True).values("person_id")
    return people_of(actor, on).exclude(pk__in=inside).exclude(pk__in=barred)


def persona_rows(person_ids: list[uuid.UUID], on: date) -> list[dict[str, Any]]:
    """For the demonstration: who holds which roles where, with agency and post, in order of roles."""
    roles = access.table().ROLES
    order = list(roles)
    grants = RoleGrant.objects.filter(held_on(on), person_id__in=person_ids)
    members = {
        (m.person_id, m.partnership_id): m
        for m in AgencyMembership.objects.filter(held_on(on), person_id__in=person_ids).select_related(
            "agency"
        )
    }
    rows = [
        {
            "person_id": grant.person_id,
            "partnership_id": grant.partnership_id,
            "role": roles[grant.role],
            "membership": members.get((grant.person_id, grant.partnership_id)),
            "order": order.index(grant.role),
        }
        for grant in grants
        if grant.role in roles
    ]
    return sorted(rows, key=lambda row: row["order"])
