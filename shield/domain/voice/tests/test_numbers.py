"""How many took part, as it may be told: adults as they are, children under disclosure control, judged with their total."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shield.domain.voice import contribution, queries, rules, services
from shield.domain.voice.models import Activity
from shield.domain.voice.rules import Head
from shield.domain.voice.tests import factories
from shield.improvement.tests.pages import text_of, to
from shield.kernel.history.models import Event
from shield.kernel.reporting import queries as reporting_queries
from shield.kernel.reporting import rules as reporting
from shield.kernel.reporting.models import ReportingYear
from tests.cast import TODAY

YEAR = reporting.Period("2018-19", date(2018, 10, 1), date(2019, 10, 31), TODAY)


def children(*counts):
    return [Head(count, True) for count in counts]


def adults(*counts):
    return [Head(count, False) for count in counts]


@pytest.mark.parametrize(
    ("heads", "shown", "total"),
    [
        (adults(1, 2, 4, 17), [1, 2, 4, 17], True),
        (children(8) + adults(2, 12), [8, 2, 12], True),
        (children(3) + adults(12), [None, 12], False),
        (children(3, 20) + adults(12), [None, None, 12], True),
        (children(3, 0) + adults(12), [None, 0, 12], False),
        (children(2, 1), [None, None], False),
        (children(2, 1, 9), [None, None, None], False),
        (children(2, 1, 13), [None, None, None], True),
        (children(3, 9), [None, None], True),
        (children(3, 9, 4), [None, None, None], False),
        (children(3, 9, 4, 30), [None, None, None, None], True),
        (children(5, 6, 5), [None, None, None], False),
        (children(3, 20, 8), [None, None, 8], True),
        (children(20, 3, 8), [20, None, None], True),
        (children(None, 9), [None, 9], True),
        ([Head(3, True), Head(8, True, is_known=True)], [None, 8], False),
        ([Head(3, True), Head(8, True, is_known=True), Head(30, True)], [None, 8, None], True),
        ([Head(7, True, was_withheld=True), Head(9, False, was_withheld=True)], [None, None], True),
        ([], [], True),
    ],
)
def test_adults_are_told_and_children_only_where_nothing_comes_back(heads, shown, total):
    assert rules.release_heads(heads) == (shown, total)


def view(counts):
    """What is told after the last of these came on record: each number, and what the withheld ones add up to."""
    shown, total = rules.release_heads(children(*counts))
    return shown, sum(counts) if total else None


def that_look_so(counts):
    """Every sequence that would have looked the same at each step, for whoever knows the rule and read every total."""
    steps = [view(counts[: n + 1]) for n in range(len(counts))]
    alike = [[]]
    for shown, total in steps:
        told, most = shown[len(alike[0])], max(sum(counts), 12)
        offered = range(1, most + 1) if told is None else [told]
        alike = [[*so_far, n] for so_far in alike for n in offered if view([*so_far, n]) == (shown, total)]
    return alike


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 9), max_size=4))
def test_every_small_number_stays_possible_for_whoever_read_each_total_as_it_grew(counts):
    alike = that_look_so(counts)
    shown, _ = view(counts)
    for place, (count, now) in enumerate(zip(counts, shown, strict=True)):
        seen = {each[place] for each in alike}
        if count in range(1, 6):
            assert now is None
            assert seen >= {1, 2, 3, 4, 5}, (place, seen)
        elif now is None:
            assert len(seen) > 1


@given(st.lists(st.integers(0, 40), max_size=30))
def test_what_was_told_is_told_for_good_and_what_was_withheld_stays_withheld(counts):
    whole, _ = rules.release_heads(children(*counts))
    for n in range(len(counts)):
        assert rules.release_heads(children(*counts[:n]))[0] == whole[:n]


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), max_size=8))
def test_adults_are_told_as_they_are(given_):
    heads = [Head(count, of_children) for count, of_children in given_]
    shown, _ = rules.release_heads(heads)
    assert all(now == head.count for head, now in zip(heads, shown, strict=True) if not head.of_children)


def told(by, *rows):
    shown = queries.heads(by, YEAR)
    return [shown.of[row.pk].text for row in rows], reporting.compute("voice.people_heard", YEAR, by).value


def few(by, *counts):
    return [factories.activity(by, group="children", people_count=n) for n in counts]


def correct(row, by, **changes):
    row.refresh_from_db()
    return services.correct_activity(
        activity=row, changes=changes, by=by, today=TODAY, expected_version=row.version
    )


def test_a_number_beside_which_a_third_is_recorded_does_not_come_back(by):
    first, second = few(by, 3, 9)
    assert told(by, first, second) == (["*", "*"], 12)
    [third] = few(by, 4)
    assert told(by, first, second, third) == (["*", "*", "*"], None)
    [fourth] = few(by, 30)
    assert told(by, third, fourth) == (["*", "*"], 46)


def test_a_withheld_number_that_is_corrected_stays_withheld_and_the_total_is_told_no_more(by):
    first, second = few(by, 3, 9)
    correct(first, by, people_count=7)
    assert told(by, first, second) == (["*", "*"], None)
    few(by, 30)
    assert told(by, first, second) == (["*", "*"], None)


def test_a_number_that_becomes_known_late_does_not_hide_what_was_told(by):
    unknown, second = few(by, None, 9)
    assert told(by, second) == (["9"], 9)
    correct(unknown, by, people_count=3)
    assert told(by, unknown, second) == (["*", "9"], None)


def test_a_number_that_was_told_and_is_corrected_comes_last(by):
    first, second = few(by, 9, 20)
    correct(first, by, people_count=4)
    assert told(by, first, second) == (["*", "20"], None)


def test_company_that_turns_out_to_be_of_adults_stays_withheld(by):
    first, second = few(by, 3, 9)
    correct(second, by, group="parents")
    assert told(by, first, second) == (["*", "*"], 12)


def test_a_withheld_number_that_leaves_the_year_takes_the_total_with_it(by, cast):
    for reference, name, starts, ends in (
        ("YEA-0001", "2018-19", YEAR.starts_on, YEAR.ends_on), ("YEA-0002", "2019-20", date(2019, 11, 1), date(2020, 10, 31)),
    ):  # fmt: skip
        ReportingYear(
            partnership=cast.testbury, reference=reference, name=name, starts_on=starts, ends_on=ends, as_at=ends,
            edition="wt2018",
        ).store()  # fmt: skip
    first, second = few(by, 3, 9)
    assert told(by, first, second) == (["*", "*"], 12)
    correct(first, by, held_on=TODAY)
    assert told(by, second) == (["*"], None)


def test_the_judgement_of_a_survey_does_not_lean_on_the_number_its_results_say(by):
    [small] = few(by, 3)
    survey = services.draft_survey(title="Help", intro="Tell us.", group="children", by=by)
    services.add_question(survey=survey, sort="choice", text="Well?", choices=("Yes", "No"), by=by)
    services.open_survey(survey=survey, opens_on=TODAY, closes_on=TODAY, by=by, today=TODAY)
    for n in range(8):
        services.reply(survey=survey, answers={"1": "Yes"}, words={}, once=f"{n}", today=TODAY)
    closed = services.close_survey(survey=survey, by=by, today=TODAY)
    row = Activity.objects.get(pk=closed.activity_id)
    assert (row.withheld, row.people_count) == (False, 8)
    small.refresh_from_db()
    assert small.withheld


def test_the_adults_of_a_year_are_told_and_the_few_children_are_not_even_by_the_total(
    by, priority, manager, scrutineer
):
    centre = factories.activity(by, title="Centres", people_count=2, priority=priority)
    film = factories.activity(by, title="Film", group="children", people_count=3, priority=priority)
    shown = queries.heads(by, YEAR)
    assert [shown.of[row.pk].text for row in (centre, film)] == ["2", "*"]
    figure = reporting_queries.released(reporting.compute("voice.people_heard", YEAR, by))
    assert (figure.value, figure.text) == (None, "suppressed")
    said = repr(next(g for g in contribution.section(YEAR, by).groups if g.key == "said").blocks)
    assert "'2'" in said
    assert "'3'" not in said
    assert rules.WITHHELD in said
    for client, words in ((manager, "3. Only who records feedback sees it"), (scrutineer, "Not shown.")):
        assert words in text_of(client.get(to("activity", film)))
        for page in (to("activities"), to("priority", priority)):
            text = text_of(client.get(page))
            assert "Children" in text
            assert "*" in text
    rows = manager.get(to("activities") + "?export=csv").content.decode().splitlines()
    assert sorted(line.split(",")[3] for line in rows[1:]) == ["*", "2"]


def test_with_company_the_total_is_told_and_a_page_with_one_of_them_alone_withholds_the_same(
    by, priority, manager
):
    small = factories.activity(by, group="children", people_count=3)
    other = factories.activity(by, group="young_people", people_count=20, priority=priority)
    later = factories.activity(by, group="young_people", people_count=30, held_on=TODAY)
    assert reporting.compute("voice.people_heard", YEAR, by).value == 23
    shown = queries.heads(by, YEAR)
    assert [shown.of[row.pk].text for row in (small, other, later)] == ["*", "*", "30"]
    page = manager.get(to("activities") + f"?priority={priority.pk}&export=csv").content.decode()
    assert [line.split(",")[3] for line in page.splitlines()[1:]] == ["*"]


def test_an_activity_of_unknown_day_counts_in_the_year_of_its_record_and_in_no_other(by):
    factories.activity(by, people_count=9, held_on=None)
    now = queries.counts_on(queries.activities(by).get())
    there = reporting.Period("now", now, now, now)
    assert reporting.compute("voice.people_heard", there, by).value == 9
    assert reporting.compute("voice.people_heard", YEAR, by).value == (9 if YEAR.holds(now) else 0)


def test_the_history_tells_no_number_of_children(by):
    film = factories.activity(by, group="children", people_count=3)
    services.correct_activity(
        activity=film, changes={"people_count": 4}, by=by, today=TODAY, expected_version=film.version
    )
    noted = Event.objects.get(kind="voice.activity_corrected")
    assert "“*” → “*”" in str(noted.details)
