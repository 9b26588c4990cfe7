"""What every chart is: a title, a description, a data table and a drawing made of the same values."""

import math
import re
from dataclasses import dataclass
from typing import ClassVar

from shield.kernel.design.rules import wording
from shield.kernel.design.rules.drawing import Sheet

WIDE, NARROW, PRINT = 640, 340, 680
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_SPOKEN_CELLS = 60


class ChartError(ValueError):
    """A chart was given values that it cannot draw; the message says which."""


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A drawing with its data. `key` begins every id in the drawing, so it is unique on its page."""

    key: str
    title: str
    description: str = ""

    kind: ClassVar[str] = ""
    # Shown narrower when the values are few, so that a small chart is not blown up to a whole page.
    print_share: ClassVar[float] = 1.0

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn or named."""
        if not _KEY.fullmatch(self.key):
            raise ChartError(f"A chart's key is a letter, then letters, digits, - or _; not {self.key!r}.")
        self.check_words(self.title, self.description)
        if not self.title:
            raise ChartError("A chart needs a title.")
        self.check()
        if not all(name.strip() for name in self.columns):
            raise ChartError(f"The chart {self.key} has a column or a series without a name.")

    def check(self) -> None:
        """Refuse values that this kind cannot draw."""

    def check_words(self, *words: str) -> None:
        """Refuse text that cannot be published."""
        for each in words:
            if reason := wording.fault(each):
                raise ChartError(f"The chart {self.key}: the text {each[:30]!r} {reason}.")

    def check_numbers(self, *values: float | None) -> None:
        """Refuse what is not a finite number."""
        for each in values:
            if each is not None and not math.isfinite(each):
                raise ChartError(f"The chart {self.key}: {each} is not a number that can be drawn.")

    @property
    def columns(self) -> tuple[str, ...]:
        """The headings of the data table."""
        raise NotImplementedError

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The data table's rows, written for readers; the first cell names the row."""
        raise NotImplementedError

    @property
    def number_columns(self) -> frozenset[int]:
        """Which columns of the data table are numbers, and so stand at the right."""
        return frozenset()

    def summary(self) -> str:
        """What the chart shows, in a sentence or two, made from the values."""
        raise NotImplementedError

    def draw(self, sheet: Sheet) -> None:
        """Draw onto the sheet."""
        raise NotImplementedError

    @property
    def alt(self) -> str:
        """The description: the author's, or one made from the values."""
        return self.description or self.summary()

    @property
    def spoken(self) -> str:
        """The description with the values, for print and Word, where no data table stands beside."""
        if len(self.rows) * len(self.columns) > _SPOKEN_CELLS:
            return f"{self.title}. {self.alt}"
        said = "; ".join(
            f"{row[0]}: "
            + ", ".join(f"{name} {cell}" for name, cell in zip(self.columns[1:], row[1:], strict=True))
            for row in self.rows
        )
        return f"{self.title}. {self.alt} Values: {said}."

    @property
    def svg(self) -> str:
        """The drawing for a page, self-contained, scaling to the width it is given."""
        return self._drawn(WIDE, 14, "", "Public Sans, Arial, sans-serif", sized=False)

    @property
    def svg_narrow(self) -> str:
        """The drawing for a telephone: the same values laid out 340 wide."""
        return self._drawn(NARROW, 14, "-n", "Public Sans, Arial, sans-serif", sized=False)

    def svg_for_print(self) -> str:
        """The drawing for PDF and Word: with its own size, set in Public Sans."""
        return self._drawn(round(PRINT * self.print_share), 13, "-p", "Public Sans", sized=True)

    def _drawn(self, width: float, size: float, suffix: str, family: str, *, sized: bool) -> str:
        sheet = Sheet(width, size=size, key=self.key + suffix)
        self.draw(sheet)
        return sheet.svg(title=self.title, description=self.alt, family=family, sized=sized)
