"""Charts of numbers: bars, grouped bars, stacked bars and lines."""

from dataclasses import dataclass
from typing import ClassVar

from shield.kernel.design.rules import wording
from shield.kernel.design.rules.chart import Chart, ChartError
from shield.kernel.design.rules.drawing import INK, PAPER, SERIES, Anchor, Sheet

_DASHES = ("", "7 4", "2 3", "10 3 2 3", "4 2", "1 4")


@dataclass(frozen=True, kw_only=True)
class Series:
    """One named row of values, as many as the chart has labels; None where there is no figure."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class Plot:
    """The rectangle inside the axes, and how a value becomes a height."""

    left: float
    top: float
    right: float
    bottom: float
    marks: tuple[float, ...]

    def y(self, value: float) -> float:
        """The height of a value on the sheet."""
        low, high = self.marks[0], self.marks[-1]
        return self.bottom - (value - low) / (high - low) * (self.bottom - self.top)


def upright(sheet: Sheet, values: list[float], unit: str, top: float, *, right: float = 0) -> Plot:
    """Draw the value axis with its grid, and answer the plot."""
    marks = wording.steps(min(values, default=0), max(values, default=0))
    small = sheet.size - 1
    left = max(wording.width(wording.number(mark, unit), small) for mark in marks) + 10
    height = 200 if sheet.narrow else 240
    plot = Plot(left, top + 8, sheet.width - right, top + 8 + height, marks)
    for mark in marks:
        y = plot.y(mark)
        if mark == 0:
            sheet.line(left, y, plot.right, y, stroke=INK, cls="shield-c-axis", width=1.5)
        else:
            sheet.line(left, y, plot.right, y)
        sheet.text(left - 8, y + 4.5, wording.number(mark, unit), anchor="end", size=small)
    sheet.reach(plot.bottom + 4)
    return plot


def names_below(sheet: Sheet, plot: Plot, labels: tuple[str, ...], centres: list[float], room: float) -> None:
    """Write the labels under the axis, in up to three lines; when crowded, only every second, third, ..."""
    small = sheet.size - 1
    every = 1
    while every < len(labels) and max(wording.width(_longest(each), small) for each in labels) > room * every:
        every += 1
    for index in range(0, len(labels), every):
        label = wording.wrap(labels[index], room * every - 4, small)
        anchor: Anchor = "middle"
        sheet.lines(centres[index], plot.bottom + 18, label, anchor=anchor, size=small)


def _longest(label: str) -> str:
    return max(label.split() or [""], key=len)


@dataclass(frozen=True, kw_only=True)
class Bars(Chart):
    """One bar for each item, each with its value written at its end."""

    kind: ClassVar[str] = "bar"

    items: tuple[tuple[str, float | None], ...]
    label_name: str = "Item"
    value_name: str = "Number"
    unit: str = ""
    horizontal: bool = False

    def check(self) -> None:
        """Items have names and finite values."""
        if not self.items:
            raise ChartError(f"The chart {self.key} has no values.")
        self.check_words(self.label_name, self.value_name, self.unit, *(name for name, _ in self.items))
        self.check_numbers(*(value for _, value in self.items))
        if self.horizontal and any(value is not None and value < 0 for _, value in self.items):
            raise ChartError(f"The chart {self.key}: horizontal bars cannot show values below zero.")

    @property
    def columns(self) -> tuple[str, ...]:
        """Item and value."""
        return (self.label_name, self.value_name)

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """Each item with its value."""
        return tuple((name, wording.number(value, self.unit)) for name, value in self.items)

    @property
    def number_columns(self) -> frozenset[int]:
        """The value."""
        return frozenset({1})

    def summary(self) -> str:
        """The number of bars, the highest and the lowest."""
        return (
            f"Bar chart of {self.value_name.lower()} for {wording.count(len(self.items), 'item', 'items')}. "
            + (_extremes([(name, value) for name, value in self.items if value is not None], self.unit))
        )

    def draw(self, sheet: Sheet) -> None:
        """Upright, or lying when asked for or when a telephone has no room for the names."""
        values = [value for _, value in self.items if value is not None]
        if self.horizontal or (sheet.narrow and len(self.items) > 5 and min(values, default=0) >= 0):
            self._draw_lying(sheet, values)
        else:
            self._draw_upright(sheet, values)

    def _draw_lying(self, sheet: Sheet, values: list[float]) -> None:
        size = sheet.size
        top_value = max(values, default=0) or 1
        widest = max(wording.width(name, size) for name, _ in self.items)
        gutter = 0.0 if sheet.narrow else min(widest + 12, sheet.width * 0.4)
        ends = (
            max(wording.width(wording.number(value, self.unit), size, bold=True) for _, value in self.items)
            + 10
        )
        y = 2.0
        for name, value in self.items:
            if sheet.narrow:
                above = wording.wrap(name, sheet.width, size, most=2)
                sheet.lines(0, y + size, above)
                y += size * (0.25 + 1.2 * len(above))
                label: tuple[str, ...] = ()
            else:
                label = wording.wrap(name, gutter - 12, size, most=2)
            height = max(22.0, len(label) * size * 1.2 + 2)
            middle = y + height / 2
            sheet.lines(
                gutter - 12, middle + size * 0.35 - (len(label) - 1) * size * 0.6, label, anchor="end"
            )
            length = (value or 0) / top_value * (sheet.width - gutter - ends)
            fill, cls = sheet.series_fill(0)
            sheet.rect(gutter, middle - 11, length, 22, fill=fill, cls=cls)
            sheet.text(gutter + length + 6, middle + size * 0.35, wording.number(value, self.unit), bold=True)
            y += height + 9
        if not sheet.narrow:
            sheet.line(gutter, 0, gutter, y - 7, stroke=INK, cls="shield-c-axis", width=1.5)

    def _draw_upright(self, sheet: Sheet, values: list[float]) -> None:
        plot = upright(sheet, values, self.unit, sheet.size)
        slot = (plot.right - plot.left) / len(self.items)
        bar = min(slot * 0.64, 72)
        centres = [plot.left + slot * (index + 0.5) for index in range(len(self.items))]
        fill, cls = sheet.series_fill(0)
        for centre, (_, value) in zip(centres, self.items, strict=True):
            if value is None:
                continue
            y, zero = plot.y(value), plot.y(0)
            sheet.rect(centre - bar / 2, min(y, zero), bar, abs(zero - y), fill=fill, cls=cls)
            above = y - 5 if value >= 0 else y + sheet.size
            if wording.width(wording.number(value, self.unit), sheet.size, bold=True) < slot + 6:
                sheet.text(centre, above, wording.number(value, self.unit), anchor="middle", bold=True)
        names_below(sheet, plot, tuple(name for name, _ in self.items), centres, slot)


def _extremes(found: list[tuple[str, float]], unit: str) -> str:
    """Name the highest and the lowest of some named values."""
    if not found:
        return "No values."
    high, low = max(found, key=lambda each: each[1]), min(found, key=lambda each: each[1])
    if high[1] == low[1]:
        return (
            f"All are {wording.number(high[1], unit)}."
            if len(found) > 1
            else f"The value is {wording.number(high[1], unit)}."
        )
    top, bottom = wording.number(high[1], unit), wording.number(low[1], unit)
    return f"Highest: {high[0]}, {top}. Lowest: {low[0]}, {bottom}."


@dataclass(frozen=True, kw_only=True)
class SeriesChart(Chart):
    """Several series over the same labels; the shared part of grouped bars, stacked bars and lines."""

    labels: tuple[str, ...]
    series: tuple[Series, ...]
    label_name: str = "Period"
    unit: str = ""

    word: ClassVar[str] = "Chart"

    def check(self) -> None:
        """Every series has one value for each label."""
        if not self.labels or not self.series:
            raise ChartError(f"The chart {self.key} has no values.")
        if len(self.series) > len(SERIES):
            raise ChartError(
                f"The chart {self.key} has {len(self.series)} series; {len(SERIES)} can be told apart."
            )
        self.check_words(self.label_name, self.unit, *self.labels, *(each.name for each in self.series))
        for each in self.series:
            self.check_numbers(*each.values)
            if len(each.values) != len(self.labels):
                raise ChartError(
                    f"The chart {self.key}: the series {each.name} has {len(each.values)} values for "
                    f"{len(self.labels)} labels."
                )

    @property
    def columns(self) -> tuple[str, ...]:
        """The label, then each series."""
        return (self.label_name, *(each.name for each in self.series))

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """Each label with the value of each series."""
        return tuple(
            (label, *(wording.number(each.values[index], self.unit) for each in self.series))
            for index, label in enumerate(self.labels)
        )

    @property
    def number_columns(self) -> frozenset[int]:
        """All but the label."""
        return frozenset(range(1, len(self.series) + 1))

    def summary(self) -> str:
        """The span of the labels and each series' extremes."""
        told = " ".join(f"{each.name}: {_extremes(self._known(each), self.unit)}" for each in self.series)
        return f"{self.word} from {self.labels[0]} to {self.labels[-1]}. {told}"

    def _known(self, each: Series) -> list[tuple[str, float]]:
        pairs = zip(self.labels, each.values, strict=True)
        return [(label, value) for label, value in pairs if value is not None]

    def values(self) -> list[float]:
        """All the values there are."""
        return [value for each in self.series for value in each.values if value is not None]

    def draw_keys(self, sheet: Sheet) -> float:
        """The legend, above the plot; none for a single series."""
        if len(self.series) == 1:
            return sheet.size * 0.5
        fills = [sheet.series_fill(index) for index in range(len(self.series))]
        return sheet.legend(
            tuple((each.name, fill, cls, "") for each, (fill, cls) in zip(self.series, fills, strict=True)), 0
        )


@dataclass(frozen=True, kw_only=True)
class GroupedBars(SeriesChart):
    """Bars side by side, one group for each label."""

    kind: ClassVar[str] = "grouped_bars"
    word: ClassVar[str] = "Grouped bar chart"

    def draw(self, sheet: Sheet) -> None:
        """Groups with a value above each bar while there is room for it."""
        plot = upright(sheet, self.values(), self.unit, self.draw_keys(sheet) + 6)
        slot = (plot.right - plot.left) / len(self.labels)
        bar = min(slot * 0.8 / len(self.series), 40)
        centres = [plot.left + slot * (index + 0.5) for index in range(len(self.labels))]
        small = sheet.size - 2
        for index, centre in enumerate(centres):
            x = centre - bar * len(self.series) / 2
            for order, each in enumerate(self.series):
                value = each.values[index]
                if value is not None:
                    fill, cls = sheet.series_fill(order)
                    y, zero = plot.y(value), plot.y(0)
                    sheet.rect(x, min(y, zero), bar - 1.5, abs(zero - y), fill=fill, cls=cls)
                    written = wording.number(value, self.unit)
                    if value >= 0 and wording.width(written, small) < bar + 3:
                        sheet.text(x + bar / 2, y - 4, written, anchor="middle", size=small)
                x += bar
        names_below(sheet, plot, self.labels, centres, slot)


@dataclass(frozen=True, kw_only=True)
class StackedBars(SeriesChart):
    """Parts of a whole on top of each other, the total above."""

    kind: ClassVar[str] = "stacked_bars"
    word: ClassVar[str] = "Stacked bar chart"

    def check(self) -> None:
        """Parts of a whole are never below zero."""
        super().check()
        if any(value < 0 for value in self.values()):
            raise ChartError(f"The chart {self.key}: stacked bars cannot show values below zero.")

    def draw(self, sheet: Sheet) -> None:
        """Stacks, with a white gap between the parts."""
        totals = [sum(each.values[index] or 0 for each in self.series) for index in range(len(self.labels))]
        plot = upright(sheet, totals, self.unit, self.draw_keys(sheet) + 6)
        slot = (plot.right - plot.left) / len(self.labels)
        bar = min(slot * 0.64, 72)
        centres = [plot.left + slot * (index + 0.5) for index in range(len(self.labels))]
        for index, centre in enumerate(centres):
            reached = 0.0
            for order, each in enumerate(self.series):
                value = each.values[index] or 0
                fill, cls = sheet.series_fill(order)
                top, base = plot.y(reached + value), plot.y(reached)
                if value:
                    sheet.rect(centre - bar / 2, top, bar, base - top, fill=fill, cls=cls, stroke=PAPER)
                reached += value
            sheet.text(
                centre,
                plot.y(reached) - 5,
                wording.number(totals[index], self.unit),
                anchor="middle",
                bold=True,
            )
        names_below(sheet, plot, self.labels, centres, slot)


@dataclass(frozen=True, kw_only=True)
class Lines(SeriesChart):
    """Change over time, one line for each series, named at its end."""

    kind: ClassVar[str] = "line"
    word: ClassVar[str] = "Line chart"

    def draw(self, sheet: Sheet) -> None:
        """Lines with dashes and marks of their own, so that they stay apart without colour."""
        named_at_end = not sheet.narrow and len(self.series) > 1
        longest = max(wording.width(each.name, sheet.size) for each in self.series)
        room = min(longest + 14, sheet.width * 0.3) if named_at_end else 14.0
        top = 6.0 if named_at_end else self.draw_keys(sheet) + 6
        plot = upright(sheet, self.values(), self.unit, top, right=room)
        step = (plot.right - plot.left - 24) / max(1, len(self.labels) - 1)
        across = [plot.left + 12 + step * index for index in range(len(self.labels))]
        ends: list[tuple[float, int]] = []
        for order, each in enumerate(self.series):
            points = [
                (x, plot.y(value)) for x, value in zip(across, each.values, strict=True) if value is not None
            ]
            self._draw_line(sheet, order, across, plot)
            if points:
                ends.append((points[-1][1], order))
        if named_at_end:
            self._name_ends(sheet, ends, plot.right + 8, room - 8)
        names_below(sheet, plot, self.labels, across, max(step, 30))

    def _draw_line(self, sheet: Sheet, order: int, across: list[float], plot: Plot) -> None:
        colour, cls = SERIES[order], f"shield-c-l{order + 1}"
        drawn, pen_up = [], True
        for x, value in zip(across, self.series[order].values, strict=True):
            # A gap in the figures is a gap in the line: nothing is guessed between two known values.
            if value is None:
                pen_up = True
                continue
            drawn.append(f"{'M' if pen_up else 'L'}{x:.1f} {plot.y(value):.1f}")
            pen_up = False
        sheet.path(
            " ".join(drawn),
            cls=cls,
            fill="none",
            stroke=colour,
            stroke_width=2.5,
            stroke_dasharray=_DASHES[order],
            stroke_linejoin="round",
        )
        for x, value in zip(across, self.series[order].values, strict=True):
            if value is not None:
                _mark(sheet, x, plot.y(value), order)

    def _name_ends(self, sheet: Sheet, ends: list[tuple[float, int]], x: float, room: float) -> None:
        lowest = -1e9
        for y, order in sorted(ends):
            y = max(y + 4.5, lowest + sheet.size * 1.15)
            name = wording.shorten(self.series[order].name, room, sheet.size)
            sheet.text(
                x,
                y,
                name,
                fill=SERIES[order] if order in (0, 2, 4) else INK,
                cls=f"shield-c-t{order + 1}",
                bold=True,
            )
            lowest = y


def _mark(sheet: Sheet, x: float, y: float, order: int) -> None:
    """A point's mark: circle, square, diamond or triangle, by series."""
    colour, cls = SERIES[order], f"shield-c-s{order + 1}"
    shape = order % 4
    if shape == 0:
        sheet.circle(x, y, 4.2, fill=colour, cls=cls)
    elif shape == 1:
        sheet.rect(x - 4, y - 4, 8, 8, fill=colour, cls=cls)
    elif shape == 2:
        sheet.path(f"M{x:.1f} {y - 5.5:.1f}l5.5 5.5-5.5 5.5-5.5-5.5z", fill=colour, cls=cls)
    else:
        sheet.path(f"M{x:.1f} {y - 5:.1f}l5.5 9.5h-11z", fill=colour, cls=cls)
