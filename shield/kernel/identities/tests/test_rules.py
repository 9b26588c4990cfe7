"""Names are found however they are written; what is in doubt is asked, never guessed."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.kernel.identities import rules
from shield.kernel.identities.rules import Known, Vocabulary

CHILD = Known("Child Q", ("Jordan Tarrant", "Jordie"))
MOTHER = Known("Mother", ("Michelle O'Brien", "Shelley Tarrant"))
WORKER = Known("Social worker 1", ("Anne-Marie Okafor",))
KNOWN = (CHILD, MOTHER, WORKER)


def spoken(text, known=KNOWN):
    return rules.with_pseudonyms(text, known)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Jordan was seen at home.", "Child Q was seen at home."),
        ("JORDAN TARRANT was not brought.", "Child Q was not brought."),
        ("Jordan's bruise", "Child Q's bruise"),
        ("Jordan’s bruise", "Child Q’s bruise"),
        ("Ms O’Brien rang", "Ms Mother rang"),
        ("Michelle OBrien rang", "Mother rang"),
        ("Anne Marie said; Anne-Marie wrote", "Social worker 1 said; Social worker 1 wrote"),
        ("Jor\u00addan and Jor\u200bdan", "Child Q and Child Q"),
        ("(Jordie)", "(Child Q)"),
        ("Jordan\u00a0Tarrant", "Child Q"),
        ("Jördan", "Child Q"),
    ],
)
def test_a_known_spelling_gives_way_to_the_pseudonym(text, shown):
    assert spoken(text) == shown


def test_a_surname_that_two_people_share_is_asked_about():
    (doubt,) = rules.doubtful([("Facts", "The Tarrant family moved. Tarrant again.")], KNOWN)
    assert (doubt.text, doubt.pseudonym, doubt.count, doubt.where) == ("Tarrant", "", 2, "Facts")
    assert "family moved" in doubt.around


def test_a_first_name_tells_whose_surname_it_is():
    assert spoken("Shelley Tarrant and Jordan Tarrant") == "Mother and Child Q"


@pytest.mark.parametrize("misspelt", ["Jordon", "Jordn", "Joradn", "Michele", "Okafour", "jordan", "Tarant"])
def test_another_spelling_is_asked_about_and_not_replaced(misspelt):
    text = f"Spoke to {misspelt} today"
    assert spoken(text) == text
    assert [doubt.text for doubt in rules.doubtful([("Facts", text)], KNOWN)] == [misspelt]


@pytest.mark.parametrize("text", ["in the garden", "warrant", "An order", "A border", "marine", "J. said"])
def test_other_words_are_left_alone(text):
    assert rules.find_names(text, KNOWN) in ([], rules.find_names("", KNOWN))


def test_what_was_decided_is_not_asked_again():
    decided = Vocabulary(KNOWN, {"jordon": "Child Q", "tarrant": ""})
    assert spoken("Jordon of the Tarrant estate", decided) == "Child Q of the Tarrant estate"
    assert rules.doubtful([("Facts", "Jordon of the Tarrant estate")], decided) == []


def test_a_verdict_on_a_word_leaves_a_whole_name_exact():
    decided = Vocabulary(KNOWN, {"tarrant": ""})
    assert spoken("Jordan Tarrant", decided) == "Child Q"


@given(st.text(alphabet="Jordan Tarant'’-\u200b.,Mich\n", max_size=60))
def test_the_hits_lie_in_the_text_in_order_and_do_not_overlap(text):
    hits = rules.find_names(text, KNOWN)
    assert all(text[hit.start : hit.end] == hit.text for hit in hits)
    assert all(one.end <= two.start for one, two in pairwise(hits))


@given(
    st.lists(
        st.sampled_from(["Jordan", "JORDIE", "Jordan Tarrant", "Michelle", "and", "saw", "the", "clinic"]),
        max_size=8,
    )
)
def test_what_has_no_doubt_left_has_no_name_left(words):
    text = " and ".join(words)
    if not rules.doubtful([("", text)], KNOWN):
        shown = spoken(text).replace("Child Q", "").replace("Mother", "")
        assert not any(
            part in rules.fold(word) for word in shown.split() for part in ("jord", "tarr", "mich")
        )


def test_a_short_name_is_asked_about_and_never_taken_for_a_word():
    people = [Known("Child R", ("Bo Li",))]
    asked = rules.doubtful([("", "Bo was seen. Li too. They go home.")], people)
    assert [(doubt.text, doubt.pseudonym) for doubt in asked] == [("Bo", "Child R"), ("Li", "Child R")]
    assert rules.find_names("bo and li", people) == []


def test_words_that_are_no_name_in_what_is_given_as_one_are_not_looked_for():
    people = [Known("Child", ("Unborn baby of Kim Tarrant", "Name not known"))]
    assert rules.find_names("The baby of the family is not known", people) == []
    assert spoken("Kim rang", people) == "Child rang"
