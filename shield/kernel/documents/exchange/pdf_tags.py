"""Row headers for tables in a PDF: what Typst can say only behind a switch that its Python package lacks.

Typst tags every cell outside a table's head as data and names its column's header. Here the cells that name a
row become headers of that row. Each change keeps the length of what it replaces, so that nothing in the file
moves. When a later Typst package offers `pdf.header-cell`, this module can go.
"""

import re

from shield.kernel.documents.rules import blocks
from shield.kernel.documents.rules.blocks import Document

# A cell as Typst writes it: kind, then which column's header of which table it belongs to.
_CELL = re.compile(rb"/S/TD(/P \d+ 0 R/A\[<</O/Table)/Headers\[\(U(\d+)x(\d+)y0\)\]")


class TagError(RuntimeError):
    """The file is not written as expected, so its tables' row headers cannot be told."""


def with_row_headers(made: bytes, document: Document) -> bytes:
    """The same file in which the cells of columns that name rows are row headers."""
    tables = [block for block in document.blocks if isinstance(block, blocks.Table)]
    wanted = sum(len(table.rows) * sum(column.row_header for column in table.columns) for table in tables)
    if not wanted:
        return made
    told = 0

    def change(found: re.Match[bytes]) -> bytes:
        nonlocal told
        number, across = int(found[2]), int(found[3])
        if number > len(tables):
            raise TagError(f"The file holds a table {number}, the document has {len(tables)}.")
        columns = tables[number - 1].columns
        if not any(column.row_header for column in columns):
            return found[0]
        room = len(found[0]) - len(b"/S/TD") - len(found[1])
        if not columns[across].row_header:
            # Naming the column alone would hide the row from a reader; the scopes of both headers tell both.
            return b"/S/TD" + found[1] + b" " * room
        told += 1
        return b"/S/TH" + found[1] + b"/Scope/Row".ljust(room)

    changed = _CELL.sub(change, made)
    if told != wanted:
        raise TagError(f"{wanted} cells name a row; {told} were found in the file.")
    return changed
