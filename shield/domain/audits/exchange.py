"""Lists of records as they are uploaded."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from shield.domain.audits import rules
from shield.domain.audits.rules import Entry
from shield.kernel.files import rules as files
from shield.kernel.records.rules import Refused

SIZE_LIMIT = 2 * 1024 * 1024
"""Bytes of a list."""
MOST_COLUMNS = 60
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LETTERS = re.compile(r"[A-Z]+")


@dataclass(frozen=True)
class Listed:
    """A list as it was read: its rows, the columns kept, and the fingerprint of the file."""

    entries: tuple[Entry, ...]
    columns: tuple[str, ...]
    digest: str


def read_list(content: bytes, *, own: str = "", kept: Sequence[str] = ()) -> Listed:
    """Read a CSV or Excel list: the column `own` (else the first) is each record's reference; `kept` are to group by.

    Refused, with the row and the column, for whatever is not such a list, or holds who a child is.
    """
    if len(content) > SIZE_LIMIT:
        raise Refused(f"The file is larger than {SIZE_LIMIT // (1024 * 1024)} MB.", "file")
    files.check_size(len(content))
    _check_encoding(content)
    kind = _kind_of(content)
    if kind == files.OFFICE["xl/workbook.xml"][0]:
        rows = list(_of_excel(content))
    elif kind == "text/plain":
        rows = list(_of_csv(content))
    else:
        raise Refused("Upload the list as a CSV file or an Excel workbook.", "file")
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if len(rows) < 2:
        raise Refused("The list needs a row of headings and at least one record below it.", "file")
    headings = [heading.strip() for heading in rows[0]]
    if len(headings) > MOST_COLUMNS:
        raise Refused(f"The list has more than {MOST_COLUMNS} columns.", "file")
    rules.check_headings(headings)
    where = _column(headings, own, "own") if own else 0
    columns = [(name, _column(headings, name, "kept")) for name in kept]
    entries = tuple(
        Entry(_cell(row, where), {headings[at]: _cell(row, at) or "Not given" for _, at in columns})
        for row in rows[1:]
    )
    return Listed(entries, tuple(headings[at] for _, at in columns), hashlib.sha256(content).hexdigest())


def _kind_of(content: bytes) -> str:
    """What the file is; whatever no list can be is refused as a list, not as an attachment."""
    try:
        return files.content_type(content)[0]
    except Refused as refusal:
        raise Refused(
            "Upload the list as a CSV file or an Excel workbook. If it is one, it is damaged or holds characters that no "
            "text has: save it again as “CSV UTF-8”, and upload that.", "file",
        ) from refusal  # fmt: skip


def _check_encoding(content: bytes) -> None:
    """Refuse text in an old encoding, which Excel writes as plain “CSV”, with the way out."""
    if b"\0" in content or content.startswith((b"PK", b"%PDF", b"\x89PNG")):
        return
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise Refused(
            "The letters of this file cannot be read with certainty. In Excel, save it as “CSV UTF-8” or as a workbook, "
            "and upload that.", "file",
        ) from problem  # fmt: skip


def _column(headings: Sequence[str], wanted: str, field: str) -> int:
    for at, heading in enumerate(headings):
        if heading.casefold() == wanted.strip().casefold():
            return at
    listed = ", ".join(f"“{heading}”" for heading in headings if heading)
    raise Refused(f"The list has no column “{wanted.strip()}”. Its columns are {listed}.", field)


def _cell(row: Sequence[str], at: int) -> str:
    return row[at].strip() if at < len(row) else ""


def _of_csv(content: bytes) -> Iterator[list[str]]:
    text = content.decode("utf-8-sig")
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as problem:
        raise Refused(f"The file is no CSV list: {problem}.", "file") from problem


def _of_excel(content: bytes) -> Iterator[list[str]]:
    """The rows of the first sheet, as text; nothing outside the file is fetched and no entity is opened."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = sorted(n for n in archive.namelist() if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", n))
        if not names:
            raise Refused("The workbook holds no sheet.", "file")
        shared = []
        if "xl/sharedStrings.xml" in archive.namelist():
            for item in _xml(archive.read("xl/sharedStrings.xml")).iter(f"{MAIN}si"):
                shared.append("".join(t.text or "" for t in item.iter(f"{MAIN}t")))
        sheet = _xml(archive.read(min(names, key=lambda n: int(re.sub(r"\D", "", n)))))
    for row in sheet.iter(f"{MAIN}row"):
        cells: dict[int, str] = {}
        for position, cell in enumerate(row.iter(f"{MAIN}c")):
            found = _LETTERS.match(cell.get("r") or "")
            at = _number_of(found.group()) if found else position
            if at < MOST_COLUMNS + 1:
                cells[at] = _text_of(cell, shared)
        yield [cells.get(at, "") for at in range(max(cells, default=-1) + 1)]


def _number_of(letters: str) -> int:
    number = 0
    for letter in letters[:4]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _text_of(cell: etree._Element, shared: Sequence[str]) -> str:
    value = cell.findtext(f"{MAIN}v") or ""
    if cell.get("t") == "s":
        return _shared(value, shared)
    if cell.get("t") == "inlineStr":
        return "".join(t.text or "" for t in cell.iter(f"{MAIN}t"))
    return value.removesuffix(".0")


def _shared(value: str, shared: Sequence[str]) -> str:
    """The text to which a cell points; Refused for a pointer that leads nowhere."""
    if not (value.isascii() and value.isdecimal() and len(value) < 8) or int(value) >= len(shared):
        raise Refused(files.DAMAGED, "file")
    return shared[int(value)]


def _xml(content: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as problem:
        raise Refused(files.DAMAGED, "file") from problem
