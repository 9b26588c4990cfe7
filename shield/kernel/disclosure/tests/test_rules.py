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
    assert rules.release_rows([["Board", 4]], about).rows == (("Board", 4),)


@given(tables, st.integers(0, 12), st.sampled_from(["children", "people"]))
def test_no_small_count_of_a_person_leaves_and_nothing_else_is_hidden(rows, threshold, about):
    released = rules.release_rows(rows, about, rules.Rule(threshold))
    pairs = [
        (was, now)
        for before, after in zip(rows, released.rows, strict=True)
        for was, now in zip(before, after, strict=True)
    ]
    small = [isinstance(was, int) and 1 <= was <= threshold for was, _ in pairs]
    assert all(now == rules.MARK for (_, now), hide in zip(pairs, small, strict=True) if hide)
    assert all(now == was or (any(small) and now == rules.MARK) for was, now in pairs)
    assert all(now == was for was, now in pairs if not isinstance(was, int))
    assert released.suppressed == sum(now != was for was, now in pairs) >= sum(small)
    assert released.rule.threshold == threshold


M = rules.MARK


@pytest.mark.parametrize(
    ("rows", "shown"),
    [
        ([[3, 20], [10, 30], [13, 50]], [[M, 20], [10, 30], [M, M]]),
        ([["Boys", 3, 20, 23], ["Girls", 10, 30, 40], ["Total", 13, 50, 63]],
         [["Boys", M, 20, M], ["Girls", 10, 30, M], ["Total", M, M, M]]),
        ([["Sex", "Neglect", "All"], ["Boys", 4, 30], ["Girls", 10, 30]],
         [["Sex", "Neglect", "All"], ["Boys", M, M], ["Girls", 10, M]]),
        ([["Total", 13], ["Boys", 3], ["Girls", 10]], [["Total", M], ["Boys", M], ["Girls", 10]]),
        ([["Boys", 13], ["Girls", 10], ["Total", 23]], [["Boys", 13], ["Girls", 10], ["Total", 23]]),
        ([["Boys", 0], ["Girls", 10], ["Total", 10]], [["Boys", 0], ["Girls", 10], ["Total", 10]]),
    ],
    ids=["unlabelled", "both", "heading", "first", "nothing small", "nought"],
)  # fmt: skip
def test_no_total_gives_away_what_is_suppressed(rows, shown):
    assert [list(row) for row in rules.release_rows(rows, "children").rows] == shown
    assert [list(row) for row in rules.release_rows(rows, "events").rows] == rows


def test_a_total_that_only_its_caller_knows_is_withheld_too():
    rows = [["Boys", 3], ["Girls", 10], ["Known to us", 15]]
    assert rules.release_rows(rows, "children").rows[2] == ("Known to us", 15)
    assert rules.release_rows(rows, "children", total_rows=[2]).rows[2] == ("Known to us", M)


@given(st.lists(st.lists(st.integers(0, 30), min_size=2, max_size=4), min_size=2, max_size=4))
def test_with_margins_added_no_shown_line_has_one_gap_and_its_sum(table):
    width = min(map(len, table))
    body = [row[:width] for row in table]
    whole = [[*row, sum(row)] for row in body]
    whole.append([sum(column) for column in zip(*whole, strict=True)])
    released = rules.release_rows(whole, "children", total_rows=[len(body)], total_columns=[width]).rows
    hidden = [M in row[:width] for row in released[:-1]]
    if any(hidden):
        assert set(released[-1]) == {M}
        assert {row[-1] for row in released} == {M}


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [(95, 98, None), (3, 98, None), (90, 98, 90), (98, 98, 98), (0, 98, 0), (50, None, 50), (None, 9, None)],
)
def test_a_rate_is_shown_only_if_what_is_left_of_the_whole_may_be(part, whole, shown):
    assert rules.release_share(part, whole, "children") == shown
    assert rules.release_share(part, whole, "events") == part


def test_the_rule_is_told_under_the_table():
    assert (
        rules.DEFAULT.in_words == "Counts of 1 to 5, and totals that would give them away, are not shown (*)."
    )
