"""Tables that people hand in, whatever they keep them in, as rows of text."""

from shield.kernel.files.exchange.grid import letter
from shield.kernel.files.exchange.tables import Grid, Line, Problem, read_pasted, read_table

__all__ = ["Grid", "Line", "Problem", "letter", "read_pasted", "read_table"]
