"""Permissions are a closed list; nobody holds what their roles do not give."""

import uuid

import pytest

from shield.kernel.access import queries, rules
from shield.kernel.access.rules import Actor, Forbidden, Permission

ODD = Permission("test.fly", "Fly over the town")


def somebody(*permissions, **more):
    return Actor(uuid.uuid4(), "testbury", person_id=uuid.uuid4(), permissions=frozenset(permissions), **more)


def test_a_key_is_declared_once():
    key = next(iter(rules.PERMISSIONS))
    with pytest.raises(ValueError, match="twice"):
        rules.declare(key, "Again")


def test_nobody_may_do_what_is_not_named():
    assert somebody(ODD.key).may(ODD)
    assert not somebody().may(ODD)
    assert not somebody(ODD.key).may(None)
    assert somebody(ODD.key).may_any([Permission("test.swim", "Swim"), ODD])
    assert not somebody().may_any([])


def test_a_refusal_says_what_the_role_does_not_include():
    with pytest.raises(Forbidden, match="Your role here does not include: fly over the town"):
        rules.require(somebody(), ODD)
    rules.require(somebody(ODD.key), ODD)


def test_nobody_signed_in_is_the_public_and_the_system_is_not():
    assert Actor(uuid.uuid4(), "testbury").is_public
    assert not Actor(uuid.uuid4(), "testbury", is_system=True).is_public
    assert not somebody().is_public


def test_roles_add_up_and_an_unknown_role_gives_nothing():
    manager, lead = queries.permissions_of(["business_manager"]), queries.permissions_of(["agency_lead"])
    assert queries.permissions_of(["business_manager", "agency_lead"]) == manager | lead
    assert queries.permissions_of(["wizard"]) == frozenset()
    assert queries.permissions_of([]) == frozenset()


def test_somebody_works_in_their_teams_and_the_system_in_every_one():
    team, other, partnership = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    member = Actor(partnership, "testbury", team_ids=frozenset({team}))
    system = Actor(partnership, "testbury", is_system=True)
    assert (member.works_in(team), member.works_in(other), member.works_in(None)) == (True, False, False)
    assert (system.works_in(team), system.works_in(other), system.works_in(None)) == (True, True, False)
