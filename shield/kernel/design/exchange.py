"""Tables as files: CSV that opens in a spreadsheet and runs nothing there."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from shield.kernel.design.rules import values

# Spreadsheets take a cell that begins so for a formula, and run it.
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def neutral(value: Any) -> str:
    """A value as a text that no spreadsheet runs. Numbers stay numbers, dates are written 2019-07-29."""
    if isinstance(value, bool) or value is None:
        return values.shown(value)
    if isinstance(value, int | float | Decimal):
        return str(value)
    if isinstance(value, datetime):
        local = value.astimezone(values.LONDON) if value.tzinfo else value
        return f"{local:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    text = values.shown(value).replace("\x00", "")
    return f"'{text}" if text.startswith(_RUNS) or text.lstrip(" \u00a0\ufeff").startswith(_RUNS) else text


def csv_bytes(rows: Iterable[Sequence[Any]]) -> bytes:
    """Rows as CSV: UTF-8 with the mark by which Excel knows it, one record a line, every cell neutral."""
    held = io.StringIO(newline="")
    writer = csv.writer(held, lineterminator="\r\n")
    for row in rows:
        writer.writerow([neutral(value) for value in row])
    return held.getvalue().encode("utf-8-sig", "replace")


def file_name(words: str, ending: str = "csv") -> str:
    """A file name of plain ASCII letters, figures and hyphens."""
    folded = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^A-Za-z0-9]+", "-", folded).strip("-").lower()[:80]
    return f"{plain or 'table'}.{ending}"
