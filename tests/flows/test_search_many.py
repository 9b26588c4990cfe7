"""Searching where very many records match: only the best are read, and still nobody finds more or less than they see."""

from __future__ import annotations

from datetime import date

import pytest

from shield.improvement import services as improvement
from shield.kernel.files import services as files
from shield.kernel.search import queries, rules, services
from shield.kernel.search.queries import finding
from shield.meetings import services as meetings
from tests import cast as people
from tests.flows.test_search import DAY, TODAY, found, recommend


@pytest.fixture
def by(cast):
    return people.system(cast.testbury)


@pytest.fixture
def priority(by):
    return improvement.add_priority(title="Neglect in early years", number=1, by=by)


@pytest.fixture
def few_are_many(monkeypatch):
    """Three results are read and counted, and not one to spare."""
    monkeypatch.setattr(finding, "MOST", 3)
    monkeypatch.setattr(finding, "SPARE", 0)


def test_of_very_many_the_same_come_first(by, few_are_many):
    for number in range(1, 6):
        text = f"Zebra {number}" if number < 3 else f"{'A very long story ' * 9} of a zebra {number}"
        day = date(2019, number, 1)
        improvement.add_finding(text=text, sort="to_develop", evidence_from="data", found_on=day, by=by)
    services.follow(partnership_id=by.partnership_id)
    hits = queries.find(rules.ask("zebra"), by).hits
    assert [(hit.rank, hit.day.month) for hit in hits] == [(0, 2), (0, 1), (1, 5)]
    narrowed = queries.find(rules.ask("zebra"), by, kind="improvement.finding").hits
    assert narrowed == hits


def test_of_very_many_those_that_were_taken_back_are_not_shown(priority, by, actor, agencies, few_are_many):
    owner = improvement.Owner(agency=agencies["school"])
    rows = [recommend(priority, f"Zebra {number}", by, owner=owner) for number in range(6)]
    services.follow(partnership_id=by.partnership_id)
    for row in rows[2:]:
        improvement.take_back(
            record=row, reason="It was recorded twice.", by=by, today=TODAY, expected_version=row.version
        )
    for who in (actor("business_manager"), actor("agency_lead", agency=agencies["school"])):
        result = queries.find(rules.ask("zebra"), who)  # before the index has taken notice
        assert sorted(entry.title for entry in result.entries(0, 9)) == ["Zebra 0", "Zebra 1"]
        assert not result.more
        assert result.counts.total() == 2


def test_of_very_many_an_agency_finds_its_own_and_what_all_see(priority, by, actor, agencies, few_are_many):
    gathering = meetings.record_gathering(
        title="Zebra workshop", sort="workshop", held_on=DAY, by=by, today=TODAY
    )
    for number in range(8):
        owner = improvement.Owner(agency=agencies["school" if number == 5 else "charity"])
        action = improvement.add_action(text=f"Zebra {number}", owner=owner, by=by, priority=priority)
        files.attach(about=action.ref, name=f"zebra{number}.txt", content=b"Plain.", by=by)
    school = actor("agency_lead", agency=agencies["school"])
    assert sorted(found("zebra", school)) == ["Zebra 5", gathering.title, "zebra5.txt"]
    misspelt = queries.find(rules.ask("zebrra"), school)
    assert (misspelt.meant, len(misspelt.hits)) == ("zebra", 2)  # a number is no word to be meant
    assert found("zebra", actor("practitioner")) == []
