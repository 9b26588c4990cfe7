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
    """One row of a chain as stored."""

    sequence: int
    payload: str
    key_id: str
    mac: str


@dataclass(frozen=True)
class Verdict:
    """What verification found."""

    count: int
    sound: bool
    first_fault: str = ""


def canonical(values: dict[str, str | int | None]) -> str:
    """The same text for the same values on every database: sorted keys, no spaces."""
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def moment(at: datetime) -> str:
    """A moment in UTC to the microsecond, as it is hashed."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def chain_mac(key: bytes, before: str, sequence: int, payload: str) -> str:
    """The MAC of one entry, bound to its place and to the entry before it."""
    return sealed.mac(key, f"{before}\n{sequence}\n{payload}".encode())


def verify(
    links: Iterable[Link],
    head_count: int,
    head_mac: str,
    anchor: tuple[int, str] | None,
    ring: sealed.KeyRing,
) -> Verdict:
    """Walk a chain and name the first entry that was changed, removed or reordered, or a cut tail."""
    before, expected, at_anchor = START, 1, None
    for link in links:
        if link.sequence != expected:
            return Verdict(
                expected - 1,
                False,
                f"Entry {expected} is missing: entry {link.sequence} stands in its place.",
            )
        try:
            key = ring.named("history", link.key_id)
        except sealed.KeysMissing as missing:
            return Verdict(expected - 1, False, f"Entry {expected} cannot be checked: {missing}")
        if not sealed.same(chain_mac(key, before, link.sequence, link.payload), link.mac):
            return Verdict(expected - 1, False, f"Entry {expected} was changed, or the entry before it was.")
        before, expected = link.mac, expected + 1
        if anchor and link.sequence == anchor[0]:
            at_anchor = link.mac
    return _tail(expected - 1, before, head_count, head_mac, anchor, at_anchor)


def _tail(
    count: int,
    last: str,
    head_count: int,
    head_mac: str,
    anchor: tuple[int, str] | None,
    at_anchor: str | None,
) -> Verdict:
    if anchor and count < anchor[0]:
        return Verdict(
            count, False, f"The end is cut off: {anchor[0]} entries were written, {count} are there."
        )
    if anchor and at_anchor != anchor[1]:
        return Verdict(count, False, f"Entry {anchor[0]} is not the entry that was written.")
    if (head_count, head_mac) != (count, last if count else START):
        return Verdict(count, False, f"The head says {head_count} entries, {count} are there.")
    return Verdict(count, True)
