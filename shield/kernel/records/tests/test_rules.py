"""Ids, references, folded text."""

import unicodedata
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.kernel.records import rules


def test_ids_are_ordered_by_time_to_the_millisecond_and_of_version_7():
    made = [rules.new_id() for _ in range(2000)]
    assert len(set(made)) == len(made)
    assert all(each.version == 7 and each.variant == uuid.RFC_4122 for each in made)
    moments = [each.int >> 80 for each in made]
    assert moments == sorted(moments)


@given(st.text())
def test_folding_twice_is_folding_once(text):
    assert rules.fold(rules.fold(text)) == rules.fold(text)


@given(st.text(alphabet="Zoë ÅÉß\tabc", max_size=30))
def test_case_and_accents_do_not_matter_to_a_search(text):
    assert rules.fold(text) == rules.fold(unicodedata.normalize("NFD", text).upper())


def test_zoe_is_found_however_she_is_written():
    assert {rules.fold(name) for name in ("Zoë", "ZOË", "zoe", " Zoe\u0308 ")} == {"zoe"}


@pytest.mark.parametrize(
    "text",
    ["a\x00b", "a\x07", "\x7f", "\x85", "half \ud800 a pair", "evil \u202egnp.exe", "a\u2066b", "a\u2028b"],
)
def test_control_characters_are_not_stored(text):
    assert rules.forbidden_characters(text)
    assert rules.unstorable_text({"list": ["fine", [text]]})
    assert rules.unstorable_text({text: 1})


def test_ordinary_text_of_any_script_is_stored():
    text = "line\r\n\tZoë, 孩子, طفل, 👧🏽, کتاب\u200cها, 👨\u200d👩\u200d👧\u200e"
    assert not rules.forbidden_characters(text)
    assert not rules.unstorable_text([text, {"key": text}, 7, None])


@given(st.text(alphabet="abc._", min_size=1), st.uuids())
def test_a_reference_is_read_as_it_was_written(kind, id):
    assert rules.parse_ref(rules.RecordRef(kind, id).as_text()) == rules.RecordRef(kind, id)


@pytest.mark.parametrize("text", ["", "kind", "kind:", ":0190", "kind:not-an-id", "\x00:\x00"])
def test_other_text_is_no_reference(text):
    assert rules.parse_ref(text) is None


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("Callum Reyes opened it", True), ("CALLUM  reyes", True), ("Callum Reyésworth of another firm", False),
        ("McCallum Reyes", False), ("Callum's Reyes", False), ("“Callum Reyes”, police", True), ("", False),
    ],
)  # fmt: skip
def test_a_name_is_found_as_whole_words_only(text, there):
    assert rules.names(text, "Callum Reyes") is there


@pytest.mark.parametrize("text", ["", "   ", "ok", "Yes, do.", "x" * 40, "Later", " a  b  c "])
def test_what_nobody_could_understand_later_is_no_reason(text):
    with pytest.raises(rules.Refused, match="Say why it stands still") as refused:
        rules.check_reason(text, field="why", what="Say why it stands still.")
    assert refused.value.field == "why"


def test_a_few_words_are_a_reason_and_some_acts_ask_for_more():
    rules.check_reason("Recorded twice")
    with pytest.raises(rules.Refused, match="Give the reason in a sentence") as refused:
        rules.check_reason("Recorded twice", words=5)
    assert refused.value.field == "reason"
