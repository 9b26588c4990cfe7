"""The charts of the house: plain values in, a described SVG drawing and its data table out.

Use: `charts.Bars(key="attendance", title="Attendance", items=(("Police", 4), ("Health", 3)))`, then `.svg`
in a page, `.svg_for_print()` in a file, or `charts.figure(chart)` for the drawing with its caption and its
data table.
"""

from html import escape

from shield.kernel.design.rules.chart import Chart, ChartError
from shield.kernel.design.rules.drawing import SERIES, TONES, ToneName
from shield.kernel.design.rules.paths import Edge, Flow, Node, Ring, Stage
from shield.kernel.design.rules.registers import Heat, Progress, State
from shield.kernel.design.rules.series import Bars, GroupedBars, Lines, Series, SeriesChart, StackedBars
from shield.kernel.design.rules.timeline import Happening, Timeline

KINDS: tuple[type[Chart], ...] = (Bars, GroupedBars, StackedBars, Lines, Heat, Timeline, Flow, Progress, Ring)


def figure(chart: Chart, *, caption: str = "") -> str:
    """The figure for a page: caption, drawing wide and narrow (the stylesheet shows one), data table."""
    name = escape(caption or chart.title)
    return (
        f'<figure class="shield-figure" aria-label="{name}">'
        '<figcaption class="shield-figure__caption">'
        f'<span class="shield-figure__title">{name}</span></figcaption>'
        f'<div class="shield-figure__plate"><div class="shield-figure__wide">{chart.svg}</div>'
        f'<div class="shield-figure__narrow">{chart.svg_narrow}</div></div>{data_table(chart)}</figure>'
    )


def data_table(chart: Chart) -> str:
    """The values behind a drawing, folded away under a line that opens them."""
    heads = "".join(
        f'<th scope="col" class="govuk-table__header{_right(chart, index)}">{escape(each)}</th>'
        for index, each in enumerate(chart.columns)
    )
    rows = "".join(
        '<tr class="govuk-table__row">'
        + f'<th scope="row" class="govuk-table__header">{escape(row[0])}</th>'
        + "".join(
            f'<td class="govuk-table__cell{_right(chart, index)}">{escape(each)}</td>'
            for index, each in enumerate(row[1:], start=1)
        )
        + "</tr>"
        for row in chart.rows
    )
    label = escape(f"Data: {chart.title}")
    return (
        '<details class="govuk-details shield-figure__data"><summary class="govuk-details__summary">'
        f'<span class="govuk-details__summary-text">Show the data<span class="govuk-visually-hidden"> '
        f"of {escape(chart.title)}</span></span></summary>"
        f'<div class="govuk-details__text shield-scroll" role="region" tabindex="0" aria-label="{label}">'
        '<table class="govuk-table">'
        f'<caption class="govuk-table__caption govuk-visually-hidden">{label}</caption>'
        f'<thead class="govuk-table__head"><tr class="govuk-table__row">{heads}</tr></thead>'
        f'<tbody class="govuk-table__body">{rows}</tbody></table></div></details>'
    )


def _right(chart: Chart, index: int) -> str:
    return " govuk-table__header--numeric govuk-table__cell--numeric" if index in chart.number_columns else ""


__all__ = [
    "KINDS",
    "SERIES",
    "TONES",
    "Bars",
    "Chart",
    "ChartError",
    "Edge",
    "Flow",
    "GroupedBars",
    "Happening",
    "Heat",
    "Lines",
    "Node",
    "Progress",
    "Ring",
    "Series",
    "SeriesChart",
    "StackedBars",
    "Stage",
    "State",
    "Timeline",
    "ToneName",
    "data_table",
    "figure",
]
