"""Reads across bodies, gatherings and decisions."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from shield.improvement.models import Action, Decision, Priority, Recommendation, SuccessMeasure
from shield.improvement.queries import ACTED_UPON
from shield.improvement.rules import RecommendationStatus
from shield.kernel.access.rules import Actor
from shield.kernel.accounts import queries as accounts
from shield.kernel.accounts.models import Agency
from shield.kernel.records.rules import fold
from shield.kernel.reporting import queries as reporting
from shield.meetings import rules
from shield.meetings.models import (
    AgendaItem,
    Attendance,
    Body,
    BodyMember,
    Gathering,
    Line,
    Resolution,
    TermsOfReference,
)

HeadCount = tuple[int | None, tuple[str, ...]]
"""How many came, or None and what each source says where they disagree."""


def gatherings(actor: Actor) -> QuerySet[Gathering]:
    """Meetings and events the actor may see, with body, chair and priority; the latest first."""
    return Gathering.objects.visible_to(actor)


def chosen_gatherings(
    actor: Actor,
    *,
    words: str = "",
    sort: str = "",
    status: str = "",
    body: Body | None = None,
    from_day: date | None = None,
    to_day: date | None = None,
) -> QuerySet[Gathering]:
    """The register as a filter asks for it; `words` are sought in titles."""
    rows = gatherings(actor).prefetch_related("led_by")
    if words:
        rows = rows.filter(pk__in=_titled(actor, words))
    if sort:
        rows = rows.filter(sort=sort)
    if status:
        rows = rows.filter(status=status)
    if body is not None:
        rows = rows.filter(body=body)
    if from_day is not None:
        rows = rows.filter(Q(held_on__gte=from_day) | Q(ends_on__gte=from_day))
    return rows.filter(held_on__lte=to_day) if to_day is not None else rows


def near(actor: Actor, today: date) -> list[tuple[str, Gathering]]:
    """The next meeting to come and the last that was held, with which is which."""
    rows = gatherings(actor).filter(precision="day")
    coming = (
        rows.filter(status=rules.GatheringStatus.PLANNED, held_on__gte=today)
        .order_by("held_on", "title")
        .first()
    )
    held = (
        rows.filter(status=rules.GatheringStatus.HELD, held_on__lte=today)
        .order_by("-held_on", "title")
        .first()
    )
    return [(words, row) for words, row in (("Next", coming), ("Last held", held)) if row is not None]


def _titled(actor: Actor, words: str) -> list[uuid.UUID]:
    """Gatherings whose title holds every word, without regard to case or accents on either database."""
    wanted = fold(words).split()
    titles = Gathering.objects.visible_to(actor).values_list("pk", "title")
    return [pk for pk, title in titles if all(word in fold(title) for word in wanted)]


def held_between(
    partnership_id: uuid.UUID, starts_on: date, ends_on: date, kinds: Iterable[str] = ()
) -> QuerySet[Gathering]:
    """Gatherings held in a period, of certain kinds if any are named, in order of date."""
    rows = Gathering.objects.filter(
        partnership_id=partnership_id,
        status=rules.GatheringStatus.HELD,
        held_on__gte=starts_on,
        held_on__lte=ends_on,
    )
    if kinds:
        rows = rows.filter(sort__in=list(kinds))
    rows = rows.select_related(*Gathering.shown_with).prefetch_related("items", "led_by")
    return rows.order_by("held_on", "title")


def head_counts(rows: Iterable[Gathering], partnership_id: uuid.UUID) -> dict[uuid.UUID, HeadCount]:
    """For each gathering: the register's own head count, else what all sources agree on or what was settled.

    (None, lines) where sources disagree; a gathering that nobody counted is absent.
    """
    known: dict[uuid.UUID, HeadCount] = {}
    without = []
    for row in rows:
        if row.attendance_count is None:
            without.append(row.pk)
        else:
            known[row.pk] = (row.attendance_count, ())
    if without:
        said = reporting.settled_values(partnership_id, Gathering.kind, "attendance", without)
        known |= {pk: (v if isinstance(v, int) else None, lines) for pk, (v, lines) in said.items()}
    return known


def bodies(actor: Actor) -> QuerySet[Body]:
    """Bodies the actor may see, with how many gatherings each has and who takes part in the joint ones."""
    rows = Body.objects.visible_to(actor).annotate(meetings=Count("gatherings")).order_by("name")
    return rows.prefetch_related("joint_parts__participant")


def of_body(body: Body, actor: Actor) -> QuerySet[Gathering]:
    """The gatherings of a body, the latest first."""
    return Gathering.objects.visible_to(actor).filter(body=body)


def neighbours(gathering: Gathering, actor: Actor) -> tuple[Gathering | None, Gathering | None]:
    """The gathering of the same body before and after this one."""
    rows = Gathering.objects.visible_to(actor).exclude(status=rules.GatheringStatus.CANCELLED)
    if gathering.body_id:
        rows = rows.filter(body=gathering.body_id)
    else:
        rows = rows.filter(body__isnull=True, sort=gathering.sort)
    days = [(row.held_on, row.title, row) for row in rows.order_by("held_on", "title")]
    here = (gathering.held_on, gathering.title)
    before = [row for day, title, row in days if (day, title) < here]
    after = [row for day, title, row in days if (day, title) > here]
    return (before[-1] if before else None), (after[0] if after else None)


def turn_to_chair(body: Body, actor: Actor, before: date | None = None) -> tuple[Agency, date | None] | None:
    """Which lead partner is next to chair a body, and when it last did; None where none has ever chaired."""
    partners = {str(agency.pk): agency for agency in accounts.lead_partners(actor.partnership_id)}
    earlier: list[str] = []
    last: dict[str, date] = {}
    rows = of_body(body, actor).filter(status=rules.GatheringStatus.HELD).order_by("held_on")
    for row in rows.filter(held_on__lt=before) if before else rows:
        key = str(row.chair_agency_id or (row.chair_office.agency_id if row.chair_office else ""))
        if key in partners:
            earlier.append(key)
            last[key] = row.held_on
    turn = rules.next_chair(list(partners), earlier) if earlier else None
    return (partners[turn], last.get(turn)) if turn else None


def business(gathering: Gathering) -> QuerySet[AgendaItem]:
    """The lines of business in their order, with the priority each is about."""
    return AgendaItem.objects.filter(gathering=gathering, withdrawn=False).select_related("priority")


def attendance(gathering: Gathering) -> QuerySet[Attendance]:
    """Who was there, by agency."""
    rows = Attendance.objects.filter(gathering=gathering, withdrawn=False)
    return rows.select_related("agency", "office", "person").order_by("agency__name", "named")


def members_on(body: Body, on: date) -> QuerySet[BodyMember]:
    """Who sits on a body on a day."""
    return BodyMember.objects.filter(body=body).on(on).select_related(*BodyMember.shown_with)


def members(body: Body) -> QuerySet[BodyMember]:
    """Who sits or sat on a body: those who sit first, chairs before members."""
    rows = BodyMember.objects.filter(body=body).select_related(*BodyMember.shown_with)
    return rows.order_by("-ends_on", "role", "agency__name")


def terms(body: Body) -> QuerySet[TermsOfReference]:
    """The versions of a body's terms of reference, the newest first."""
    return TermsOfReference.objects.filter(body=body).select_related("agreed_by")


def expected_agencies(gathering: Gathering, actor: Actor) -> list[Agency]:
    """The agencies a register asks about: those that sit on the body, else lead partners and relevant agencies."""
    seats: set[Any] = set()
    if gathering.body is not None:
        seats = {seat.agency_id for seat in members_on(gathering.body, gathering.held_on) if seat.agency_id}
    known = Attendance.objects.filter(gathering=gathering, agency__isnull=False).values("agency_id")
    every = accounts.agencies(actor)
    if seats:
        return list(every.filter(Q(pk__in=seats) | Q(pk__in=known)))
    relevant = accounts.relevant_agencies(actor.partnership_id, gathering.held_on, gathering.held_on)
    ids = relevant.order_by().values("pk")
    return list(every.filter(~Q(lead_partner="") | Q(pk__in=ids) | Q(pk__in=known)))


def resolutions(actor: Actor) -> QuerySet[Resolution]:
    """The decisions register, the latest first."""
    return Resolution.objects.visible_to(actor).order_by("-decision__decided_on", "reference")


def chosen_resolutions(
    actor: Actor,
    *,
    body: Body | None = None,
    span: tuple[date, date] | None = None,
    undated: bool = False,
    priority: Priority | None = None,
    measure: SuccessMeasure | None = None,
    outcome: str = "",
    not_acted_upon: bool = False,
) -> QuerySet[Resolution]:
    """The decisions register as a filter asks for it."""
    rows = Resolution.objects.visible_to(actor)
    if body is not None:
        rows = rows.filter(body=body)
    if undated:
        rows = rows.filter(decision__decided_on__isnull=True)
    elif span is not None:
        rows = rows.filter(decision__decided_on__range=span)
    if priority is not None:
        about = Q(decision__priorities=priority) | Q(decision__recommendations__priority=priority)
        rows = rows.filter(pk__in=Resolution.objects.filter(about).values("pk"))
    if measure is not None:
        rows = rows.filter(_serves(measure))
    if outcome:
        rows = rows.filter(decision__outcome=outcome)
    if not_acted_upon:
        acted = Decision.objects.filter(ACTED_UPON, partnership_id=actor.partnership_id).values("pk")
        rows = rows.filter(decision__needs_action=True).exclude(decision_id__in=acted)
    return rows


def _serves(measure: SuccessMeasure) -> Q:
    """Decisions that serve a success measure: about a priority it belongs to, or taken under an item that names it.

    A measure of the partnership belongs to every priority that is measured by the partnership's own.
    """
    if measure.priority_id:
        priorities = Priority.objects.filter(pk=measure.priority_id)
    else:
        priorities = Priority.objects.filter(
            partnership_id=measure.partnership_id, uses_partnership_measures=True
        )
    about = Q(decision__priorities__in=priorities) | Q(decision__recommendations__priority__in=priorities)
    taken = Line.objects.filter(item__measure=measure, withdrawn=False, decision__isnull=False)
    under = Q(decision__in=taken.values("decision"))
    return Q(pk__in=Resolution.objects.filter(about | under).values("pk"))


def acted_upon(rows: Iterable[Resolution]) -> set[uuid.UUID]:
    """Of these decisions, those that were acted upon; the same for whoever looks, since no action is named."""
    ids = [row.decision_id for row in rows]
    return set(Decision.objects.filter(ACTED_UPON, pk__in=ids).values_list("pk", flat=True))


def actions_out_of(decision_ids: Iterable[uuid.UUID], actor: Actor) -> list[Action]:
    """Actions that came out of decisions, as far as the actor may see them."""
    rows = Action.objects.visible_to(actor).filter(decision_id__in=list(decision_ids))
    return list(rows.select_related("owner_agency", "owner_office", "owner_person"))


def decidable(actor: Actor) -> list[tuple[Priority, list[Recommendation]]]:
    """What a body may decide on, by priority: drafts, what was presented, what was accepted before."""
    open_ones = (RecommendationStatus.DRAFT, RecommendationStatus.PRESENTED, RecommendationStatus.ACCEPTED)
    rows = Recommendation.objects.visible_to(actor).filter(status__in=open_ones).select_related("priority")
    return list(_by_priority(rows.order_by("priority__number", "priority__title", "number", "title")))


def _by_priority(rows: Iterable[Recommendation]) -> Iterator[tuple[Priority, list[Recommendation]]]:
    groups: dict[uuid.UUID, tuple[Priority, list[Recommendation]]] = {}
    for row in rows:
        groups.setdefault(row.priority_id, (row.priority, []))[1].append(row)
    yield from groups.values()


def decision_years(actor: Actor) -> list[tuple[str, str, tuple[date, date]]]:
    """Spans by which decisions can be chosen: reporting years, then calendar years; key, words, first and last day."""
    years = [
        (f"r{year.starts_on:%Y%m%d}", f"Reporting year {year.name}", (year.starts_on, year.ends_on))
        for year in reporting.years(actor)
    ]
    days = Resolution.objects.visible_to(actor).filter(decision__decided_on__isnull=False)
    return _years(years, days.values_list("decision__decided_on", flat=True))


def meeting_years(actor: Actor) -> list[tuple[str, str, tuple[date, date]]]:
    """Spans by which meetings can be chosen: reporting years that have begun, then calendar years."""
    years = [
        (f"r{year.starts_on:%Y%m%d}", f"Reporting year {year.name}", (year.starts_on, year.ends_on))
        for year in reporting.years(actor)
    ]
    held = Gathering.objects.visible_to(actor).filter(status=rules.GatheringStatus.HELD)
    return _years(years, held.values_list("held_on", flat=True))


def _years(
    years: list[tuple[str, str, tuple[date, date]]], days: Iterable[date]
) -> list[tuple[str, str, tuple[date, date]]]:
    numbers = {day.year for day in days}
    calendar = [(f"c{n}", f"Calendar year {n}", (date(n, 1, 1), date(n, 12, 31))) for n in sorted(numbers)]
    return [*years, *reversed(calendar)]
