"""The blocks of which every document is made. All are plain values, checked when they are made."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from shield.kernel.design.rules import charts, wording

Align = Literal["left", "right", "centre"]
CalloutTone = Literal["info", "attention", "late", "good"]
ParagraphStyle = Literal["body", "lead", "small", "note"]
Status = Literal["Draft", "Issued"]
Layout = Literal["report", "note", "poster"]

_ANCHOR = re.compile(r"[A-Za-z][A-Za-z0-9._-]*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
_SAFE_LINK = re.compile(
    r"(https?://[^\s<>\"]+|mailto:[^\s<>\"]+|#[A-Za-z][A-Za-z0-9._-]*|/(?![/\\])[^\s<>\"\\]*)"
)


class BlockError(ValueError):
    """A document cannot be made from these values; the message says which, in plain words."""


def _check(*texts: str, of: str) -> None:
    for text in texts:
        if reason := wording.fault(text):
            raise BlockError(f"The {of} {text[:40]!r} {reason}.")


@dataclass(frozen=True, slots=True)
class Text:
    """Words, plain or stressed."""

    text: str
    strong: bool = False
    emphasis: bool = False

    def __post_init__(self) -> None:
        """Only what can be printed."""
        _check(self.text, of="text")


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere: to the web, a mail address, a place in this document or on this site."""

    text: str
    href: str

    def __post_init__(self) -> None:
        """Only kinds of address that cannot run anything."""
        _check(self.text, self.href, of="link")
        if not self.text.strip():
            raise BlockError(f"The link to {self.href} has no words.")
        if not _SAFE_LINK.fullmatch(self.href):
            raise BlockError(
                f"The link {self.text!r} leads to {self.href!r}: use an http, https or mailto address."
            )


@dataclass(frozen=True, slots=True)
class FigureText:
    """The value of a figure within prose: a page links it to how it was counted, print shows it."""

    text: str
    key: str
    href: str = ""

    def __post_init__(self) -> None:
        """A value, the figure's key, and perhaps its page."""
        _check(self.text, self.key, self.href, of="figure")
        if self.href and not _SAFE_LINK.fullmatch(self.href):
            raise BlockError(f"The figure {self.key} leads to {self.href!r}, which is no address of a page.")


Run = Text | Link | FigureText
Runs = tuple[Run, ...]


def runs(*parts: str | Run) -> Runs:
    """Write a row of runs shortly: strings become plain text."""
    return tuple(Text(part) if isinstance(part, str) else part for part in parts)


def plain(line: Runs) -> str:
    """The words of a row of runs, without stress or links."""
    return "".join(run.text for run in line)


def row(*values: str | Run | Runs) -> tuple[Runs, ...]:
    """Write a table's row shortly: each value becomes a cell."""
    return tuple(value if isinstance(value, tuple) else runs(value) for value in values)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading, from 1 (a chapter) to 4. Anchor and number are given when the document is numbered."""

    level: int
    text: str
    anchor: str = ""
    number: str = ""

    def __post_init__(self) -> None:
        """A level, words, and an anchor that can be linked to."""
        _check(self.text, self.number, of="heading")
        if not 1 <= self.level <= 4:
            raise BlockError(
                f"The heading {self.text!r} has level {self.level}; headings have levels 1 to 4."
            )
        if not self.text.strip():
            raise BlockError("A heading has no words.")
        if self.anchor and not _ANCHOR.fullmatch(self.anchor):
            raise BlockError(
                f"The heading {self.text!r} has the anchor {self.anchor!r}: use letters, digits and -."
            )


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: body text, a lead beneath a heading, small print, or a note."""

    runs: Runs
    style: ParagraphStyle = "body"


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list, perhaps with a list of its own beneath it (one level, no more)."""

    runs: Runs
    under: tuple[Runs, ...] = ()


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list whose order says nothing."""

    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Numbered:
    """A list whose order matters."""

    items: tuple[Item, ...]


def items(*entries: str | Runs | Item) -> tuple[Item, ...]:
    """Write a list's items shortly."""
    return tuple(
        entry if isinstance(entry, Item) else Item(runs(entry) if isinstance(entry, str) else entry)
        for entry in entries
    )


@dataclass(frozen=True, slots=True)
class Column:
    """A table's column: its heading, where its cells stand, its share of the width, if it names the rows."""

    label: str
    align: Align = "left"
    share: float = 1.0
    row_header: bool = False

    def __post_init__(self) -> None:
        """Every column needs a heading for those who hear the table read."""
        _check(self.label, of="column heading")
        if not self.label.strip():
            raise BlockError("A table has a column without a heading.")
        if not 0.05 <= self.share <= 100:
            raise BlockError(
                f"The column {self.label!r} has the share {self.share}; use a number from 0.05 to 100."
            )


@dataclass(frozen=True, slots=True)
class Table:
    """A table of cells, each a row of runs, with its caption. Its number comes with numbering."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Runs, ...], ...]
    note: str = ""
    number: int = 0

    def __post_init__(self) -> None:
        """Every row has a cell for each column."""
        _check(self.caption, self.note, of="table caption or note")
        if not self.caption.strip():
            raise BlockError("A table has no caption.")
        if not self.columns:
            raise BlockError(f"The table {self.caption!r} has no columns.")
        for index, cells in enumerate(self.rows, start=1):
            if len(cells) != len(self.columns):
                raise BlockError(
                    f"The table {self.caption!r}: row {index} has "
                    f"{wording.count(len(cells), 'cell', 'cells')} "
                    f"for {wording.count(len(self.columns), 'column', 'columns')}."
                )


@dataclass(frozen=True, slots=True)
class ChartBlock:
    """A chart with its caption; the chart's title serves where no caption is given."""

    chart: charts.Chart
    caption: str = ""
    number: int = 0

    def __post_init__(self) -> None:
        """A caption that can be printed."""
        _check(self.caption, of="chart caption")

    @property
    def words(self) -> str:
        """The caption, or the chart's own title."""
        return self.caption or self.chart.title


@dataclass(frozen=True, slots=True)
class Quote:
    """Someone's own words, and who said them."""

    runs: Runs
    by: str = ""

    def __post_init__(self) -> None:
        """A source that can be printed."""
        _check(self.by, of="source of a quotation")


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """A question or label with its answer."""

    label: str
    runs: Runs

    def __post_init__(self) -> None:
        """A label that can be printed."""
        _check(self.label, of="label")


@dataclass(frozen=True, slots=True)
class SummaryRows:
    """Labels with their answers, such as when and where a meeting was."""

    rows: tuple[SummaryRow, ...]


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A number to be seen at once, with what it counts."""

    value: str
    label: str
    key: str = ""
    href: str = ""

    def __post_init__(self) -> None:
        """Value and label, and an address only of a page."""
        _check(self.value, self.label, self.key, self.href, of="figure")
        if self.href and not _SAFE_LINK.fullmatch(self.href):
            raise BlockError(
                f"The figure {self.label!r} leads to {self.href!r}, which is no address of a page."
            )


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """Several numbers side by side: the year in numbers."""

    items: tuple[KeyFigure, ...]


@dataclass(frozen=True, slots=True)
class PageBreak:
    """A new page in print; nothing on a screen."""


Inner = Paragraph | Bullets | Numbered | SummaryRows


@dataclass(frozen=True, slots=True)
class Callout:
    """A box apart from the text; its tone is written by its title, never by colour alone."""

    title: str
    blocks: tuple[Inner, ...]
    tone: CalloutTone = "info"

    def __post_init__(self) -> None:
        """A box needs a title, since colour cannot say what it is."""
        _check(self.title, of="title of a box")
        if not self.title.strip():
            raise BlockError("A box has no title.")


Block = (
    Heading
    | Paragraph
    | Bullets
    | Numbered
    | Table
    | ChartBlock
    | Quote
    | Callout
    | SummaryRows
    | KeyFigures
    | PageBreak
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole document. `site` is where its figures can be looked up; `meta` is printed on the cover."""

    title: str
    organisation: str
    blocks: tuple[Block, ...]
    subtitle: str = ""
    period: str = ""
    published: date | None = None
    status: Status = "Draft"
    language: str = "en-GB"
    foreword: tuple[Inner | Quote, ...] = ()
    layout: Layout = "report"
    number_headings: bool = False
    data_behind_charts: bool = False
    site: str = ""
    meta: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        """Title and organisation are there; charts do not share a key, nor headings an anchor."""
        _check(self.title, self.organisation, self.subtitle, self.period, of="cover text")
        _check(*(text for pair in self.meta for text in pair), of="cover text")
        if not self.title.strip() or not self.organisation.strip():
            raise BlockError("A document needs a title and an organisation.")
        if not _LANGUAGE.fullmatch(self.language):
            raise BlockError(f"The language {self.language!r} is not a code such as en-GB.")
        if self.site and not re.fullmatch(r"https?://[^\s<>\"]+[^/\s<>\"]", self.site):
            raise BlockError(f"The site {self.site!r} is not a web address without a closing stroke.")
        _refuse_twice(
            (block.chart.key for block in self.blocks if isinstance(block, ChartBlock)), "charts have the key"
        )
        anchors = (block.anchor for block in self.blocks if isinstance(block, Heading) and block.anchor)
        _refuse_twice(anchors, "headings have the anchor")
        previous = 0
        for block in self.blocks:
            if isinstance(block, Heading):
                if block.level > previous + 1:
                    raise BlockError(
                        f"The heading {block.text!r} has level {block.level} but follows level {previous}; "
                        "levels are not left out, so that the outline can be heard."
                    )
                previous = block.level


def _refuse_twice(names: Iterator[str], words: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise BlockError(f"Two {words} {name!r}.")
        seen.add(name)
