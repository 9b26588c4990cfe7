"""Working days of England, months, and files of bank holidays."""

import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.kernel.calendar import queries, rules

ENGLAND = rules.calendar_of(rules.shipped_holidays())
days = st.dates(date(2013, 1, 1), date(2025, 6, 30))
counts = st.integers(0, 200)


def test_a_real_case_of_2019_is_counted_as_it_was():
    notified, rapid_review, panel = date(2019, 7, 11), date(2019, 7, 18), date(2019, 7, 29)
    assert rules.working_days_between(notified, rapid_review, ENGLAND) == 5
    assert rules.working_days_between(notified, panel, ENGLAND) == 12
    assert rules.add_working_days(notified, 5, ENGLAND) == rapid_review
    assert rules.add_working_days(notified, 12, ENGLAND) == panel


def test_bank_holidays_and_weekends_do_not_count():
    assert rules.add_working_days(date(2019, 4, 18), 1, ENGLAND) == date(2019, 4, 23)  # over Easter
    assert ENGLAND.why_not(date(2019, 4, 19)) == "bank holiday: Good Friday"
    assert ENGLAND.why_not(date(2019, 4, 20)) == "weekend"
    assert ENGLAND.why_not(date(2019, 4, 23)) == ""


def test_a_holiday_of_scotland_is_a_working_day_of_england():
    assert ENGLAND.is_working_day(date(2019, 8, 5))
    assert not ENGLAND.is_working_day(date(2019, 8, 26))


@given(days, counts.filter(bool))
def test_a_counted_day_is_a_working_day(start, count):
    assert ENGLAND.is_working_day(rules.add_working_days(start, count, ENGLAND))


@given(days, counts, counts)
def test_more_days_end_later(start, one, other):
    first, second = (rules.add_working_days(start, n, ENGLAND) for n in sorted((one, other)))
    assert first <= second


@given(days, counts.filter(bool))
def test_counting_back_gives_the_number_of_days(start, count):
    assert rules.working_days_between(start, rules.add_working_days(start, count, ENGLAND), ENGLAND) == count


@given(days, days)
def test_days_between_turn_their_sign_with_their_direction(one, other):
    assert rules.working_days_between(one, other, ENGLAND) == -rules.working_days_between(other, one, ENGLAND)


def test_no_days_after_a_sunday_is_the_monday():
    assert rules.add_working_days(date(2019, 7, 14), 0, ENGLAND) == date(2019, 7, 15)


def test_a_negative_count_is_no_number_of_days():
    with pytest.raises(ValueError, match="negative"):
        rules.add_working_days(date(2019, 7, 14), -1, ENGLAND)


def test_years_whose_holidays_are_not_known_are_not_guessed():
    with pytest.raises(rules.UnknownDays, match="1066"):
        ENGLAND.is_working_day(date(1066, 10, 14))
    with pytest.raises(rules.UnknownDays):
        rules.add_working_days(date(2090, 1, 1), 5, ENGLAND)


def test_a_year_is_known_only_if_all_its_holidays_are():
    days = rules.shipped_holidays()
    last = max(days).year
    one_far = rules.calendar_of({**days, date(2150, 1, 1): "New Year's Day"})
    assert one_far.known_to == date(last, 12, 31)
    with pytest.raises(rules.UnknownDays):
        one_far.is_working_day(date(2150, 1, 4))

    def year(number, count):
        return {date(number, month, 1): f"Holiday {month}" for month in range(1, count + 1)}

    assert rules.calendar_of({**days, **year(last + 1, 7)}).known_to == date(last, 12, 31)
    assert rules.calendar_of({**days, **year(last + 1, 8)}).known_to == date(last + 1, 12, 31)
    assert rules.calendar_of({**days, **year(last + 2, 8)}).known_to == date(last, 12, 31), "a gap before"
    with pytest.raises(rules.UnknownDays):
        rules.calendar_of(year(2019, 3)).is_working_day(date(2019, 6, 4))


def test_the_snapshot_holds_whole_years_without_a_gap():
    listed = Counter(day.year for day in rules.shipped_holidays())
    assert list(listed) == list(range(min(listed), max(listed) + 1))
    assert min(listed.values()) >= rules.FEWEST_IN_A_YEAR


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2019, 1, 31), 1, date(2019, 2, 28)),
        (date(2020, 1, 31), 1, date(2020, 2, 29)),
        (date(2019, 10, 31), 12, date(2020, 10, 31)),
        (date(2019, 8, 31), 6, date(2020, 2, 29)),
        (date(2019, 11, 30), 3, date(2020, 2, 29)),
        (date(2019, 12, 15), 1, date(2020, 1, 15)),
    ],
)
def test_months_end_on_the_same_day_or_the_last_of_the_month(start, months, end):
    assert rules.add_months(start, months) == end


@given(days, st.integers(0, 60))
def test_months_never_change_the_day_but_to_a_shorter_month(start, months):
    end = rules.add_months(start, months)
    assert end.day == start.day or (end.day < start.day and (end + timedelta(days=1)).day == 1)


def test_each_day_leaves_out_the_first_and_takes_the_last():
    assert list(rules.each_day(date(2019, 7, 29), date(2019, 7, 31))) == [
        date(2019, 7, 30),
        date(2019, 7, 31),
    ]


def published(*events, division="england-and-wales"):
    return json.dumps({division: {"division": division, "events": list(events)}, "scotland": {"events": []}})


def test_the_file_that_gov_uk_publishes_is_read():
    text = published({"title": "Boxing Day", "date": "2019-12-26", "notes": "", "bunting": True})
    assert rules.parse_holidays(text) == {date(2019, 12, 26): "Boxing Day"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<html>", "not JSON"),
        ("[]", "no events"),
        ("{}", "no events"),
        (published(division="scotland"), "no events"),
        (published({"title": "Boxing Day"}), "Event 1"),
        (
            published(
                {"title": "Christmas Day", "date": "2019-12-25"},
                {"title": "Boxing Day", "date": "26/12/2019"},
            ),
            "Event 2",
        ),
        (published({"title": "", "date": "2019-12-26"}), "Event 1"),
        (published({"title": "x\x00", "date": "2019-12-26"}), "Event 1"),
        (published({"title": "Battle of Hastings", "date": "1066-10-14"}), "Event 1"),
        (published("2019-12-26"), "Event 1"),
        (json.dumps({"england-and-wales": 7}), "no events"),
        ("[" * 100_000, "nested too deeply"),
        ('{"events":' * 100_000, "nested too deeply"),
        (published({"title": "\ud800", "date": "2019-12-26"}), "Event 1"),
        (published({"title": "\x1b[31mBoxing Day", "date": "2019-12-26"}), "Event 1"),
        (published({"title": "Boxing\nDay", "date": "2019-12-26"}), "Event 1"),
        (published({"title": "\u202eyaD gnixoB", "date": "2019-12-26"}), "Event 1"),
        (published({"title": {"en": "Boxing Day"}, "date": "2019-12-26"}), "Event 1"),
        (published({"title": 7, "date": "2019-12-26"}), "Event 1"),
        (published({"title": "Boxing Day", "date": {"day": 26}}), "Event 1"),
    ],
)
def test_a_bad_file_of_holidays_names_what_is_wrong(text, said):
    with pytest.raises(rules.BadHolidayFile, match=said):
        rules.parse_holidays(text)


def test_london_keeps_summer_time():
    assert rules.in_london(datetime(2019, 7, 29, 23, 30, tzinfo=UTC)).date() == date(2019, 7, 30)
    assert rules.in_london(datetime(2019, 12, 29, 23, 30, tzinfo=UTC)).date() == date(2019, 12, 29)


def test_a_date_is_written_as_people_write_it():
    assert rules.in_words(date(2019, 7, 29)) == "29 July 2019"


def test_the_demonstration_stands_on_its_own_day(settings):
    assert queries.today() == date(2019, 11, 4)
    assert rules.in_london(queries.now()).date() == date(2019, 11, 4)
    settings.SHIELD_TODAY = None
    assert abs(queries.now() - datetime.now(UTC)) < timedelta(minutes=1)
    assert abs(queries.today() - datetime.now(UTC).date()) <= timedelta(days=1)
