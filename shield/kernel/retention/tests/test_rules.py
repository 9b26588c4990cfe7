"""Periods, due days, cut-offs, the shipped schedule, confirmers, keeping longer, fingerprints. Plain values only."""

import copy
import uuid
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from shield.kernel.records.rules import Refused, Retention
from shield.kernel.retention.rules import disposing
from shield.kernel.retention.rules import schedule as rules
from shield.kernel.retention.rules.schedule import AtEnd, BadSchedule, Trigger

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
MONTHS = st.integers(1, rules.LONGEST)
SHIPPED = yaml.safe_load(Path(settings.SHIELD_RETENTION).read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("day", "months", "end"),
    [
        (date(2019, 11, 4), 72, date(2025, 11, 4)),
        (date(2016, 2, 29), 12, date(2017, 3, 1)),  # never a day too early
        (date(2016, 2, 29), 48, date(2020, 2, 29)),
        (date(2000, 2, 29), 25 * 12, date(2025, 3, 1)),  # a 25th birthday
        (date(2019, 1, 31), 1, date(2019, 3, 1)),
        (date(2019, 8, 31), 6, date(2020, 3, 1)),
        (date(2019, 10, 31), 72, date(2025, 10, 31)),
    ],
)
def test_a_period_is_over_on_the_same_day_of_its_last_month_or_the_first_after(day, months, end):
    assert rules.due_on(day, months) == end


def test_what_is_kept_for_ever_is_never_due_nor_what_would_be_due_after_all_calendars():
    assert rules.due_on(date(2019, 1, 1), None) is None
    assert rules.due_on(date(9990, 1, 1), 1200) is None


@given(DAYS, MONTHS)
def test_a_record_is_never_due_before_its_whole_period_is_over(day, months):
    end = rules.due_on(day, months)
    assert end is not None
    whole = (end.year - day.year) * 12 + end.month - day.month - (end.day < day.day)
    assert whole >= months or (
        end.day == 1 and whole == months - 1 and (end - timedelta(days=1)).day < day.day
    )
    assert end > day


YEARS = [
    (date(2018, 10, 1), date(2019, 10, 31)), (date(2019, 11, 1), date(2020, 3, 31)), (date(2020, 4, 1), date(2021, 3, 31)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2018, 10, 1), date(2019, 10, 31)),
        (date(2019, 10, 31), date(2019, 10, 31)),
        (date(2019, 11, 1), date(2020, 3, 31)),
        (date(2005, 6, 1), date(2006, 6, 1)),  # in no year that is set up: a year on
        (date(2018, 9, 30), date(2019, 9, 30)),
        (date(2022, 2, 28), date(2023, 2, 28)),
    ],
)
def test_a_day_counts_to_the_end_of_its_reporting_year(day, end):
    assert rules.year_end(day, YEARS) == end


@st.composite
def some_years(draw):
    """Reporting years one after the other, of any length, perhaps with gaps between them."""
    at, years = draw(DAYS), []
    for length, gap in draw(st.lists(st.tuples(st.integers(1, 500), st.integers(0, 900)), max_size=4)):
        starts = at + timedelta(days=gap)
        years.append((starts, starts + timedelta(days=length)))
        at = years[-1][1] + timedelta(days=1)
    return years


@given(some_years(), DAYS, st.integers(0, 800))
def test_a_later_day_never_counts_to_an_earlier_end(years, day, days):
    assert day <= rules.year_end(day, years) <= rules.year_end(day + timedelta(days=days), years)


def rule(**changes):
    base = {
        "retention": Retention.PARTNERSHIP_YEAR, "label": "Working records", "trigger": Trigger.OWN_DAY, "trigger_words": "The day",
        "months": 72, "minimum": None, "minimum_source": "", "at_end": AtEnd.REVIEW, "source": "Practice", "confirmed": False,
    }  # fmt: skip
    return rules.ClassRule(**{**base, **changes})


@given(DAYS, MONTHS, some_years(), st.sampled_from(Trigger), DAYS)
def test_the_cut_off_parts_what_is_due_from_what_is_not(today, months, years, trigger, day):
    due = rules.due_for(rule(trigger=trigger), months, years)
    last = rules.cutoff(today, due)
    is_due = day <= today and due(day) is not None and due(day) <= today
    assert is_due == (last is not None and day <= last)


def test_nothing_is_due_where_everything_is_kept_for_ever():
    assert rules.cutoff(date(2019, 11, 4), rules.due_for(rule(), None, YEARS)) is None


@pytest.mark.parametrize(
    ("months", "words"),
    [(None, "for ever"), (1, "1 month"), (12, "1 year"), (18, "18 months"), (72, "6 years")],
)
def test_a_period_in_words_reads_back_as_itself(months, words):
    assert rules.period_words(months) == words
    assert rules.read_period(words, "x") == months


@pytest.mark.parametrize(
    "text", ["", "6", "six years", "0 years", "101 years", "1201 months", "-1 year", None, 6]
)
def test_what_is_no_period_is_refused_by_name(text):
    with pytest.raises(BadSchedule, match="account"):
        rules.read_period(text, "account")


def test_the_shipped_schedule_has_an_entry_for_every_class_with_its_source():
    plan = rules.read_schedule(SHIPPED)
    assert set(plan) == set(Retention)
    for each in plan.values():
        assert each.source
        assert each.confirmed or "unconfirmed" in each.source_words
    assert plan[Retention.PERMANENT].at_end == AtEnd.KEEP
    assert plan[Retention.TECHNICAL].at_end == AtEnd.EXPIRE


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda c: c.pop("account"), "account"),
        (lambda c: c.update(unknown=c["account"]), "unknown"),
        (lambda c: c["account"].pop("source"), "account"),
        (lambda c: c["account"].update(colour="red"), "account"),
        (lambda c: c["account"].update(confirmed="yes"), "confirmed"),
        (lambda c: c["account"].update(trigger="never"), "never"),
        (lambda c: c["account"].update(period="for ever"), "reviewed"),
        (lambda c: c["permanent"].update(period="6 years"), "reviewed"),
        (lambda c: c["account"].update(minimum="1 year"), "law"),
        (lambda c: c["account"].update(minimum="7 years", minimum_source="An Act"), "shorter"),
    ],
)
def test_a_schedule_that_is_wrong_is_refused_and_names_the_entry(change, said):
    raw = copy.deepcopy(SHIPPED)
    change(raw["classes"])
    with pytest.raises(BadSchedule, match=said):
        rules.read_schedule(raw)


@pytest.mark.parametrize("raw", [None, [], {}, {"classes": []}])
def test_a_file_that_is_no_schedule_is_refused(raw):
    with pytest.raises(BadSchedule, match="classes"):
        rules.read_schedule(raw)


def test_an_own_period_is_never_shorter_than_the_law_wants():
    law = rule(minimum=12, minimum_source="An Act, section 1")
    rules.check_own_period(law, 12)
    with pytest.raises(Refused, match="at least 1 year: An Act, section 1"):
        rules.check_own_period(law, 11)


@pytest.mark.parametrize("months", [0, -1, 1201])
def test_an_own_period_lies_between_a_month_and_a_hundred_years(months):
    with pytest.raises(Refused, match="100 years"):
        rules.check_own_period(rule(), months)


@pytest.mark.parametrize("at_end", [AtEnd.KEEP, AtEnd.EXPIRE])
def test_what_is_kept_for_ever_or_expires_has_no_own_period(at_end):
    with pytest.raises(Refused, match="cannot set a period"):
        rules.check_own_period(rule(at_end=at_end, months=None), 72)


ONE, OTHER = uuid.UUID(int=1), uuid.UUID(int=2)


def test_whoever_proposed_a_disposal_cannot_confirm_it():
    for may_propose in (True, False):
        why = disposing.why_not_confirm(ONE, ONE, may_propose=may_propose, other_manager=False)
        assert "second person" in why


def test_a_partner_confirms_only_where_there_is_no_second_manager():
    assert disposing.why_not_confirm(ONE, OTHER, may_propose=False, other_manager=False) == ""
    assert disposing.why_not_confirm(ONE, OTHER, may_propose=True, other_manager=True) == ""
    assert "Another" in disposing.why_not_confirm(ONE, OTHER, may_propose=False, other_manager=True)


def test_the_system_is_no_second_person():
    assert disposing.why_not_confirm(ONE, None, may_propose=True, other_manager=False)


@pytest.mark.parametrize("status", ["confirmed", "done", "withdrawn"])
def test_a_disposal_that_was_dealt_with_is_dealt_with_once(status):
    with pytest.raises(Refused, match="cannot be confirmed"):
        disposing.check_move(status, "confirmed")


TODAY = date(2019, 11, 4)


@pytest.mark.parametrize("until", [TODAY, date(2019, 1, 1), date(2044, 11, 5), date(1066, 10, 14)])
def test_nothing_is_kept_until_a_day_that_is_past_or_beyond_all_review(until):
    with pytest.raises(Refused, match="25 years"):
        disposing.check_keep_until(until, TODAY)
    disposing.check_keep_until(date(2044, 11, 4), TODAY)


ROWS = [("notices.message", uuid.UUID(int=n), f"MSG-{n}", date(2012, 1, n)) for n in range(1, 4)]


def test_a_fingerprint_does_not_hang_on_the_order_and_shows_any_change():
    known = disposing.digest(ROWS)
    assert known == disposing.digest(reversed(ROWS))
    changed = [*ROWS[:2], (*ROWS[2][:3], date(2012, 1, 4))]
    assert len({known, disposing.digest(changed), disposing.digest(ROWS[:2])}) == 3


def test_a_few_of_many_are_named():
    assert disposing.some(["A", "B", "C", "D"], 4) == "A, B, C and 1 more"
    assert disposing.some(["A"], 1) == "A"
    assert disposing.some(["", ""], 2) == "2"
