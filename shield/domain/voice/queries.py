"""Reads across activities, points and quotations."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce, TruncDate
from django.utils.timezone import localdate

from shield.domain.voice import rules
from shield.domain.voice.models import (
    Activity,
    CameOf,
    CircleMember,
    Promise,
    Question,
    Quotation,
    Said,
    Survey,
)
from shield.improvement.models import Action, Decision, Priority, Recommendation
from shield.improvement.rules import PriorityStatus
from shield.kernel.access.rules import Actor
from shield.kernel.disclosure import rules as disclosure
from shield.kernel.records import queries as records
from shield.kernel.records.rules import RecordRef
from shield.kernel.reporting import queries as reported
from shield.kernel.reporting import rules as reporting
from shield.kernel.reporting.models import ReportingYear
from shield.kernel.reporting.rules import Period
from shield.meetings import queries as meetings
from shield.meetings.models import Body, Gathering


def activities(actor: Actor) -> QuerySet[Activity]:
    """Feedback activities with how many points were made in each."""
    return Activity.objects.visible_to(actor).annotate(made=Count("points"))


@dataclass(frozen=True)
class HowMany:
    """How many took part: a number, or why there is none."""

    count: int | None
    unsettled: tuple[str, ...] = ()
    withheld: bool = False

    @property
    def text(self) -> str:
        """The number as it is written."""
        if self.withheld:
            return disclosure.MARK
        if self.unsettled:
            return "not settled"
        return "not recorded" if self.count is None else f"{self.count:,}"


def how_many(rows: Iterable[Activity], actor: Actor) -> dict[uuid.UUID, HowMany]:
    """Of each activity how many took part; the meetings' register is asked where a meeting holds the count."""
    rows = list(rows)
    held = meetings.head_counts([row.gathering for row in rows if row.gathering], actor.partnership_id)
    found = {}
    for row in rows:
        if row.gathering is None:
            found[row.pk] = HowMany(row.people_count)
        else:
            found[row.pk] = HowMany(*held.get(row.gathering.pk, (None, ())))
    return found


@dataclass(frozen=True)
class Heads:
    """How many took part in every activity as it may be told, and whether the total of the year asked for may be."""

    rows: list[Any]
    of: dict[uuid.UUID, HowMany]
    tells_total: bool = True

    def hide(self, rows: Iterable[Activity]) -> bool:
        """Whether a number of any of these is withheld."""
        return any(self.of[row.pk].withheld for row in rows)


@reporting.once
def heads(actor: Actor, asked: Period | None = None, about: Q | None = None) -> Heads:
    """How many took part, as every page, file, report and poster tells it: the one place where this is judged.

    All activities of a reporting year are judged together, for their total is published; whichever of them a page
    shows, the same numbers are withheld. `asked` is a period that a report tells of; `about` marks the rows that a
    page is about (`is_about`), without another question to the database.
    """
    rows = list(numbered(Activity.objects.visible_to(actor), about))
    known = how_many(rows, actor)
    by_year: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        by_year[asked if asked and asked.holds(row.counts) else row.year].append(row)
    told: dict[uuid.UUID, HowMany] = {}
    tells_total = True
    left = {row.judged_year for row in rows if row.withheld and row.judged_year != row.year}
    for year, of_year in by_year.items():
        ordered = in_order(of_year, known)
        released, total = rules.release_heads([head_of(row, known[row.pk].count) for row in ordered])
        for row, count in zip(ordered, released, strict=True):
            raw = known[row.pk]
            told[row.pk] = raw if count == raw.count else HowMany(None, withheld=True)
        if asked and year == asked:
            sealed = any(row.seals_total or row.year in left or is_changed(row, known) for row in of_year)
            tells_total = total and not sealed
    return Heads(rows, told, tells_total)


def numbered(rows: QuerySet[Activity], about: Q | None = None) -> QuerySet[Activity]:
    """Activities with the day by which they count, their reporting year, and whether a survey's results say their number."""
    years = ReportingYear.objects.filter(
        partnership=OuterRef("partnership"),
        starts_on__lte=OuterRef("counts"),
        ends_on__gte=OuterRef("counts"),
    )
    return rows.annotate(
        counts=DAY,
        year=Subquery(years.values("pk")[:1]),
        has_results=Exists(Survey.objects.filter(activity=OuterRef("pk"))),
        is_about=ExpressionWrapper(about or Q(pk__isnull=False), output_field=BooleanField()),
    )


DAY = Coalesce("gathering__held_on", "held_on", TruncDate("recorded_at"))
"""The day by which an activity belongs to a year: its own, or that of its record where it is not known."""


def in_order(rows: Iterable[Any], known: Mapping[uuid.UUID, HowMany]) -> list[Any]:
    """Activities in the order in which their numbers came on record; a new or corrected number comes last.

    One that was withheld keeps its place: it is judged as withheld whatever it says now.
    """

    def place(row: Any) -> tuple[Any, ...]:
        stands = row.withheld or row.judged_count == known[row.pk].count
        order = row.judged_order if stands else None
        return order is None, order or 0, row.recorded_at, row.pk

    return sorted(rows, key=place)


def is_changed(row: Any, known: Mapping[uuid.UUID, HowMany]) -> bool:
    """Whether a number that was withheld is another by now: the total before and after would tell of it."""
    return row.withheld and row.judged_count != known[row.pk].count


def head_of(row: Any, count: int | None) -> rules.Head:
    """An activity as it is judged; a survey with few answers shows no results, so they tell nothing."""
    is_known = bool(row.has_results or row.gathering_id)
    return rules.Head(count, row.group in rules.OF_CHILDREN, is_known, row.withheld)


def counts_on(row: Activity) -> date:
    """The day by which an activity belongs to a year: its own, or that of its record where it is not known."""
    day: date = row.day or localdate(row.recorded_at)
    return day


def issued_with(row: Activity, *days: date) -> str:
    """The year whose issued report tells of an activity, by its day or by these days; empty if none."""
    year = reported.issued_year(row.partnership_id, counts_on(row), *days)
    return year.name if year else ""


def gatherings(actor: Actor) -> QuerySet[Gathering]:
    """Meetings and events at which people may have been asked, the latest first."""
    return Gathering.objects.visible_to(actor).exclude(status="cancelled").order_by("-held_on")


def points(actor: Actor) -> QuerySet[Said]:
    """Points with what came of each."""
    return Said.objects.visible_to(actor).prefetch_related(
        Prefetch("came", queryset=CameOf.objects.visible_to(actor)),
        Prefetch("finding__recommendations", queryset=Recommendation.objects.visible_to(actor)),
    )


def came_of(rows: Iterable[Said], actor: Actor) -> dict[uuid.UUID, list[RecordRef]]:
    """Of each point what came of it, its title as it is now: what was named, and what its finding led to.

    What the actor may not see is left out.
    """
    rows = list(rows)
    named = records.titles((each.about for row in rows for each in row.came.all()), actor)
    found: dict[uuid.UUID, dict[uuid.UUID, RecordRef]] = defaultdict(dict)
    for row in rows:
        for each in row.came.all():
            if each.about_id in named:
                found[row.pk][each.about_id] = RecordRef(each.about_kind, each.about_id, named[each.about_id])
        for led in row.finding.recommendations.all() if row.finding else ():
            found[row.pk].setdefault(led.pk, led.ref)
    return {pk: list(refs.values()) for pk, refs in found.items()}


def may_have_come(
    said: Said, actor: Actor
) -> tuple[QuerySet[Recommendation], QuerySet[Decision], QuerySet[Action]]:
    """What may have come of a point and is not named yet: of its priority, or of all if it has none."""
    named = CameOf.objects.filter(said=said)
    recommendations, decisions, actions = (
        model.objects.visible_to(actor).exclude(pk__in=named.filter(about_kind=model.kind).values("about_id"))
        for model in (Recommendation, Decision, Action)
    )
    of = said.priority_id
    if of:
        recommendations = recommendations.filter(priority_id=of)
        decisions = decisions.filter(Q(priorities=of) | Q(recommendations__priority_id=of)).distinct()
        actions = actions.filter(Q(priority_id=of) | Q(recommendation__priority_id=of))
    return recommendations, decisions, actions


def quotations(actor: Actor) -> QuerySet[Quotation]:
    """Quotations that the actor may know of."""
    return Quotation.objects.visible_to(actor)


def quotable(partnership_id: uuid.UUID) -> QuerySet[Quotation]:
    """Quotations whose consent reaches publication: the only ones that a report or a public page may hold."""
    return (
        Quotation.objects.filter(partnership_id=partnership_id)
        .with_consent(rules.Scope.PUBLISHED)
        .select_related(*Quotation.shown_with)
    )


def published(partnership_id: uuid.UUID) -> QuerySet[Said]:
    """Points marked for publication, with an answer."""
    return Said.objects.filter(partnership_id=partnership_id, published=True).exclude(
        state=rules.PointState.OPEN
    )


def that_told() -> set[uuid.UUID]:
    """The partnerships that published what people said and what came of it."""
    rows = Said.objects.filter(published=True).exclude(state=rules.PointState.OPEN).order_by()
    return set(rows.values_list("partnership_id", flat=True).distinct())


def second_looks(actor: Actor) -> QuerySet[Said]:
    """Points that somebody else would publish, and this actor has not read for it yet."""
    rows = Said.objects.visible_to(actor).filter(offered_by__isnull=False, published=False)
    return rows.exclude(offered_by_id=actor.person_id)


def promises(actor: Actor) -> QuerySet[Promise]:
    """What was promised about engagement, in its order."""
    return Promise.objects.visible_to(actor)


def unheard_priorities(actor: Actor, today: date) -> list[Priority]:
    """Priorities at work for long enough in which no child or young person was heard by a day.

    Nobody was heard where nobody came, and nobody yet at what is still to come.
    """
    asked = Activity.objects.filter(priority=OuterRef("pk"), group__in=rules.OF_CHILDREN)
    came = asked.filter(Q(people_count__isnull=True) | Q(people_count__gt=0))
    heard = came.exclude(gathering__status="cancelled").annotate(counts=DAY).filter(counts__lte=today)
    rows = Priority.objects.visible_to(actor).filter(~Exists(heard), status=PriorityStatus.ACTIVE)
    return [
        row
        for row in rows
        if row.starts_on is None or rules.is_overdue(row.starts_on, rules.HEAR_WITHIN_MONTHS, today)
    ]


def owed(actor: Actor, today: date) -> tuple[list[Said], list[Said]]:
    """Points never answered and people never told, as the two below give them, read at once."""
    waits = Q(state=rules.PointState.OPEN, sort="to_develop") | Q(told_on=None) & ~Q(
        state=rules.PointState.OPEN
    )
    rows = list(Said.objects.visible_to(actor).filter(waits))
    return _late(rows, today), [row for row in rows if row.state != rules.PointState.OPEN]


def _late(rows: Iterable[Said], today: date) -> list[Said]:
    late = [
        row
        for row in rows
        if row.state == rules.PointState.OPEN
        and (row.said_on is None or rules.is_overdue(row.said_on, rules.ANSWER_WITHIN_MONTHS, today))
    ]
    return sorted(late, key=lambda row: (row.said_on or date.max, row.reference))


def never_answered(actor: Actor, today: date) -> list[Said]:
    """Points to develop that waited too long for an answer, the oldest first; those of unknown date count too."""
    rows = Said.objects.visible_to(actor).filter(state=rules.PointState.OPEN, sort="to_develop")
    return _late(rows, today)


def not_told(actor: Actor, by: date | None = None) -> QuerySet[Said]:
    """Points with an answer whose givers were not told; `by` leaves out what was answered later."""
    rows = Said.objects.visible_to(actor).filter(told_on=None).exclude(state=rules.PointState.OPEN)
    return rows.filter(answered_on__lte=by) if by else rows


def standing(actor: Actor) -> list[tuple[str, str, int, str]]:
    """How many points wait for an answer, wait to be told, and are done: filter, words, count, tone.

    Praise waits for nothing: only what is to develop does, here as in the list of work.
    """
    is_open = Q(state=rules.PointState.OPEN)
    counted = Said.objects.visible_to(actor).aggregate(
        answer=Count("pk", filter=is_open & Q(sort="to_develop")),
        told=Count("pk", filter=~is_open & Q(told_on=None)),
        done=Count("pk", filter=Q(told_on__isnull=False)),
    )
    return [
        ("answer", "wait for an answer", counted["answer"], "late" if counted["answer"] else ""),
        ("told", "are answered, and nobody was told", counted["told"], "late" if counted["told"] else ""),
        ("done", "are answered and told", counted["done"], ""),
    ]


def by_group(rows: Iterable[Said]) -> list[tuple[str, list[Said]]]:
    """Points by whose voice they are, children first; groups that said nothing are left out."""
    known: dict[str, list[Said]] = defaultdict(list)
    for row in rows:
        known[row.group].append(row)
    return [(group.label, known[group.value]) for group in rules.Group if known[group.value]]


# Surveys ---------------------------------------------------------------------------------------------


def survey_at(token: str) -> Survey | None:
    """The survey of a public address, with its partnership; None for any other."""
    return Survey.objects.filter(token=token).select_related("partnership").first() if token else None


def asked(survey: Survey) -> list[Question]:
    """The questions of a survey, in their order."""
    return list(survey.questions.filter(left_out=False).order_by("position"))


def surveys(actor: Actor) -> QuerySet[Survey]:
    """Surveys with how many answered."""
    return Survey.objects.visible_to(actor).annotate(answered=Count("replies"))


def results(survey: Survey) -> list[tuple[Question, rules.Counted]]:
    """The questions that can be counted, each with its answers as they may leave."""
    given = list(survey.replies.values_list("answers", flat=True))
    return [
        (
            question,
            rules.count_answers(
                question.sort, question.choices, [each.get(str(question.position)) for each in given]
            ),
        )
        for question in asked(survey)
        if question.sort != rules.QuestionSort.TEXT
    ]


@dataclass(frozen=True)
class Written:
    """One text that somebody wrote in a survey."""

    source_id: str
    text: str
    taken: Said | None


def written(survey: Survey, actor: Actor) -> list[tuple[Question, list[Written]]]:
    """What was written to each question, in no order of time, with the point made of it."""
    taken = {row.source_id: row for row in Said.objects.visible_to(actor).filter(activity=survey.activity_id)}
    words = [(reply.pk, reply.words) for reply in survey.replies.all()]
    made = []
    for question in asked(survey):
        if question.sort == rules.QuestionSort.TEXT:
            key = str(question.position)
            texts = [(f"{pk}:{key}", each[key]) for pk, each in words if key in each]
            made.append((question, [Written(at, text, taken.get(at)) for at, text in texts]))
    return made


# The Learning Circle ---------------------------------------------------------------------------------


def circles(actor: Actor) -> QuerySet[Body]:
    """The Learning Circles: forums of the partnership called a circle, or all of its forums while none is."""
    forums = Body.objects.visible_to(actor).filter(sort="forum", outside=False)
    called = forums.filter(name__icontains="circle")
    return (called if called.exists() else forums).order_by("name")


def members(actor: Actor) -> QuerySet[CircleMember]:
    """Members of the Learning Circle."""
    return CircleMember.objects.visible_to(actor)


def gatherings_of(circles: Iterable[Body], actor: Actor) -> QuerySet[Gathering]:
    """Gatherings of the Learning Circles, the latest first."""
    return Gathering.objects.visible_to(actor).filter(body__in=circles).order_by("-held_on")
