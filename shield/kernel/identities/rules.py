"""Finding names and their spellings in free text, and putting pseudonyms in their place. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import groupby

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

WORD = re.compile(r"[^\W_](?:[^\W_]|[\u00ad\u200b-\u200d\u2060\ufeff'’ʼ-])*")
"""A word with what may stand inside it: a hyphen, an apostrophe, characters that do not show."""
SHORTEST = 2
"""Letters of a part of a name that is looked for; initials are not."""
ALONE_FROM = 3
"""Letters from which a part means somebody by itself; a shorter one with a capital is asked about ("Li", "Bo")."""
NEAR_FROM = 4
"""Letters from which a part of a name is looked for in other spellings."""
LOWER_FROM = 6
"""Letters from which that is done for a word in small letters as well."""
TWO_FROM = 8
"""Letters from which two of them may differ."""
TITLES = frozenset(
    [
        "mr",
        "mrs",
        "miss",
        "ms",
        "mx",
        "dr",
        "prof",
        "sir",
        "lady",
        "baby",
        "child",
        "mother",
        "father",
        "nan",
        "gran",
        "unborn",
        "unknown",
        "not",
        "known",
        "of",
        "the",
        "and",
        "name",
    ]
)
"""Words that stand in what is given as a name and are none: titles, “unborn baby of”, “name not known”."""


def day_of(text: str) -> date:
    """A date of birth as the vault keeps it."""
    return date.fromisoformat(text)


def fold(text: str) -> str:
    """A word as it is compared: without case, accents, apostrophes and characters that do not show."""
    plain = unicodedata.normalize("NFKD", text)
    kept = (c for c in plain if unicodedata.category(c)[0] in "LN" or c == "-")
    folded = "".join(kept).casefold().strip("-")
    return folded


def _stem(text: str) -> str:
    """A word without the s of its owner: Jordan's."""
    return re.sub(r"['’ʼ]s$", "", text, flags=re.IGNORECASE)


@dataclass(frozen=True)
class Known:
    """A pseudonym and every name and spelling that is known to mean the same person."""

    pseudonym: str
    names: tuple[str, ...]

    @property
    def parts(self) -> set[str]:
        """The words of the names, folded: first names, surnames, each part of a double one."""
        words = {part for name in self.names for word in WORD.findall(name) for part in _folded_parts(word)}
        return {word for word in words if len(word) >= SHORTEST and word not in TITLES}


def _folded_parts(word: str) -> set[str]:
    whole = fold(_stem(word))
    return {whole.replace("-", ""), *whole.split("-")}


@dataclass(frozen=True)
class Hit:
    """A stretch of a text that is a name, or could be one."""

    start: int
    end: int
    text: str
    pseudonym: str
    exact: bool
    """Whether it is a known spelling that means one person; else somebody must say what it is."""

    @property
    def word(self) -> str:
        """As verdicts are kept: folded."""
        return " ".join(fold(_stem(word)) for word in WORD.findall(self.text))


@dataclass(frozen=True)
class Vocabulary:
    """Everything that is known of a case's names: who is who, and what was decided of doubtful words."""

    known: tuple[Known, ...]
    verdicts: Mapping[str, str] = field(default_factory=dict)
    """By a folded word: the pseudonym of whom it means, or nothing if it is no name here."""

    @cached_property
    def owners(self) -> dict[str, frozenset[str]]:
        """Whose a part of a name is; one surname may be several people's."""
        found: dict[str, set[str]] = {}
        for each in self.known:
            for part in each.parts:
                found.setdefault(part, set()).add(each.pseudonym)
        return {part: frozenset(whose) for part, whose in found.items()}

    @cached_property
    def _long(self) -> tuple[str, ...]:
        return tuple(part for part in self.owners if len(part) >= NEAR_FROM)

    @cached_property
    def _seen(self) -> dict[str, frozenset[str]]:
        return {}

    def whose(self, word: str, is_lower: bool) -> tuple[frozenset[str], bool]:
        """To whom a folded word belongs, and whether it is spelt as known.

        A short word in small letters is not taken for a misspelt name: too many are a letter apart ("park", "Mark").
        """
        if len(word) < ALONE_FROM:
            return (frozenset() if is_lower else self.owners.get(word, frozenset())), False
        if word in self.owners:
            return self.owners[word], not is_lower
        key = word if is_lower else word.upper()
        if key not in self._seen:
            self._seen[key] = self._near(word, LOWER_FROM if is_lower else NEAR_FROM)
        return self._seen[key], False

    def _near(self, word: str, shortest: int) -> frozenset[str]:
        """Whose name is spelt nearly so: a letter other, added, left out or changed with its neighbour."""
        if len(word) < NEAR_FROM - 1:
            return frozenset()
        close = process.extract(
            word, self._long, scorer=DamerauLevenshtein.distance, score_cutoff=2, limit=None
        )
        whose: set[str] = set()
        for part, distance, _ in close:
            if len(part) >= shortest and _is_near(part, word, distance):
                whose |= self.owners[part]
        return frozenset(whose)


def _is_near(part: str, word: str, distance: int) -> bool:
    """Whether a word may be a part of a name misspelt: it begins alike, and a long one may differ in two letters."""
    return part[0] == word[0] and distance <= (2 if min(len(part), len(word)) >= TWO_FROM else 1)


def find_names(text: str, known: Vocabulary | Iterable[Known]) -> list[Hit]:
    """Every known name in a text and every word that could be one, in order.

    Words that follow each other and can mean one person are one hit. What was decided to be no name is left out; what
    was decided to be somebody counts as exact. A word all in small letters that reads like a name ("hope") could be
    one and is not exact.
    """
    words = vocabulary(known)
    hits = []
    for together in _together(text, _candidates(text, words)):
        hit = _hit(text, together, words)
        if hit is not None:
            hits.append(hit)
    return hits


@dataclass(frozen=True)
class _Candidate:
    start: int
    end: int
    whose: frozenset[str]
    exact: bool


def _candidates(text: str, words: Vocabulary) -> Iterator[_Candidate]:
    for match in WORD.finditer(text):
        raw = _stem(match.group())
        found = _of_word(raw, words)
        if found is not None:
            whose, exact = found
            yield _Candidate(match.start(), match.start() + len(raw), whose, exact)


def _of_word(raw: str, words: Vocabulary) -> tuple[frozenset[str], bool] | None:
    """Whose name a word is, or one of the words joined in it by a hyphen; None if nobody's."""
    folded = fold(raw)
    joined = folded.replace("-", "")
    best: tuple[frozenset[str], bool] | None = None
    for part in dict.fromkeys((joined, *folded.split("-"))):
        if len(part) < SHORTEST or part in TITLES:
            continue
        whose, spelt = words.whose(part, raw.islower())
        if whose and (best is None or (spelt and not best[1])):
            best = whose, spelt
    return best


def _together(text: str, candidates: Iterable[_Candidate]) -> Iterator[list[_Candidate]]:
    """Neighbours with nothing but a space between them that can mean one and the same person."""
    run: list[_Candidate] = []
    for each in candidates:
        if run and not (text[run[-1].end : each.start].strip(" \u00a0") == "" and _shared(run) & each.whose):
            yield run
            run = []
        run.append(each)
    if run:
        yield run


def _shared(run: list[_Candidate]) -> frozenset[str]:
    return frozenset.intersection(*(each.whose for each in run))


def _hit(text: str, run: list[_Candidate], words: Vocabulary) -> Hit | None:
    start, end = run[0].start, run[-1].end
    whose = sorted(_shared(run))
    means_one = any(each.exact and len(each.whose) == 1 for each in run) or all(each.exact for each in run)
    exact = means_one and len(whose) == 1
    hit = Hit(start, end, text[start:end], whose[0] if len(whose) == 1 else "", exact)
    if exact:
        return hit
    verdict = words.verdicts.get(hit.word)
    if verdict is None:
        return hit
    return Hit(start, end, hit.text, verdict, True) if verdict else None


def vocabulary(known: Vocabulary | Iterable[Known]) -> Vocabulary:
    """Known names as a vocabulary."""
    return known if isinstance(known, Vocabulary) else Vocabulary(tuple(known))


def with_pseudonyms(text: str, known: Vocabulary | Iterable[Known]) -> str:
    """The text with each name that means one person replaced; doubtful words stay, so ask `doubtful` first."""
    parts, at = [], 0
    for hit in find_names(text, known):
        if hit.exact:
            parts += [text[at : hit.start], hit.pseudonym]
            at = hit.end
    return "".join([*parts, text[at:]])


@dataclass(frozen=True)
class Doubt:
    """A word that could be somebody's name and of which nobody has said yet what it is."""

    word: str
    text: str
    pseudonym: str
    count: int
    where: str
    """In which text it stands first."""
    around: str
    """The words about it."""


def doubtful(texts: Iterable[tuple[str, str]], known: Vocabulary | Iterable[Known]) -> list[Doubt]:
    """Of texts, each with what it is called, the words that a person must decide on; each word once, in order."""
    words = vocabulary(known)
    found = [(hit, where, text) for where, text in texts for hit in find_names(text, words) if not hit.exact]
    first = {hit.word: number for number, (hit, _, _) in reversed(list(enumerate(found)))}
    found.sort(key=lambda each: first[each[0].word])
    doubts = []
    for word, group in groupby(found, key=lambda each: each[0].word):
        rows = list(group)
        hit, where, text = rows[0]
        doubts.append(Doubt(word, hit.text, hit.pseudonym, len(rows), where, _around(text, hit)))
    return doubts


SHOWN = 60
"""Doubtful words on one page; the others follow when these are decided."""


def named(texts: Iterable[tuple[str, str]], known: Vocabulary | Iterable[Known]) -> list[tuple[str, Hit]]:
    """Every name or word that could be one, with what its text is called: what must not go out as it is."""
    words = vocabulary(known)
    return [(where, hit) for where, text in texts for hit in find_names(text, words)]


def _around(text: str, hit: Hit, letters: int = 40) -> str:
    before = text[max(0, hit.start - letters) : hit.start]
    after = text[hit.end : hit.end + letters]
    return " ".join(f"{'…' if hit.start > letters else ''}{before}{hit.text}{after}".split())
