"""Which column is what, what may be one event, what contradicts what, what is missing."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.domain.chronologies.rules import comparing, gaps, mapping, states
from shield.domain.chronologies.rules.comparing import Birth, Compared
from shield.domain.chronologies.rules.mapping import Mapped
from shield.kernel.calendar.rules import calendar_of, shipped_holidays
from shield.kernel.calendar.rules.approximate import on
from shield.kernel.calendar.rules.reading import Convention
from shield.kernel.files.exchange import Line
from shield.kernel.records.rules import Refused

LATEST = date(2019, 11, 4)


def lines(*rows, start=1):
    return [Line(number, tuple(row)) for number, row in enumerate(rows, start=start)]


def taken(rows, roles, **more):
    return mapping.take(lines(*rows), Mapped(tuple(roles), **more), latest=LATEST)


# Columns ----------------------------------------------------------------------------------------------


def test_headings_say_what_a_column_may_be():
    rows = lines(
        ["Chronology of Children's Services"],
        ["Date", "Time", "Source", "Details of event", "Who was involved", "Child's voice", "Impact on child", "Action taken", "Comments"],
        ["22/05/2016", "", "", "", "", "", "", "", ""],
    )  # fmt: skip
    made = mapping.propose(rows, 9, {})
    assert made.heading_row == 2
    assert made.roles == ("date", "time", "source", "event", "people", "voice", "impact", "action", "comment")


def test_what_an_agency_said_last_time_comes_first():
    rows = lines(["Date", "Details", "Officer's log"], ["22/05/2016", "Seen", "Log 1"])
    assert mapping.propose(rows, 3, {"officer's log": "source"}).roles == ("date", "event", "source")


def test_a_table_without_headings_is_proposed_by_its_places():
    made = mapping.propose(lines(["22/05/2016", "Seen at home"]), 2, {})
    assert (made.roles, made.heading_row) == (("date", "event"), 0)


@pytest.mark.parametrize(("roles", "source", "words"), [
    (("event",), "Notes", "Select which column holds the date"),
    (("date",), "Notes", "Select which column holds what happened"),
    (("date", "date", "event"), "Notes", "Two columns are"),
    (("date", "event"), "", "Select the column that holds the source"),
])  # fmt: skip
def test_a_mapping_must_say_what_is_needed(roles, source, words):
    with pytest.raises(Refused, match=words):
        mapping.check_mapped(Mapped(roles, 0, source))


def test_several_columns_of_one_sort_are_joined():
    made = taken([["22/05/2016", "Seen", "and well"]], ["date", "event", "event"], source="Notes")
    assert made.entries[0].event == "Seen\nand well"


def test_rows_above_the_headings_are_no_events():
    made = taken(
        [["Title"], ["Date", "Event"], ["22/05/2016", "Seen"]],
        ["date", "event"],
        heading_row=2,
        source="Notes",
    )
    assert [each.row for each in made.entries] == [3]
    assert made.is_ready


def test_each_problem_names_its_row_and_column():
    made = taken([["22/05/2016", "", "Notes"], ["23/05/2016", "x" * 8001, ""]], ["date", "event", "source"])
    assert [str(each) for each in made.problems] == [
        "Row 1, column B: It does not say what happened.",
        "Row 2, column C: It does not say where this is recorded.",
        "Row 2, column B: It has 8,001 letters; 8,000 are the most.",
    ]
    assert not made.is_ready


def test_a_row_without_a_date_is_put_to_a_person():
    made = taken([["", "Seen"]], ["date", "event"], source="Notes")
    assert made.doubts[0].why == "There is no date. Write “not known” if nobody knows it."
    answered = mapping.take(
        lines(["", "Seen"]), Mapped(("date", "event"), 0, "Notes"), latest=LATEST, answers={1: "not known"}
    )
    assert not answered.entries[0].when.is_known


def test_one_american_date_puts_the_others_in_question():
    rows = [["04/25/2018", "A"], ["03/04/2018", "B"], ["05/05/2018", "C"]]
    made = taken(rows, ["date", "event"], source="Notes")
    assert "1 other dates of this table can be read either way and are read day first" in made.notes[0]
    american = taken(rows, ["date", "event"], source="Notes", convention=Convention(month_first=True))
    assert american.is_ready
    assert american.notes == []


@given(st.lists(st.lists(st.text(max_size=30), min_size=3, max_size=3), max_size=8))
def test_no_row_is_lost_silently(rows):
    made = taken(rows, ["date", "event", "source"])
    told = {each.row for each in (*made.entries, *made.doubts)} | {each.row for each in made.problems}
    assert told >= set(range(1, len(rows) + 1))


# Comparing --------------------------------------------------------------------------------------------

SAID = "Neighbours reported shouting and breaking glass, boy hiding in wardrobe"


def one(key, agency, day, text, last=None):
    return Compared(key, agency, day, last or day, comparing.words_of(text))


def pairs(*entries):
    return [(each.one, each.other, each.why) for each in comparing.alike(entries)]


def test_the_same_event_told_by_two_agencies_is_proposed():
    told = "Police notified us: boy found hiding in a wardrobe, shouting, glass breaking, neighbour rang"
    [(first, second, why)] = pairs(one(1, "police", 100, SAID), one(2, "council", 101, told))
    assert (first, second) == (1, 2)
    assert why.startswith("A day apart, ")


@pytest.mark.parametrize("other", [
    one(2, "council", 120, SAID), one(2, "council", 100, "Missed dentist"), one(2, "council", 60, SAID, last=140),
    one(2, "police", 101, SAID),
])  # fmt: skip
def test_what_is_far_apart_or_unlike_is_not(other):
    assert pairs(one(1, "police", 100, SAID), other) == []


def test_one_agency_telling_the_same_twice_on_a_day_is_proposed():
    assert pairs(one(1, "police", 100, SAID), one(2, "police", 100, SAID + " again")) != []


def test_only_the_most_alike_are_put_to_a_person():
    many = [one(n, f"agency {n}", 100, SAID) for n in range(20)]
    found = comparing.alike(many)
    for n in range(20):
        assert sum(n in (pair.one, pair.other) for pair in found) <= comparing.MOST_OF_ONE


@given(st.lists(st.tuples(st.integers(0, 60), st.sampled_from(["a", "b"]), st.integers(0, 5)), max_size=12))
def test_comparing_does_not_depend_on_the_order_of_entries(told):
    entries = [one(n, agency, day, f"{SAID} word{word}") for n, (day, agency, word) in enumerate(told)]
    forward = {frozenset((p.one, p.other)) for p in comparing.alike(entries)} if len(told) <= 5 else set()
    backward = (
        {frozenset((p.one, p.other)) for p in comparing.alike(reversed(entries))} if len(told) <= 5 else set()
    )
    assert forward == backward


@pytest.mark.parametrize(("text", "people", "found"), [
    ("Kay Reed (DOB 12/03/2011) seen", "", [("Kay Reed", date(2011, 3, 12))]),
    ("Brother (Kay, born 3 December 2011) at home", "", [("Kay", date(2011, 12, 3))]),
    ("Child's date of birth: 12 March 2011", "Kay Reed", [("Kay Reed", date(2011, 3, 12))]),
    ("d.o.b. 2011-03-12", "Kay, Dawn", [("", date(2011, 3, 12))]),
    ("She was born in spring", "", []),
    ("DOB 31/31/2011", "", []),
])  # fmt: skip
def test_dates_of_birth_are_found_with_whose_they_are(text, people, found):
    births = comparing.births_in(1, text, people, latest=LATEST)
    assert [(each.person, each.day) for each in births] == found


def test_dates_of_birth_differ_for_one_person_and_not_between_two():
    march, december = date(2011, 3, 12), date(2011, 12, 3)
    births = [
        Birth(1, "Kay Reed", march),
        Birth(2, "Kay", december),
        Birth(3, "Zoë", december),
        Birth(4, "Kay", march),
    ]
    [(first, second, words)] = comparing.births_that_differ(births)
    assert (first.entry, second.entry) == (1, 2)
    assert words == "Date of birth of Kay Reed: 12 March 2011, and 3 December 2011"


def test_days_that_cannot_both_be_true_differ():
    assert comparing.differ(on(date(2016, 5, 22)), on(date(2016, 5, 23))) == "22 May 2016, and 23 May 2016"
    assert comparing.differ(on(date(2016, 5, 22)), on(date(2016, 5, 22), part="evening")) == ""


# Gaps -------------------------------------------------------------------------------------------------

SPANS = st.lists(
    st.tuples(st.integers(1000, 2000), st.integers(0, 40)).map(lambda s: (s[0], s[0] + s[1])), max_size=30
)


@given(SPANS, st.integers(1, 100))
def test_a_gap_is_longer_than_what_counts_and_holds_no_entry(spans, longest):
    for after, until in gaps.without_contact(spans, longest):
        assert until - after - 1 > longest
        assert not [s for s in spans if s[0] < until and s[1] > after]


@given(SPANS, st.integers(1, 100))
def test_no_gap_is_missed(spans, longest):
    found = gaps.without_contact(spans, longest, begins=900, ends=2200)
    told = {day for first, last in spans for day in range(first, last + 1)}
    silent = [n for n in range(900, 2201 - longest) if not told & set(range(n, n + longest + 1))]
    assert all(any(after < n and n + longest < until for after, until in found) for n in silent)


def test_a_month_counts_for_all_of_its_days():
    may = (date(2016, 5, 1).toordinal(), date(2016, 5, 31).toordinal())
    june = date(2016, 6, 20).toordinal()
    assert gaps.without_contact([may, (june, june)], 19) == []
    assert len(gaps.without_contact([may, (june, june)], 18)) == 1


def test_months_are_counted_by_the_calendar():
    days = [date(2016, 1, 31).toordinal(), date(2016, 4, 30).toordinal(), date(2016, 8, 1).toordinal()]
    [gap] = gaps.as_gaps("Voice", "", gaps.without(days, 3, begins=None, ends=None))
    assert (gap.after, gap.until) == (date(2016, 4, 30), date(2016, 8, 1))


# States -----------------------------------------------------------------------------------------------


def test_an_agency_is_reminded_three_working_days_before_and_the_day_after():
    calendar = calendar_of(shipped_holidays())
    before, after = states.reminders(date(2019, 4, 23), calendar)  # the Tuesday after Easter
    due = date(2019, 4, 23)
    assert (due + timedelta(days=before.days), due + timedelta(days=after.days)) == (
        date(2019, 4, 16),
        date(2019, 4, 24),
    )


@pytest.mark.parametrize(
    ("status", "part"), [("closed", "asked"), ("collecting", "accepted"), ("collecting", "handed_in")]
)
def test_what_is_given_or_closed_is_not_written(status, part):
    with pytest.raises(Refused):
        states.check_written(status, part)
    states.check_written("collecting", "sent_back")
