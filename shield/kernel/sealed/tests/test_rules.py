"""The key ring outside the database."""

import json
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.kernel.sealed import rules


def test_a_new_key_file_is_for_its_owner_only_and_holds_every_purpose(tmp_path):
    path = tmp_path / "deep" / "keys.json"
    rules.create(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    ring = rules.load(path)
    assert all(len(ring.current(purpose)[1]) == 32 for purpose in rules.PURPOSES)


def test_an_existing_key_file_is_never_written_over(tmp_path):
    path = tmp_path / "keys.json"
    rules.create(path)
    before = path.read_text()
    with pytest.raises(FileExistsError):
        rules.create(path)
    assert path.read_text() == before


def test_the_last_key_is_in_use_and_older_ones_are_still_found(tmp_path):
    path = tmp_path / "keys.json"
    path.write_text(json.dumps({"history": {"k1": "aa", "k2": "bb"}}))
    ring = rules.load(path)
    assert ring.current("history") == ("k2", b"\xbb")
    assert ring.named("history", "k1") == b"\xaa"


def test_a_missing_key_says_which(tmp_path):
    ring = rules.KeyRing({"history": {}})
    with pytest.raises(rules.KeysMissing, match="history"):
        ring.current("history")
    with pytest.raises(rules.KeysMissing, match="tokens"):
        ring.current("tokens")
    with pytest.raises(rules.KeysMissing, match="k9"):
        ring.named("history", "k9")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "[]",
        '{"history": {"k1": "not hex"}}',
        '{"history": ["k1"]}',
        '{"history": {"k1": null}}',
        '{"history": {"k1": 7}}',
        "[" * 100_000,
        "\x00",
    ],
)
def test_an_unreadable_key_file_says_so_without_its_content(tmp_path, text):
    path = tmp_path / "keys.json"
    path.write_text(text)
    with pytest.raises(rules.KeysMissing, match=r"keys\.json") as said:
        rules.load(path)
    assert "not hex" not in str(said.value)


def test_an_absent_key_file_says_so(tmp_path):
    with pytest.raises(rules.KeysMissing, match="is missing"):
        rules.load(tmp_path / "absent.json")
    with pytest.raises(rules.KeysMissing, match="Is a directory"):
        rules.load(tmp_path)


@given(st.binary(min_size=1, max_size=64), st.binary(max_size=200), st.binary(max_size=200))
def test_a_mac_tells_messages_apart(key, one, other):
    assert rules.same(rules.mac(key, one), rules.mac(key, other)) == (one == other)


@given(st.text(), st.text(), st.text())
def test_a_sealed_text_opens_in_its_own_place_only(text, here, there):
    ring = rules.KeyRing({"tokens": {"k1": b"k" * 32}})
    closed = rules.seal(ring, text, here)
    assert rules.unseal(ring, closed, here) == text
    if here != there:
        with pytest.raises(rules.Unreadable):
            rules.unseal(ring, closed, there)


@pytest.mark.parametrize(
    "closed", ["", "typed in the clear", "k1.", "k1.AAAA", "k9.AAAAAAAAAAAAAAAAAAAAAAAAAAAA"]
)
def test_what_was_not_sealed_with_this_ring_does_not_open(closed):
    with pytest.raises(rules.Unreadable):
        rules.unseal(rules.KeyRing({"tokens": {"k1": b"k" * 32}}), closed, "here")
