"""Narrative beside figures: numbers typed by hand are found, figures are named and filled in. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from shield.kernel.documents.rules import blocks as b
from shield.kernel.documents.rules import markdown

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_WORDS = [
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
    "thirty",
    "forty",
    "fifty",
    "sixty",
    "seventy",
    "eighty",
    "ninety",
    "hundred",
    "thousand",
    "dozen",
    "half",
]
_NOT_COUNTED = re.compile(
    rf"\{{\{{.*?\}}\}}"  # a figure named
    rf"|\[[^\]]*\]\([^)]*\)"  # a link
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:{_MONTHS})(?:\s+\d{{4}})?"  # 14 October 2019
    rf"|\b(?:{_MONTHS})\s+\d{{4}}"  # October 2019
    r"|\b(?:19|20)\d{2}(?:\s*[/–-]\s*(?:19|20)?\d{2})?\b"  # 2019, 2018-19, 2019/20
    r"|\b(?:Priority|Priorities|Year|Level|Levels|Section|section|Chapter|Appendix|Recommendation|Issue|item|page)\s+\d+(?:\.\d+)*(?:\s*(?:,|and|to|–|-)\s*\d+(?:\.\d+)*)*"
    r"|\b[Tt]hree\s+(?:safeguarding|statutory|lead|leading)?\s*partners?\b"
    r"|\b(?:one|two|three)\s+of\s+(?:us|them)\b"
)
_NUMBER = re.compile(rf"£?\d+(?:,\d{{3}})*(?:\.\d+)?%?|\b(?:{'|'.join(_WORDS)})\b", re.IGNORECASE)


@dataclass(frozen=True)
class Typed:
    """A number that a person typed into a narrative, with the words around it."""

    number: str
    context: str


def typed_numbers(text: str) -> list[Typed]:
    """Numbers typed by hand: not named figures, dates, years, or the numbers of priorities and sections."""
    found = []
    hidden = _NOT_COUNTED.sub(lambda match: " " * len(match.group()), text)
    for match in _NUMBER.finditer(hidden):
        start, end = max(match.start() - 40, 0), min(match.end() + 40, len(text))
        found.append(Typed(match.group(), " ".join(text[start:end].split())))
    return found


def unconfirmed(text: str, confirmed: Iterable[tuple[str, str]]) -> list[Typed]:
    """Typed numbers that nobody stands by; a confirmation holds for the number in its own words only."""
    known = {(number, " ".join(context.split())) for number, context in confirmed}
    return [typed for typed in typed_numbers(text) if (typed.number, typed.context) not in known]


def figure_keys(text: str) -> tuple[str, ...]:
    """The figures a narrative names."""
    return markdown.figure_keys(text)


def as_blocks(text: str, figure: Callable[[str], b.FigureText | None]) -> tuple[b.Block, ...]:
    """A narrative as blocks; `markdown.UnknownFigures` names figures that do not exist."""
    return markdown.blocks(text, figure=figure, top=3)
