"""The rules of the chain: when an action is late, what may become of what, what a review must say."""

from datetime import date

import pytest

from shield.improvement import rules
from shield.kernel.records.rules import Refused

TODAY = date(2019, 11, 4)


@pytest.mark.parametrize(
    ("due_on", "precision", "late"),
    [
        (date(2019, 11, 3), "day", True),
        (date(2019, 11, 4), "day", False),
        (date(2019, 10, 1), "month", True),
        (date(2019, 11, 1), "month", False),
        (date(2018, 1, 1), "year", True),
        (date(2019, 1, 1), "year", False),
        (None, "day", False),
    ],
)
def test_an_action_is_late_when_its_day_or_the_last_day_of_its_month_or_year_is_over(due_on, precision, late):
    assert rules.is_overdue(status="planned", due_on=due_on, today=TODAY, precision=precision) is late


@pytest.mark.parametrize("status", ["done", "stopped"])
def test_what_is_finished_is_never_late(status):
    assert not rules.is_overdue(status=status, due_on=date(2000, 1, 1), today=TODAY)


def test_a_late_action_says_so_beside_where_it_stands():
    assert rules.action_standing(status="in_progress", due_on=date(2019, 10, 1), today=TODAY) == (
        "In progress, late",
        "late",
    )
    assert rules.action_standing(status="done", due_on=date(2019, 10, 1), today=TODAY) == ("Done", "good")


@pytest.mark.parametrize("then", ["accepted", "declined"])
def test_nobody_accepts_or_declines_a_recommendation_without_a_decision(then):
    with pytest.raises(Refused, match="record its decision"):
        rules.check_move_by_hand("presented", then, 0)


@pytest.mark.parametrize(
    ("now", "then"), [("draft", "presented"), ("presented", "draft"), ("closed", "accepted")]
)
def test_a_recommendation_is_presented_taken_back_and_opened_again_by_hand(now, then):
    rules.check_move_by_hand(now, then, 0)


def test_a_draft_cannot_be_closed():
    with pytest.raises(Refused, match="“Draft” cannot become “Closed”"):
        rules.check_move_by_hand("draft", "closed", 0)


@pytest.mark.parametrize(("count", "said"), [(1, "1 action is still open"), (3, "3 actions are still open")])
def test_what_is_still_acted_upon_is_not_closed(count, said):
    with pytest.raises(Refused, match=said):
        rules.check_move_by_hand("accepted", "closed", count)


def test_an_action_is_done_on_a_day_that_has_come():
    with pytest.raises(Refused, match="Say on which day"):
        rules.check_action_done(status="done", done_on=None, today=TODAY, why="")
    with pytest.raises(Refused, match="in the future"):
        rules.check_action_done(status="done", done_on=date(2019, 11, 5), today=TODAY, why="")
    rules.check_action_done(status="done", done_on=TODAY, today=TODAY, why="")


def test_stopping_an_action_needs_a_reason():
    with pytest.raises(Refused, match="why the action is stopped"):
        rules.check_action_done(status="stopped", done_on=None, today=TODAY, why="  ")


def test_reviews_fall_due_six_and_twelve_months_after_the_decision():
    assert [rules.review_due(date(2019, 8, 31), m) for m in rules.REVIEW_MONTHS] == [
        date(2020, 2, 29),
        date(2020, 8, 31),
    ]


ANSWERS = {"how_much": "Eleven recommendations", "how_well": "On time", "better_off": "Not known"}


@pytest.mark.parametrize("verdict", ["yes", "partly"])
def test_nobody_says_that_anyone_is_better_off_without_evidence_of_it(verdict):
    with pytest.raises(Refused, match="name the evidence that shows it"):
        rules.check_review(answers=ANSWERS, verdict=verdict, evidence_for_better=0)
    rules.check_review(answers=ANSWERS, verdict=verdict, evidence_for_better=1)


@pytest.mark.parametrize("verdict", ["no", "not_known"])
def test_the_honest_answers_need_no_evidence(verdict):
    rules.check_review(answers=ANSWERS, verdict=verdict, evidence_for_better=0)


@pytest.mark.parametrize("question", ["how_much", "how_well", "better_off"])
def test_a_review_answers_all_three_questions(question):
    with pytest.raises(Refused) as refused:
        rules.check_review(answers={**ANSWERS, question: " "}, verdict="no", evidence_for_better=0)
    assert refused.value.field == question


def test_a_month_is_stored_by_its_first_day():
    assert rules.first_day_of(date(2019, 11, 28), "month") == date(2019, 11, 1)
    assert rules.first_day_of(date(2019, 11, 28), "year") == date(2019, 1, 1)
    assert rules.first_day_of(date(2019, 11, 28), "day") == date(2019, 11, 28)


def test_every_kind_of_break_says_what_it_is_and_who_mends_it():
    for sort in rules.BreakSort:
        assert sort.label[0].isupper()
        assert sort.mended_by
