"""Dates that are not exactly known: their bounds, words and order, and what is read from the words of people."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.kernel.calendar.rules import approximate as a
from shield.kernel.calendar.rules.approximate import Certainty, Kind
from shield.kernel.calendar.rules.reading import ENGLISH, Convention, Doubtful, read

LATEST = date(2019, 11, 4)
DAYS = st.dates(date(1900, 1, 1), date(2018, 12, 31))
SURE = st.sampled_from([Certainty.EXACT, Certainty.UNCERTAIN, Certainty.APPROXIMATE])
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@st.composite
def ranges(draw):
    unit = draw(st.sampled_from([Kind.DAY, Kind.MONTH, Kind.YEAR]))
    first, last = sorted((draw(DAYS), draw(DAYS)))
    if first.year == last.year:
        last = date(2019, 1, 31)
    return a.between(first, last, unit=unit, certainty=draw(SURE))


@st.composite
def timed(draw):
    at, until = sorted((draw(TIMES), draw(TIMES)))
    spans = draw(st.booleans()) and at != until
    return a.on(draw(DAYS), at=at, until=until if spans else None, certainty=draw(SURE))


DATES = st.one_of(
    st.builds(a.on, DAYS, certainty=SURE),
    st.builds(a.on, DAYS, part=st.sampled_from(list(a.PARTS)), certainty=SURE),
    st.builds(a.in_month, DAYS, part=st.sampled_from(["", *a.PARTS_OF_MONTH]), certainty=SURE),
    st.builds(a.in_year, DAYS, certainty=SURE),
    st.just(a.unknown()),
    ranges(),
    timed(),
)


def said(words, time_words="", **more):
    return read(words, time_words, latest=LATEST, **more).in_english()


def doubt(words, time_words="", convention=ENGLISH):
    with pytest.raises(Doubtful) as found:
        read(words, time_words, latest=LATEST, convention=convention)
    return found.value.why, [str(each) for each in found.value.readings]


# The value --------------------------------------------------------------------------------------------


@given(DATES)
def test_what_is_written_is_read_as_the_same(one):
    again = read(one.in_english(), latest=LATEST, convention=Convention(clock_24=True))
    assert again == one
    assert again.words == one.in_english()


@given(DATES)
def test_a_date_begins_before_it_ends(one):
    if one.is_known:
        assert one.earliest <= one.latest
    else:
        assert (one.earliest, one.latest) == (None, None)


@given(DATES, DATES)
def test_of_two_dates_one_is_before_the_other_or_they_are_equal(one, other):
    assert [one < other, one == other, other < one].count(True) == 1


@given(DATES, DATES, DATES)
def test_the_order_has_no_circle(one, two, three):
    first, second, third = sorted((one, two, three))
    assert not second < first
    assert not third < first


@given(DATES, DATES)
def test_what_ends_before_another_begins_comes_before_it(one, other):
    if one.is_known and other.is_known and one.latest < other.earliest:
        assert one < other
        assert one.order < other.order
        assert one.excludes(other)
        assert other.excludes(one)


@given(DATES)
def test_what_is_not_known_comes_last_and_excludes_nothing(one):
    assert not a.unknown() < one
    assert not one.excludes(a.unknown())
    assert not one.excludes(one)


@given(DATES)
def test_the_order_is_the_same_in_digits_that_a_database_sorts(one):
    assert one.order.isdigit()
    assert len(one.order) == 25


def test_bounds_are_those_of_what_is_named():
    assert a.in_month(date(2016, 2, 9)).latest == datetime(2016, 2, 29, 23, 59)
    assert a.on(date(2016, 5, 22), part="evening").earliest == datetime(2016, 5, 22, 17)
    assert a.on(date(2016, 5, 22), part="night").latest == datetime(2016, 5, 23, 5, 59)
    timed = a.on(date(2016, 5, 22), at=time(14, 30), until=time(15))
    assert timed.latest - timed.earliest == timedelta(minutes=30)


@pytest.mark.parametrize("wrong", [
    {"kind": Kind.DAY, "first": date(2016, 5, 2), "last": date(2016, 5, 1)},
    {"kind": Kind.DAY, "first": date(2016, 5, 1), "last": date(2016, 5, 2)},
    {"kind": Kind.MONTH, "first": date(2016, 5, 1), "last": date(2016, 5, 2)},
    {"kind": Kind.DAY, "first": date(2016, 5, 1), "last": date(2016, 5, 1), "at": time(9)},
    {"kind": Kind.PART, "first": date(2016, 5, 1), "last": date(2016, 5, 1), "part": "teatime"},
    {"kind": Kind.RANGE, "first": date(2016, 5, 1), "last": date(2016, 5, 1)},
    {"kind": Kind.UNKNOWN, "first": date(2016, 5, 1), "last": date(2016, 5, 1)},
    {"kind": Kind.DAY, "first": date(2016, 5, 1), "last": date(2016, 5, 1), "certainty": Certainty.UNKNOWN},
    {"kind": Kind.TIME, "first": date(2016, 5, 1), "last": date(2016, 5, 1), "at": time(9), "until": time(8)},
])  # fmt: skip
def test_a_date_that_contradicts_itself_is_none(wrong):
    with pytest.raises(ValueError):
        a.ApproximateDate(**wrong)


# Reading ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("written", "meant"), [
    ("22/05/2016", "22 May 2016"),
    ("03/04/16", "3 April 2016"),
    ("22.5.2016", "22 May 2016"),
    ("2016-05-22", "22 May 2016"),
    ("2016-05-22T14:30:00", "22 May 2016 at 2:30pm"),
    ("22nd of May 2016", "22 May 2016"),
    ("May 22, 2016", "22 May 2016"),
    ("Sunday 22nd May 2016", "22 May 2016"),
    ("?22 May 2016", "22 May 2016 (uncertain)"),
    ("22/05/2016 (?)", "22 May 2016 (uncertain)"),
    ("c. May 2016", "about May 2016"),
    ("circa 3 June 2016", "about 3 June 2016"),
    ("approx 2014", "about 2014"),
    ("about 22 May 2016", "about 22 May 2016"),
    ("Late May 2016", "late May 2016"),
    ("05/2016", "May 2016"),
    ("3-5 June 2016", "3 to 5 June 2016"),
    ("3–5 June 2016", "3 to 5 June 2016"),
    ("night of 3/4 June 2016", "3 to 4 June 2016"),
    ("28 May - 2 June 2016", "28 May to 2 June 2016"),
    ("between 01/05/2016 and 03/05/2016", "1 to 3 May 2016"),
    ("between May and July 2016", "May to July 2016"),
    ("24/05/16-26/05/16", "24 to 26 May 2016"),
    ("2014 to 2016", "2014 to 2016"),
    ("22 May 2016 am", "22 May 2016, morning"),
    ("evening of 22 May 2016", "22 May 2016, evening"),
    ("22/05/2016 1430 hrs", "22 May 2016 at 2:30pm"),
    ("22 May 2016, 2.30pm - 3.15pm", "22 May 2016 at 2:30pm to 3:15pm"),
    ("n/k", "date not known"),
    ("", "date not known"),
])  # fmt: skip
def test_dates_are_read_as_people_in_england_write_them(written, meant):
    assert said(written) == meant


@pytest.mark.parametrize(("written", "why", "readings"), [
    ("04/31/2016", "There is no month 31.", []),
    ("04/25/2016", "There is no month 25. It may have been written month first.", ["25 April 2016"]),
    ("31/04/2016", "April 2016 has no day 31.", []),
    ("next Tuesday", "This depends on the day on which it was written.", []),
    ("42512", "This is a number, as Excel keeps a day. Whether it is meant as one, only a person can say.", ["22 May 2016"]),
    ("May-16", "“16” may be a day of the month or a year.", ["May 2016"]),
    ("1/2/45", "A year “45” may be 1945 or 2045. Write it with four figures.", []),
    ("22 May 2016 at 2:30", "This may be in the morning or in the afternoon.", ["22 May 2016 at 2:30am", "22 May 2016 at 2:30pm"]),
    ("Monday 22 May 2016", "22 May 2016 was a Sunday, not a Monday.", ["22 May 2016"]),
    ("28 December - 2 January 2017", "The first part has no year.", ["28 December 2016 to 2 January 2017"]),
    ("Summer 2016", "This names a time of the year, and not when it begins and ends.", ["about 2016"]),
    ("2014/15", "This may be a year and a month, two years, or a school year.", []),
    ("before 22 May 2016", "This says only before or after which day.", []),
    ("22 May", "This has no year.", []),
    ("01/01/1066", "The year 1066 is not between 1900 and 2019.", []),
    ("5 November 2019", "5 November 2019 lies in the future.", []),
    ("5 June 2016 to 3 June 2016", "This ends before it begins.", []),
    ("May 2016 to 3 June 2016", "Its beginning and its end are not known equally exactly.", ["1 May to 3 June 2016"]),
    ("20160522", "This cannot be read as a date.", ["22 May 2016"]),
    ("when she was six", "This cannot be read as a date.", []),
    ("22 May 2016 at 25:10", "There is no such time of the day.", ["22 May 2016"]),
])  # fmt: skip
def test_what_cannot_be_read_without_a_guess_is_put_to_a_person(written, why, readings):
    assert doubt(written) == (why, readings)


def test_what_a_person_says_of_a_whole_file_is_no_guess():
    american = Convention(month_first=True)
    assert said("04/03/2016", convention=american) == "3 April 2016"
    assert doubt("25/04/2016", convention=american)[1] == ["25 April 2016"]
    assert said("22/05/2016 2:30", convention=Convention(clock_24=True)) == "22 May 2016 at 2:30am"


def test_a_time_may_stand_by_itself():
    assert said("22/05/2016", "14:30") == "22 May 2016 at 2:30pm"
    assert said("22/05/2016", "2-3pm") == "22 May 2016 at 2pm to 3pm"
    assert said("22/05/2016", "c. 14:30") == "about 22 May 2016 at 2:30pm"
    assert said("22/05/2016", "evening") == "22 May 2016, evening"
    assert said("22/05/2016", "not known") == "22 May 2016"
    assert doubt("May 2016", "14:30")[0] == "A time can be given to one day only."
    assert doubt("22/05/2016", "soon after")[0] == "This cannot be read as a time."


def outcome(text):
    """What a text is read as, or the doubt about it."""
    try:
        return read(text, latest=LATEST)
    except Doubtful as found:
        return found


@given(st.text(max_size=40) | st.from_regex(r"[0-9]{1,5}[/ .-][0-9a-y]{1,4}[/ .-][0-9]{1,5}", fullmatch=True))
def test_any_text_is_a_date_or_a_doubt(text):
    made = outcome(text)
    if isinstance(made, Doubtful):
        assert made.why
        assert all(each.is_known for each in made.readings)
    else:
        assert made.words == " ".join(text.split())


@given(DAYS)
def test_a_day_in_figures_is_that_day_or_a_doubt_and_never_another(day):
    assert read(f"{day:%d/%m/%Y}", latest=LATEST) == a.on(day)
    american = outcome(f"{day:%m/%d/%Y}")
    if isinstance(american, Doubtful):
        assert american.readings == (a.on(day),)
    else:
        assert (american.first.day, american.first.month) == (day.month, day.day)
