"""The chain: what is hashed, and how a broken link is found. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from shield.kernel.sealed import rules as sealed

START = "0" * 64
"""What stands before the first entry of a chain."""


@dataclass(frozen=True)
class Link:
    """One row of a chain as stored; without a payload if it cannot even be read as it was written."""

    sequence: int
    payload: str | None
    key_id: str
    mac: str


@dataclass(frozen=True)
class Anchor:
    """What is remembered outside the database: the first end that was kept, and the furthest with its MAC."""

    first: int
    count: int
    mac: str


@dataclass(frozen=True)
class Verdict:
    """What verification found; a note tells what is no fault of the chain and yet worth knowing."""

    count: int
    sound: bool
    first_fault: str = ""
    note: str = ""


def canonical(values: dict[str, str | int | None]) -> str:
    """The same text for the same values on every database: sorted keys, no spaces."""
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def moment(at: datetime) -> str:
    """A moment in UTC to the microsecond, as it is hashed."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def chain_mac(key: bytes, before: str, sequence: int, payload: str) -> str:
    """The MAC of one entry, bound to its place and to the entry before it."""
    return sealed.mac(key, f"{before}\n{sequence}\n{payload}".encode())


def read_anchor(text: str) -> Anchor | None:
    """The ends that an anchor file holds, one a line; None if it holds none."""
    pairs = [line.split(" ") for line in text.split("\n") if line.count(" ") == 1]
    ends = [(int(count), mac) for count, mac in pairs if count.isdecimal() and len(count) < 19]
    return Anchor(min(ends)[0], *max(ends)) if ends else None


def verify(
    links: Iterable[Link], head_count: int, head_mac: str, anchor: Anchor | None, ring: sealed.KeyRing
) -> Verdict:
    """Walk a chain and name the first entry that was changed, removed or reordered, or a cut tail."""
    before, expected, at_anchor = START, 1, None
    for link in links:
        fault = _fault(link, expected, before, ring)
        if fault:
            return Verdict(expected - 1, False, fault)
        before, expected = link.mac, expected + 1
        if anchor and link.sequence == anchor.count:
            at_anchor = link.mac
    count = expected - 1
    fault = _fault_of_the_end(count, before, (head_count, head_mac), anchor, at_anchor)
    return Verdict(count, not fault, fault, _note(count, anchor) if anchor and not fault else "")


def _fault(link: Link, expected: int, before: str, ring: sealed.KeyRing) -> str:
    """What is wrong with one entry; empty if nothing is."""
    if link.sequence != expected:
        return f"Entry {expected} is missing: entry {link.sequence} stands in its place."
    if link.payload is None:
        return f"Entry {expected} was changed: it cannot be read as it was written."
    try:
        key = ring.named("history", link.key_id)
    except sealed.KeysMissing as missing:
        return f"Entry {expected} cannot be checked: {missing}"
    if not sealed.same(chain_mac(key, before, link.sequence, link.payload), link.mac):
        return f"Entry {expected} was changed, or the entry before it was."
    return ""


def _fault_of_the_end(
    count: int, last: str, head: tuple[int, str], anchor: Anchor | None, at_anchor: str | None
) -> str:
    """What is wrong with where the chain ends; empty if nothing is.

    A history begins with the founding of its partnership and is anchored from then on, so that neither an
    empty chain nor a missing anchor is ever in order: whoever cuts the end off would remove the anchor too.
    """
    if anchor and count < anchor.count:
        return f"The end is cut off: {anchor.count} entries were written, {count} are there."
    if not count:
        return "There is no entry at all, though a history begins with the founding of its partnership."
    if head != (count, last):
        return f"The head says {head[0]} entries, {count} are there."
    if anchor is None:
        return (
            f"The anchor outside the database is missing or empty, so nobody can tell whether entries after "
            f"entry {count} were cut off."
        )
    if at_anchor != anchor.mac:
        return f"Entry {anchor.count} is not the entry that was written."
    return ""


def _note(count: int, anchor: Anchor) -> str:
    if anchor.count < count:
        return (
            f"The anchor outside the database stands at entry {anchor.count}: the entries after it were not "
            "anchored. Can its file be written?"
        )
    if anchor.first > 1:
        return (
            f"The anchor outside the database was begun anew at entry {anchor.first}; nothing outside vouches "
            "for what was written until then."
        )
    return ""
