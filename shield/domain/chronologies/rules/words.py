"""The words of texts, and on which shelf each stands: how a word is found in many sealed texts without opening them. Pure.

A shelf holds words and the numbers of the entries in which they stand; it is sealed as a whole. Which shelf is a keyed
hash of how a word begins, so that a beginning is looked for on one shelf too.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from shield.kernel.records.rules import fold

SHELVES = 64
WHOLE = 0
"""The shelf of a small table, on which all its words stand."""
SMALL = 500
"""Entries of a table whose words stand on one shelf."""
BEGINNING = 3
"""Letters of a word by which its shelf is found; a shorter word is found as a whole only."""
STEP = 1024
"""Letters by which a shelf is filled up, so that its length does not tell how many words are on it."""
_WORD = re.compile(r"[^\W_]+")

Postings = defaultdict[str, list[int]]


def words_of(text: str) -> frozenset[str]:
    """The words of a text, folded."""
    return frozenset(_WORD.findall(fold(text)))


_known = lru_cache(maxsize=4_096)(words_of)
"""Sources, people and actions of one table repeat themselves."""


def shelf_of(word: str, key: str) -> int:
    """On which shelf a word stands, and all that begin like it."""
    return _shelf(word[:BEGINNING], key)


@lru_cache(maxsize=65_536)
def _shelf(beginning: str, key: str) -> int:
    digest = hashlib.blake2b(beginning.encode(), key=key.encode()[:64], digest_size=4).digest()
    return 1 + int.from_bytes(digest) % SHELVES


@dataclass
class Catalogue:
    """Where words stand: by word the numbers of entries, of what is told of whom, and of all else apart. A number may stand twice."""

    told: Postings = field(default_factory=lambda: defaultdict(list))
    """Of what happened and of the people concerned."""
    more: Postings = field(default_factory=lambda: defaultdict(list))

    def add(self, number: int, told: str, people: str, more: Iterable[str]) -> None:
        """Take in the texts of an entry: what happened, the people concerned, and all else."""
        first = words_of(told) | _known(people)
        for word in first:
            self.told[word].append(number)
        for text in more:
            if text:
                for word in _known(text):
                    self.more[word].append(number)

    def shelves(self, key: str) -> dict[int, str]:
        """What stands on each shelf, filled up; every shelf is there, so that none says anything by being there."""
        made: dict[int, tuple[dict[str, str], dict[str, str]]] = {
            number: ({}, {}) for number in range(1, SHELVES + 1)
        }
        for at, postings in enumerate((self.told, self.more)):
            for word, numbers in postings.items():
                made[shelf_of(word, key)][at][word] = " ".join(map(str, numbers))
        return {number: _filled(shelf) for number, shelf in made.items()}

    def on_one(self, others: Iterable[int] = ()) -> str:
        """All of it as one shelf; `others` are the entries of which only this shelf tells."""
        postings = (self.told, self.more)
        held = [{word: " ".join(map(str, numbers)) for word, numbers in each.items()} for each in postings]
        return _filled((*held, " ".join(map(str, others))))


def _filled(shelf: object) -> str:
    text = json.dumps(shelf, ensure_ascii=False, separators=(",", ":"))
    step = max(STEP, 1 << max(len(text).bit_length() - 4, 0))
    return text + " " * (-len(text.encode()) % step)


def found_on(shelf: str, word: str, *, told_only: bool) -> set[int]:
    """The entries in which a word stands, or a longer one that begins so, as one shelf has it."""
    parts = json.loads(shelf)
    found: set[int] = set()
    for postings in parts[:1] if told_only else parts[:2]:
        found.update(map(int, " ".join(_meant(postings, word)).split()))
    return found


def _meant(postings: Mapping[str, str], word: str) -> list[str]:
    if len(word) < BEGINNING:
        return [postings[word]] if word in postings else []
    return [numbers for each, numbers in postings.items() if each.startswith(word)]


def told_apart(shelf: str) -> set[int]:
    """The entries of which only this shelf tells, whatever their table's shelves say."""
    parts = json.loads(shelf)
    return set(map(int, parts[2].split())) if len(parts) > 2 else set()


def flags(numbers: Iterable[int]) -> bytes:
    """A sign for each number from 1 on: `1` where it is meant."""
    given = list(numbers)
    made = bytearray(b"0" * max(given, default=0))
    for number in given:
        made[number - 1] = 49
    return bytes(made)
