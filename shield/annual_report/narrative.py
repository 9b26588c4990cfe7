"""Narrative beside figures: numbers typed by hand are found, figures are named and filled in. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from shield.kernel.documents.rules import blocks as b
from shield.kernel.documents.rules import markdown
from shield.kernel.records.rules import Refused

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
_SINGLE = (
    "Priority|Year|Level|Section|section|Chapter|chapter|Appendix|Recommendation|Issue|Table|Figure|item|page"
)
_SEVERAL = "Priorities|Levels|Years|Sections|sections|Chapters|chapters|Recommendations|Issues|pages"
_BEFORE_YEAR = (
    f"in|In|of|since|Since|by|By|until|till|from|From|to|during|During|for|For|before|Before|after|After|between|Between|early|late|mid"
    f"|spring|summer|autumn|winter|Spring|Summer|Autumn|Winter|year|Together|Act|Strategy|guidance|and|{_MONTHS}"
)
_COUNTS_SOMETHING = r"\s+(?!(?:of|in|on|at|to|and|or|for|from|by|with|as|is|are|was|were|has|have|had|will|that|which)\b)[a-z]"
_NOT_COUNTED = re.compile(
    rf"\{{\{{.*?\}}\}}"  # a figure named
    rf"|(?<=\])\([^)\s]*\)"  # where a link leads; its words are read
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:{_MONTHS})(?:\s+\d{{4}})?"  # 14 October 2019
    rf"|\b(?:{_MONTHS})\s+\d{{4}}\b"  # October 2019
    r"|\b(?:19|20)\d{2}[/–-](?:(?:19|20)\d{2}|\d{2})\b"  # 2018-19, 2019/20, 2018–2020
    rf"|\b(?:{_BEFORE_YEAR})\s+(?:19|20)\d{{2}}(?:[/–-](?:(?:19|20)\d{{2}}|\d{{2}}))?\b"  # in 2019, summer 2019
    r"|\((?:19|20)\d{2}\)"  # (2018)
    rf"|\b(?:{_SINGLE})\s+\d+(?:\.\d+)*"  # Priority 1, section 5.2
    # Priorities 1, 2 and 3: a list ends before a number that something is counted by.
    rf"|\b(?:{_SEVERAL})\s+\d+(?:\.\d+)*(?:(?:,|\s+and|\s+to|\s*[–-])\s*\d+(?:\.\d+)*\b(?!{_COUNTS_SOMETHING}))*"
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


def typed_in(title: str, text: str) -> list[Typed]:
    """The numbers typed into one place of the report: a reader sees its heading, too."""
    return [*typed_numbers(title), *typed_numbers(text)]


def unconfirmed(typed: Iterable[Typed], confirmed: Iterable[tuple[str, str]]) -> list[Typed]:
    """Typed numbers that nobody stands by; a confirmation holds for the number in its own words only."""
    known = {(number, " ".join(context.split())) for number, context in confirmed}
    return [one for one in typed if (one.number, one.context) not in known]


def check(section: str, text: str, known: Callable[[str], bool]) -> None:
    """Refuse a narrative that the report could not hold: a figure that does not exist, a heading in the foreword."""
    try:
        made = as_blocks(text, lambda key: b.FigureText("0", key) if known(key) else None)
    except markdown.UnknownFigures as problem:
        raise Refused(
            f"There is no figure called {', '.join(f'“{key}”' for key in problem.keys)}.", "text"
        ) from problem
    except b.BlockError as problem:
        raise Refused(str(problem), "text") from problem
    if section == FOREWORD and any(isinstance(block, b.Heading) for block in made):
        raise Refused(
            "The foreword has no headings of its own. Take the # at the beginning of a line away.", "text"
        )


FOREWORD = "Foreword"
"""The one place that stands before the chapters; it holds paragraphs, lists and quotations."""


def figure_keys(text: str) -> tuple[str, ...]:
    """The figures a narrative names."""
    return markdown.figure_keys(text)


def as_blocks(text: str, figure: Callable[[str], b.FigureText | None]) -> tuple[b.Block, ...]:
    """A narrative as blocks; `markdown.UnknownFigures` names figures that do not exist."""
    return markdown.blocks(text, figure=figure, top=3)
