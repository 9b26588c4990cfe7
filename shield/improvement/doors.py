"""What pages elsewhere may ask of the chain."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from shield.improvement import permissions, queries, rules
from shield.improvement.models import Action, Finding, ImpactReview, SuccessMeasure
from shield.kernel.access.rules import Actor
from shield.kernel.accounts.models import Person
from shield.kernel.calendar import queries as calendar
from shield.kernel.calendar.rules import in_words
from shield.kernel.records import queries as records
from shield.kernel.records.rules import (
    Business,
    Listing,
    Moment,
    Panel,
    PanelItem,
    PersonalData,
    RecordRef,
    WorkItem,
)

MOST = 100
"""Things of one sort that a list of waiting work takes, the first due first."""


def panels(ref: RecordRef, actor: Actor) -> Iterator[Panel | Listing]:
    """On a gathering: what was found there. On anything: evidence about it."""
    if ref.kind == "meetings.gathering":
        found = Finding.objects.visible_to(actor).filter(origin_id=ref.id)
        for sort in rules.FindingSort:
            title = f"Found here: {sort.label.lower()}"
            yield Listing(title, Finding.kind, found.filter(sort=sort), text="text")
    if ref.kind == "accounts.partnership":
        measures = SuccessMeasure.objects.visible_to(actor).filter(priority__isnull=True)
        yield Panel(
            "Success measures of the partnership",
            tuple(PanelItem(m.heading, m.ref) for m in measures),
            "No success measure is recorded yet.",
        )
    if ref.kind == "accounts.agency":
        rows = queries.open_actions(actor).filter(owner_agency_id=ref.id)[:30]
        yield Panel("Open actions", tuple(_line(a) for a in rows), "No open action.")


def _line(action: Action) -> PanelItem:
    return PanelItem(action.heading, action.ref, action.get_status_display())


def work(actor: Actor, today: date) -> Iterator[WorkItem]:
    """Open actions of the person or their agencies, or without an owner; impact reviews their agency leads."""
    if not actor.may(permissions.VIEW_OWN):
        return
    reports = actor.may(permissions.UPDATE_ACTION)
    for action in queries.my_actions(actor)[:MOST]:
        yield _item(action, today, *(("Say how far it is", "action_update") if reports else ()))
    if actor.may(permissions.ASSIGN):
        for action in queries.without_owner(actor).filter(due_on__isnull=False)[:MOST]:
            yield _item(action, today, "Name an owner", "action_owner")
    if actor.may(permissions.REVIEW_IMPACT):
        yield from _reviews(actor, today)


def _item(action: Action, today: date, act: str = "", act_page: str = "") -> WorkItem:
    late = rules.is_overdue(
        status=action.status, due_on=action.due_on, today=today, precision=action.precision
    )
    return WorkItem(
        action.heading, action.kind, action.pk, "Action", action.due_on, late, action.owner_words,
        precision=action.precision, act=act, act_page=act_page,
    )  # fmt: skip


def awaited(actor: Actor, today: date) -> Iterator[WorkItem]:
    """For those who name owners: the open actions of others."""
    if not actor.may(permissions.ASSIGN):
        return
    actions = list(queries.others_actions(actor)[:MOST])
    chased = queries.can_be_chased(actions, actor, today)
    for action in actions:
        yield _item(action, today, *(("Chase it", "action_chase") if action.pk in chased else ()))


def business(actor: Actor, today: date) -> Iterator[Business]:
    """For agendas: recommendations that wait for a decision, impact reviews that are due, decisions nobody acted on."""
    waiting = queries.recommendations(actor).filter(status__in=("draft", "presented"))
    for row in waiting.order_by("priority__number", "number"):
        yield Business(row.heading, row.ref, "Waits for a decision", "decision", row.priority_id)
    soon = today + timedelta(days=31)
    reviews = ImpactReview.objects.visible_to(actor).filter(held_on__isnull=True, due_on__lte=soon)
    for review in reviews.select_related("priority").order_by("due_on"):
        late = "Overdue" if review.due_on < today else "Due"
        yield Business(
            review.heading, review.ref, f"{late}: {in_words(review.due_on)}", "assurance", review.priority_id
        )
    for found in queries.breaks(actor, today):
        if found.sort == rules.BreakSort.NOT_ACTED_UPON:
            yield Business(
                f"Decision not acted upon: {found.text}", found.ref, "Nothing came of it", "assurance"
            )


def _reviews(actor: Actor, today: date) -> Iterator[WorkItem]:
    reviews = ImpactReview.objects.visible_to(actor).filter(held_on__isnull=True).select_related("priority")
    if not actor.may(permissions.ASSIGN):
        reviews = reviews.filter(priority__leads__in=actor.agency_ids).distinct()
    for review in reviews:
        yield WorkItem(
            review.heading, review.kind, review.pk, "Impact review", review.due_on, review.due_on < today,
            act="Hold it", act_page="impact_review_hold",
        )  # fmt: skip


def stuck(actor: Actor, today: date) -> Iterator[WorkItem]:
    """Breaks in the chain, and who can mend each."""
    if not actor.may(permissions.VIEW):
        return
    for found in queries.breaks(actor, today):
        yield WorkItem(
            found.text,
            found.ref.kind,
            found.ref.id,
            found.sort.label,
            found.since,
            found.is_late,
            found.owner,
            found.mended_by,
        )


def moments(actor: Actor, starts_on: date, ends_on: date) -> Iterator[Moment]:
    """Impact reviews and due actions in a span of days."""
    reviews = (
        ImpactReview.objects.visible_to(actor)
        .filter(due_on__range=(starts_on, ends_on))
        .select_related("priority")
    )
    today = calendar.today()
    for review in reviews:
        tone = "done" if review.held_on else "late" if review.due_on < today else "planned"
        yield Moment(review.heading, "Impact reviews", review.due_on, None, review.ref, tone)


def handing_over(person: Person, actor: Actor) -> Iterator[Panel]:
    """What somebody who leaves answers for by name and has not finished."""
    held = queries.held_by(person, actor)
    if held:
        yield Panel("Work they answer for", tuple(PanelItem(row.heading, row.ref, row.label) for row in held))


def subject_access(person: Person, actor: Actor) -> Iterator[PersonalData]:
    """What a person answers for in the chain, and where it names them."""
    yield from records.told_of(person, actor, *records.kinds_of("improvement"), where="Evidence chain")
