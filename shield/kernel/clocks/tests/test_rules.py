"""Due dates and how they are explained."""

import itertools
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shield.kernel.calendar import rules as calendar
from shield.kernel.clocks import rules
from shield.kernel.clocks.rules import ClockRule, Pause
from shield.kernel.records.rules import Refused

ENGLAND = calendar.calendar_of(calendar.shipped_holidays())
RAPID_REVIEW = ClockRule(
    "review.rapid",
    "Rapid review",
    "a serious incident is notified",
    15,
    "working_days",
    "The partners",
    "chapter 4",
)
NOTIFIED = date(2019, 7, 11)
starts = st.dates(date(2013, 1, 1), date(2023, 12, 31))
units = st.sampled_from(["working_days", "calendar_days"])


def of(period, unit):
    return replace(RAPID_REVIEW, period=period, unit=unit)


@pytest.mark.parametrize(
    ("period", "unit", "start", "due"),
    [
        (5, "working_days", NOTIFIED, date(2019, 7, 18)),
        (12, "working_days", NOTIFIED, date(2019, 7, 29)),
        (15, "working_days", NOTIFIED, date(2019, 8, 1)),
        (7, "calendar_days", date(2019, 11, 29), date(2019, 12, 6)),
        (12, "months", date(2019, 10, 31), date(2020, 10, 31)),
        (6, "months", date(2026, 3, 31), date(2026, 9, 30)),
        (1, "months", date(2020, 1, 31), date(2020, 2, 29)),
        (0, "working_days", NOTIFIED, NOTIFIED),
    ],
)
def test_the_day_a_duty_is_due(period, unit, start, due):
    assert rules.due_on(start, of(period, unit), ENGLAND) == due


@given(starts, st.integers(1, 90), units)
def test_the_last_counted_line_of_the_explanation_is_the_due_date(start, period, unit):
    lines = rules.explain(start, of(period, unit), ENGLAND)
    assert lines[-1].day == rules.due_on(start, of(period, unit), ENGLAND)
    assert lines[-1].number == period
    assert [line.number for line in lines if line.counts] == list(range(period + 1))
    assert [line.day for line in lines] == [start + timedelta(days=n) for n in range(len(lines))]
    assert all(line.why for line in lines if not line.counts)


@given(starts, st.integers(1, 24))
def test_months_are_explained_month_by_month(start, period):
    lines = rules.explain(start, of(period, "months"), ENGLAND)
    assert len(lines) == period + 1
    assert lines[-1].day == rules.due_on(start, of(period, "months"), ENGLAND)


@given(starts, st.integers(1, 60), st.integers(0, 60), st.integers(0, 60))
def test_a_pause_moves_days_by_exactly_the_days_it_lasted(start, period, after, length):
    rule = of(period, "calendar_days")
    before = rules.due_on(start, rule, ENGLAND)
    pause = Pause(start + timedelta(days=after), start + timedelta(days=after + length))
    moved = rules.due_on(start, rule, ENGLAND, [pause])
    assert moved - before == timedelta(days=length if pause.starts_on < before else 0)
    assert rules.explain(start, rule, ENGLAND, [pause])[-1].day == moved


@given(starts, st.integers(1, 24), st.integers(0, 400), st.integers(0, 60))
def test_a_pause_moves_months_by_exactly_the_days_it_lasted(start, period, after, length):
    rule = of(period, "months")
    before = rules.due_on(start, rule, ENGLAND)
    pause = Pause(start + timedelta(days=after), start + timedelta(days=after + length))
    moved = rules.due_on(start, rule, ENGLAND, [pause])
    assert moved - before == timedelta(days=length if pause.starts_on < before else 0)
    assert rules.explain(start, rule, ENGLAND, [pause])[-1].day == moved


@given(starts, st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=5))
def test_merged_pauses_hold_the_same_days_each_once(start, spans):
    pauses = [Pause(start + timedelta(days=a), start + timedelta(days=a + n)) for a, n in spans]
    still = {day for p in pauses for day in calendar.each_day(p.starts_on, p.ends_on)}
    merged = rules.merged(pauses)
    assert sum((p.ends_on - p.starts_on).days for p in merged) == len(still)
    assert all(one.ends_on < other.starts_on for one, other in itertools.pairwise(merged))


@given(starts, st.integers(1, 60), st.sampled_from(rules.Unit.values), st.integers(0, 60))
def test_a_pause_after_the_date_has_passed_leaves_it_where_it_is(start, period, unit, after):
    due = rules.due_on(start, of(period, unit), ENGLAND)
    for ends in (None, due + timedelta(days=after + 9)):
        pause = Pause(due + timedelta(days=after), ends)
        assert rules.due_on(start, of(period, unit), ENGLAND, [pause]) == due
        assert rules.explain(start, of(period, unit), ENGLAND, [pause])[-1].day == due


@given(starts, st.integers(1, 40), st.integers(0, 40), st.integers(0, 40))
def test_a_pause_moves_working_days_by_the_working_days_it_lasted(start, period, after, length):
    rule = of(period, "working_days")
    before = rules.due_on(start, rule, ENGLAND)
    pause = Pause(start + timedelta(days=after), start + timedelta(days=after + length))
    assume(pause.starts_on < before)
    moved = rules.due_on(start, rule, ENGLAND, [pause])
    stood_still = calendar.working_days_between(pause.starts_on, pause.ends_on, ENGLAND)
    assert calendar.working_days_between(start, moved, ENGLAND) == period + stood_still


def test_a_clock_that_stands_still_has_no_date_and_its_explanation_ends_there():
    pause = Pause(date(2019, 7, 15))
    assert rules.due_on(NOTIFIED, RAPID_REVIEW, ENGLAND, [pause]) is None
    lines = rules.explain(NOTIFIED, RAPID_REVIEW, ENGLAND, [pause])
    assert [line.number for line in lines] == [0, 1, None, None, 2, None]
    assert "stands still from here" in lines[-1].why
    months = rules.explain(NOTIFIED, of(12, "months"), ENGLAND, [Pause(date(2019, 9, 20))])
    assert [line.number for line in months] == [0, 1, 2, None]


@given(starts, st.integers(1, 60), st.integers(1, 60), st.sampled_from(rules.Unit.values))
def test_an_extension_is_the_same_as_a_longer_period(start, period, extra, unit):
    assert rules.due_on(start, of(period, unit), ENGLAND, extra=extra) == rules.due_on(
        start, of(period + extra, unit), ENGLAND
    )


@given(starts, st.integers(1, 60), st.dates(date(2013, 1, 1), date(2025, 12, 31)), units)
def test_a_new_holiday_moves_only_the_clocks_whose_span_holds_it(start, period, holiday, unit):
    more = calendar.WorkingCalendar(
        {**ENGLAND.holidays, holiday: "A day of mourning"}, ENGLAND.known_from, ENGLAND.known_to
    )
    rule = of(period, unit)
    before, after = (rules.due_on(start, rule, each) for each in (ENGLAND, more))
    concerns = unit == "working_days" and start < holiday <= before and ENGLAND.is_working_day(holiday)
    assert (after > before) == concerns
    assert after == (calendar.add_working_days(before, 1, more) if concerns and holiday != before else after)


@pytest.mark.parametrize(
    ("state", "due", "met", "said"),
    [
        ("met", date(2019, 11, 1), date(2019, 11, 1), "Met"),
        ("met", date(2019, 11, 1), date(2019, 11, 2), "Met late"),
        ("stopped", None, None, "Stopped"),
        ("paused", None, None, "Paused"),
        ("paused", date(2019, 11, 3), None, "Late"),
        ("stopped", date(2019, 11, 3), None, "Stopped"),
        ("running", date(2019, 11, 3), None, "Late"),
        ("running", date(2019, 11, 4), None, "Due today"),
        ("running", date(2019, 11, 11), None, "Due soon"),
        ("running", date(2019, 11, 12), None, "Running"),
    ],
)
def test_where_a_clock_stands_in_a_word(state, due, met, said):
    assert rules.standing(state, due, met, date(2019, 11, 4)) == said


@pytest.mark.parametrize(
    ("now", "then"), [("met", "running"), ("stopped", "met"), ("paused", "met"), ("running", "running")]
)
def test_what_cannot_happen_to_a_clock_is_refused_in_words(now, then):
    with pytest.raises(Refused, match="This clock is"):
        rules.check_move(now, then)


def test_a_period_is_told_in_words():
    assert RAPID_REVIEW.period_words == "15 working days"
    assert of(1, "months").period_words == "1 month"


def test_an_edition_that_cannot_be_read_names_its_fault():
    about = {"title": "A guide", "in_force_from": date(2018, 7, 4)}
    good = {
        "code": "a",
        "label": "A",
        "trigger": "t",
        "period": 1,
        "unit": "months",
        "owed_by": "o",
        "citation": "c",
    }
    assert rules.read_edition("E", about, [good], [], []).clocks["a"].period == 1
    for clocks in ([{**good, "unit": "fortnights"}], [{"code": "a"}], [{**good, "colour": "red"}]):
        with pytest.raises(rules.BadEdition, match="E"):
            rules.read_edition("E", about, clocks, [], [])
    with pytest.raises(rules.BadEdition, match="in_force_from"):
        rules.read_edition("E", {"title": "A guide"}, [], [], [])


def test_an_edition_is_in_force_from_its_first_to_its_last_day():
    edition = rules.Edition("E", "E", date(2018, 7, 4), date(2023, 12, 14), {}, (), ())
    assert [
        edition.in_force(d)
        for d in (date(2018, 7, 3), date(2018, 7, 4), date(2023, 12, 14), date(2023, 12, 15))
    ] == [False, True, True, False]
