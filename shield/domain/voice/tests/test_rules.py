"""Consent, answers, and counts that give nobody away."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shield.domain.voice import rules
from shield.kernel.records.rules import Refused

DAY = date(2019, 11, 4)


def test_a_meeting_holds_its_own_day_and_head_count():
    with pytest.raises(Refused, match="holds its own day"):
        rules.check_activity(held_in_gathering=True, people_count=8, held_on=None, today=DAY)
    rules.check_activity(held_in_gathering=True, people_count=None, held_on=None, today=DAY)


def test_feedback_is_recorded_once_it_was_given():
    with pytest.raises(Refused, match="today or earlier"):
        rules.check_activity(held_in_gathering=False, people_count=1, held_on=date(2019, 11, 5), today=DAY)


def test_nobody_is_told_before_there_is_an_answer():
    with pytest.raises(Refused, match="nothing to tell"):
        rules.check_told("open", told_on=DAY, answered_on=None, today=DAY)
    with pytest.raises(Refused, match="before there was an answer"):
        rules.check_told("answered", told_on=date(2019, 10, 1), answered_on=date(2019, 10, 2), today=DAY)
    rules.check_told("nothing", told_on=DAY, answered_on=DAY, today=DAY)


@pytest.mark.parametrize(
    "text", ["Three parents asked for it", "2 young people left", "one boy ran", "4 foster carers"]
)
def test_a_published_point_counts_no_few_people(text):
    with pytest.raises(Refused, match="could be found"):
        rules.check_publishable("answered", text)


@pytest.mark.parametrize(
    "text", ["Six sessions are not enough", "3 boroughs", "12 foster carers said so", "One point"]
)
def test_other_numbers_may_be_published(text):
    rules.check_publishable("answered", text)


@pytest.mark.parametrize(
    ("hub", "board", "heard"),
    [
        (False, False, {"published"}),
        (False, True, {"published", "board"}),
        (True, True, {"published", "board", "hub"}),
    ],
)
def test_each_scope_reaches_further_than_the_one_before(hub, board, heard):
    assert set(rules.scopes_heard(hub=hub, board=board)) == heard


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([20, 10, 0], [20, 10, 0]),
        ([20, 3, 0], [None, None, 0]),
        ([20, 9, 3], [20, None, None]),
        ([20, 5, 4], [20, None, None]),
        ([20, 5, 5], [None, None, None]),
        ([20, 9, 1, 1], [20, None, None, None]),
        ([3], [None]),
        ([2, 1], [None, None]),
    ],
)
def test_a_small_count_takes_company_with_it(counts, shown):
    assert rules.conceal(counts) == shown


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=2, max_size=4))
def test_a_withheld_small_count_could_still_be_anything_small(counts):
    """Solved by trying: whoever knows the total, and what is shown, cannot tell a small count from 1 to 5."""
    shown = rules.conceal(counts)
    hidden = [place for place, value in enumerate(shown) if value is None]
    assert all(shown[p] != c for p, c in enumerate(counts) if 1 <= c <= 5)
    left = sum(counts[p] for p in hidden)
    if not hidden or left <= 5:
        return  # so few in all are never told as a total either
    least = 0 if len(hidden) == len(counts) else 1
    possible = [v for v in product(range(least, left + 1), repeat=len(hidden)) if sum(v) == left]
    for number, place in enumerate(hidden):
        if 1 <= counts[place] <= 5:
            assert {1, 2, 3, 4, 5} <= {values[number] for values in possible}
