"""Every route, opened by every persona of two partnerships and by nobody, answers as the table says.

The walk is generated from the address table: a new route fails it until it is declared and has a specimen.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from shield.improvement import permissions as improvement
from shield.kernel.access.rules import PERMISSIONS
from shield.kernel.accounts.models import Team, TeamMembership
from shield.project import roles
from shield.project.routes import Route, routes
from tests.architecture import world as worlds
from tests.cast import SINCE, Cast, make_person, set_up, signed_in
from tests.databases import fresh_copy

PERSONAS = [key for key, role in roles.ROLES.items() if not role.system] + [
    "agency_lead elsewhere",
    "agency_admin elsewhere",
    "learning_manager in the team",
    "stranger",
    "staff",
    "nobody",
]
FROM_ELSEWHERE = {"stranger", "agency_lead elsewhere", "agency_admin elsewhere"}
"""To these a record that they do not see must look like none at all."""
ASK_NOTHING_OF_THEIR_OWN = {*FROM_ELSEWHERE, "staff", "nobody"}
"""Their pages ask the database what those of another persona ask, for other rows, or nothing: one database is enough."""
SEEN_BY_EVERY_AGENCY = {"improvement.priority", "improvement.success_measure"}
SEEN_BY_THE_AGENCY_ASKED = SEEN_BY_EVERY_AGENCY | {
    "improvement.recommendation", "improvement.part", "improvement.action", "improvement.evidence", "improvement.progress_note",
}  # fmt: skip
CHAIN = {
    "improvement.priority", "improvement.success_measure", "improvement.theme", "improvement.finding", "improvement.recommendation",
    "improvement.part", "improvement.decision", "improvement.action", "improvement.progress_note", "improvement.evidence",
    "improvement.impact_review",
}  # fmt: skip
OF_A_CASE = {
    "reviews.case", "reviews.step", "reviews.output", "reviews.letter", "reviews.practice_review", "reviews.conversation",
    "identities.identity",
}  # fmt: skip
"""For the team of the case alone; here whoever works on cases is in it (`_client`)."""
ABOUT_NAMES = {"identities", "identity_add", "names_decide"}
TEAMS = {"accounts.team", "accounts.team_membership"}
RECORDERS = {"business_manager", "learning_manager"}
OF_ONES_OWN_SIGN_IN = ("account_reauthenticate", "mfa_")
"""Pages on one's own sign-in: they answer by what it has, whatever the role (403 where there is no way to confirm)."""
ABOUT_PEOPLE_OF_THE_CHARITY = {
    "accounts.person", "accounts.role_grant", "accounts.agency_membership", "accounts.invitation",
}  # fmt: skip
"""Specimens about somebody who works for the charity: an administrator of another agency never sees them."""
CORRECTED_BY_ITS_OWN = {
    "evidence_correct",
    "evidence_withdraw",
    "progressnote_correct",
    "progressnote_withdraw",
}
IN_THE_TEAM = "learning_manager in the team"
"""A manager who is in the team that works on what is restricted to one."""
GIVEN_BY_THE_AGENCY = {
    "contribution_upload", "contribution_paste", "contribution_enter", "contribution_hand_in", "contribution_nothing",
    "contribution_download", "chronology_entry_correct", "chronology_entry_out",
}  # fmt: skip
"""Pages on which an agency writes its own part of a chronology."""
ANSWERED_TO_ALL = {
    "account_logout",
    "survey_answer",
    "become",
    "published_report",
    "published_file",
    "published_review",
    "published_review_file",
    "calendar_feed",
    "account_signup",
    "openid_connect_login",
    "openid_connect_callback",
    "personas",
}
"""Public routes whose answer to anybody is not a plain page (a redirect, or nothing published yet)."""


def _walked() -> list[Route]:
    return [route for route in routes() if route.name not in {"account_reset_password_from_key"}]


def test_every_route_is_declared_and_named() -> None:
    undeclared = [route.path for route in routes() if route.declared is None or not route.name]
    assert undeclared == []


def test_every_route_with_a_record_has_a_specimen_kind() -> None:
    lacking = [r.path for r in routes() if "<uuid:id>" in r.path and r.declared and r.declared.record is None]
    assert lacking == [], (
        "A route with an id must fetch its record through visible_to: @page(…, record=Model)."
    )


def _granted(persona: str) -> frozenset[str]:
    role = persona.split(" ")[0]
    return roles.permissions_by_role().get(role, frozenset())


def _sees(persona: str, kind: str, permission: str | None) -> bool:
    """Who sees a specimen, written out here once more and not asked of the code under test."""
    if persona in {"stranger", "staff", "nobody"}:
        return False
    if kind.startswith("chronologies."):
        # For the team; parts and entries, which are the school's here, for its lead too; its table for its lead alone.
        own = {"chronologies.contribution", "chronologies.entry", "chronologies.upload"}
        if persona == "agency_lead":
            return kind in own
        return persona == IN_THE_TEAM and kind != "chronologies.upload"
    persona = persona.removesuffix(" in the team")
    if kind == "files.file" and persona in {
        "agency_lead elsewhere",
        "child_death_coordinator",
        "exploitation_chair",
    }:
        return False  # it is attached to an action of the school, which these do not see
    if kind == "retention.subject_item":
        return (
            False  # what was gathered is for the one manager who answers the request, whatever anybody's role
        )
    if kind == "meetings.minutes" and persona in {
        "agency_lead elsewhere",
        "child_death_coordinator",
        "exploitation_chair",
    }:
        return False  # they are of a body on which these do not sit
    if kind in {"audits.record", "audits.part"}:
        # With the agencies: the school's own, and whoever runs the audit; nobody else before the panel compares.
        return persona in {*RECORDERS, "agency_lead"}
    if kind in {"lessons.note", "lessons.good_practice"}:
        return persona in RECORDERS  # drafts, which nobody has read yet for what may not be told
    if kind in OF_A_CASE or kind == "accounts.conflict":
        # Why somebody has a conflict of interest is for the team of the case alone.
        return persona in RECORDERS
    if kind == "reviews.return":
        return persona in {*RECORDERS, "agency_lead"}
    if kind in TEAMS:
        return persona in {*RECORDERS, "safeguarding_partner", IN_THE_TEAM}
    if kind in CHAIN and persona == "agency_lead":
        return kind in SEEN_BY_THE_AGENCY_ASKED
    if kind in CHAIN and persona == "agency_lead elsewhere":
        return kind in SEEN_BY_EVERY_AGENCY
    if kind in ABOUT_PEOPLE_OF_THE_CHARITY and persona == "agency_admin elsewhere":
        return False
    return permission in _granted(persona)


def _of_its_own(name: str, persona: str) -> int | None:
    """What only its own may do: evidence is corrected by who recorded it, by its agency, or by whoever edits the chain;
    a part of an audit is for its agency to answer, here the school."""
    if name in {"joint_answer", "joint_seats"} and persona == "business_manager":
        return 403  # the host does not speak for the partnership it asked
    if name in CORRECTED_BY_ITS_OWN:
        return 403 if persona == "safeguarding_partner" else None
    if name in GIVEN_BY_THE_AGENCY:
        return 403 if persona == IN_THE_TEAM else None
    if name in {"audit_part_answer", "return_write"}:
        return 403 if persona in RECORDERS else None
    return None


def _expected(route: Route, persona: str, method: str) -> set[int]:
    declared = route.declared
    assert declared is not None
    if not declared.specimen.startswith("chronologies."):
        persona = persona.removesuffix(" in the team")
    if method not in route.methods:
        return {405}
    if route.name in {"account_login", "mfa_authenticate"}:
        # The second only between the password and being signed in.
        return {200} if persona == "nobody" and route.name == "account_login" else {302}
    if persona != "nobody" and route.name.startswith(OF_ONES_OWN_SIGN_IN):
        return {200, 302, 403, 404, 405}
    if declared.public:
        return {200, 302, 400, 403, 404, 405} if route.name in ANSWERED_TO_ALL or method == "POST" else {200}
    if persona == "nobody":
        return {302}
    if declared.staff:
        return {200} if persona == "staff" else {404}
    inside = "<slug:partnership>" in route.path
    if inside and persona in {"stranger", "staff"}:
        return {404}
    if route.name == "home_box":
        return {200} if improvement.VIEW.key in _granted(persona) else {404}
    contribute = "meetings.contribute" in _granted(persona)
    if route.name == "action_update" and persona == "safeguarding_partner":
        return {403}  # only the owner of an action, or whoever assigns actions, reports on it
    if route.name in {"lead_follow", "lead_change", "lead_end"} and persona == "agency_lead elsewhere":
        return {403}  # a lead is named by its own agency, here the school
    if route.name == "step_report" and persona in {"safeguarding_partner", "agency_lead elsewhere"}:
        return {403}  # a step is for its agency to report on, here the school
    if route.name == "paper_hand_in" and contribute and persona not in {*RECORDERS, "agency_lead"}:
        return {403}  # a paper is for its author to hand in, here the school
    if route.name in {"joint_paper", "picture"}:
        return {404}  # the specimen is not handed in, or is no picture
    if route.name == "minutes_file":
        return {404} if not contribute else {200, 404, 405}  # the specimen's name is that of another file
    if route.name in ABOUT_NAMES and declared.permission and declared.permission.key in _granted(persona):
        return {200, 405} if persona in RECORDERS else {404, 405}
    if answer := _of_its_own(route.name, persona):
        return {answer}
    fine = {200, 302, 404, 405} if method == "POST" else {200, 302}
    if declared.record is not None:
        permission = declared.record.view_permission
        if not _sees(persona, declared.specimen, permission.key if permission else None):
            return {404}
    if declared.permission is not None and declared.permission.key not in _granted(persona):
        return {403}
    return fine


def _address(route: Route, world: worlds.World, slug: str) -> str:
    def fill(match: re.Match[str]) -> str:
        name = match.group(2)
        if name == "partnership":
            return slug
        if name == "id":
            assert route.declared is not None
            assert route.declared.specimen in world.specimens, (
                f"{route.path} needs a specimen of {route.declared.specimen}."
            )
            return str(world.specimens[route.declared.specimen].pk)
        assert name in world.values, f"{route.path} needs a value for “{name}”."
        return world.values[name]

    return re.sub(r"<(\w+):(\w+)>", fill, route.path)


def _client(persona: str, cast: Cast) -> Client:
    if persona == "nobody":
        return Client()
    if persona == "stranger":
        return signed_in(make_person("business_manager", partnership=cast.otherton))
    if persona == "staff":
        return signed_in(make_person(partnership=cast.otherton, is_staff=True))
    agency = {
        "agency_lead": "school",
        "agency_lead elsewhere": "charity",
        "agency_admin": "charity",
        "agency_admin elsewhere": "school",
        "safeguarding_partner": "police",
    }.get(persona)
    role = persona.split(" ")[0]
    person = make_person(role, partnership=cast.testbury, agency=cast.agencies[agency] if agency else None)
    teams = Team.objects.filter(partnership=cast.testbury)
    for team in teams.filter(title=worlds.TEAM) if persona == IN_THE_TEAM else ():
        TeamMembership(partnership=cast.testbury, team=team, person=person, starts_on=SINCE).store()
    for team in teams.filter(about_kind="reviews.case") if persona in {*RECORDERS, IN_THE_TEAM} else ():
        TeamMembership(partnership=cast.testbury, team=team, person=person, starts_on=SINCE).store()
    return signed_in(person)


@pytest.fixture(scope="module")
def everything(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Cast, worlds.World]]:
    """The cast and one record of every kind, made once; whoever walks leaves them as they were (`walked`)."""
    with (
        fresh_copy(django_db_blocker, tmp_path_factory.mktemp("routes")),
        django_db_blocker.unblock(),
    ):
        cast = set_up()
        yield cast, worlds.build(cast)


@pytest.fixture
def walked(
    everything: tuple[Cast, worlds.World], django_db_blocker: Any
) -> Iterator[tuple[Cast, worlds.World]]:
    """The same; what one walk does to it is rolled back after it."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        yield copy.deepcopy(everything)
        transaction.set_rollback(True)


def _on(persona: str) -> Any:
    return pytest.param(persona, marks=pytest.mark.once) if persona in ASK_NOTHING_OF_THEIR_OWN else persona


@pytest.mark.parametrize("persona", [_on(persona) for persona in PERSONAS])
def test_every_route_answers_each_persona_as_declared(
    persona: str, walked: tuple[Cast, worlds.World]
) -> None:
    """And to whoever is from elsewhere a record that is not theirs is answered as one that does not exist."""
    cast, world = walked
    same = _client(persona, cast)
    wrong = []
    for route in _walked():
        for method in ("GET", "POST"):
            if method == "POST" and route.name in {"account_login", "account_logout"}:
                continue
            client = _client(persona, cast) if route.name in {"account_logout", "become"} else same
            answer = client.generic(method, _address(route, world, "testbury") + _query(route, world))
            if answer.streaming:
                b"".join(answer.streaming_content)  # reading it to its end closes the file
            if answer.status_code not in _expected(route, persona, method):
                wrong.append(
                    f"{method} {route.name}: {answer.status_code}, not {sorted(_expected(route, persona, method))}"
                )
            if (
                method == "GET"
                and persona in FROM_ELSEWHERE
                and answer.status_code == 404
                and _of_a_record(route)
            ):
                if not _same(answer, client.get(_missing(route, world))):
                    wrong.append(f"{route.name}: tells {persona} of a record that is not theirs")
            if persona == "nobody" and answer.status_code == 302 and route.name not in ANSWERED_TO_ALL:
                assert "/sign-in" in answer.headers["Location"]
    assert wrong == []


def _of_a_record(route: Route) -> bool:
    return "<uuid:id>" in route.path and route.declared is not None and route.declared.record is not None


def _missing(route: Route, world: worlds.World) -> str:
    return re.sub(
        r"[0-9a-f]{8}-[0-9a-f-]{27}",
        "018f0000-0000-7000-8000-000000000000",
        _address(route, world, "testbury"),
    )


def _same(here: Any, missing: Any) -> bool:
    return (here.status_code, len(here.content)) == (missing.status_code, len(missing.content))


def _query(route: Route, world: worlds.World) -> str:
    if route.name == "confirm_number":
        return "?n=12%7CWe%20met%2012%20times."
    if route.name in ABOUT_NAMES:
        return f"?about={world.specimens['reviews.case'].ref.as_text()}"
    if route.name == "settle":
        return "?about=figure:meetings.board_held%7Cvalue"
    return ""


def test_every_permission_is_granted_to_somebody_or_to_the_system_alone() -> None:
    granted = frozenset().union(*(_granted(role) for role in roles.ROLES if role != "system"))
    assert set(PERMISSIONS) - granted == {"clocks.edit_holidays"}
