"""What pages elsewhere may ask of what people told us."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Q

from shield.domain.voice import permissions, queries, rules
from shield.domain.voice.models import Activity, CameOf, Said
from shield.improvement.models import Finding, Priority
from shield.kernel.access.rules import Actor
from shield.kernel.accounts.models import Person
from shield.kernel.calendar import rules as calendar
from shield.kernel.records import queries as records
from shield.kernel.records.models import KINDS
from shield.kernel.records.rules import Listing, Moment, Panel, PanelItem, PersonalData, RecordRef, WorkItem

MOST = 50
"""Things of one sort that a panel or a list of waiting work takes."""


def panels(ref: RecordRef, actor: Actor) -> Iterator[Panel | Listing]:
    """On a priority and on the work in it: who was heard. On what came of a point: the point. On a meeting: what was asked there."""
    if not actor.may(permissions.VIEW):
        return
    if ref.kind == Priority.kind:
        yield _heard(Q(priority=ref.id), actor, ref)
    elif ref.kind == rules.CYCLE:
        of = KINDS[rules.CYCLE].objects.visible_to(actor).filter(pk=ref.id)
        yield _heard(Q(priority__in=of.values("priority")), actor, ref)
    elif ref.kind == rules.PLANNED:
        of = KINDS[rules.PLANNED].objects.visible_to(actor).filter(pk=ref.id, sort="feedback")
        if of:
            yield _heard(Q(priority__in=of.values("cycle__priority")), actor, ref)
    elif ref.kind == "meetings.gathering":
        yield Listing(
            "Asked here", Activity.kind, Activity.objects.visible_to(actor).filter(gathering_id=ref.id)
        )
    elif ref.kind in {"improvement.recommendation", "improvement.decision", "improvement.action"}:
        came = CameOf.objects.visible_to(actor).filter(about_kind=ref.kind, about_id=ref.id)
        points = Said.objects.visible_to(actor).filter(pk__in=came.values("said_id"))
        if points:
            yield Panel("You said", tuple(_point(row) for row in points[:MOST]))
    elif ref.kind == Finding.kind:
        points = Said.objects.visible_to(actor).filter(finding_id=ref.id)
        if points:
            yield Panel("Made of what was said", tuple(_point(row) for row in points[:MOST]))


def _heard(about: Q, actor: Actor, ref: RecordRef) -> Panel:
    """Who was heard about a priority, with the way to record more of it, begun from what it is asked on."""
    heads = queries.heads(actor, about=about)
    found = [row for row in heads.rows if row.is_about][:MOST]
    offered = ("Record feedback", "activity_add", ref) if actor.may(permissions.RECORD) else ()
    return Panel(
        "Who was heard",
        tuple(
            PanelItem(
                row.title,
                row.ref,
                ", ".join(filter(None, (row.get_group_display(), heads.of[row.pk].text, row.when))),
            )
            for row in found
        ),
        "Nobody has been asked about this priority yet.",
        *offered,
    )


def _point(row: Said) -> PanelItem:
    return PanelItem(row.heading, row.ref, row.get_group_display())


def work(actor: Actor, today: date) -> Iterator[WorkItem]:
    """For those who record what people say: points to answer, people to tell."""
    if not actor.may(permissions.RECORD):
        return
    to_answer = Said.objects.visible_to(actor).filter(state=rules.PointState.OPEN, sort="to_develop")
    for row in to_answer[:MOST]:
        due = calendar.add_months(row.said_on, rules.ANSWER_WITHIN_MONTHS) if row.said_on else None
        yield WorkItem(
            row.heading, row.kind, row.pk, "Point to answer", due, due is not None and due < today,
            row.get_group_display(), act="Say what we did", act_page="said_answer",
        )  # fmt: skip
    for row in queries.not_told(actor)[:MOST]:
        due = calendar.add_months(row.answered_on, rules.TELL_WITHIN_MONTHS) if row.answered_on else None
        yield WorkItem(
            row.heading, row.kind, row.pk, "People to tell", due, due is not None and due < today,
            row.get_group_display(),
        )  # fmt: skip
    for row in queries.second_looks(actor)[:MOST]:
        yield WorkItem(
            row.heading, row.kind, row.pk, "Point to read before it is public", owner=row.get_group_display(),
            act="Give it a second look", act_page="said_publish",
        )  # fmt: skip
    for survey in queries.surveys(actor).filter(status__in=("open", "closed"), closes_on__lt=today)[:MOST]:
        is_open = survey.status == rules.SurveyStatus.OPEN
        yield WorkItem(
            survey.title, survey.kind, survey.pk, "Survey to sum up", survey.closes_on, False, "",
            act="Close it and read the answers" if is_open else "Sum it up",
            act_page="survey_close" if is_open else "survey_sum_up",
        )  # fmt: skip


def stuck(actor: Actor, today: date) -> Iterator[WorkItem]:
    """Breaks: a priority in which no child was heard, feedback never answered, people never told."""
    if not actor.may(permissions.VIEW):
        return
    for priority in queries.unheard_priorities(actor, today):
        yield WorkItem(
            priority.heading, priority.kind, priority.pk, "Priority without children's voice",
            priority.starts_on, False, "", "Whoever runs the Learning Hub hears children",
        )  # fmt: skip
    unanswered, untold = queries.owed(actor, today)
    for row in unanswered[:MOST]:
        yield WorkItem(
            row.heading, row.kind, row.pk, "Feedback never answered", row.said_on, False, "",
            "The learning manager says what came of it",
            **({"act": "Say what we did", "act_page": "said_answer"} if actor.may(permissions.RECORD) else {}),
        )  # fmt: skip
    for row in untold[:MOST]:
        yield WorkItem(
            row.heading, row.kind, row.pk, "People not told what came of it", row.answered_on, False, "",
            "Whoever asked them tells them",
        )  # fmt: skip


def moments(actor: Actor, starts_on: date, ends_on: date) -> Iterator[Moment]:
    """Feedback activities with a day of their own; those at a meeting are on the line of meetings."""
    rows = Activity.objects.visible_to(actor).filter(gathering=None, held_on__range=(starts_on, ends_on))
    for row in rows:
        yield Moment(row.title, "Feedback", row.held_on, None, row.ref, "done")


def subject_access(person: Person, actor: Actor) -> Iterator[PersonalData]:
    """Where what people told us names somebody; words that are sealed name nobody here."""
    yield from records.told_of(person, actor, *records.kinds_of("voice"), where="Voice")
