"""Which entries may tell of the same event, and where they contradict each other. Nothing here decides: it proposes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from shield.kernel.calendar.rules import in_words
from shield.kernel.calendar.rules.approximate import ApproximateDate
from shield.kernel.calendar.rules.reading import Doubtful, read
from shield.kernel.records.rules import fold

STEPS: tuple[tuple[int, int, float], ...] = ((0, 3, 0.5), (1, 3, 0.6), (7, 5, 0.75))
"""For two agencies: so many days apart, that many words in common, and that share of the shorter text."""
WITHIN_AGENCY = (0, 4, 0.8)
"""The same for one agency, which often writes alike of events that are not the same."""
WIDEST = 31
"""Days; what is known less exactly than a month is proposed with nothing."""
MOST_OF_ONE = 5
"""Proposals for one entry; of more, only the most alike are shown to a person."""
COMMON = frozenset(
    """
    about after again agreed all also and any are aware because been before being but call called calls case child children
    contact could did discussed due email father following for from had has have her him his home informed into made meeting
    mother mum dad not noted now off one our out over phone police professional recorded regarding reported said school see
    seen she social some staff stated that the their them then there they this today told too two under update via visit was
    were what when where which who will with worker would young your family parent
    """.split()  # noqa: SIM905 - a list of words is read as words
)
"""Words that nearly every entry has; sharing them says nothing."""
_WORD = re.compile(r"[a-z][a-z'’]{2,}|\d{2,}")


def words_of(text: str) -> frozenset[str]:
    """The words of a text by which it is compared: without common ones, and without their commonest endings."""
    found = (
        re.sub(r"(['’]s|ing|ed|es|s)$", "", word) for word in _WORD.findall(fold(text)) if word not in COMMON
    )
    return frozenset(word for word in found if len(word) > 2)


@dataclass(frozen=True, slots=True)
class Compared:
    """One entry as it is compared: days from the first to the last that it may have happened on."""

    id: Any
    agency: Any
    first: int
    last: int
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Alike:
    """Two entries that may tell of the same event, and how much speaks for it."""

    one: Any
    other: Any
    apart: int
    shared: int
    of: int

    @property
    def why(self) -> str:
        """In words."""
        days = {0: "On the same day", 1: "A day apart"}.get(self.apart, f"{self.apart} days apart")
        return f"{days}, {self.shared} of {self.of} words in common"

    @property
    def strength(self) -> tuple[float, int]:
        """More is more alike."""
        return self.shared / self.of, -self.apart


def may_be_one(one: Compared, other: Compared) -> Alike | None:
    """Whether two entries are so alike that a person should look."""
    apart = max(other.first - one.last, one.first - other.last, 0)
    steps = STEPS if one.agency != other.agency else (WITHIN_AGENCY,)
    if apart > steps[-1][0]:
        return None
    shared = len(one.words & other.words)
    if shared < steps[0][1]:
        return None
    of = min(len(one.words), len(other.words))
    for days, least, share in steps:
        if apart <= days:
            return (
                Alike(one.id, other.id, apart, shared, of)
                if shared >= least and shared >= share * of
                else None
            )
    return None


def alike(entries: Iterable[Compared]) -> list[Alike]:
    """All pairs that a person should look at, by nearness in time first; at most a few for each entry."""
    known = sorted((e for e in entries if e.last - e.first < WIDEST and e.words), key=lambda e: e.first)
    found: list[Alike] = []
    for at, one in enumerate(known):
        for other in _ahead(known, at + 1, one.last + STEPS[-1][0]):
            if pair := may_be_one(one, other):
                found.append(pair)
    return list(_few(found))


def _ahead(known: Sequence[Compared], start: int, until: int) -> Iterator[Compared]:
    for at in range(start, len(known)):
        if known[at].first > until:
            return
        yield known[at]


def _few(found: list[Alike]) -> Iterator[Alike]:
    counts: dict[Any, int] = {}
    for pair in sorted(found, key=lambda each: each.strength, reverse=True):
        if max(counts.get(pair.one, 0), counts.get(pair.other, 0)) < MOST_OF_ONE:
            counts[pair.one] = counts.get(pair.one, 0) + 1
            counts[pair.other] = counts.get(pair.other, 0) + 1
            yield pair


def differ(one: ApproximateDate, other: ApproximateDate) -> str:
    """How the days or times that two entries give for one event differ, in words; empty if both can be true."""
    return f"{one.in_english()}, and {other.in_english()}" if one.excludes(other) else ""


# Dates of birth ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Birth:
    """A date of birth that an entry gives: of whom, as far as it says, and when."""

    entry: Any
    person: str
    day: date


_BORN = re.compile(
    r"(?:\bd\.?\s?o\.?\s?b\b\.?|\bdate of birth\b|\bborn\b)\s*(?:on|is|was|as|of)?\s*[:=]?\s*(?:on\s+)?"
    r"(?P<day>\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*(?:\d{4}|\d{2})|\d{1,2}(?:st|nd|rd|th)?\s+(?:of\s+)?[A-Za-z]{3,9},?\s+\d{4}"
    r"|\d{4}-\d{2}-\d{2})",
    re.IGNORECASE,
)
_NAME_BEFORE = re.compile(
    r"((?:[A-Z][\w'’-]+\s+){0,3}[A-Z][\w'’-]+)\s*(?:['’]s)?[\s,(\[–-]*(?:(?:was|is|whose|with)\s+)*$"
)
_NO_NAMES = frozenset(
    {"child", "the", "dob", "mother", "father", "mum", "dad", "he", "she", "date", "sibling", "baby", "born"}
)


def births_in(entry: Any, text: str, people: str, *, latest: date) -> list[Birth]:
    """The dates of birth that a text gives, each with whom it is said of; nobody's if it does not say."""
    found = []
    for match in _BORN.finditer(text):
        try:
            when = read(match["day"], latest=latest)
        except Doubtful:
            continue
        if when.first is None:
            continue
        before = _NAME_BEFORE.search(text[: match.start()])
        words = [
            w
            for w in (before[1].split() if before else [])
            if fold(re.sub(r"['’]s$", "", w)) not in _NO_NAMES
        ]
        found.append(Birth(entry, " ".join(words) or _only(people), when.first))
    return found


def _only(people: str) -> str:
    """The person concerned, if only one is named."""
    named = [name.strip() for name in re.split(r"[,;/\n]|\band\b", people) if name.strip()]
    return named[0] if len(named) == 1 else ""


def same_person(one: str, other: str) -> bool:
    """Whether two names may be one person's: all words of the shorter are in the longer."""
    first, second = set(fold(one).split()), set(fold(other).split())
    return first <= second or second <= first if first and second else first == second


@dataclass
class _Person:
    name: str
    days: dict[date, Birth] = field(default_factory=dict)


def births_that_differ(births: Iterable[Birth]) -> list[tuple[Birth, Birth, str]]:
    """For each person two entries for each pair of different days, the first that gives each, and the words for it."""
    people: list[_Person] = []
    for birth in births:
        person = next((p for p in people if same_person(p.name, birth.person)), None)
        if person is None:
            person = _Person(birth.person)
            people.append(person)
        person.name = max(person.name, birth.person, key=len)
        person.days.setdefault(birth.day, birth)
    found = []
    for person in people:
        given = list(person.days.values())
        who = person.name or "somebody who is not named"
        found += [
            (given[0], other, f"Date of birth of {who}: {in_words(given[0].day)}, and {in_words(other.day)}")
            for other in given[1:]
        ]
    return found
