"""What every reader of a table gives back, and how many rows and letters it takes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

MOST_ROWS = 200_000
MOST_COLUMNS = 60
LONGEST_CELL = 20_000
"""Letters."""
_UNSTORABLE = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\ud800-\\udfff]")


@dataclass(frozen=True)
class Problem:
    """What is wrong in one place: the row as the file counts it, the column's letter (or number), and why."""

    row: int
    column: str
    why: str

    def __str__(self) -> str:
        where = f"Row {self.row}, column {self.column}" if self.column else f"Row {self.row}"
        return f"{where}: {self.why}"


@dataclass(frozen=True)
class Line:
    """One row: its number in the file, and its cells."""

    number: int
    cells: tuple[str, ...]


@dataclass
class Grid:
    """A table as it was read: its rows without empty ones, what was wrong, and what a person should know of it."""

    lines: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, number: int, cells: list[str]) -> None:
        """Keep a row unless it is empty; a cell that is far too long is a problem and not kept."""
        kept = [cell.strip() for cell in cells[:MOST_COLUMNS]]
        if not any(kept):
            return
        for at, cell in enumerate(kept):
            if len(cell) > LONGEST_CELL:
                why = f"It holds {len(cell):,} letters; {LONGEST_CELL:,} are the most."
            elif _UNSTORABLE.search(cell):
                why = "It holds a sign that cannot be stored. Type it anew."
            else:
                continue
            self.problems.append(Problem(number, letter(at), why))
            kept[at] = ""
        self.lines.append(Line(number, tuple(kept)))

    @property
    def width(self) -> int:
        """Columns of the widest row."""
        return max((len(line.cells) for line in self.lines), default=0)


def letter(at: int) -> str:
    """The letters by which spreadsheets call a column: 0 is A, 26 is AA."""
    made = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        made = chr(ord("A") + rest) + made
    return made
