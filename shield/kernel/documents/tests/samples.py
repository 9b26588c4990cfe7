"""Documents for tests: one with every kind of block and of chart."""

from datetime import UTC, date, datetime

from shield.kernel.design.rules import charts
from shield.kernel.documents.rules.blocks import (
    Bullets,
    Callout,
    ChartBlock,
    Column,
    Document,
    FigureText,
    Heading,
    Item,
    KeyFigure,
    KeyFigures,
    Link,
    Numbered,
    PageBreak,
    Paragraph,
    Quote,
    SummaryRow,
    SummaryRows,
    Table,
    Text,
    items,
    row,
    runs,
)

AT = datetime(2019, 11, 4, 12, tzinfo=UTC)
HARD = 'Zoë & <b>O\'Neil</b> "#let" $x$ *y* _z_ @a `b` \\ 👍 שלום مرحبا Łódź'


def every_chart() -> tuple[charts.Chart, ...]:
    """One chart of each kind."""
    pair = (charts.Series(name="Open", values=(4, None, 7)), charts.Series(name="Late", values=(1, 2, 3)))
    labels = ("2017", "2018", "2019")
    return (
        charts.Bars(
            key="bar", title="Referrals", items=(("Police", 1240), ("Health", 830.5), ("Probation", None))
        ),
        charts.Bars(
            key="lying", title="Trained", unit="%", horizontal=True, items=(("Police", 92), ("Health", 61))
        ),
        charts.GroupedBars(key="grouped", title="Contacts", labels=labels, series=pair),
        charts.StackedBars(key="stacked", title="Actions", labels=labels, series=pair),
        charts.Lines(key="lines", title="Rates", labels=labels, series=pair),
        charts.Heat(
            key="heat",
            title="Attendance",
            row_name="Agency",
            row_labels=("Police", "Health"),
            column_labels=("10 October 2018", "6 March 2019"),
            cells=(("Present", "Absent"), ("", "Present")),
            states=(
                charts.State(word="Present", mark="P", tone="done"),
                charts.State(word="Absent", mark="X", tone="missing"),
            ),
        ),
        charts.Timeline(
            key="timeline",
            title="The year",
            starts=date(2018, 10, 1),
            ends=date(2019, 10, 31),
            today=date(2019, 8, 14),
            happenings=(
                charts.Happening(label="Board", lane="Meetings", on=date(2018, 10, 10), tone="done"),
                charts.Happening(label="Return", lane="Audits", on=date(2019, 9, 30), tone="late"),
                charts.Happening(
                    label="Audit", lane="Audits", on=date(2019, 1, 7), until=date(2019, 4, 5), tone="planned"
                ),
            ),
        ),
        charts.Flow(
            key="flow",
            title="From finding to difference",
            stages=("Finding", "Action", "Difference"),
            nodes=(
                charts.Node(name="f", stage=0, label="Fathers are not seen"),
                charts.Node(name="a", stage=1, label="Change the form", note="Due 4 May", tone="done"),
                charts.Node(name="d", stage=2, label="Nothing yet", tone="missing"),
            ),
            edges=(charts.Edge(source="f", target="a"), charts.Edge(source="a", target="d", missing=True)),
        ),
        charts.Progress(key="progress", title="Contents", met=14, thin=5, missing=3, not_applicable=1),
        charts.Ring(
            key="ring",
            title="Cycle",
            centre="Neglect",
            stages=(
                charts.Stage(label="Find out", tone="done"),
                charts.Stage(label="Share"),
                charts.Stage(label="Do"),
            ),
        ),
    )


def whole(**changes: object) -> Document:
    """A document that holds every kind of block and words that are hard to carry."""
    blocks = (
        Heading(1, "The year in numbers"),
        KeyFigures(
            (KeyFigure("4", "board meetings", "meetings.held", "/kent/figures/held/"), KeyFigure("92%", HARD))
        ),
        Paragraph(
            runs(
                "The board met ",
                FigureText("four", "meetings.held", "/kent/figures/held/"),
                " times; read ",
                Link("the guidance", "https://www.gov.uk/guidance"),
                ", ",
                Link("the next chapter", "#audits"),
                " or ",
                Link("nothing", "#nowhere"),
                ". ",
                Text("Stressed", strong=True),
                Text(" and leaning", emphasis=True),
                f". {HARD}",
            ),
            "lead",
        ),
        Heading(2, f"How we work {HARD}"),
        Bullets(items("one", Item(runs("two"), (runs("inner"), runs(HARD))))),
        Numbered(items("first", "second")),
        Paragraph(runs("Small."), "small"),
        Numbered(items("first again")),
        Callout("Late: two returns", (Paragraph(runs(HARD)), Bullets(items("a", "b"))), "late"),
        SummaryRows((SummaryRow("Chair", runs("The scrutineer")),)),
        Quote(runs("We were asked."), "A young person"),
        PageBreak(),
        Heading(1, "Audits", "audits"),
        *(ChartBlock(chart) for chart in every_chart()),
        Table(
            f"Actions {HARD}",
            (Column("Agency", row_header=True), Column("Action", share=3), Column("Done", "right")),
            tuple(row(f"Agency {index}", HARD if index == 3 else "Do it", str(index)) for index in range(60)),
            "Source: the register.",
        ),
        Paragraph(runs("End."), "note"),
    )
    values: dict[str, object] = {
        "title": "Yearly report",
        "subtitle": "What changed",
        "organisation": "Northshire Partnership",
        "period": "1 October 2018 to 31 October 2019",
        "published": date(2019, 11, 4),
        "foreword": (Paragraph(runs("Welcome.")), Quote(runs("Children first."), "The scrutineer")),
        "number_headings": True,
        "data_behind_charts": True,
        "meta": (("Approved by", "The board"),),
        "blocks": blocks,
    }
    return Document(**(values | changes))  # type: ignore[arg-type]
