"""A team opens a case to its members; a conflict of interest closes it, whatever else somebody may do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from shield.kernel.access.rules import Forbidden
from shield.kernel.accounts import queries, services
from shield.kernel.accounts.models import ConflictOfInterest, TeamMembership, UrgentOpening
from shield.kernel.records.rules import Refused
from tests.cast import TODAY, actor_of

NOW = datetime(2019, 11, 4, 12, tzinfo=UTC)
WHY = "They chair the rapid review."


@pytest.fixture
def theo(person):
    return person("learning_manager", name="Theo")


@pytest.fixture
def marian(person):
    return person("business_manager", name="Marian")


@pytest.fixture
def team(theo, partnership):
    by = actor_of(theo, partnership)
    return services.form_team(
        title="Team of CAS-1", purpose="A case", people=[theo], lead=theo, by=by, today=TODAY
    )


def in_team(person, team, partnership, on=TODAY):
    return team.pk in queries.actor_for(person, partnership, on).team_ids


def test_whoever_is_taken_in_is_in_from_today(team, theo, marian, partnership):
    by = actor_of(theo, partnership)
    services.join_team(team=team, person=marian, reason=WHY, by=by, today=TODAY)
    assert in_team(marian, team, partnership)


def test_only_somebody_in_the_team_takes_others_in(team, marian, partnership):
    with pytest.raises(Forbidden):
        services.join_team(
            team=team, person=marian, reason=WHY, by=actor_of(marian, partnership), today=TODAY
        )


def test_nobody_is_taken_in_twice(team, theo, marian, partnership):
    by = actor_of(theo, partnership)
    services.join_team(team=team, person=marian, reason=WHY, by=by, today=TODAY)
    with pytest.raises(Refused, match="already"):
        services.join_team(team=team, person=marian, reason=WHY, by=by, today=TODAY)


def test_whoever_is_taken_out_is_out_at_once_even_on_the_day_they_came(team, theo, marian, partnership):
    by = actor_of(theo, partnership)
    joined = services.join_team(team=team, person=marian, reason=WHY, by=by, today=TODAY)
    services.leave_team(membership=joined, reason="A mistake on my side.", by=by, today=TODAY)
    assert not in_team(marian, team, partnership)
    assert not in_team(marian, team, partnership, TODAY + timedelta(days=1))


def test_the_last_one_stays(team, theo, partnership):
    with pytest.raises(Refused, match="last member"):
        services.leave_team(
            membership=TeamMembership.objects.get(),
            reason="I leave the team.",
            by=actor_of(theo, partnership),
            today=TODAY,
        )


def test_a_conflict_of_interest_closes_the_case_and_keeps_it_closed(team, theo, marian, partnership):
    by = actor_of(theo, partnership)
    services.join_team(team=team, person=marian, reason=WHY, by=by, today=TODAY)
    services.declare_conflict(
        team=team,
        person=marian,
        reason="The grandmother is my cousin.",
        by=actor_of(marian, partnership),
        today=TODAY,
        now=NOW,
    )
    assert not in_team(marian, team, partnership)
    with pytest.raises(Refused, match="conflict of interest"):
        services.join_team(team=team, person=marian, reason=WHY, by=by, today=TODAY)
    assert marian not in queries.could_join(team, by, TODAY)


def test_a_conflict_is_ended_by_somebody_else_and_opens_nothing_by_itself(team, theo, marian, partnership):
    by = actor_of(theo, partnership)
    services.declare_conflict(
        team=team, person=marian, reason="The grandmother is my cousin.", by=by, today=TODAY, now=NOW
    )
    conflict = ConflictOfInterest.objects.get()
    with pytest.raises(Forbidden):
        services.end_conflict(conflict=conflict, reason=WHY, by=actor_of(marian, partnership), today=TODAY)
    services.end_conflict(conflict=conflict, reason="It was another family.", by=by, today=TODAY)
    assert not in_team(marian, team, partnership)
    assert marian in queries.could_join(team, by, TODAY)


def test_a_team_is_never_left_without_anybody_by_a_conflict(team, theo, partnership):
    with pytest.raises(Refused, match="only one"):
        services.declare_conflict(
            team=team,
            person=theo,
            reason="The grandmother is my cousin.",
            by=actor_of(theo, partnership),
            today=TODAY,
            now=NOW,
        )


def test_a_lead_is_one_of_the_team_and_ends_with_a_conflict(team, theo, marian, partnership):
    by = actor_of(theo, partnership)
    with pytest.raises(Refused):
        services.lead_team(team=team, person=marian, by=by, today=TODAY)
    services.join_team(team=team, person=marian, reason=WHY, by=by, today=TODAY)
    services.lead_team(team=team, person=marian, by=by, today=TODAY)
    services.declare_conflict(
        team=team, person=marian, reason="The grandmother is my cousin.", by=by, today=TODAY, now=NOW
    )
    team.refresh_from_db()
    assert team.lead is None


def test_whoever_leaves_the_team_leads_it_no_longer_and_is_told_nothing(team, theo, marian, partnership):
    by = actor_of(theo, partnership)
    services.join_team(team=team, person=marian, reason=WHY, by=by, today=TODAY)
    by = actor_of(marian, partnership)
    services.leave_team(
        membership=queries.members_of(team, TODAY).get(person=theo), reason="A new post.", by=by, today=TODAY
    )
    team.refresh_from_db()
    assert team.lead is None
    team.lead = theo  # as it stands when somebody leaves the partnership itself
    assert queries.lead_to_tell(team, by, TODAY) == []


def test_a_conflict_closes_what_was_opened_urgently(team, theo, marian, partnership):
    row = TeamMembership.objects.get(team=team)  # something that opens to the team
    opening = UrgentOpening(
        partnership=partnership, reference="URG-0001", person=marian, about_kind=row.kind, about_id=row.pk,
        about_reference="IDE-1", reason="A child may be at risk.", opened_at=NOW, closes_at=NOW + timedelta(hours=4),
    ).store()  # fmt: skip
    services.declare_conflict(
        team=team,
        person=marian,
        reason="The child is my niece.",
        by=actor_of(theo, partnership),
        today=TODAY,
        now=NOW,
    )
    opening.refresh_from_db()
    assert opening.closes_at == NOW


def test_why_somebody_has_a_conflict_is_for_the_team_and_for_them(team, theo, marian, person, partnership):
    services.declare_conflict(
        team=team,
        person=marian,
        reason="The child is my niece.",
        by=actor_of(theo, partnership),
        today=TODAY,
        now=NOW,
    )
    seen = {
        who.name: ConflictOfInterest.objects.visible_to(actor_of(who, partnership)).exists()
        for who in (theo, marian, person("safeguarding_partner", name="Priya"))
    }
    assert seen == {"Theo": True, "Marian": True, "Priya": False}
