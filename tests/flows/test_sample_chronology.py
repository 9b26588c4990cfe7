"""Four messy files of one invented child become one chronology, and everything planted in them is found."""

from datetime import date

import pytest

from shield.domain.chronologies import services
from shield.domain.chronologies.models import Entry
from shield.domain.chronologies.queries import collecting, findings, merged
from shield.domain.chronologies.queries.merged import Asked
from shield.domain.chronologies.rules import mapping
from shield.kernel.accounts.models import Team
from shield.kernel.identities import queries as identities
from shield.project.sample import chronologies as sample
from shield.project.sample.chronologies import loading
from tests.cast import TODAY, system


@pytest.fixture
def team(cast):
    return Team(partnership=cast.testbury, title="Review team", purpose="Reads one chronology").store()


@pytest.fixture
def by(cast):
    return system(cast.testbury)


@pytest.fixture
def made(cast, team, by):
    return loading.load(about=team.ref, team=team, agencies=cast.agencies, by=by, today=TODAY)


def read(agency, answers=None):
    name, content = sample.file_of(agency)
    grid = collecting.grid_of(content, pasted=not name, latest=TODAY)
    return grid, mapping.take(grid.lines, loading.COLUMNS[agency], latest=TODAY, answers=answers)


@pytest.mark.parametrize("agency", sample.AGENCIES)
def test_what_is_proposed_for_the_columns_is_what_they_are(agency):
    grid, _ = read(agency)
    proposed = mapping.propose(grid.lines, grid.width, {})
    assert proposed.roles == loading.COLUMNS[agency].roles
    assert proposed.heading_row == loading.COLUMNS[agency].heading_row


@pytest.mark.parametrize(("agency", "doubts"), [
    ("council", {5: "This may be in the morning or in the afternoon."}),
    ("police", {}),
    ("health", {4: "There is no month 25. It may have been written month first.",
                7: "This is a number, as Excel keeps a day. Whether it is meant as one, only a person can say."}),
    ("school", {7: "This depends on the day on which it was written."}),
])  # fmt: skip
def test_what_cannot_be_read_without_a_guess_is_put_to_a_person(agency, doubts):
    grid, given = read(agency)
    assert {each.row: each.why for each in given.doubts} == doubts
    assert grid.problems == given.problems == []
    assert read(agency, loading.ANSWERS[agency])[1].is_ready


def test_a_person_is_told_of_american_order_and_of_letters_of_windows():
    assert "other dates of this table can be read either way" in read("health")[1].notes[0]
    assert (
        "Check these words" in read("police")[0].notes[0] or "Excel on Windows" in read("police")[0].notes[0]
    )


def test_all_entries_stand_in_one_order_however_exactly_they_are_known(made):
    told = [
        entry.when.in_english() for entry in merged.events(made, Asked()).order_by("order", "sequence", "id")
    ]
    assert told[0] == "about September 2017"
    assert told[-2:] == ["late November 2018", "date not known"]
    assert {
        "22 May 2018 (uncertain)",
        "4 to 8 June 2018",
        "1 to 10 August 2018",
        "3 February 2018, evening",
    } <= set(told)
    assert Entry.objects.filter(chronology_id=made.pk).count() == 24


def test_conflicts_and_pairs_that_were_planted_are_found(made, by):
    [birth] = findings.open_conflicts(made, by)
    assert birth.words == "Date of birth of Kayden: 3 December 2011, and 12 March 2011"
    found = {
        frozenset((pair.one.when.in_english(), pair.other.when.in_english()))
        for pair in findings.to_look_at(made, by)
    }
    assert {
        frozenset(("3 February 2018, evening", "4 February 2018 at 10:05am")),
        frozenset(("14 May 2018 at 2:30pm", "14 May 2018 at 4pm")),
        frozenset(("21 June 2018", "22 June 2018")),
        frozenset(("9 May 2018",)),
    } <= found
    for pair in findings.to_look_at(made, by):
        services.decide(comparison=pair, same=True, by=by, today=TODAY, expected_version=pair.version)
    times = {conflict.words for conflict in findings.open_conflicts(made, by).filter(sort="when")}
    assert "The same event is told of 21 June 2018, and 22 June 2018" in times
    assert any("14 May 2018 at 2:30pm" in words and "14 May 2018 at 4pm" in words for words in times)


def test_gaps_that_were_planted_are_found(made):
    found = {(gap.what, gap.after, gap.until) for gap in findings.gaps_in(made, today=TODAY)}
    assert ("No contact of any agency", date(2018, 6, 26), date(2018, 8, 1)) in found
    assert ("No contact of any agency", date(2018, 8, 10), date(2018, 11, 1)) in found
    assert any(what == "The child's voice is not recorded" for what, _, _ in found)


def test_names_misspelt_wait_for_a_person_before_anything_leaves_with_pseudonyms(made, team, partnership):
    from shield.domain.chronologies.tests import factories as make

    reader = make.member("learning_manager", team, partnership)
    texts = [("An entry", entry.event) for entry in merged.in_chronology(made)]
    words = {doubt.text for doubt in identities.unresolved(texts, team.ref, reader)}
    assert {"Kaydan", "Ridgway"} <= words
