"""What cases give to the report: the table of the year, themes across them, what became of reviews' recommendations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from shield.domain.reviews import queries, rules
from shield.domain.reviews.models import Case
from shield.improvement.models import Decision, Recommendation, Theme
from shield.kernel.access.rules import Actor
from shield.kernel.calendar.rules import in_words
from shield.kernel.clocks import queries as clocks
from shield.kernel.design.rules import charts
from shield.kernel.documents.rules import blocks as b
from shield.kernel.reporting import rules as reporting
from shield.kernel.reporting.rules import About, Counted, Gap, Period, Proof, Section


@reporting.once
def _cases(period: Period, reader: Actor) -> list[Case]:
    """The cases before the group in the year that were shown to it; nothing else of them is ever in the report."""
    return queries.cases_of_year(reader, period.starts_on, period.ends_on)


@reporting.figure(
    "reviews.cases", label="Cases the partnership learnt from", unit="cases", about=About.RECORDS,
    definition="Cases that were before the group in the reporting year and were shown to it without identities.",
)  # fmt: skip
def cases(period: Period, reader: Actor, argument: str) -> Counted:
    """Count the cases of the year; with a way named, those that took it."""
    rows = [
        case for case in _cases(period, reader) if not argument or case.route == argument.replace("-", "_")
    ]
    return Counted(len(rows), tuple(case.ref for case in rows))


@reporting.figure(
    "reviews.themes", label="Themes found in cases", unit="themes", about=About.RECORDS,
    definition="Different themes named for the cases of the year.",
)  # fmt: skip
def themes(period: Period, reader: Actor, argument: str) -> Counted:
    """Count the themes of the year's cases, each once."""
    found = queries.themes_of(_cases(period, reader))
    return Counted(len(found), tuple(theme.ref for theme, _ in found))


@reporting.figure(
    "reviews.outputs", label="Reports and briefing notes issued from cases", unit="outputs", about=About.RECORDS,
    definition="Reports, summaries and briefing notes of cases that were issued within the reporting year.",
)  # fmt: skip
def outputs(period: Period, reader: Actor, argument: str) -> Counted:
    """Count what was issued in the year."""
    rows = [
        o
        for case in _cases(period, reader)
        for o in case.outputs.all()
        if o.issued_on and period.holds(o.issued_on)
    ]
    return Counted(len(rows), tuple(o.case.ref for o in rows))


def section(period: Period, reader: Actor) -> Section:
    """The year's cases: figures, what shows that reviews were published, outputs that are late."""
    rows = _cases(period, reader)
    late = [(case, o) for case in rows for o in case.outputs.all() if o.is_late(period.as_at)]
    asked = list(queries.followed_recommendations(reader))
    return Section(
        "reviews",
        "Learning from practice",
        figures=tuple(reporting.compute(key, period, reader) for key in ("reviews.cases", "reviews.themes", "reviews.outputs")),
        proofs=tuple(Proof("done", f"{case.pseudonym}: {case.get_route_display()}", case.ref) for case in rows if case.route)
        + tuple(_proofs(asked)),
        gaps=tuple(
            Gap(f"{o.heading} of {case.pseudonym} was expected {rules.when(o.due_on, o.due_precision)}", case.ref,
                "Whoever works on the case", "output_late", "")
            for case, o in late
        ),
        groups=(
            Section("year", "Cases of the year", content=lambda: table(rows)),
            Section("themes", "Themes across cases", content=lambda: across(rows)),
            Section(
                "recommendations", "Decisions and actions on recommendations of reviews", content=lambda: followed(asked)
            ),
            Section("clocks", "How the clocks were kept", content=lambda: kept(rows, reader)),
        ),
    )  # fmt: skip


def _proofs(rows: list[Recommendation]) -> Iterator[Proof]:
    """That a recommendation of a review was decided on or acted on."""
    for row in rows:
        decided, acted = row.decisions.all(), row.actions.all()
        if decided or acted:
            yield Proof("reviews", f"{row.heading}: {_counted(len(decided), len(acted))}", row.ref)


def _counted(decided: int, acted: int) -> str:
    made = "1 decision" if decided == 1 else f"{decided} decisions"
    done = "1 action" if acted == 1 else f"{acted} actions"
    return f"{made}, {done}"


def followed(rows: list[Recommendation]) -> tuple[b.Block, ...]:
    """What reviews recommended, what was decided on it and how far the actions are."""
    if not rows:
        return (b.Paragraph(b.runs("No recommendation of a review is in the evidence chain.")),)
    columns = (
        b.Column("Recommendation", share=3.4, row_header=True), b.Column("Who answers for it", share=1.6),
        b.Column("Decisions", share=3.0), b.Column("Actions", share=1.4),
    )  # fmt: skip
    cells = tuple(
        b.row(
            row.heading,
            row.owner_words or "Nobody named yet",
            "; ".join(_decided(each) for each in row.decisions.all()) or "None yet",
            _acted([each.status for each in row.actions.all()]),
        )
        for row in rows
    )
    return (b.Table("Recommendations of reviews, and what became of them", columns, cells),)


def _decided(row: Decision) -> str:
    on = f" ({rules.when(row.decided_on, row.precision)})" if row.decided_on else ""
    return f"{row.get_outcome_display()}{on}"


def _acted(statuses: list[str]) -> str:
    return f"{statuses.count('done')} of {len(statuses)} done" if statuses else "None yet"


def done(case: Case) -> list[str]:
    """The ways a case took and what came of it, each in a line."""
    lines = [_way(case)] if case.route else []
    lines += [f"{output.heading}: {output.when}" for output in case.outputs.all()]
    return lines or ["Nothing decided yet"]


def _way(case: Case) -> str:
    taken = list(case.routes.all())
    named = [
        f"{row.get_route_display()}{f' ({rules.when(row.decided_on, row.precision)})' if row.decided_on else ''}"
        for row in taken
    ]
    return ", then ".join(named) or case.get_route_display()


def table(rows: list[Case]) -> tuple[b.Block, ...]:
    """The cases with what happened, what was done, and themes."""
    if not rows:
        return (b.Paragraph(b.runs("No case of this year is on record.")),)
    columns = (
        b.Column("Case", share=1.0, row_header=True), b.Column("What happened", share=2.6),
        b.Column("What was done and is expected", share=3.0), b.Column("Themes", share=3.0),
    )  # fmt: skip
    cells = tuple(
        b.row(
            case.pseudonym,
            case.incident,
            "; ".join(done(case)),
            "; ".join(t.title for t in case.themes.all()) or "None named",
        )
        for case in rows
    )
    return (b.Table("Cases the partnership learnt from in the year", columns, cells),)


def theme_chart(found: list[tuple[Theme, list[Case]]]) -> charts.Bars:
    """How many cases have each theme."""
    return charts.Bars(
        key="case-themes", title="Themes across cases",
        items=tuple((theme.title, float(len(cases))) for theme, cases in found), label_name="Theme", value_name="Cases",
        unit="cases", horizontal=True,
    )  # fmt: skip


def across(rows: list[Case]) -> tuple[b.Block, ...]:
    """Which themes came in which cases, the most frequent first."""
    found = queries.themes_of(rows)
    if not found:
        return (b.Paragraph(b.runs("No theme is named.")),)
    columns = (
        b.Column("Theme", share=3.4, row_header=True), b.Column("Cases", share=0.8, align="right"),
        b.Column("Which", share=4.0),
    )  # fmt: skip
    cells = tuple(
        b.row(theme.title, str(len(cases)), ", ".join(case.pseudonym for case in cases))
        for theme, cases in found
    )
    return (b.Table("Themes across the cases of the year", columns, cells),)


def kept(rows: list[Case], reader: Actor) -> tuple[b.Block, ...]:
    """Every clock of the year's cases: when it began, when it was due, when it was met."""
    lines: list[Any] = []
    for case in rows:
        for clock in clocks.of_record(case.pk, reader):
            ended = in_words(clock.met_on) if clock.met_on else clock.get_state_display()
            due = in_words(clock.due_on) if clock.due_on else "stands still"
            lines.append(b.row(case.pseudonym, clock.title, in_words(clock.started_on), due, ended))
    if not lines:
        return (b.Paragraph(b.runs("No statutory period ran in these cases within the system.")),)
    columns = (
        b.Column("Case", share=1.0, row_header=True), b.Column("Duty", share=3.2), b.Column("From", share=1.6),
        b.Column("Due", share=1.6), b.Column("Met", share=1.6),
    )  # fmt: skip
    return (b.Table("Statutory periods in the cases of the year", columns, tuple(lines)),)
