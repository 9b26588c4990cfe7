"""Anchors for headings, numbers for headings, tables and charts, and the outline made of them."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, replace

from shield.kernel.documents.rules.blocks import (
    Block,
    ChartBlock,
    Column,
    Document,
    Heading,
    Table,
    row,
)

FOREWORD, DATA = "Foreword", "Data behind the charts"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the contents."""

    level: int
    words: str
    anchor: str


def numbered(document: Document, *, printed: bool = False) -> Document:
    """The document with the foreword as its first chapter and everything numbered; safe to do twice.

    A printed document that asks for it ends with the data behind its charts, which a page shows beside each.
    """
    blocks: list[Block] = list(document.blocks)
    if document.foreword:
        blocks = [Heading(1, FOREWORD), *document.foreword, *blocks]
    blocks = list(_with_numbers(blocks, document.number_headings))
    if printed and document.data_behind_charts:
        blocks = list(_with_numbers([*blocks, *_data(blocks)], document.number_headings))
    return replace(document, blocks=tuple(blocks), foreword=(), data_behind_charts=False)


def _with_numbers(blocks: list[Block], number_headings: bool) -> list[Block]:
    taken = Counter(block.anchor for block in blocks if isinstance(block, Heading) and block.anchor)
    tables = charts = 0
    levels = [0, 0, 0, 0]
    done: list[Block] = []
    for block in blocks:
        if isinstance(block, Heading):
            anchor = block.anchor or _anchor(block.text, taken)
            number = block.number
            if number_headings and block.text != FOREWORD:
                levels[block.level - 1] += 1
                levels[block.level :] = [0] * (4 - block.level)
                number = ".".join(str(each) for each in levels[: block.level]) if block.level <= 2 else ""
            done.append(replace(block, anchor=anchor, number=number))
        elif isinstance(block, Table):
            tables += 1
            done.append(replace(block, number=tables))
        elif isinstance(block, ChartBlock):
            charts += 1
            done.append(replace(block, number=charts))
        else:
            done.append(block)
    return done


def _anchor(words: str, taken: "Counter[str]") -> str:
    folded = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    base = "s-" + (re.sub(r"[^a-z0-9]+", "-", folded).strip("-")[:60] or "section")
    name, turn = base, 2
    while taken[name]:
        name, turn = f"{base}-{turn}", turn + 1
    taken[name] += 1
    return name


def _data(blocks: list[Block]) -> list[Block]:
    """A last chapter with one table for each chart."""
    tables: list[Block] = []
    for block in blocks:
        if isinstance(block, ChartBlock):
            right = block.chart.number_columns
            columns = tuple(
                Column(name, "right" if index in right else "left", 1.0 if index else 1.6, index == 0)
                for index, name in enumerate(block.chart.columns)
            )
            rows = tuple(row(*cells) for cells in block.chart.rows)
            tables.append(Table(f"Data for figure {block.number}: {block.words}", columns, rows))
    return [Heading(1, DATA), *tables] if tables else []


def outline(document: Document, *, deepest: int = 2) -> tuple[Entry, ...]:
    """The contents of a numbered document."""
    return tuple(
        Entry(block.level, f"{block.number}  {block.text}" if block.number else block.text, block.anchor)
        for block in document.blocks
        if isinstance(block, Heading) and block.level <= deepest
    )
