"""The four months, what each needs, and when a step is late."""

from datetime import date

import pytest

from shield.domain.learning_hub import rules
from shield.kernel.records.rules import Refused

TODAY = date(2019, 11, 4)
NEEDS = {"findings": 1, "recommendations": 1, "sessions": 1}


def test_the_four_stages_take_four_months_of_the_calendar():
    starts = date(2018, 11, 15)
    assert [rules.months_of(starts, number) for number in (1, 2, 4)] == [
        (date(2018, 11, 1), date(2018, 11, 30)),
        (date(2018, 12, 1), date(2018, 12, 31)),
        (date(2019, 2, 1), date(2019, 2, 28)),
    ]


@pytest.mark.parametrize(
    ("number", "lacking", "said"),
    [
        (1, "sessions", "session"),
        (2, "findings", "finding"),
        (3, "findings", "finding"),
        (4, "recommendations", "recommendation"),
    ],
)
def test_a_stage_is_done_only_when_what_it_needs_is_on_record(number, lacking, said):
    given = {"status": "done", "number": number, "variant": "four_month"}
    with pytest.raises(Refused, match=said):
        rules.check_stage(**given, **{**NEEDS, lacking: 0})
    rules.check_stage(**given, **NEEDS)
    rules.check_stage(**{**given, "status": "under_way"}, **{**NEEDS, lacking: 0})


def test_a_stage_is_not_done_before_its_month_or_before_the_one_that_comes_first():
    given = {"status": "done", "today": TODAY}
    with pytest.raises(Refused, match="begins on 1 January 2020"):
        rules.check_order(**given, starts_on=date(2020, 1, 1), not_begun=[])
    with pytest.raises(Refused, match="“Initial scoping” comes first"):
        rules.check_order(**given, starts_on=TODAY, not_begun=["Initial scoping"])
    rules.check_order(**given, starts_on=TODAY, not_begun=[])
    rules.check_order(
        status="under_way", today=TODAY, starts_on=date(2020, 1, 1), not_begun=["Initial scoping"]
    )


def test_issues_to_be_fixed_are_not_held_to_the_four_months():
    rules.check_stage(
        status="done", number=1, variant="issues_to_fix", findings=0, recommendations=0, sessions=0
    )


@pytest.mark.parametrize(
    ("status", "last", "standing"),
    [
        ("planned", date(2019, 11, 3), "Late"),
        ("planned", TODAY, "Planned"),
        ("completed", date(2019, 1, 1), "Completed"),
        ("considered_later", date(2019, 1, 1), "Moved to a later meeting"),
        ("dropped", date(2019, 1, 1), "Dropped"),
    ],
)
def test_a_planned_step_is_late_once_its_last_day_has_passed(status, last, standing):
    assert rules.step_standing(status, last, TODAY) == standing


def test_a_step_known_by_its_month_is_in_time_until_the_month_ends():
    assert rules.last_day(date(2019, 11, 1), None, "month") == date(2019, 11, 30)
    assert rules.last_day(date(2019, 11, 1), date(2019, 11, 3), "day") == date(2019, 11, 3)


def test_a_step_in_the_future_is_not_completed():
    with pytest.raises(Refused, match="in the future"):
        rules.check_report(status="completed", progress="", happens_on=date(2019, 11, 5), today=TODAY)


@pytest.mark.parametrize("status", ["considered_later", "dropped"])
def test_a_step_that_was_moved_or_dropped_says_what_happens_instead(status):
    with pytest.raises(Refused, match="what happens instead"):
        rules.check_report(status=status, progress=" ", happens_on=TODAY, today=TODAY)


@pytest.mark.parametrize(
    ("standing", "progress", "told"),
    [
        ("Completed", "Completed", "Completed"),
        (
            "Completed",
            "Completed – the operational team reported",
            "Completed: The operational team reported",
        ),
        ("Completed", "The team reported", "Completed: The team reported"),
        ("Late", "", "Late"),
    ],
)
def test_a_step_does_not_say_completed_twice(standing, progress, told):
    assert rules.standing_in_words(standing, progress) == told
