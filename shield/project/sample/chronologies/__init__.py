"""Four invented chronologies of one invented child, as files such as agencies send: made of one text, kept as no file."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml
from docx import Document

from shield.kernel.documents.exchange import excel

SOURCE = Path(__file__).parent / "child-k.yaml"
AT = datetime(2019, 11, 4, tzinfo=UTC)
AGENCIES = ("council", "police", "health", "school")


def told() -> dict[str, Any]:
    """Everything: what is asked for, whose names they are, and each agency's rows."""
    found: dict[str, Any] = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    return found


def file_of(agency: str) -> tuple[str, bytes]:
    """The name and the content of what an agency sends; text that is pasted has no name."""
    given = told()[agency]
    if given["form"] == "pasted":
        return "", given["text"].encode()
    if given["form"] == "xlsx":
        return f"{agency}.xlsx", _workbook(given["rows"], given.get("merged", ()))
    if given["form"] == "docx":
        return f"{agency}.docx", _document(given["rows"])
    held = io.StringIO(newline="")
    csv.writer(held, delimiter=given["delimiter"], lineterminator="\r\n").writerows(given["rows"])
    return f"{agency}.csv", held.getvalue().encode(given["encoding"])


def _document(rows: Sequence[Sequence[Any]]) -> bytes:
    """The rows as a table in a Word document, under a line of words."""
    made = Document()
    made.add_paragraph("Chronology, in confidence")
    table = made.add_table(rows=len(rows), cols=len(rows[0]))
    for shown, row in zip(table.rows, rows, strict=True):
        for cell, value in zip(shown.cells, row, strict=True):
            cell.text = str(value)
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def _workbook(rows: Sequence[Sequence[Any]], merged: Sequence[str]) -> bytes:
    """A workbook; cells merged over rows are what our own workbooks never have."""
    made = excel.workbook(rows, sheet="Chronology", at=AT)
    cells = "".join(f'<mergeCell ref="{each}"/>' for each in merged)
    held = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(made)) as before,
        zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for info in before.infolist():
            content = before.read(info)
            if info.filename.startswith("xl/worksheets/") and cells:
                text = re.sub(
                    r"</sheetData>", f"</sheetData><mergeCells>{cells}</mergeCells>", content.decode()
                )
                content = text.encode()
            after.writestr(info, content)
    return held.getvalue()
