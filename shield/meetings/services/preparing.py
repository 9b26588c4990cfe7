"""Before a meeting: the year's dates, standing items and forward plan, the agenda, papers, the pack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import transaction

from shield.improvement.models import Priority, SuccessMeasure
from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.accounts import queries as accounts
from shield.kernel.accounts.models import Agency, Person
from shield.kernel.calendar import queries as calendar
from shield.kernel.calendar.rules import in_london, in_words
from shield.kernel.documents.exchange import binding
from shield.kernel.files import services as files
from shield.kernel.history import services as history
from shield.kernel.records.rules import Refused, check_reason
from shield.meetings import events, permissions, queries, rules
from shield.meetings.models import AgendaItem, Body, Declaration, ForwardItem, Gathering, Paper, StandingItem
from shield.meetings.services import gatherings
from shield.meetings.services.gatherings import Item
from shield.meetings.services.telling import tell_authors, tell_members


@dataclass(frozen=True)
class Standing:
    """One standing item as it is to be; `was` is what it was before."""

    text: str
    purpose: str = ""
    minutes: int | None = None
    measure: SuccessMeasure | None = None
    was: StandingItem | None = None


@transaction.atomic
def plan_series(
    *, body: Body, sort: str, days: Sequence[date], by: Actor, today: date, begins_at: time | None = None,
    finishes_at: time | None = None, place: str = "",
) -> list[Gathering]:  # fmt: skip
    """Plan a body's meetings of a year; a day on which it meets already is refused, so that none is planned twice."""
    access.require(by, permissions.RECORD_GATHERING)
    if not days:
        raise Refused("Choose at least one day.", "days")
    taken = set(
        Gathering.objects.filter(body=body, held_on__in=list(days))
        .exclude(status=rules.GatheringStatus.CANCELLED)
        .values_list("held_on", flat=True)
    )
    if taken:
        first = min(taken)
        raise Refused(f"{body.name} has a meeting on {in_words(first)} already.", "days")
    made = [
        gatherings.record_gathering(
            title=f"{body.name}, {in_words(day)}", sort=sort, held_on=day, by=by, today=today, body=body,
            status=rules.GatheringStatus.PLANNED, begins_at=begins_at, finishes_at=finishes_at, place=place,
        )
        for day in sorted(days)
    ]  # fmt: skip
    history.record(events.SERIES_PLANNED, on=body.ref, by=by, details={"count": len(made)})
    return made


@transaction.atomic
def set_standing_items(*, body: Body, items: Sequence[Standing], by: Actor, expected_version: int) -> Body:
    """Write the standing items of a body anew, in this order."""
    access.require(by, permissions.EDIT_BODY)
    row: Body = Body.objects.locked(body.pk, expected_version, by=by)
    earlier = {line.pk: line for line in StandingItem.objects.filter(body=row)}
    for position, item in enumerate(items, start=1):
        line = (earlier.pop(item.was.pk, None) if item.was else None) or StandingItem.new(by, body=row)
        for name in ("text", "purpose", "minutes", "measure"):
            setattr(line, name, getattr(item, name))
        line.position, line.withdrawn = position, False
        line.store()
    for line in earlier.values():
        line.withdrawn = True
        line.store()
    row.store()
    history.record(events.STANDING_SET, on=row.ref, by=by)
    return row


@transaction.atomic
def plan_forward(
    *, body: Body, text: str, month: date, by: Actor, purpose: str = "", priority: Priority | None = None,
    measure: SuccessMeasure | None = None, agency: Agency | None = None,
) -> ForwardItem:  # fmt: skip
    """Put business on a body's forward plan, for a month of the year."""
    access.require(by, permissions.RECORD_GATHERING)
    item = ForwardItem.new(by, body=body, text=text, month=month.replace(day=1), purpose=purpose, priority=priority,
        measure=measure, agency=agency,
    ).store()  # fmt: skip
    history.record(events.FORWARD_PLANNED, on=item.ref, by=by)
    return item


@transaction.atomic
def drop_forward(*, item: ForwardItem, reason: str, by: Actor) -> ForwardItem:
    """Drop an item of the forward plan, with the reason."""
    access.require(by, permissions.RECORD_GATHERING)
    row: ForwardItem = ForwardItem.objects.locked(item.pk, by=by)
    if row.status != rules.ForwardStatus.WAITING:
        raise Refused(f"This item is {row.get_status_display().lower()} already.")
    check_reason(reason, what="Say in a sentence why it is dropped.")
    row.status, row.reason = rules.ForwardStatus.DROPPED, reason
    row.store()
    history.record(events.FORWARD_DROPPED, on=row.ref, by=by)
    return row


@transaction.atomic
def take_up(
    *, gathering: Gathering, offers: Sequence[queries.Offer], by: Actor, expected_version: int
) -> Gathering:
    """Add what was offered to an agenda, below what is on it; forward items are then on an agenda."""
    access.require(by, permissions.RECORD_GATHERING)
    if not offers:
        raise Refused("Choose what to put on the agenda.", "offers")
    kept = [Item.of(line) for line in queries.business(gathering)]
    added = [
        Item(
            offer.text, offer.priority, offer.about, offer.measure, offer.purpose, offer.minutes, offer.presenter,
            offer.origin,
        )
        for offer in offers
    ]  # fmt: skip
    row = gatherings.set_agenda(
        gathering=gathering,
        business=_in_order([*kept, *added]),
        by=by,
        expected_version=expected_version,
    )
    for offer in offers:
        if offer.origin == rules.Origin.FORWARD and offer.about:
            forward: ForwardItem = ForwardItem.objects.locked(offer.about.id, by=by)
            forward.status = rules.ForwardStatus.PLACED
            forward.store()
    return row


def _in_order(items: Sequence[Item]) -> list[Item]:
    """The order of a new agenda: what opens every meeting, what is left from the last, then the rest as given."""
    first = {rules.Origin.STANDING: 0, rules.Origin.ARISING: 1}
    return sorted(items, key=lambda item: first.get(rules.Origin(item.origin), 2))


@transaction.atomic
def ask_for_paper(
    *, gathering: Gathering, title: str, by: Actor, item: AgendaItem | None = None, agency: Agency | None = None,
    person: Person | None = None, due_on: date | None = None, audience: str = rules.Audience.EVERYBODY,
) -> Paper:  # fmt: skip
    """Ask an agency or a person for a paper by a day; whoever is to write it is told."""
    access.require(by, permissions.RECORD_GATHERING)
    gathering.refuse_if_frozen()
    gathering.refuse_item_of_another(item)
    today = calendar.today()
    if due_on and due_on > gathering.held_on:
        raise Refused("The paper must be there before the meeting.", "due_on")
    if due_on and due_on < today and gathering.held_on >= today:
        raise Refused("The day it is due has passed already.", "due_on")
    if person is not None and person not in accounts.people_who_may(
        permissions.CONTRIBUTE, by.partnership_id, today
    ):
        raise Refused(f"{person.name} cannot hand in papers here. Ask an agency, or somebody else.", "person")
    paper = Paper.new(by, gathering=gathering, title=title, item=item, agency=agency, person=person, due_on=due_on,
        audience=audience,
    ).store()  # fmt: skip
    history.record(events.PAPER_ASKED, on=paper.ref, by=by)
    tell_authors(paper=paper, by=by, today=today)
    return paper


@transaction.atomic
def hand_in(*, paper: Paper, name: str, content: bytes, by: Actor, now: datetime) -> Paper:
    """Hand in a paper's file, or replace it; the earlier file stays, and one after the pack went out is marked late."""
    access.require(by, permissions.CONTRIBUTE)
    row: Paper = Paper.objects.locked(paper.pk, by=by)
    if why := queries.why_not_hand_in(row, by):
        raise access.Forbidden(why)
    if row.withdrawn:
        raise Refused("This paper was withdrawn.")
    row.gathering.refuse_if_frozen()
    _check_readable(name, content)
    again = row.handed_in_at is not None
    if again:
        row.replaced_at = now
    else:
        row.handed_in_at = now
    row.store()
    files.attach(about=row.ref, name=name, content=content, by=by, description=row.title)
    history.record(events.PAPER_REPLACED if again else events.PAPER_HANDED_IN, on=row.ref, by=by)
    return row


def _check_readable(name: str, content: bytes) -> None:
    """A paper that says it is a PDF can be bound into the pack, or its author hears of it now and not at the meeting."""
    if not name.lower().endswith(".pdf") and not content.startswith(b"%PDF"):
        return
    try:
        binding.pages_of(content)
    except binding.Unbindable as reason:
        raise Refused(
            f"This file {reason}. Save it as a PDF once more, without a password.", "file"
        ) from reason


@transaction.atomic
def withdraw_paper(*, paper: Paper, by: Actor) -> Paper:
    """Take a paper out of the pack; its files stay on record."""
    access.require(by, permissions.RECORD_GATHERING)
    row: Paper = Paper.objects.locked(paper.pk, by=by)
    if row.withdrawn:
        raise Refused("This paper was withdrawn already.")
    row.gathering.refuse_if_frozen()
    row.withdrawn = True
    row.store()
    history.record(events.PAPER_WITHDRAWN, on=row.ref, by=by)
    return row


@transaction.atomic
def declare_interest(*, gathering: Gathering, interest: str, by: Actor, **values: Any) -> Declaration:
    """Record an interest somebody declared and how the meeting handled it; a member may declare their own."""
    access.require(by, permissions.CONTRIBUTE)
    if not by.may(permissions.RECORD_GATHERING):
        values = {**values, "person_id": by.person_id, "named": "", "handling": rules.Handling.NOTED}
    if not (values.get("person") or values.get("person_id") or str(values.get("named", "")).strip()):
        raise Refused("Say who declares it.", "named")
    gathering.refuse_if_frozen()
    gathering.refuse_item_of_another(values.get("item"))
    made = Declaration.new(by, gathering=gathering, interest=interest, **values).store()
    history.record(events.INTEREST_DECLARED, on=made.ref, by=by, details={"meeting": gathering.title})
    return made


@transaction.atomic
def send_pack(*, gathering: Gathering, by: Actor, now: datetime) -> int:
    """Tell the members that the pack is there; papers that come later are marked. Returns how many were told."""
    access.require(by, permissions.RECORD_GATHERING)
    row: Gathering = Gathering.objects.locked(gathering.pk, by=by)
    if row.status == rules.GatheringStatus.CANCELLED:
        raise Refused("This meeting was cancelled.")
    if not queries.business(row).exists():
        raise Refused("There is nothing on the agenda yet.")
    row.pack_sent_at = now
    row.store()
    count = tell_members(
        gathering=row, template="meeting_pack", about=row.ref, by=by, today=in_london(now).date()
    )
    history.record(events.PACK_SENT, on=row.ref, by=by, details={"count": count})
    return count
