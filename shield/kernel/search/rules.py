"""What was typed and how it is compared: folding, words, near words, excerpts. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from rapidfuzz import process
from rapidfuzz.distance import OSA

from shield.kernel.records.rules import fold

TYPED_LIMIT = 200
"""Characters of a search that are read; nobody types more."""
WORD_LIMIT = 12
"""Words of a search that are looked for."""
LETTERS_LIMIT = 60
"""Characters of one word; what is longer is no word."""
TEXT_LIMIT = 150_000
"""Characters of a text that are searched; PostgreSQL takes about a million bytes in all."""
EXCERPT = 240
"""Characters of a text that a result shows."""
SHORTEST_BEGINNING = 3
"""Letters from which on the last word typed stands for every word that begins with it."""
SHORTEST_NEAR = 4
"""Letters of a word from which on a misspelling is looked for."""
_APOSTROPHES = re.compile("['’‘ʼ]")
_REFERENCE = re.compile(r"[A-Za-z]{2,6}-\d{1,8}")
_WORD = re.compile(r"[^\W_]+")
_RUN = re.compile(r"[^\W_]+(?:['’‘ʼ][^\W_]+)*")
_MARKS = re.compile(r"\{\{.*?\}\}|[#*_|`>\[\]{}]+")
_ENDINGS = (
    "ations", "ation", "ingly", "ments", "ment", "ings", "edly", "ing", "ies", "ied", "ion", "ed", "es", "ly", "s", "y", "e",
)  # fmt: skip
_TELL_NOTHING = """
a about above after again against all am an and any are as at be because been before being below between both but by can
did do does doing don down during each few for from further had has have having he her here hers herself him himself his
how i if in into is it its itself just me more most my myself no nor not now of off on once only or other our ours
ourselves out over own s same she should so some such t than that the their theirs them themselves then there these they
this those through to too under until up very was we were what when where which while who whom why will with you your
yours yourself yourselves
"""
STOP_WORDS = frozenset(_TELL_NOTHING.split())
"""English words that tell nothing; PostgreSQL's dictionary leaves out the same."""


@dataclass(frozen=True)
class Term:
    """One word that must be there; or any of several spellings of it."""

    spellings: tuple[str, ...]
    beginning: str = ""
    """Also every word that begins with this."""


@dataclass(frozen=True)
class Asked:
    """What somebody typed, as it is shown again and as it is looked for."""

    typed: str
    words: tuple[str, ...]
    shortened: bool = False

    @property
    def is_reference(self) -> bool:
        """Whether it is a record's own reference, such as MTG-0007: that is found whole, or nothing is."""
        return _REFERENCE.fullmatch(self.typed) is not None

    @property
    def terms(self) -> tuple[Term, ...]:
        """Every word must be there; the last may be the beginning of one."""
        if self.is_reference:
            return (Term((" ".join(self.words),)),)
        return tuple(
            Term((word,), word if last and len(word) >= SHORTEST_BEGINNING else "")
            for word, last in zip(self.words, _lasts(len(self.words)), strict=True)
        )


def _lasts(count: int) -> list[bool]:
    return [number == count - 1 for number in range(count)]


def ask(typed: str) -> Asked:
    """Read what was typed; without a word that tells anything, `words` is empty."""
    clean = " ".join("".join(c if c.isprintable() else " " for c in typed[: TYPED_LIMIT * 4]).split())
    shown = clean[:TYPED_LIMIT]
    found = list(dict.fromkeys(word for word in words_of(shown) if word not in STOP_WORDS))
    return Asked(
        shown, tuple(found[:WORD_LIMIT]), len(typed.strip()) > TYPED_LIMIT or len(found) > WORD_LIMIT
    )


def words_of(text: str) -> list[str]:
    """The words of a text, folded: no case, no accents, no apostrophes."""
    return [word[:LETTERS_LIMIT] for word in _WORD.findall(fold(_APOSTROPHES.sub("", text)))]


def folded(text: str) -> str:
    """A text as it is searched, the same on every database: its folded words, a space between."""
    return " ".join(words_of(text[:TEXT_LIMIT]))[:TEXT_LIMIT]


def is_called(folded_title: str, words: Sequence[str]) -> bool:
    """Whether a folded title, its reference left out, is just these words: what somebody types who knows the name."""
    title = folded_title.split()
    return set(words) == {word for word in title if word not in STOP_WORDS} or (
        len(title) > 2
        and title[-1].isdigit()
        and set(words) == {w for w in title[:-2] if w not in STOP_WORDS}
    )


def plain(text: str) -> str:
    """A text as an excerpt shows it: one line, without marks of formatting and names of figures."""
    return " ".join(_MARKS.sub(" ", text).split())


def worth_knowing(words: Iterable[str]) -> set[str]:
    """The words that a misspelt one may have meant."""
    return {w for w in words if SHORTEST_NEAR <= len(w) <= 40 and w.isalpha() and w not in STOP_WORDS}


# Spelling ---------------------------------------------------------------------------------------------


def tolerance(word: str) -> int:
    """How many letters may be wrong, missing, too many or changed over."""
    if len(word) < SHORTEST_NEAR or not word.isalpha():
        return 0
    return 1 if len(word) < 6 else 2 if len(word) < 10 else 3


def near(word: str, known: Sequence[str], limit: int = 6) -> list[str]:
    """Known words that this may be a misspelling of, the nearest first; never the word itself."""
    allowed = tolerance(word)
    if not allowed:
        return []
    found = process.extract(word, known, scorer=OSA.distance, score_cutoff=allowed, limit=limit * 5)
    # Whoever gets more than one letter wrong gets the first one right: “neglect” is not “reflect”.
    likely = [each for each in found if each[1] == 1 or (each[1] and each[0][:1] == word[:1])]
    # Only the nearest: beside “missing” for “mising”, “moving” and “making” would be noise.
    nearest = min((each[1] for each in likely), default=0)
    ranked = sorted(likely, key=lambda each: (each[1], each[0][:1] != word[:1], each[0]))
    return [each[0] for each in ranked if each[1] == nearest][:limit]


def suggestion(words: Sequence[str], nearest: dict[str, list[str]], texts: Sequence[str]) -> str:
    """The search that was meant: of each word the nearest spelling that stands in what was found; empty if none.

    `texts` are folded texts that the person may see, so a suggestion holds no word that they could not read.
    """
    seen = {word for text in texts for word in text.split()}
    roots = {root(word) for word in seen}
    chosen = []
    for word in words:
        meant = next((each for each in nearest.get(word, ()) if each in seen), word)
        chosen.append(word if root(word) in roots else meant)
    return " ".join(chosen) if chosen != list(words) else ""


# What a database is asked -----------------------------------------------------------------------------


def for_sqlite(terms: Sequence[Term], place: str) -> str:
    """The search as FTS5 reads it; the words hold letters and digits only, so nothing typed is an operator."""
    return f'place : "{place}" AND {{folded_title folded_text}} : ({_fts5(terms)})'


def for_sqlite_titles(terms: Sequence[Term], place: str) -> str:
    """The same search in titles only."""
    return f'place : "{place}" AND folded_title : ({_fts5(terms)})'


def _fts5(terms: Sequence[Term]) -> str:
    return " AND ".join(
        "("
        + " OR ".join(
            [
                *(f'"{each}"' for each in term.spellings),
                *([f'"{term.beginning}" *'] if term.beginning else []),
            ]
        )
        + ")"
        for term in terms
    )


def for_postgres(terms: Sequence[Term]) -> str:
    """The search as `to_tsquery` reads it."""
    return " & ".join(
        "("
        + " | ".join(
            [
                *(f"'{each}'" for each in term.spellings),
                *([f"'{term.beginning}':*"] if term.beginning else []),
            ]
        )
        + ")"
        for term in terms
    )


# What a result shows ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Piece:
    """A piece of a text, marked if it is a word that was looked for."""

    text: str
    marked: bool = False


def root(word: str) -> str:
    """A word without its ending, near enough to mark “meetings” for “meeting”; the database finds by its own rule."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def marked(text: str, terms: Sequence[Term]) -> list[Piece]:
    """A text in pieces, the words that were looked for marked."""
    pieces, end = [], 0
    for start, stop in _hits(text, terms):
        if start > end:
            pieces.append(Piece(text[end:start]))
        pieces.append(Piece(text[start:stop], True))
        end = stop
    return [*pieces, Piece(text[end:])] if end < len(text) else pieces


def excerpt(text: str, terms: Sequence[Term], length: int = EXCERPT) -> str:
    """The part of a text around the first word that was looked for; its beginning if there is none."""
    if len(text) <= length:
        return text
    at = next((start for start, _ in _hits(text, terms)), 0)
    start = max(0, min(at - length // 4, len(text) - length))
    if start:
        start = text.find(" ", start) + 1 or start
    piece = text[start : start + length]
    if start + length < len(text):
        piece = (piece.rsplit(" ", 1)[0] if " " in piece else piece) + "…"
    return f"…{piece}" if start else piece


def _hits(text: str, terms: Sequence[Term]) -> Iterable[tuple[int, int]]:
    roots = {root(each) for term in terms for each in term.spellings}
    beginnings = tuple(term.beginning for term in terms if term.beginning)
    for found in islice(_RUN.finditer(text), 20_000):
        words = words_of(found[0])
        if any(root(word) in roots or (beginnings and word.startswith(beginnings)) for word in words):
            yield found.span()
