"""The chain as values: what is hashed, and how the first fault is named."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.kernel.history import rules
from shield.kernel.sealed.rules import KeyRing

RING = KeyRing({"history": {"k1": b"first", "k2": b"second"}})


def chain(length, ring=RING):
    links, before = [], rules.START
    for number in range(1, length + 1):
        key_id = "k1" if number < 4 else "k2"
        mac = rules.chain_mac(ring.named("history", key_id), before, number, f"event {number}")
        links.append(rules.Link(number, f"event {number}", key_id, mac))
        before = mac
    return links


def verdict(links, head=None, anchor=None, ring=RING):
    count, mac = head or (len(links), links[-1].mac if links else rules.START)
    return rules.verify(links, count, mac, anchor, ring)


def end_of(links, first=1):
    return rules.Anchor(first, len(links), links[-1].mac)


@given(st.integers(1, 12))
def test_an_untouched_chain_is_sound_across_a_change_of_key(length):
    links = chain(length)
    assert verdict(links, anchor=end_of(links)) == rules.Verdict(length, True)


@given(st.integers(1, 9), st.data())
def test_a_changed_entry_is_named(length, data):
    links = chain(length)
    at = data.draw(st.integers(1, length))
    old = links[at - 1]
    links[at - 1] = rules.Link(old.sequence, old.payload + "!", old.key_id, old.mac)
    assert verdict(links).first_fault.startswith(f"Entry {at} was changed")


@given(st.integers(2, 9), st.data())
def test_a_removed_entry_is_named(length, data):
    links = chain(length)
    at = data.draw(st.integers(1, length - 1))
    head = (length, links[-1].mac)
    del links[at - 1]
    assert verdict(links, head).first_fault == f"Entry {at} is missing: entry {at + 1} stands in its place."


def test_reordered_entries_are_named():
    links = chain(5)
    first, second = links[1], links[2]
    links[1] = rules.Link(2, second.payload, second.key_id, second.mac)
    links[2] = rules.Link(3, first.payload, first.key_id, first.mac)
    assert verdict(links).first_fault.startswith("Entry 2 was changed")


def test_a_tail_cut_together_with_the_head_is_caught_by_the_anchor():
    links = chain(6)
    assert (
        verdict(links[:4], anchor=end_of(links)).first_fault
        == "The end is cut off: 6 entries were written, 4 are there."
    )


def test_without_an_anchor_nobody_can_vouch_for_the_end():
    assert "anchor outside the database is missing" in verdict(chain(6)[:4]).first_fault


def test_an_empty_chain_is_a_fault_since_a_history_begins_with_its_partnership():
    assert verdict([]).first_fault.startswith("There is no entry at all")
    assert verdict([], anchor=end_of(chain(3))).first_fault.startswith("The end is cut off")


def test_an_anchor_that_lags_or_was_begun_anew_is_no_fault_and_is_said():
    links = chain(6)
    lagging = verdict(links, anchor=end_of(links[:4]))
    assert (lagging.sound, "stands at entry 4" in lagging.note) == (True, True)
    anew = verdict(links, anchor=end_of(links, first=5))
    assert (anew.sound, "begun anew at entry 5" in anew.note) == (True, True)


@pytest.mark.parametrize(
    "text", ["", "junk", "x y\n", "\x00 \x00", "²  ²", "²² a", f"{'9' * 5000} a", "1\n2\n3"]
)
def test_a_file_that_holds_no_end_is_no_anchor(text):
    assert rules.read_anchor(text) is None


def test_an_anchor_is_the_first_and_the_furthest_end_in_any_order():
    assert rules.read_anchor("2 b\njunk\n7 g\n5 e\n") == rules.Anchor(2, 7, "g")


@pytest.mark.parametrize("mac", ["é", b"\xff", None, 7, ""])
def test_whatever_stands_in_the_place_of_a_mac_the_entry_is_named(mac):
    links = chain(5)
    links[2] = rules.Link(3, links[2].payload, links[2].key_id, mac)
    assert verdict(links).first_fault.startswith("Entry 3 was changed")


def test_an_entry_that_cannot_be_read_is_named():
    links = chain(5)
    links[2] = rules.Link(3, None, "", "")
    assert verdict(links).first_fault.startswith("Entry 3 was changed")


def test_a_tail_written_anew_is_caught_by_the_anchor():
    links = chain(3)
    other = rules.Anchor(1, 3, "f" * 64)
    assert "is not the entry that was written" in verdict(links, anchor=other).first_fault


def test_a_tail_cut_without_the_head_is_caught_by_the_head():
    links = chain(6)
    assert verdict(links[:5], (6, links[-1].mac)).first_fault == "The head says 6 entries, 5 are there."


def test_a_key_that_is_not_there_is_said():
    found = verdict(chain(5), ring=KeyRing({"history": {"k1": b"first"}}))
    assert found.first_fault.startswith("Entry 4 cannot be checked")


def test_the_order_of_keys_does_not_matter_to_the_hash():
    assert (
        rules.canonical({"b": 1, "a": "Zoë"}) == rules.canonical({"a": "Zoë", "b": 1}) == '{"a":"Zoë","b":1}'
    )


def test_a_moment_is_hashed_in_utc_whatever_its_zone():
    london = datetime(2019, 7, 29, 16, 0, tzinfo=ZoneInfo("Europe/London"))
    assert (
        rules.moment(london)
        == rules.moment(datetime(2019, 7, 29, 15, 0, tzinfo=UTC))
        == "2019-07-29T15:00:00.000000+00:00"
    )


@pytest.mark.parametrize(("before", "sequence", "payload"), [("a", 1, "p"), ("b", 2, "p"), ("b", 1, "q")])
def test_a_mac_is_bound_to_place_and_to_what_stands_before(before, sequence, payload):
    assert rules.chain_mac(b"k", before, sequence, payload) != rules.chain_mac(b"k", "b", 1, "p")
