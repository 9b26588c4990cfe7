"""Tables of Excel, CSV, Word and of text that was pasted, each as rows of text with their numbers."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from shield.kernel.files import rules
from shield.kernel.files.exchange import excel
from shield.kernel.files.exchange.grid import MOST_ROWS, Grid, Line, Problem
from shield.kernel.records.rules import Refused

__all__ = ["Grid", "Line", "Problem", "read_pasted", "read_table"]

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DELIMITERS = ",;\t|"
IsDay = Callable[[str], bool]


def read_table(content: bytes, *, is_day: IsDay) -> Grid:
    """Read a file that holds a table. Refused in words for whatever is none.

    What kind of file it is, its content says and not its name. `is_day` tells whether a text is a date: it finds where
    the date ends in lines of “date - event”.
    """
    rules.check_size(len(content))
    if content.startswith(b"PK"):
        return _office(content, is_day)
    if content.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"\xd0\xcf\x11\xe0", b"{\\rtf")):
        raise Refused(
            "This kind of file holds no table that can be read. Upload an Excel workbook (.xlsx), a CSV file or a Word "
            "document (.docx), or paste the text.", "file",
        )  # fmt: skip
    text, note = _decoded(content)
    grid = read_pasted(text, is_day=is_day, field="file")
    grid.notes += [note] if note else []
    return grid


def _office(content: bytes, is_day: IsDay) -> Grid:
    _, extension = rules.content_type(content)
    if extension == "xlsx":
        try:
            grid = excel.read(content)
        except (KeyError, ValueError, OverflowError) as problem:
            raise Refused(rules.DAMAGED, "file") from problem
    elif extension == "docx":
        grid = _word(content, is_day)
    else:
        raise Refused("Upload an Excel workbook, a CSV file or a Word document.", "file")
    if not grid.lines and not grid.problems:
        raise Refused("The file holds no row of a table.", "file")
    return grid


# Text -------------------------------------------------------------------------------------------------


def _decoded(content: bytes) -> tuple[str, str]:
    """The text of a file, and what a person should check of its letters."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            try:
                return content.decode(name), ""
            except UnicodeDecodeError as problem:
                raise Refused(_UNREADABLE, "file") from problem
    if b"\0" in content:
        raise Refused(_UNREADABLE, "file")
    try:
        return content.decode("utf-8"), ""
    except UnicodeDecodeError:
        pass
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError as problem:
        raise Refused(_UNREADABLE, "file") from problem
    strange = sorted(set(re.findall(r"\w*[^\W\x00-\x7f]\w*", text)))[:8]
    shown = f" Check these words: {', '.join(strange)}." if strange else ""
    return text, f"The letters were read as Excel on Windows writes them.{shown}"


_UNREADABLE = "The letters of this file cannot be read. In Excel, save it as “CSV UTF-8” or as a workbook, and upload that."


def read_pasted(text: str, *, is_day: IsDay, field: str = "text") -> Grid:
    """Read text that was pasted: columns by tabs, strokes, semicolons or commas, or lines of “date - event”."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    if not text.strip():
        raise Refused("There is nothing in it.", field)
    if "\0" in text:
        raise Refused(_UNREADABLE, field)
    delimiter = _delimiter(text)
    return _delimited(text, delimiter, field) if delimiter else _lines(text, is_day, field)


def _delimiter(text: str) -> str:
    """The sign between columns: the one by which the first rows have the same number of columns, at least two."""
    best, most = "", 1
    for sign in "\t|;,":
        try:
            rows = [
                row for row in csv.reader(io.StringIO(text[:20_000], newline=""), delimiter=sign) if any(row)
            ]
        except csv.Error:
            continue
        # The last row may be cut off. A few rows may be wider or narrower, as titles are.
        widths = Counter(len(row) for row in (rows[:-1] if len(text) > 20_000 else rows)[:50])
        width, often = widths.most_common(1)[0] if widths else (0, 0)
        alike = often == widths.total() or (width > 2 and often * 10 >= widths.total() * 8)
        if alike and width > most:
            best, most = sign, width
    return best or _ragged(text)


def _ragged(text: str) -> str:
    """Tabs or strokes in every line, however many: nobody writes those within a sentence."""
    lines = [line for line in text.split("\n")[:50] if line.strip()]
    return next((sign for sign in "\t|" if all(sign in line for line in lines)), "")


def _delimited(text: str, delimiter: str, field: str) -> Grid:
    grid = Grid()
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            if len(grid.lines) >= MOST_ROWS:
                raise Refused(f"There are more than {MOST_ROWS:,} rows.", field)
            cells = row[1:-1] if delimiter == "|" and len(row) > 2 and not row[0] and not row[-1] else row
            if not (delimiter == "|" and all(set(cell.strip()) <= set("-:") for cell in cells)):
                grid.add(reader.line_num, cells)
    except csv.Error as problem:
        raise Refused(
            f"Row {reader.line_num} cannot be read: {problem}. Look for a quotation mark that is not closed.",
            field,
        )
    return grid


_SPLIT = re.compile(r"\s+[-–—:]+\s+|:\s+|\s*[–—]\s*|\t+|\s-|-\s")


def _lines(text: str, is_day: IsDay, field: str) -> Grid:
    """Lines of “date - event”: the date goes as far as it can be read as one."""
    grid = Grid()
    for number, line in enumerate(text.split("\n"), start=1):
        said = line.strip().lstrip("•*·").strip()
        if not said:
            continue
        if len(grid.lines) >= MOST_ROWS:
            raise Refused(f"There are more than {MOST_ROWS:,} rows.", field)
        places = [found for found in _SPLIT.finditer(said) if found.start() <= 80]
        dated = [found for found in places if is_day(said[: found.start()])]
        if dated:
            # The longest: in “3 - 5 June 2016 - away” the first stroke is not yet the end of the date.
            grid.add(number, [said[: dated[-1].start()], said[dated[-1].end() :]])
        elif grid.lines:
            grid.problems.append(Problem(number, "", "No date was found at the beginning of this line."))
        else:
            grid.notes.append(f"“{said[:60]}” was taken for a title, because it does not begin with a date.")
    if not grid.lines:
        raise Refused(
            "No table was found in it, and no line that begins with a date. Put a tab, a stroke (|) or a comma between the "
            "columns, or write lines such as “22 May 2016 - what happened”.", field,
        )  # fmt: skip
    return grid


# Word -------------------------------------------------------------------------------------------------


def _word(content: bytes, is_day: IsDay) -> Grid:
    """The tables of a Word document that have as many columns as its longest; without a table, its lines."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        try:
            body = etree.fromstring(archive.read("word/document.xml"), parser).find(f"{WORD}body")
        except etree.XMLSyntaxError as problem:
            raise Refused(rules.DAMAGED, "file") from problem
    if body is None:
        raise Refused(rules.DAMAGED, "file")
    tables = [
        rows for table in body.iter(f"{WORD}tbl") if _is_outer(table) and (rows := list(_table_rows(table)))
    ]
    if not tables:
        return read_pasted(
            "\n".join(_said(each) for each in body.iter(f"{WORD}p")), is_day=is_day, field="file"
        )
    longest = max(tables, key=len)
    width = max(map(len, longest))
    kept = [rows for rows in tables if max(map(len, rows)) == width]
    grid = Grid()
    if len(kept) < len(tables):
        grid.notes.append(
            f"The document has {len(tables)} tables. Those with {width} columns are read, the others are left out."
        )
    number = 0
    heading = longest[0]
    for rows in kept:
        for cells in rows:
            number += 1
            if number == 1 or cells != heading:
                grid.add(number, cells)
    return grid


def _is_outer(table: Any) -> bool:
    return not any(each.tag == f"{WORD}tbl" for each in table.iterancestors())


def _table_rows(table: Any) -> Iterator[list[str]]:
    """The rows of a table; a cell merged over several rows holds for each of them."""
    above: list[str] = []
    for row in table.findall(f"{WORD}tr"):
        cells: list[str] = []
        for cell in row.findall(f"{WORD}tc"):
            settings = cell.find(f"{WORD}tcPr")
            merge = settings.find(f"{WORD}vMerge") if settings is not None else None
            span = settings.find(f"{WORD}gridSpan") if settings is not None else None
            goes_on = merge is not None and merge.get(f"{WORD}val", "continue") == "continue"
            at = len(cells)
            cells.append(above[at] if goes_on and at < len(above) else _said(cell))
            wide = span.get(f"{WORD}val") if span is not None else "1"
            cells += [""] * (min(int(wide), 60) - 1 if wide and wide.isdigit() else 0)
        yield cells
        above = cells


def _said(element: Any) -> str:
    """The text of a cell or a paragraph, one line for each paragraph; what was struck out by tracked changes is left out."""
    if element.tag == f"{WORD}p":
        paragraphs = [element]
    else:
        paragraphs = list(element.iter(f"{WORD}p"))
    lines = []
    for paragraph in paragraphs:
        made = []
        for part in paragraph.iter(f"{WORD}t", f"{WORD}tab", f"{WORD}br"):
            if part.tag == f"{WORD}t":
                made.append(part.text or "")
            elif part.getparent().tag == f"{WORD}r":
                made.append("\t" if part.tag == f"{WORD}tab" else "\n")
        lines.append("".join(made))
    return "\n".join(lines).strip()
