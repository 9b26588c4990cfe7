"""What people told us, as the report tells it: who was heard, what they said, what came of it, whether they were told."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from shield.domain.voice import queries, rules
from shield.domain.voice.models import Activity, Promise, Said
from shield.domain.voice.rules import PointState
from shield.improvement.rules import FindingSort
from shield.kernel.access.rules import Actor
from shield.kernel.calendar.rules import in_words_to
from shield.kernel.design.rules import charts
from shield.kernel.disclosure import rules as disclosure
from shield.kernel.documents.rules import blocks as b
from shield.kernel.reporting import queries as reporting_queries
from shield.kernel.reporting import rules as reporting
from shield.kernel.reporting.rules import About, Counted, Gap, Period, Proof, Section

LEARNS_OF_IT = "Whoever runs the Learning Hub hears children"


@reporting.once
def _activities(period: Period, reader: Actor) -> list[Activity]:
    """Activities of the year; one whose day is not known counts in the year of its record."""
    rows = Activity.objects.visible_to(reader)
    return [row for row in rows if period.holds(queries.counts_on(row))]


@reporting.once
def _told_with(period: Period, reader: Actor) -> list[Activity]:
    """Activities of the year, and what went before them in the work on the same priority; figures count the year alone."""
    of_the_year = _activities(period, reader)
    priorities = {row.priority_id for row in of_the_year if row.priority_id}
    rows = Activity.objects.visible_to(reader)
    before = [r for r in rows if r.priority_id in priorities and r.day and r.day < period.starts_on]
    return [*before, *of_the_year]


@reporting.once
def _points(period: Period, reader: Actor) -> list[Said]:
    """Points made in the year, or about a priority without a day."""
    rows = queries.points(reader)
    return [row for row in rows if row.said_on is None or period.holds(row.said_on)]


@reporting.figure(
    "voice.activities",
    label="Times that people were asked",
    unit="activities",
    about=About.EVENTS,
    definition="Feedback activities of the reporting year. One whose day is not known counts in the year of its record.",
)
def activities(period: Period, reader: Actor, argument: str) -> Counted:
    """Count the activities."""
    rows = _activities(period, reader)
    return Counted(len(rows), tuple(row.ref for row in rows))


@reporting.figure(
    "voice.people_heard",
    label="People heard",
    unit="people",
    about=About.PEOPLE,
    definition=(
        "Sum of the numbers who took part in the feedback activities of the year. Somebody heard twice counts twice. "
        "Withheld where a small number of children could be worked out of it."
    ),
)
def people_heard(period: Period, reader: Actor, argument: str) -> Counted:
    """Add up who took part; not settled while sources disagree on one of them."""
    rows = _activities(period, reader)
    counts = queries.how_many(rows, reader)
    unsettled = tuple(line for found in counts.values() for line in found.unsettled)
    refs = tuple(row.ref for row in rows)
    unknown = sum(1 for found in counts.values() if found.count is None and not found.unsettled)
    note = f"In {unknown} of them nobody noted how many took part." if unknown else ""
    if not queries.heads(reader, period).tells_total:
        return Counted(None, refs, note=disclosure.DEFAULT.in_words, suppressed=True)
    if unsettled:
        return Counted(None, refs, unsettled=unsettled, note=note)
    return Counted(sum(found.count or 0 for found in counts.values()), refs, note=note)


@reporting.figure(
    "voice.answered",
    label="Points with an answer",
    unit="points",
    about=About.RECORDS,
    definition="Points made in the year that have an answer, of all points made in it.",
)
def answered(period: Period, reader: Actor, argument: str) -> Counted:
    """Count the points with an answer."""
    rows = _points(period, reader)
    done = tuple(row.ref for row in rows if row.state != PointState.OPEN)
    return Counted(len(done), done, denominator=len(rows))


@reporting.figure(
    "voice.told",
    label="Answers that people were told",
    unit="points",
    about=About.RECORDS,
    definition="Points with an answer of which those who made them were told, of all points with an answer.",
)
def told(period: Period, reader: Actor, argument: str) -> Counted:
    """Count the answers that people were told."""
    rows = [row for row in _points(period, reader) if row.state != PointState.OPEN]
    done = tuple(row.ref for row in rows if row.told_on)
    return Counted(len(done), done, denominator=len(rows))


@reporting.figure(
    "voice.promised_activities",
    label="Promises about engagement",
    unit="promises",
    about=About.RECORDS,
    definition="What the partnership said that it would do to hear children, young people and families.",
)
def promised_activities(period: Period, reader: Actor, argument: str) -> Counted:
    """Count the promises made by the end of the year."""
    rows = _promises(period, reader)
    return Counted(len(rows), tuple(row.ref for row in rows))


@reporting.once
def _promises(period: Period, reader: Actor) -> list[Promise]:
    return [row for row in queries.promises(reader) if row.made_on <= period.ends_on]


IN_EVERY_REPORT = ("activities", "people_heard", "answered", "told", "promised_activities")


def section(period: Period, reader: Actor) -> Section:
    """Promises, and for each priority who was heard and what they said."""
    rows, points = _activities(period, reader), _points(period, reader)
    return Section(
        "voice",
        "The voice of children, families and practitioners",
        figures=tuple(reporting.compute(f"voice.{key}", period, reader) for key in IN_EVERY_REPORT),
        proofs=_proofs(rows, points),
        gaps=_gaps(period, reader),
        groups=(
            Section(
                "engagement", "Voice of children and families", content=partial(_engagement, period, reader)
            ),
            Section(
                "said",
                "What children, families and practitioners said",
                content=partial(_said, period, reader),
            ),
        ),
    )


def _proofs(rows: list[Activity], points: list[Said]) -> tuple[Proof, ...]:
    """Only activities show that somebody was heard; only points answered and told close the circle."""
    heard = [Proof("feedback", f"{row.get_group_display()}: {row.title}", row.ref) for row in rows]
    return (
        *heard,
        *(Proof("feedback", f"You said, we did: {row.heading}", row.ref, 2) for row in points if row.told_on),
    )


def _gaps(period: Period, reader: Actor) -> tuple[Gap, ...]:
    unheard = queries.unheard_priorities(reader, period.as_at)
    waiting = queries.never_answered(reader, period.as_at)
    untold = list(queries.not_told(reader, by=period.as_at))
    return (
        *(
            Gap(
                f"No child or young person was heard: {row.heading}",
                row.ref,
                LEARNS_OF_IT,
                "unheard",
                row.heading,
            )
            for row in unheard
        ),
        *(
            Gap(
                f"Feedback never answered: {row.heading}",
                row.ref,
                "The learning manager",
                "unanswered",
                _of(row),
            )
            for row in waiting
        ),
        *(
            Gap(
                f"Nobody was told what came of it: {row.heading}",
                row.ref,
                "Whoever asked them",
                "untold",
                _of(row),
            )
            for row in untold
        ),
    )


def _of(row: Said) -> str:
    return row.priority.heading if row.priority else ""


def _engagement(period: Period, reader: Actor) -> tuple[b.Block, ...]:
    """What was promised with where it stands, and how far the circle from said to told is closed."""
    made: list[b.Block] = []
    promises = _promises(period, reader)
    if promises:
        made.append(
            b.Table(
                "What was promised, and where it stands",
                (
                    b.Column("We said we would", share=3, row_header=True),
                    b.Column("Where it stands", share=3),
                ),
                tuple(b.row(row.text, row.progress or "Nothing reported") for row in promises),
            )
        )
    points = _points(period, reader)
    if points:
        made += [b.Heading(3, "You said, we did"), b.ChartBlock(_circle(points)), *_we_did(points)]
    return tuple(made)


def _circle(points: list[Said]) -> charts.StackedBars:
    """By whose voice it is: points answered and told, answered only, and not answered."""
    groups = [group for group in rules.Group if any(row.group == group for row in points)]
    parts = (
        ("Answered and told", lambda row: row.told_on is not None),
        ("Answered", lambda row: row.state != PointState.OPEN and row.told_on is None),
        ("Not answered yet", lambda row: row.state == PointState.OPEN),
    )
    return charts.StackedBars(
        key="you-said-we-did",
        title="What came of what people said",
        labels=tuple(group.label for group in groups),
        series=tuple(
            charts.Series(
                name=name,
                values=tuple(
                    float(sum(1 for row in points if row.group == g and belongs(row))) for g in groups
                ),
            )
            for name, belongs in parts
        ),
    )


def _we_did(points: list[Said]) -> list[b.Block]:
    done = [row for row in points if row.state != PointState.OPEN]
    if not done:
        return []
    return [
        b.Table(
            "You said, we did",
            (
                b.Column("You said", share=3, row_header=True),
                b.Column("Who", share=1.2),
                b.Column("We did", share=3),
                b.Column("Told", share=1.4),
            ),
            tuple(
                b.row(
                    row.text,
                    row.get_group_display(),
                    row.answer,
                    in_words_to(row.told_on, "day") if row.told_on else "Not yet",
                )
                for row in done
            ),
        )
    ]


def _said(period: Period, reader: Actor) -> tuple[b.Block, ...]:
    """Priority by priority: who was heard, then what they said, then the words they gave for publication."""
    rows, points = _told_with(period, reader), _points(period, reader)
    shown = queries.heads(reader, period)
    quotations = [row for row in queries.quotable(reader.partnership_id) if row.words]
    made: list[b.Block] = []
    of = {row.priority for row in rows} | {row.priority for row in points}
    for priority in sorted(of, key=lambda p: (p is None, p.number or 999 if p else 0)):
        mine = [row for row in rows if row.priority == priority]
        made.append(b.Heading(3, priority.heading if priority else "Beyond the priorities"))
        made += _of_priority(mine, [row for row in points if row.priority == priority], shown)
        heard = [row for row in quotations if row.activity in mine]
        made += [b.Quote(b.runs(f"“{row.words}”"), row.get_group_display()) for row in heard]
    return tuple(made)


def _of_priority(rows: list[Activity], points: list[Said], shown: queries.Heads) -> list[b.Block]:
    made: list[b.Block] = []
    if rows:
        made += _who(rows, shown)
    for group in rules.Group:
        of_group = [row for row in points if row.group == group]
        if not of_group:
            continue
        made.append(b.Heading(4, group.label))
        for sort in FindingSort:
            texts = [row.text for row in of_group if row.sort == sort]
            if texts:
                made += [
                    b.Paragraph(b.runs(b.Text(f"{sort.label}.", strong=True))),
                    b.Bullets(b.items(*texts)),
                ]
    return made


def _who(rows: list[Activity], shown: queries.Heads) -> list[b.Block]:
    """Who was heard, with the numbers as they may leave."""
    return [
        b.Table(
            "Who was heard",
            (
                b.Column("What", share=3, row_header=True),
                b.Column("Who", share=1.4),
                b.Column("How", share=1.6),
                b.Column("When", share=1.6),
                b.Column("Took part", align="right", share=1),
            ),
            tuple(
                b.row(
                    row.title,
                    row.get_group_display(),
                    row.get_method_display(),
                    row.when or "Not recorded",
                    shown.of[row.pk].text,
                )
                for row in rows
            ),
            note=rules.WITHHELD if shown.hide(rows) else "",
        )
    ]


@reporting_queries.register_of(Activity.kind)
def register_values(ids: Iterable[object]) -> dict[tuple[object, str], object]:
    """What the register holds of activities: how many took part."""
    rows = Activity.objects.filter(pk__in=list(ids), people_count__isnull=False)
    return {(row.pk, "people_count"): row.people_count for row in rows}
