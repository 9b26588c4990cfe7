"""What was typed is read, whatever it is; words are compared without case, accents and small mistakes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.kernel.search import rules
from shield.kernel.search.rules import Term

ANYTHING = st.text(max_size=600)


def joined(pieces):
    return "".join(piece.text for piece in pieces)


def test_case_accents_and_apostrophes_do_not_matter():
    assert rules.words_of("Zoë’s CAFÉ, the children's “Straße”") == [
        "zoes", "cafe", "the", "childrens", "strasse",
    ]  # fmt: skip


def test_a_reference_is_two_words_on_every_database():
    assert rules.folded("REC-0007") == "rec 0007"


@given(ANYTHING)
def test_a_folded_text_holds_words_and_single_spaces_only(text):
    words = rules.folded(text).split(" ")
    assert all(word.isalnum() for word in words if word)
    assert rules.folded(rules.folded(text)) == rules.folded(text)


@given(ANYTHING)
def test_whatever_is_typed_is_read(text):
    asked = rules.ask(text)
    assert len(asked.typed) <= rules.TYPED_LIMIT
    assert len(asked.words) <= rules.WORD_LIMIT
    assert asked.typed.isprintable()
    assert not set(asked.words) & rules.STOP_WORDS


@given(ANYTHING)
def test_nothing_typed_becomes_an_operator(text):
    terms = rules.ask(text).terms
    if terms:
        told = rules.for_sqlite(terms, "p1")
        assert told.count('"') == 2 + 2 * sum(len(t.spellings) + bool(t.beginning) for t in terms)
        assert set("():*-^{}") & set("".join(spelling for t in terms for spelling in t.spellings)) == set()
        assert rules.for_postgres(terms).count("'") == 2 * sum(
            len(t.spellings) + bool(t.beginning) for t in terms
        )


@pytest.mark.parametrize("typed", ["", "   ", "the of and", "!!! ??? …", "\0\0", "😀 😀", '" * ^ : - ( )'])
def test_what_tells_nothing_asks_for_nothing(typed):
    assert rules.ask(typed).words == ()


def test_ten_megabytes_are_read_up_to_the_limit_and_it_is_said():
    asked = rules.ask("neglect " * 1_300_000)
    assert asked.words == ("neglect",)
    assert asked.shortened
    assert not rules.ask("neglect").shortened


def test_the_last_word_may_be_a_beginning_and_the_others_not():
    first, last = rules.ask("rapid rev").terms
    assert (first.beginning, last.beginning) == ("", "rev")
    assert rules.ask("rapid re").terms[-1].beginning == ""


def test_right_to_left_and_other_scripts_are_words():
    assert rules.ask("שלום neglect ילדים").words == ("שלום", "neglect", "ילדים")


KNOWN = ["recommendation", "recommendations", "safeguarding", "reflect", "partners", "review"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("recomendation", "recommendation"),
        ("safegaurding", "safeguarding"),
        ("safegarding", "safeguarding"),
        ("partnres", "partners"),
        ("reveiw", "review"),
    ],
)
def test_a_small_mistake_is_forgiven(typed, meant):
    assert rules.near(typed, KNOWN)[0] == meant


@pytest.mark.parametrize("typed", ["neglect", "abc", "0012", "reviewer99", "review"])
def test_another_word_is_not_a_mistake(typed):
    assert rules.near(typed, KNOWN) == []


@given(
    st.text(alphabet="abcdefg", min_size=4, max_size=12), st.lists(st.text("abcdefg", min_size=1), max_size=8)
)
def test_near_words_are_known_words_and_never_the_word_itself(word, known):
    assert set(rules.near(word, known)) <= set(known) - {word}


def test_a_suggestion_holds_only_words_that_were_found():
    nearest = {"recomendation": ["recommendations", "recommendation"], "police": []}
    assert (
        rules.suggestion(["recomendation", "police"], nearest, ["one recommendation of the police"])
        == "recommendation police"
    )
    assert rules.suggestion(["recomendation"], nearest, ["something else"]) == ""


def test_words_found_are_marked_in_the_text_as_it_is_written():
    pieces = rules.marked("Meetings met; the Café’s meeting.", [Term(("meeting",)), Term(("cafes",))])
    assert [piece.text for piece in pieces if piece.marked] == ["Meetings", "Café’s", "meeting"]
    assert joined(pieces) == "Meetings met; the Café’s meeting."


@given(ANYTHING, ANYTHING)
def test_marking_loses_nothing(text, typed):
    assert joined(rules.marked(text, rules.ask(typed).terms)) == text


def test_an_excerpt_shows_the_word_that_was_looked_for():
    text = "Words before. " * 60 + "Here is neglect at last. " + "Words after. " * 60
    shown = rules.excerpt(text, rules.ask("neglect").terms)
    assert "neglect" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert len(shown) <= rules.EXCERPT + 2


@given(ANYTHING, ANYTHING)
def test_an_excerpt_is_short(text, typed):
    assert len(rules.excerpt(text, rules.ask(typed).terms)) <= rules.EXCERPT + 2


def test_formatting_and_names_of_figures_are_not_shown():
    assert (
        rules.plain("## Present\n\n- **All** {{meetings.board_held}} [link](x)") == "Present - All link (x)"
    )


@pytest.mark.parametrize(
    ("title", "words", "is_it"),
    [
        ("partnership board bod 0001", ("partnership", "board"), True), ("board", ("board",), True),
        ("the board of partners bod 0002", ("board", "partners"), True),
        ("partnership board 28 january 2019 mtg 0007", ("partnership", "board"), False),
        ("partnership board bod 0001", ("board",), False),
    ],
)  # fmt: skip
def test_what_is_called_just_so_is_known_from_what_only_holds_the_words(title, words, is_it):
    assert rules.is_called(title, words) is is_it


def test_a_reference_is_looked_for_whole_and_as_nothing_else():
    asked = rules.ask("PAP-0001")
    assert asked.is_reference
    assert asked.terms == (rules.Term(("pap 0001",)),)
    assert not rules.ask("paper 0001").is_reference


def test_only_the_nearest_spellings_are_looked_for():
    assert rules.near("mising", ["missing", "moving", "making", "mailing"]) == ["missing"]
