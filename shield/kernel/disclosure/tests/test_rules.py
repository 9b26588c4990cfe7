"""Small counts about children and people are suppressed, others never."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.kernel.disclosure import rules

cells = st.one_of(st.none(), st.integers(0, 40), st.sampled_from(["Neglect", "under 1", "3"]))
tables = st.lists(st.lists(cells, max_size=5), max_size=6)


@pytest.mark.parametrize(("value", "shown"), [(0, 0), (1, None), (5, None), (6, 6), (None, None)])
def test_counts_of_children_from_one_to_five_are_not_shown(value, shown):
    assert rules.release_value(value, "children") == shown


@pytest.mark.parametrize("about", ["events", "organisations", "money", "records"])
def test_four_meetings_are_four(about):
    assert rules.release_value(4, about) == 4
    assert rules.release_table([["Board", 4]], about).rows == (("Board", 4),)


@given(tables, st.integers(0, 12), st.sampled_from(["children", "people"]))
def test_no_small_count_of_a_person_leaves_and_nothing_else_is_hidden(rows, threshold, about):
    released = rules.release_table(rows, about, rules.Rule(threshold))
    pairs = [
        (was, now)
        for before, after in zip(rows, released.rows, strict=True)
        for was, now in zip(before, after, strict=True)
    ]
    small = [isinstance(was, int) and 1 <= was <= threshold for was, _ in pairs]
    assert all(
        now == rules.MARK if hide else now == was for (was, now), hide in zip(pairs, small, strict=True)
    )
    assert released.suppressed == sum(small)
    assert released.rule.threshold == threshold


def test_the_rule_is_told_under_the_table():
    assert rules.DEFAULT.in_words == "Counts of 1 to 5 are not shown (*)."
