"""The first sheet of an Excel workbook as text: typed days become 2016-05-22, formulas and errors are told."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from shield.kernel.files import rules
from shield.kernel.files.exchange.grid import MOST_COLUMNS, MOST_ROWS, Grid, Problem, letter
from shield.kernel.records.rules import Refused

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_VALUE, _FORMULA, _INLINE = f"{MAIN}v", f"{MAIN}f", f"{MAIN}is"
_LETTERS = re.compile(r"[A-Z]{1,3}")
_BUILT_IN_DATES = frozenset({*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)})
"""Formats of numbers that Excel and its kin show as days or times."""
_LAST_SERIAL = 2_958_465.999
"""The last moment of 9999."""


def read(content: bytes) -> Grid:
    """The rows of the first sheet. Nothing outside the file is fetched and no entity is opened."""
    grid = Grid()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        book = _xml(archive.read("xl/workbook.xml"))
        sheet, name = _first_sheet(archive, book, grid)
        shared = _shared(archive)
        is_day = _date_styles(archive)
        early = book.find(f"{MAIN}workbookPr")
        in_1904 = early is not None and early.get("date1904") in {"1", "true"}
        start = datetime(1904, 1, 1) if in_1904 else datetime(1899, 12, 30)  # noqa: DTZ001 - a day of a wall calendar
        cells = _Cells(shared, is_day, start, grid)
        with archive.open(sheet) as source:
            _rows(source, cells, grid, name)
    return grid


def _first_sheet(archive: zipfile.ZipFile, book: Any, grid: Grid) -> tuple[str, str]:
    sheets = [each for each in book.iter(f"{MAIN}sheet") if each.get("state", "visible") == "visible"]
    if not sheets:
        raise Refused("The workbook shows no sheet.", "file")
    name = sheets[0].get("name") or "the first"
    if len(sheets) > 1:
        grid.notes.append(f"The workbook has {len(sheets)} sheets. Only the first, “{name}”, is read.")
    relations = _xml(archive.read("xl/_rels/workbook.xml.rels"))
    target = next((r.get("Target") for r in relations if r.get("Id") == sheets[0].get(_REL)), "") or ""
    path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    if path not in archive.namelist():
        raise Refused(rules.DAMAGED, "file")
    return path, name


def _shared(archive: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    return [
        "".join(t.text or "" for t in item.iter(f"{MAIN}t") if t.getparent().tag != f"{MAIN}rPh")
        for item in _xml(archive.read("xl/sharedStrings.xml")).iter(f"{MAIN}si")
    ]


def _date_styles(archive: zipfile.ZipFile) -> set[str]:
    """The numbers of the styles by which a number is shown as a day or a time."""
    if "xl/styles.xml" not in archive.namelist():
        return set()
    styles = _xml(archive.read("xl/styles.xml"))
    own = {
        each.get("numFmtId")
        for each in styles.iter(f"{MAIN}numFmt")
        if re.search(
            r"[dmyhs]", re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", (each.get("formatCode") or "").casefold())
        )
    }
    formats = styles.find(f"{MAIN}cellXfs")
    found = list(formats) if formats is not None else []
    return {
        str(at)
        for at, each in enumerate(found)
        if each.get("numFmtId") in own or int(each.get("numFmtId") or 0) in _BUILT_IN_DATES
    }


class _Cells:
    """Cells as text."""

    def __init__(self, shared: list[str], is_day: set[str], start: datetime, grid: Grid) -> None:
        self.shared = shared
        self.is_day = is_day
        self.start = start
        self.grid = grid

    def text(self, cell: Any, row: int, at: int) -> str:
        """What a cell shows; a formula or an error is a problem."""
        kind, value = cell.get("t"), ""
        for part in cell:
            if part.tag == _VALUE:
                value = part.text or ""
            elif part.tag == _FORMULA:
                self._problem(row, at, "It holds a formula. Copy the column and paste it back as values.")
                return ""
            elif part.tag == _INLINE:
                return "".join(t.text or "" for t in part.iter(f"{MAIN}t"))
        if kind == "s":
            return self.shared[int(value)] if value.isdigit() and int(value) < len(self.shared) else ""
        if kind == "e":
            self._problem(row, at, f"It holds the error {value}.")
            return ""
        if kind in {"str", "d"}:
            return value
        if kind == "b":
            return "Yes" if value == "1" else "No"
        return self._moment(value) if value and cell.get("s") in self.is_day else value.removesuffix(".0")

    def _moment(self, value: str) -> str:
        """A number that Excel shows as a day, a time or both."""
        try:
            number = float(value)
        except ValueError:
            return value
        if not 0 <= number <= _LAST_SERIAL:
            return value
        at = self.start + timedelta(seconds=round(number * 86_400))
        if number < 1:
            return f"{at:%H:%M}"
        return f"{at:%Y-%m-%d}" if float(number).is_integer() else f"{at:%Y-%m-%d %H:%M}"

    def _problem(self, row: int, at: int, why: str) -> None:
        self.grid.problems.append(Problem(row, letter(at), why))


def _rows(source: Any, cells: _Cells, grid: Grid, name: str) -> None:
    """The rows one by one, each forgotten once it was read; then what merged cells say of the rows below them."""
    merged: list[str] = []
    number = 0
    for _, element in _events(source):
        if element.tag == f"{MAIN}mergeCell":
            merged.append(element.get("ref") or "")
            continue
        number = int(element.get("r") or number + 1)
        if len(grid.lines) >= MOST_ROWS:
            raise Refused(f"The sheet “{name}” has more than {MOST_ROWS:,} rows.", "file")
        grid.add(number, _cells_of(element, cells, number))
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
    _fill(grid, merged)


def _events(source: Any) -> Iterator[tuple[str, Any]]:
    try:
        yield from etree.iterparse(
            source, events=("end",), tag=[f"{MAIN}row", f"{MAIN}mergeCell"],
            resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False,
        )  # fmt: skip
    except etree.XMLSyntaxError as problem:
        raise Refused(rules.DAMAGED, "file") from problem


def _cells_of(row: Any, cells: _Cells, number: int) -> list[str]:
    made: list[str] = []
    for position, cell in enumerate(row):
        found = _LETTERS.match(cell.get("r") or "")
        at = _number_of(found[0]) if found else position
        if at >= MOST_COLUMNS:
            continue
        while len(made) <= at:
            made.append("")
        made[at] = cells.text(cell, number, at)
    return made


def _fill(grid: Grid, merged: list[str]) -> None:
    """A cell merged over several rows holds for each of them."""
    found = [re.fullmatch(r"([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)", each) for each in merged]
    down = [each for each in found if each and each[1] == each[3] and each[2] != each[4]]
    if not down:
        return
    by_number = {line.number: at for at, line in enumerate(grid.lines)}
    for each in down:
        at, first = _number_of(each[1]), by_number.get(int(each[2]))
        if first is None or at >= len(grid.lines[first].cells):
            continue
        said = grid.lines[first].cells[at]
        for line_at in range(first + 1, len(grid.lines)):
            line = grid.lines[line_at]
            if line.number > int(each[4]):
                break
            cells = [*line.cells, *[""] * (at + 1 - len(line.cells))]
            cells[at] = said
            grid.lines[line_at] = type(line)(line.number, tuple(cells))


def _number_of(letters: str) -> int:
    number = 0
    for each in letters:
        number = number * 26 + ord(each) - ord("A") + 1
    return number - 1


def _xml(content: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as problem:
        raise Refused(rules.DAMAGED, "file") from problem
