"""The registers that pages list, and what one record's page shows beside it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    CharField,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from shield.improvement import permissions, rules
from shield.improvement.models import (
    Action,
    ChainRecord,
    Decision,
    Evidence,
    Finding,
    ImpactReview,
    Owned,
    Part,
    Priority,
    ProgressNote,
    Recommendation,
    SuccessMeasure,
    Theme,
    Withdrawable,
    owned_by,
)
from shield.improvement.queries import belonging
from shield.improvement.queries.breaks import HAS_OWNER
from shield.kernel.access.rules import Actor
from shield.kernel.accounts.models import Person
from shield.kernel.clocks import rules as clocks
from shield.kernel.history import queries as history
from shield.kernel.records import queries as records
from shield.kernel.records.models import KINDS
from shield.kernel.records.rules import RecordRef

OPEN = Q(status__in=["planned", "in_progress"])
"""An action that is not finished."""


NUMBERED = (F("priority__number").asc(nulls_last=True), F("number").asc(nulls_last=True), "title", "pk")
"""Recommendations in the order of their lists, the same on both databases."""


def overdue(today: date) -> Q:
    """`rules.is_overdue` as a condition of the database: a month or a year is over when its last day is."""
    month, year = rules.first_day_of(today, "month"), rules.first_day_of(today, "year")
    return OPEN & (
        Q(precision="day", due_on__lt=today)
        | Q(precision="month", due_on__lt=month)
        | Q(precision="year", due_on__lt=year)
    )


def actions(actor: Actor) -> QuerySet[Action]:
    """Actions the actor may see, with their priority and owner."""
    return Action.objects.visible_to(actor)


def open_actions(actor: Actor) -> QuerySet[Action]:
    """Actions that are not finished, the first due first; those without a date last."""
    return actions(actor).filter(OPEN).order_by(F("due_on").asc(nulls_last=True), "reference")


def without_owner(actor: Actor) -> QuerySet[Action]:
    """Open actions for which nobody answers, the first due first."""
    return open_actions(actor).exclude(HAS_OWNER)


def my_actions(actor: Actor) -> QuerySet[Action]:
    """Open actions that are the actor's own or their agencies'."""
    return open_actions(actor).filter(owned_by(Action, actor))


def others_actions(actor: Actor) -> QuerySet[Action]:
    """Open actions that somebody else answers for."""
    return open_actions(actor).filter(HAS_OWNER).exclude(owned_by(Action, actor))


def to_remind_of(actor: Actor, today: date) -> QuerySet[Action]:
    """Open actions with an owner whose date has passed or is near enough for the first reminder."""
    first = min(step.days for step in clocks.REMINDERS)
    return open_actions(actor).filter(HAS_OWNER, due_on__lte=today - timedelta(days=first))


def why_not_chase(action: Action) -> str:
    """Why nobody can be reminded of an action, empty if somebody can."""
    if action.status not in rules.OPEN_ACTIONS:
        return "This action is not open any more."
    if not action.has_owner:
        return "Nobody answers for this action: name an owner first."
    if action.due_on is None:
        return "This action has no date: set one, then it can be chased."
    return ""


def held_by(person: Person, actor: Actor) -> list[Owned]:
    """What a person answers for by name and has not finished: actions, recommendations and parts of these."""
    standing = ~Q(status__in=[rules.RecommendationStatus.DECLINED, rules.RecommendationStatus.CLOSED])
    return [
        *open_actions(actor).filter(owner_person=person),
        *Recommendation.objects.visible_to(actor).filter(standing, owner_person=person).order_by("reference"),
        *Part.objects.visible_to(actor).filter(owner_person=person).order_by("reference"),
    ]


def count_actions(rows: QuerySet[Action], today: date) -> dict[str, int]:
    """How many of these actions are overdue, open, done, and without an owner."""
    return rows.aggregate(
        late=Count("pk", filter=overdue(today)),
        open=Count("pk", filter=OPEN),
        done=Count("pk", filter=Q(status="done")),
        nobody=Count("pk", filter=OPEN & ~HAS_OWNER),
    )


def recommendations(actor: Actor) -> QuerySet[Recommendation]:
    """Recommendations with how many actions they led to, and how many are done; the unnumbered last."""
    rows: QuerySet[Recommendation] = Recommendation.objects.visible_to(actor).annotate(
        actions_made=belonging.tally_of_recommendation(),
        actions_done=belonging.tally_of_recommendation(status="done"),
    )
    return rows.order_by(*NUMBERED)


def _tally(model: type[ChainRecord], by: str, *conditions: Q, **only: Any) -> Coalesce:
    """How many rows of a model point to the row at hand."""
    rows = model.objects.standing().filter(*conditions, **{by: OuterRef("pk")}, **only).order_by().values(by)
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)


def findings(actor: Actor) -> QuerySet[Finding]:
    """Findings with their themes."""
    themes = Prefetch("themes", Theme.objects.standing())
    return Finding.objects.visible_to(actor).prefetch_related(themes)


def themes(actor: Actor) -> QuerySet[Theme]:
    """Themes with how many findings they hold, and how many recommendations came of them."""
    rows: QuerySet[Theme] = Theme.objects.visible_to(actor).order_by("title")
    return rows.annotate(
        held=Count("findings", distinct=True, filter=Q(findings__withdrawn_on=None)),
        led_to=Count("recommendations", distinct=True, filter=Q(recommendations__withdrawn_on=None)),
    )


def priorities(actor: Actor, today: date) -> QuerySet[Priority]:
    """Priorities with what stands in each: findings; recommendations and actions as far as the actor may see them."""
    own = asked_of(Action, actor)
    rows: QuerySet[Priority] = Priority.objects.visible_to(actor).prefetch_related("leads")
    return rows.annotate(
        findings_made=_tally(Finding, "priority"),
        recommendations_made=_tally(Recommendation, "priority", asked_of(Recommendation, actor)),
        actions_made=belonging.tally_of_priority(own),
        actions_done=belonging.tally_of_priority(own, status="done"),
        actions_late=belonging.tally_of_priority(own, overdue(today)),
    )


def measures_of(priority: Priority, actor: Actor) -> QuerySet[SuccessMeasure]:
    """A priority's success measures, its own or the partnership's, and whether evidence speaks to each."""
    rows: QuerySet[SuccessMeasure] = SuccessMeasure.objects.visible_to(actor)
    rows = (
        rows.filter(priority=None) if priority.uses_partnership_measures else rows.filter(priority=priority)
    )
    about = Evidence.objects.standing().filter(about_id=OuterRef("pk"))
    better = about.filter(answers=rules.Question.BETTER_OFF)
    return rows.annotate(has_evidence=Exists(about), shows_better=Exists(better))


REVIEWED = ("id", "months", "due_on", "held_on", "verdict")
"""What is said of an impact review on the page of its priority."""


@dataclass(frozen=True)
class Facts:
    """What stands in one priority, in one query: its leads, impact reviews and counts."""

    leads: tuple[str, ...]
    reviews: tuple[ImpactReview, ...]
    working_well: int
    to_develop: int
    actions_made: int
    actions_done: int
    actions_late: int


def asked_of(model: type[Owned], actor: Actor) -> Q:
    """All rows for who sees the whole chain; for an agency those that ask something of it."""
    own = Q() if actor.may(permissions.VIEW) else model.asked_of(actor)
    return Q(pk__in=[]) if own is None else own


def facts_of(priority: Priority, actor: Actor, today: date) -> Facts:
    """The leads, reviews and counts of one priority: a row for each lead and review, folded.

    Actions are counted as far as the actor may see them, as the list behind the number has it.
    """
    own = asked_of(Action, actor)
    rows = list(
        Priority.objects.filter(pk=priority.pk)
        .order_by()
        .annotate(
            working_well=_tally(Finding, "priority", sort="working_well"),
            to_develop=_tally(Finding, "priority", sort="to_develop"),
            made=belonging.tally_of_priority(own),
            done=belonging.tally_of_priority(own, status="done"),
            late=belonging.tally_of_priority(own, overdue(today)),
        )
        .values(
            *("leads__short_name", "leads__name", "working_well", "to_develop", "made", "done", "late"),
            *(f"impact_reviews__{name}" for name in REVIEWED),
        )
    )
    leads = {row["leads__short_name"] or row["leads__name"] for row in rows}
    reviews = {
        row["impact_reviews__id"]: ImpactReview(
            partnership_id=priority.partnership_id,
            priority=priority,
            **{name: row[f"impact_reviews__{name}"] for name in REVIEWED},
        )
        for row in rows
        if row["impact_reviews__id"]
    }
    counts = (rows[0][name] for name in ("working_well", "to_develop", "made", "done", "late"))
    in_order = sorted(reviews.values(), key=lambda row: row.due_on)
    return Facts(tuple(sorted(leads - {None})), tuple(in_order), *counts)


# Progress and evidence ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """One note of progress or one piece of evidence, as a page tells it in order of date."""

    ref: RecordRef
    about_id: uuid.UUID
    text: str
    day: date
    precision: str
    answers: str = ""

    @property
    def question(self) -> str:
        """Which of the three questions it answers; empty for a note of progress."""
        return rules.Question(self.answers).label if self.answers else ""


def progress(about: Iterable[uuid.UUID], actor: Actor) -> list[Entry]:
    """Notes of progress and evidence about some records, the newest first; one query for both."""
    ids = list(about)
    fields = ("pk", "about_id", "text")
    notes = (
        ProgressNote.objects.visible_to(actor)
        .filter(about_id__in=ids)
        .order_by()
        .values_list(*fields, "noted_on", "precision", Value("", output_field=CharField()))
    )
    evidence = (
        Evidence.objects.visible_to(actor)
        .filter(about_id__in=ids)
        .order_by()
        .values_list(*fields, "found_on", "precision", "answers")
    )
    entries = [
        Entry(RecordRef(Evidence.kind if row[5] else ProgressNote.kind, row[0]), *row[1:])
        for row in notes.union(evidence, all=True)
    ]
    return sorted(entries, key=lambda each: (each.day, each.ref.id), reverse=True)


def evidence_about(record_id: uuid.UUID, actor: Actor) -> QuerySet[Evidence]:
    """Evidence about one record, newest first."""
    return Evidence.objects.visible_to(actor).filter(about_id=record_id)


@dataclass(frozen=True)
class Weight:
    """A piece of evidence with the title of what it is about."""

    evidence: Evidence
    about: str


def evidence_for_review(review: ImpactReview, actor: Actor) -> list[Weight]:
    """Evidence that a review may rest on: about its priority, and its recommendations, actions and measures.

    What answers “is anyone better off?” comes first.
    """
    priority = review.priority
    titles: dict[uuid.UUID, str] = {priority.pk: priority.heading}
    measures = Q(priority=None) if priority.uses_partnership_measures else Q(priority=priority)
    for rows in (
        Recommendation.objects.visible_to(actor).filter(priority=priority),
        Action.objects.visible_to(actor).filter(belonging.of_priority(priority.pk)),
        SuccessMeasure.objects.visible_to(actor).filter(measures),
    ):
        titles.update({row.pk: row.heading for row in rows})
    order = [rules.Question.BETTER_OFF, rules.Question.HOW_WELL, rules.Question.HOW_MUCH]
    found = Evidence.objects.visible_to(actor).filter(about_id__in=titles)
    weighed = [Weight(row, titles[row.about_id]) for row in found]
    return sorted(weighed, key=lambda each: order.index(rules.Question(each.evidence.answers)))


def weigh(priority: Priority, shown: Iterable[Evidence]) -> dict[str, int]:
    """What a verdict rests on, as `rules.check_rests_on` asks: how much shows change, and of which measures."""
    of = Q(priority=None) if priority.uses_partnership_measures else Q(priority=priority)
    mine = SuccessMeasure.objects.standing().filter(of, partnership=priority.partnership_id)
    measures = set(mine.values_list("pk", flat=True))
    better = [row for row in shown if row.answers == rules.Question.BETTER_OFF]
    return {
        "evidence_for_better": len(better),
        "measures": len(measures),
        "about_measures": sum(1 for row in better if row.about_id in measures),
    }


# Any record by its reference ------------------------------------------------------------------------


def record_at(ref: RecordRef | None, actor: Actor) -> Any:
    """The record behind a reference, re-read through `visible_to`; None if there is none to be seen."""
    model = KINDS.get(ref.kind) if ref else None
    if ref is None or model is None:
        return None
    return model.objects.visible_to(actor).filter(pk=ref.id).first()


def was_about(record: Evidence | ProgressNote, actor: Actor) -> Any:
    """What evidence or a note is about, also if that was taken back since; None if it may not be seen."""
    model = KINDS.get(record.about_kind)
    return model.objects.open_to(actor).filter(pk=record.about_id).first() if model else None


def why_not_correct(record: Withdrawable, actor: Actor) -> str:
    """Why somebody may not correct a record or take it back, empty if they may.

    Whoever edits the chain may. Evidence and notes are corrected by who recorded them too, and by the agency
    that answers for what they are about.
    """
    if isinstance(record, Decision) and (why := records.why_fixed(record.ref)):
        return why
    if actor.may(permissions.EDIT):
        return ""
    if isinstance(record, Evidence | ProgressNote):
        about = was_about(record, actor)
        if isinstance(about, Owned) and about.is_owned_by(actor):
            return ""
        if actor.person_id and _recorded_by(record) == actor.person_id:
            return ""
        return (
            "Whoever recorded this may correct it, the agency that answers for it, or the business manager."
        )
    return "Your role here does not include correcting this."


def _recorded_by(record: Withdrawable) -> uuid.UUID | None:
    """Who put a record here: whose act its first event was."""
    events = history.trail(record.partnership_id).filter(record_id=record.pk)
    return events.order_by("sequence").values_list("actor_id", flat=True).first()


def may_add_to(record: Any, actor: Actor) -> bool:
    """Whether somebody may add to a record: who sees the whole chain, or answers for this part of it."""
    return actor.may(permissions.VIEW) or (isinstance(record, Owned) and record.is_owned_by(actor))


def why_not_report(action: Action, actor: Actor) -> str:
    """Why somebody may not report on an action, empty if they may: it is for its owner, and for who assigns."""
    if actor.may(permissions.ASSIGN) or action.is_owned_by(actor):
        return ""
    owner = action.owner_words or "nobody yet"
    return f"This action is not your agency's to report on. It is owned by {owner}."
