"""What meetings give to the report: what was held, who came, what was decided."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from shield.kernel.access.rules import Actor
from shield.kernel.calendar.rules import in_words, in_words_to
from shield.kernel.design.rules import charts
from shield.kernel.documents.rules import blocks as b
from shield.kernel.reporting import queries as reporting_queries
from shield.kernel.reporting import rules as reporting
from shield.kernel.reporting.rules import About, Counted, Gap, Period, Proof, Section
from shield.meetings import queries
from shield.meetings.models import BodyChange, Gathering, Resolution
from shield.meetings.rules import BodyKind, GatheringKind

IN_EVERY_REPORT = (
    "board_held",
    "executive_held",
    "conferences_held",
    "conference_attendance",
    "briefings_held",
    "briefing_attendance",
    "decisions",
)
SETTLED_BY = "The business manager settles it"
CONFERENCES = (GatheringKind.SYSTEM_LEARNING, GatheringKind.CONFERENCE)
KEY_EVENTS = (
    GatheringKind.BOARD,
    GatheringKind.HUB,
    GatheringKind.STRATEGIC,
    GatheringKind.SYSTEM_LEARNING,
    GatheringKind.CONFERENCE,
    GatheringKind.LEARNING_EVENT,
    GatheringKind.WORKSHOP,
)
TRAINING = (
    GatheringKind.CHAMPIONS,
    GatheringKind.BRIEFING,
    GatheringKind.MASTERCLASS,
    GatheringKind.SYSTEM_LEARNING,
    GatheringKind.WORKSHOP,
    GatheringKind.LEARNING_EVENT,
    GatheringKind.CONFERENCE,
    GatheringKind.TRAINING,
)


@reporting.once
def _year(period: Period, reader: Actor) -> list[Gathering]:
    return list(queries.held_between(reader.partnership_id, period.starts_on, period.ends_on))


def _held(period: Period, reader: Actor, kinds: Iterable[str] = ()) -> list[Gathering]:
    wanted = set(kinds)
    return [row for row in _year(period, reader) if not wanted or row.sort in wanted]


def _of_body(rows: Iterable[Gathering], sort: BodyKind) -> list[Gathering]:
    return [row for row in rows if row.body and row.body.sort == sort and not row.body.outside]


def _count(rows: Iterable[Gathering]) -> Counted:
    refs = tuple(row.ref for row in rows)
    return Counted(len(refs), refs)


@reporting.figure(
    "meetings.board_held",
    label="Partnership Board meetings held",
    unit="meetings",
    about=About.EVENTS,
    definition="Meetings of the partnership's board on the register as held within the reporting year.",
)
def board_held(period: Period, reader: Actor, argument: str) -> Counted:
    """Count the Board's meetings."""
    return _count(_of_body(_held(period, reader), BodyKind.BOARD))


@reporting.figure(
    "meetings.executive_held",
    label="Executive meetings held",
    unit="meetings",
    about=About.EVENTS,
    definition="Meetings of the executive on the register as held within the reporting year, reflective sessions included.",
)
def executive_held(period: Period, reader: Actor, argument: str) -> Counted:
    """Count the Executive's meetings."""
    return _count(_of_body(_held(period, reader), BodyKind.EXECUTIVE))


@reporting.figure(
    "meetings.executive_with_scrutineer",
    label="Executive sessions with the independent scrutineer",
    unit="meetings",
    about=About.EVENTS,
    definition="Reflective sessions of the executive held within the reporting year.",
)
def executive_with_scrutineer(period: Period, reader: Actor, argument: str) -> Counted:
    """Count the Executive's reflective sessions."""
    rows = _of_body(_held(period, reader), BodyKind.EXECUTIVE)
    return _count(row for row in rows if row.sort == GatheringKind.REFLECTIVE)


@reporting.figure(
    "meetings.conferences_held",
    label="System learning events and conferences held",
    unit="events",
    about=About.EVENTS,
    definition="System learning events and conferences on the register as held within the reporting year.",
)
def conferences_held(period: Period, reader: Actor, argument: str) -> Counted:
    """Count the conferences."""
    return _count(_held(period, reader, CONFERENCES))


@reporting.figure(
    "meetings.conference_attendance",
    label="Attendance at system learning events and conferences",
    unit="people",
    about=About.PEOPLE,
    definition="Sum of the numbers attending the system learning events and conferences of the year.",
)
def conference_attendance(period: Period, reader: Actor, argument: str) -> Counted:
    """Add up who came to the conferences."""
    return _attendance(_held(period, reader, CONFERENCES), reader)


@reporting.figure(
    "meetings.briefings_held",
    label="Briefings held",
    unit="events",
    about=About.EVENTS,
    definition="Briefing sessions on the register as held within the reporting year.",
)
def briefings_held(period: Period, reader: Actor, argument: str) -> Counted:
    """Count the briefings."""
    return _count(_held(period, reader, [GatheringKind.BRIEFING]))


@reporting.figure(
    "meetings.briefing_attendance",
    label="Attendance at briefings",
    unit="people",
    about=About.PEOPLE,
    definition="Sum of the numbers attending the briefing sessions held within the reporting year.",
)
def briefing_attendance(period: Period, reader: Actor, argument: str) -> Counted:
    """Add up who came to the briefings."""
    return _attendance(_held(period, reader, [GatheringKind.BRIEFING]), reader)


@reporting.figure(
    "meetings.decisions",
    label="Decisions on the register",
    unit="decisions",
    about=About.RECORDS,
    definition="Decisions of the partnership's bodies on the register, dated within the reporting year or without a date.",
)
def decisions(period: Period, reader: Actor, argument: str) -> Counted:
    """Count the decisions of the year."""
    refs = tuple(row.ref for row in _decided(period, reader))
    return Counted(len(refs), refs)


@reporting.once
def _decided(period: Period, reader: Actor) -> list[Resolution]:
    rows = queries.resolutions(reader)
    return [row for row in rows if row.decision.decided_on is None or period.holds(row.decision.decided_on)]


def _attendance(rows: list[Gathering], reader: Actor) -> Counted:
    known = queries.head_counts(rows, reader.partnership_id)
    unsettled = tuple(
        f"{row.title}: {' or '.join(known[row.pk][1])}"
        for row in rows
        if row.pk in known and known[row.pk][1]
    )
    missing = [row for row in rows if row.pk not in known]
    refs = tuple(row.ref for row in rows)
    note = f"For {len(missing)} of them no number is recorded." if missing else ""
    total = None if unsettled else sum(value or 0 for value, _ in known.values())
    return Counted(total if known or not rows else None, refs, None, unsettled, note)


@reporting_queries.register_of(Gathering.kind)
def register_values(ids: Iterable[object]) -> dict[tuple[object, str], object]:
    """What the register itself holds: a head count counted by the team itself."""
    rows = Gathering.objects.filter(pk__in=list(ids), attendance_count__isnull=False)
    return {(row.pk, "attendance"): row.attendance_count for row in rows}


def section(period: Period, reader: Actor) -> Section:
    """The Board, the Executive, the year in numbers, decisions, changes of bodies, training events."""
    rows = _held(period, reader)
    counts = queries.head_counts(rows, reader.partnership_id)
    board, executive = _of_body(rows, BodyKind.BOARD), _of_body(rows, BodyKind.EXECUTIVE)
    key = [row for row in rows if row.sort in KEY_EVENTS]
    decided = _decided(period, reader)
    figures = tuple(reporting.compute(f"meetings.{name}", period, reader) for name in IN_EVERY_REPORT)
    return Section(
        "meetings",
        "Meetings",
        figures=figures,
        proofs=_proofs(rows, executive),
        gaps=tuple(
            Gap(f"{row.title}: the sources disagree on how many came", row.ref, SETTLED_BY, "unsettled")
            for row in rows
            if counts.get(row.pk, (0, ()))[1]
        ),
        groups=(
            Section("board", "Meetings of the Board", content=lambda: _business(board)),
            Section("executive", "Meetings of the Executive", content=lambda: _business(executive)),
            Section(
                "board_decisions",
                "Decisions of the Board",
                content=lambda: _decisions(decided, BodyKind.BOARD),
            ),
            Section(
                "executive_decisions",
                "Decisions of the Executive",
                content=lambda: _decisions(decided, BodyKind.EXECUTIVE),
            ),
            Section("numbers", "The year in numbers", content=lambda: _numbers(key, counts, figures, period)),
            Section("changes", "Changes of the partnership's bodies", content=lambda: _changes(reader)),
            Section("training", "Training and learning events", content=lambda: _training(rows, counts)),
        ),
    )


def _proofs(rows: list[Gathering], executive: list[Gathering]) -> tuple[Proof, ...]:
    held = (Proof("done", f"{row.title} was held", row.ref) for row in rows)
    scrutiny = (
        Proof("effective", f"{row.title} with the independent scrutineer", row.ref)
        for row in executive
        if row.sort == GatheringKind.REFLECTIVE
    )
    heard = (Proof("feedback", row.title, row.ref) for row in rows if row.sort == GatheringKind.FOCUS_GROUP)
    return (*held, *scrutiny, *heard)


def _business(rows: list[Gathering]) -> tuple[b.Block, ...]:
    made: list[b.Block] = []
    for row in rows:
        chair = f"Chaired by {row.chair_words}." if row.chair_words else ""
        made.append(b.Heading(3, in_words_to(row.held_on, row.precision)))
        if chair:
            made.append(b.Paragraph(b.runs(chair), "small"))
        lines = [item.text for item in row.items.all() if not item.withdrawn]
        if lines:
            made.append(b.Bullets(b.items(*lines)))
        elif not chair:
            made.append(b.Paragraph(b.runs("The business of this meeting is not recorded."), "note"))
    return tuple(made) or (b.Paragraph(b.runs("No meeting is on the register for this year.")),)


def _decisions(rows: list[Resolution], sort: BodyKind) -> tuple[b.Block, ...]:
    mine = [row for row in rows if row.body.sort == sort and not row.body.outside]
    if not mine:
        return (b.Paragraph(b.runs("No decision is on the register for this year.")),)
    return (
        b.Table(
            f"Decisions of the {mine[0].body.name}",
            (b.Column("Decision", share=4, row_header=True), b.Column("When", share=1.4)),
            tuple(
                b.row(
                    row.decision.text,
                    in_words_to(row.decision.decided_on, row.decision.precision)
                    if row.decision.decided_on
                    else "In the year; meeting not recorded",
                )
                for row in sorted(mine, key=lambda r: (r.decision.decided_on or date.max, r.reference))
            ),
        ),
    )


def _shown(row: Gathering, counts: dict[object, tuple[int | None, tuple[str, ...]]]) -> str:
    if row.pk not in counts:
        return "not recorded"
    value, lines = counts[row.pk]
    return "not settled" if lines else str(value)


def _numbers(
    rows: list[Gathering],
    counts: dict[object, tuple[int | None, tuple[str, ...]]],
    figures: tuple[reporting.Figure, ...],
    period: Period,
) -> tuple[b.Block, ...]:
    cards = b.KeyFigures(tuple(b.KeyFigure(f.text, f.label, f.key) for f in figures[:4]))
    board = [(in_words(r.held_on), counts.get(r.pk, (None, ()))[0]) for r in _of_body(rows, BodyKind.BOARD)]
    made: list[b.Block] = [cards]
    if any(value is not None for _, value in board):
        made.append(
            b.ChartBlock(
                charts.Bars(
                    key="board-attendance",
                    title="Attendance at the Board",
                    items=tuple(board),
                    label_name="Meeting",
                    value_name="Number attending",
                )
            )
        )
    made.append(b.ChartBlock(_timeline(rows, period)))
    made.append(_events_table("Key meetings and events of the year", rows, counts))
    return tuple(made)


def _timeline(rows: list[Gathering], period: Period) -> charts.Timeline:
    return charts.Timeline(
        key="year",
        title="The year's meetings and events",
        starts=period.starts_on,
        ends=period.ends_on,
        happenings=tuple(
            charts.Happening(
                label=r.title, lane=r.get_sort_display(), on=r.held_on, until=r.ends_on, tone="done"
            )
            for r in rows
        )
        or (charts.Happening(label="No event", lane="Events", on=period.starts_on),),
    )


def _events_table(
    caption: str, rows: list[Gathering], counts: dict[object, tuple[int | None, tuple[str, ...]]]
) -> b.Table:
    return b.Table(
        caption,
        (
            b.Column("Meeting or event", share=4, row_header=True),
            b.Column("Date", share=2),
            b.Column("Chaired or led by", share=2),
            b.Column("Attending", align="right", share=1.2),
        ),
        tuple(
            b.row(
                r.title,
                in_words_to(r.held_on, r.precision),
                r.chair_words or ", ".join(a.called for a in r.led_by.all()) or "–",
                _shown(r, counts),
            )
            for r in rows
        ),
        "Where the sources disagree on how many came, the number is given as not settled.",
    )


def _changes(reader: Actor) -> tuple[b.Block, ...]:
    rows = BodyChange.objects.visible_to(reader).select_related("body")
    if not rows:
        return ()
    return (
        b.Table(
            "Changes of bodies",
            (
                b.Column("Body", share=2, row_header=True),
                b.Column("Change", share=4),
                b.Column("When", share=1.2),
            ),
            tuple(
                b.row(
                    c.body.name,
                    c.text or c.get_sort_display(),
                    in_words_to(c.happened_on, c.precision) if c.happened_on else "–",
                )
                for c in rows
            ),
        ),
    )


def _training(
    rows: list[Gathering], counts: dict[object, tuple[int | None, tuple[str, ...]]]
) -> tuple[b.Block, ...]:
    rows = [row for row in rows if row.sort in TRAINING]
    if not rows:
        return (b.Paragraph(b.runs("No training or learning event is on the register for this year.")),)
    return (
        b.Table(
            "Training and learning events of the year",
            (
                b.Column("Event", share=3, row_header=True),
                b.Column("Date", share=1.6),
                b.Column("Attending", align="right", share=1),
                b.Column("Agencies represented", share=4),
            ),
            tuple(
                b.row(
                    r.title,
                    in_words_to(r.held_on, r.precision),
                    _shown(r, counts),
                    ", ".join(r.agencies_represented) or "not recorded",
                )
                for r in rows
            ),
        ),
    )
