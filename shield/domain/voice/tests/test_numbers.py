"""How many took part, as it may be told: adults as they are, children under disclosure control, judged with their total."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shield.domain.voice import contribution, queries, rules, services
from shield.domain.voice.rules import Head
from shield.domain.voice.tests import factories
from shield.improvement.tests.pages import text_of, to
from shield.kernel.history.models import Event
from shield.kernel.reporting import queries as reporting_queries
from shield.kernel.reporting import rules as reporting
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
        (children(2, 1, 9), [None, None, None], True),
        (children(5, 6, 5), [None, None, None], True),
        (children(5, 6, 4), [None, 6, None], True),
        (children(3, 20, 8), [None, None, 8], True),
        (children(None, 9), [None, 9], True),
        ([Head(3, True), Head(8, True, in_results=True)], [None, 8], False),
        ([Head(3, True), Head(8, True, in_results=True), Head(30, True)], [None, 8, None], True),
        ([], [], True),
    ],
)
def test_adults_are_told_and_children_only_where_nothing_comes_back(heads, shown, total):
    assert rules.release_heads(heads) == (shown, total)


few = st.builds(Head, st.none() | st.integers(0, 8), st.booleans(), st.just(False))


@settings(max_examples=200, deadline=None)
@given(st.lists(few, max_size=4))
def test_nobody_works_a_withheld_number_out_of_the_total_and_what_is_shown(heads):
    """Solved by trying: whoever knows who are children, what is shown, the total and this very rule is left in doubt."""
    shown, total = rules.release_heads(heads)
    for head, now in zip(heads, shown, strict=True):
        is_small = head.of_children and head.count in range(1, 6)
        assert now is None if is_small else now in (None, head.count)
        assert head.of_children or now == head.count
    pattern = [
        now for head, now in zip(heads, shown, strict=True) if head.of_children and head.count is not None
    ]
    known = sum(head.count for head, now in zip(heads, shown, strict=True) if now is None and head.count)
    in_doubt = [set() for value in pattern if value is None]
    for values in _that_look_so(pattern, known if total else None):
        for seen, value in zip(in_doubt, values, strict=True):
            seen.add(value)
        if all(len(seen) > 1 for seen in in_doubt):
            return
    assert not in_doubt


def _that_look_so(pattern, known):
    """Every choice of what is withheld (None) that the rule would show in just this way; `known` is what they add up to."""
    places = [place for place, value in enumerate(pattern) if value is None]
    for values in product(range(1, (known or 9) + 1), repeat=len(places)):
        counts = list(pattern)
        for place, value in zip(places, values, strict=True):
            counts[place] = value
        adds_up = known is None or sum(values) == known
        if adds_up and rules.release_heads(children(*counts)) == (pattern, known is not None):
            yield values


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
