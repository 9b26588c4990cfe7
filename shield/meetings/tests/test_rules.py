"""Whose turn it is to chair, dates that can be, what a register counts."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.kernel.records.rules import COUNT_LIMIT, Refused
from shield.meetings import rules

TODAY = date(2019, 11, 4)


@pytest.mark.parametrize(
    ("earlier", "turn"),
    [
        ([], "council"),
        (["council"], "police"),
        (["council", "health", "police", "council"], "health"),
        (["council", "somebody else", "police"], "health"),
        (["health", "police", "council"], "health"),
    ],
)
def test_the_partner_who_chaired_longest_ago_is_next(earlier, turn):
    assert rules.next_chair(["council", "police", "health"], earlier) == turn


def test_without_partners_it_is_nobodys_turn():
    assert rules.next_chair([], ["council"]) is None


@pytest.mark.parametrize(
    ("dates", "field"),
    [
        ({"held_on": date(1066, 10, 14)}, "held_on"),
        ({"held_on": date(2031, 1, 1), "status": "planned"}, "held_on"),
        ({"held_on": date(2019, 7, 8), "ends_on": date(2019, 7, 7)}, "ends_on"),
        ({"held_on": date(2019, 11, 5)}, "held_on"),
    ],
)
def test_dates_that_cannot_be_are_refused_at_their_field(dates, field):
    with pytest.raises(Refused) as refusal:
        rules.check_dates(**{"ends_on": None, "status": "held", "today": TODAY, **dates})
    assert refusal.value.field == field


def test_a_meeting_today_may_have_been_held():
    rules.check_dates(held_on=TODAY, ends_on=TODAY, status="held", today=TODAY)


@pytest.mark.parametrize("count", [-1, COUNT_LIMIT + 1])
def test_a_number_that_fits_in_no_hall_is_refused(count):
    with pytest.raises(Refused):
        rules.check_count(count)


@pytest.mark.parametrize(
    ("named", "counted", "agree"), [(3, 3, True), (3, 4, False), (0, 40, True), (7, None, True)]
)
def test_names_and_head_count_tell_the_same_or_one_of_them_is_silent(named, counted, agree):
    assert rules.agrees(named, counted) == agree


def test_an_agencys_line_stands_for_no_single_person():
    assert not rules.counts_as_somebody(person=None, office=None, named="  ")
    assert rules.counts_as_somebody(person=None, office=None, named="Jo Bell")


def test_a_body_is_quorate_when_everybody_needed_is_there():
    assert rules.quorate({"council", "police", "health", "school"}, {"council", "police"})
    assert not rules.quorate({"council"}, {"council", "police"})


@pytest.mark.parametrize(
    ("day", "precision", "past"),
    [
        (date(2019, 11, 3), "day", True),
        (date(2019, 11, 4), "day", False),
        (date(2019, 11, 1), "month", False),
        (date(2019, 10, 1), "month", True),
        (date(2019, 1, 1), "year", False),
    ],
)
def test_a_month_is_past_when_its_last_day_is(day, precision, past):
    assert rules.is_past(day, precision, TODAY) == past


def test_a_month_and_a_year_are_kept_as_their_first_day():
    day = date(2019, 7, 29)
    kept = [rules.first_day(day, precision) for precision in ("day", "month", "year")]
    assert kept == [day, date(2019, 7, 1), date(2019, 1, 1)]
    assert rules.first_day(None, "month") is None


def test_every_kind_of_gathering_stands_in_a_lane():
    assert {rules.lane_of(kind) for kind in rules.GatheringKind} == set(rules.LANE_ORDER)


def test_a_body_does_not_end_before_it_began():
    rules.check_life(established_on=TODAY, ended_on=TODAY)
    with pytest.raises(Refused, match="cannot be before"):
        rules.check_life(established_on=TODAY, ended_on=date(2019, 11, 3))


TERMS = "The Board meets each quarter.\n\nThe police chair it.\nMinutes go round in a week."


def test_what_changed_in_a_text_is_told_paragraph_by_paragraph():
    after = "The Board  meets each quarter.\nThe three partners chair it in turn.\n\nMinutes go round in a week.\nIt is open."
    assert rules.changes_between(TERMS, after) == [
        ("out", "The police chair it."), ("in", "The three partners chair it in turn."), ("in", "It is open."),
    ]  # fmt: skip
    assert rules.changes_between(TERMS, TERMS) == []


LINES = st.lists(st.text(alphabet="abc ", max_size=6), max_size=8)


@given(LINES, LINES)
def test_taking_out_and_putting_in_what_is_told_makes_the_newer_text_of_the_older(before, after):
    told = rules.changes_between("\n".join(before), "\n".join(after))
    old, new = (Counter(" ".join(x.split()) for x in lines if x.strip()) for lines in (before, after))
    out, put = (Counter(words for how, words in told if how == sort) for sort in ("out", "in"))
    assert old - out + put == new
