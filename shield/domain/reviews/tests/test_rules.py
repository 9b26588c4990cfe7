"""Criteria, milestones, what stands in the way of sending, dates as exactly as they are known."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.domain.reviews import rules
from shield.kernel.calendar.rules import calendar_of, shipped_holidays
from shield.kernel.records.rules import Refused

DAYS = calendar_of(shipped_holidays())
MET = {"abuse": "yes", "died": "no", "harmed": "yes", "here": "yes", "looked_after": "no"}


@pytest.mark.parametrize(
    ("changed", "outcome"),
    [
        ({}, "notify"),
        ({"harmed": "no", "died": "yes"}, "notify"),
        ({"harmed": "no"}, "not_met"),
        ({"abuse": "no"}, "not_met"),
        ({"here": "no"}, "not_met"),
        ({"abuse": "not_known"}, "more"),
        ({"abuse": "not_known", "harmed": "no"}, "not_met"),
        ({"abuse": "no", "harmed": "no", "died": "yes", "looked_after": "yes"}, "notify"),
        ({"abuse": "no", "died": "no", "looked_after": "yes"}, "not_met"),
    ],
)
def test_what_the_answers_come_to(changed, outcome):
    assert rules.suggested({**MET, **changed}) == outcome


@given(st.fixed_dictionaries({code: st.sampled_from(rules.Answer.values) for code in rules.CRITERIA}))
def test_nothing_is_notified_without_a_child_who_died_or_was_harmed(answers):
    if rules.suggested(answers) == rules.Screened.NOTIFY:
        assert "yes" in (answers["died"], answers["harmed"])


def test_child_o_was_met_on_after_five_and_sent_after_twelve_working_days():
    notified = date(2019, 7, 11)
    assert rules.days_from(notified, date(2019, 7, 18), DAYS) == "5 working days"
    assert rules.days_from(notified, date(2019, 7, 29), DAYS) == "12 working days"
    assert rules.days_from(notified, date(2019, 7, 12), DAYS) == "1 working day"
    assert rules.days_from(notified, date(2019, 7, 10), DAYS) == ""


def test_milestones_are_counted_in_working_days_over_a_bank_holiday():
    last = rules.Milestone("Sent", 12, 15)
    assert rules.due_day(date(2019, 8, 22), last, DAYS) == date(2019, 9, 13)


def test_a_plan_is_put_in_order_of_time_and_must_make_sense():
    early, late = rules.Milestone("A", 0, 2), rules.Milestone("B", 3, 15)
    assert rules.check_plan([late, early]) == [early, late]
    for wrong in ([], [rules.Milestone("C", 5, 2)], [rules.Milestone("D", 0, 400)]):
        with pytest.raises(Refused):
            rules.check_plan(wrong)


READY = {
    "summarised": True, "met": True, "returns": ["accepted"], "signed": {"Police": "agrees"}, "partners": ["Police"],
}  # fmt: skip


def test_a_review_is_sent_when_nothing_is_lacking():
    assert rules.why_not_send(**READY) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"returns": ["asked", "sent_back"]}, "2 agencies have not handed in what was asked."),
        ({"met": False}, "The review meeting is not on record."),
        ({"summarised": False}, "The one-page summary is not written."),
        ({"signed": {}}, "Police has not signed."),
        ({"signed": {"Police": ""}}, "Police has not signed."),
        ({"signed": {"Police": "disagrees"}}, "Police does not agree."),
    ],
)
def test_what_is_lacking_is_said(change, said):
    assert rules.why_not_send(**{**READY, **change}) == [said]


@pytest.mark.parametrize(
    ("precision", "shown", "last"),
    [
        ("day", "5 February 2020", date(2020, 2, 5)),
        ("month", "February 2020", date(2020, 2, 29)),
        ("quarter", "Quarter 1 of 2020", date(2020, 3, 31)),
        ("year", "2020", date(2020, 12, 31)),
    ],
)
def test_a_day_is_told_as_exactly_as_it_is_known(precision, shown, last):
    stored = rules.first_day(date(2020, 2, 5), precision)
    assert rules.when(stored, precision) == shown
    assert rules.last_day(stored, precision) == last


def test_what_is_expected_in_a_quarter_is_late_after_it():
    due = date(2020, 1, 1)
    assert not rules.is_late(due, "quarter", None, False, date(2020, 3, 31))
    assert rules.is_late(due, "quarter", None, False, date(2020, 4, 1))
    assert not rules.is_late(due, "quarter", None, True, date(2020, 4, 1))
    assert not rules.is_late(due, "quarter", date(2020, 5, 1), False, date(2020, 6, 1))
