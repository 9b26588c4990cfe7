"""How statements are compared, figures are written, settlements are checked."""

import uuid
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.kernel.records.rules import Refused
from shield.kernel.reporting import rules
from shield.kernel.reporting.rules import About, Period, Said

YEAR = Period("2018-19", date(2018, 10, 1), date(2019, 10, 31), date(2019, 10, 31))
said = st.builds(
    Said,
    subject=st.sampled_from(["a", "b"]),
    attribute=st.sampled_from(["attendance", "held_on"]),
    value=st.one_of(
        st.integers(0, 3),
        st.sampled_from(["Board", "board ", "Hub"]),
        st.dates(date(2019, 1, 1), date(2019, 1, 3)),
    ),
    place=st.sampled_from(["section 4", "section 5"]),
)


def test_two_places_that_disagree_are_a_discrepancy_with_both_places():
    found = rules.compare(
        [Said("hub", "attendance", 34, "section 4"), Said("hub", "attendance", 43, "section 9")], {}
    )
    [(subject, attribute, told)] = found
    assert (subject, attribute) == ("hub", "attendance")
    assert [(a.value, a.places) for a in told] == [(34, ("section 4",)), (43, ("section 9",))]


def test_the_same_words_in_another_spelling_agree():
    assert (
        rules.compare(
            [Said("x", "chair", "The Chair’s office", "1"), Said("x", "chair", " the chair's  OFFICE", "2")],
            {},
        )
        == []
    )


def test_a_statement_that_disagrees_with_the_register_shows_the_register_first():
    [(_, _, told)] = rules.compare(
        [Said("m", "held_on", date(2019, 7, 29), "section 2")],
        {("m", "held_on"): (date(2019, 7, 30), "the register")},
    )
    assert [a.is_register for a in told] == [True, False]
    assert told[0].places == ("the register",)


def test_the_register_joins_the_places_that_agree_with_it():
    register = {("m", "attendance"): (12, "the register")}
    [(_, _, told)] = rules.compare(
        [Said("m", "attendance", 12, "section 1"), Said("m", "attendance", 13, "section 2")], register
    )
    assert told[0].places == ("the register", "section 1")


def test_a_register_of_which_nobody_speaks_is_no_discrepancy():
    assert rules.compare([], {("m", "attendance"): (12, "the register")}) == []


@given(st.lists(said, max_size=12))
def test_what_is_found_is_exactly_what_disagrees(statements):
    found = {(s, a): told for s, a, told in rules.compare(statements, {})}
    for key in {(s.subject, s.attribute) for s in statements}:
        values = {rules.normalised(s.value) for s in statements if (s.subject, s.attribute) == key}
        assert (key in found) == (len(values) > 1)
        if key in found:
            assert {rules.normalised(a.value) for a in found[key]} == values


@given(st.lists(said, max_size=12), st.randoms())
def test_the_order_of_statements_does_not_matter(statements, random):
    shuffled = random.sample(statements, len(statements))

    def sets(items):
        return {
            (s, a, frozenset(rules.normalised(x.value) for x in told))
            for s, a, told in rules.compare(items, {})
        }

    assert sets(statements) == sets(shuffled)


def test_a_discrepancy_is_told_on_one_line():
    told = (rules.Assertion(34, ("section 4",)), rules.Assertion(43, ("section 9", "appendix 1")))
    line = rules.Discrepancy("hub", "Neglect workshop", "attendance", told).line
    assert line == "Neglect workshop, number attending: 34 (section 4) — 43 (section 9; appendix 1)"


def test_a_settlement_is_one_of_the_values_and_has_a_reason():
    reason = "The signing-in sheet says so."
    rules.check_settlement(value="BOARD ", offered=["Board", "Hub"], reason=reason)
    with pytest.raises(Refused, match="Choose"):
        rules.check_settlement(value=35, offered=[34, 43], reason=reason)
    with pytest.raises(Refused, match="sentence"):
        rules.check_settlement(value=34, offered=[34, 43], reason="yes")


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"value": 1234}, "1,234"),
        ({"value": 12, "denominator": 18}, "12 of 18"),
        ({"value": 3, "unsettled": ("34 or 43",)}, "not settled"),
        ({"value": None}, "not known"),
        ({"value": 3, "suppressed": True}, "suppressed"),
        ({"value": 123450, "about": About.MONEY}, "£1,234.50"),
        ({"value": -9000000, "about": About.MONEY}, "-£90,000"),
    ],
)
def test_a_figure_as_a_page_prints_it(changes, text):
    values = {
        "key": "k",
        "label": "l",
        "unit": "u",
        "about": About.EVENTS,
        "definition": "d",
        "period": YEAR,
        **changes,
    }
    assert rules.Figure(**values).text == text


def test_a_period_holds_its_first_and_last_day_and_no_unknown_one():
    assert [
        YEAR.holds(d)
        for d in (date(2018, 9, 30), date(2018, 10, 1), date(2019, 10, 31), date(2019, 11, 1), None)
    ] == [False, True, True, False, False]
    assert YEAR.in_words == "October 2018 to October 2019"


def test_a_key_with_an_argument_finds_its_figure():
    key = f"test.{uuid.uuid4().hex}"

    @rules.figure(key, label="l", unit="u", about=About.EVENTS, definition="d")
    def compute(period, reader, argument):
        return rules.Counted(len(argument))

    try:
        assert rules.count(f"{key}.abc", YEAR, None).value == 3
        with pytest.raises(ValueError, match="twice"):
            rules.figure(key, label="l", unit="u", about=About.EVENTS, definition="d")(compute)
    finally:
        del rules.FIGURES[key]
    with pytest.raises(rules.UnknownFigure):
        rules.compute("nobody.counts_this", YEAR, None)
