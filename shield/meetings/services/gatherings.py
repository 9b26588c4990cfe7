"""Planning and recording gatherings and their business."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from shield.improvement import services as improvement
from shield.improvement.models import Priority, SuccessMeasure
from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.accounts.models import Agency
from shield.kernel.history import services as history
from shield.kernel.records.rules import RecordRef, Refused, check_reason
from shield.meetings import events, permissions, rules
from shield.meetings.models import AgendaItem, Attendance, Gathering, Resolution


@dataclass(frozen=True)
class Item:
    """One line of business; `was` is the line of the agenda that it was before."""

    text: str
    priority: Priority | None = None
    about: RecordRef | None = None
    measure: SuccessMeasure | None = None
    purpose: str = ""
    minutes: int | None = None
    presenter: str = ""
    origin: str = rules.Origin.ADDED
    was: AgendaItem | None = None

    @classmethod
    def of(cls, line: AgendaItem) -> Item:
        """A line of an agenda as it would be written again."""
        about = RecordRef(line.about_kind, line.about_id) if line.about_id else None
        return cls(
            line.text,
            line.priority,
            about,
            line.measure,
            line.purpose,
            line.minutes,
            line.presenter,
            line.origin,
            line,
        )


@transaction.atomic
def record_gathering(
    *, title: str, sort: str, held_on: date, by: Actor, today: date, status: str = "held", ends_on: date | None = None,
    business: Sequence[Item] = (), led_by: Iterable[Agency] = (), **values: Any,
) -> Gathering:  # fmt: skip
    """Put a meeting or event on the register, planned or held, with its business."""
    access.require(by, permissions.RECORD_GATHERING)
    rules.check_dates(held_on=held_on, ends_on=ends_on, status=status, today=today)
    rules.check_count(values.get("attendance_count"))
    rules.check_times(values.get("begins_at"), values.get("finishes_at"))
    rules.check_papers_day(values.get("papers_due_on"), held_on, today)
    _refuse_twice(by, held_on=held_on, sort=sort, **values)
    gathering = Gathering.new(
        by, title=title, sort=sort, held_on=held_on, ends_on=ends_on, status=status, **values
    ).store()
    gathering.link("led_by", led_by)
    _put_items(gathering, business, by)
    event = events.GATHERING_RECORDED if status == rules.GatheringStatus.HELD else events.GATHERING_PLANNED
    history.record(event, on=gathering.ref, by=by)
    return gathering


@transaction.atomic
def change_gathering(
    *, gathering: Gathering, changes: dict[str, Any], by: Actor, today: date, expected_version: int,
    led_by: Iterable[Agency] | None = None,
) -> Gathering:  # fmt: skip
    """Change a meeting's date, chair, status or head count."""
    access.require(by, permissions.RECORD_GATHERING)
    row: Gathering = Gathering.objects.locked(gathering.pk, expected_version, by=by)
    row.refuse_if_frozen()
    moved = any(
        changes.get(name, getattr(row, name)) != getattr(row, name) for name in ("held_on", "precision")
    )
    _refuse_contradiction(row, changes)
    before = copy(row)
    for name, value in changes.items():
        setattr(row, name, value)
    rules.check_dates(held_on=row.held_on, ends_on=row.ends_on, status=row.status, today=today)
    rules.check_count(row.attendance_count)
    rules.check_times(row.begins_at, row.finishes_at)
    if row.papers_due_on != before.papers_due_on:
        rules.check_papers_day(row.papers_due_on, row.held_on, today)
    if moved and row.title == before.title:
        row.title = rules.retitled(before.title, before.held_on, row.held_on)
    row.store()
    if led_by is not None:
        row.link("led_by", led_by)
    if moved:
        for taken in Resolution.objects.standing().filter(gathering=row).select_related("decision"):
            improvement.redate_decision(
                decision=taken.decision, decided_on=row.held_on, precision=row.precision, by=by,
                permission=permissions.RECORD_GATHERING,
            )  # fmt: skip
    history.record(
        events.GATHERING_CHANGED, on=row.ref, by=by, details={"change": _told(before, row, changes)}
    )
    return row


def _refuse_twice(by: Actor, *, held_on: date, sort: str, **values: Any) -> None:
    """A body's meeting of one kind stands on the register once a day, unless each is about a priority of its own."""
    if values.get("body") is None or values.get("precision", "day") != "day":
        return
    there = Gathering.objects.filter(
        partnership_id=by.partnership_id,
        body=values["body"],
        held_on=held_on,
        sort=sort,
        priority=values.get("priority"),
        precision="day",
    ).exclude(status=rules.GatheringStatus.CANCELLED)
    found = there.first()
    if found is not None:
        raise Refused(f"{found.title} is on the register already ({found.reference}).", "held_on")


def _told(before: Gathering, after: Gathering, changes: dict[str, Any]) -> str:
    """What was changed, from what to what, for the history; long texts only by their name."""
    told = []
    for name in sorted({*changes, "title"}):
        old, new = getattr(before, name), getattr(after, name)
        if old == new:
            continue
        words = rules.GATHERING_WORDS.get(name, name.replace("_", " "))
        short = name not in {"content", "note"}
        told.append(f"{words} from {rules.value_words(old)} to {rules.value_words(new)}" if short else words)
    return "; ".join(told) or "who led it"


@transaction.atomic
def strike_gathering(*, gathering: Gathering, reason: str, by: Actor) -> Gathering:
    """Take a meeting off the register that was recorded by mistake: it stays as cancelled, with the reason.

    Its attendance is withdrawn with it. Decisions are withdrawn before, each with its own reason.
    """
    access.require(by, permissions.RECORD_GATHERING)
    row: Gathering = Gathering.objects.locked(gathering.pk, by=by)
    row.refuse_if_frozen()
    check_reason(reason, what="Say in a sentence why it is taken off the register.")
    if row.status == rules.GatheringStatus.CANCELLED:
        raise Refused("This meeting is cancelled already.")
    if Resolution.objects.standing().filter(gathering=row).exists():
        raise Refused("Decisions are recorded at this meeting. Withdraw them first.")
    for line in Attendance.objects.filter(gathering=row, withdrawn=False):
        line.withdrawn = True
        line.store()
    row.status, row.attendance_count = rules.GatheringStatus.CANCELLED, None
    row.note = f"{row.note}\nTaken off the register: {reason.strip()}".strip()
    row.store()
    history.record(events.GATHERING_STRUCK, on=row.ref, by=by, details={"reason": reason.strip()})
    return row


def _refuse_contradiction(gathering: Gathering, changes: dict[str, Any]) -> None:
    """What is on record of a meeting keeps it held, and a meeting of the body that decided there."""
    status = changes.get("status", gathering.status)
    decided = Resolution.objects.standing().filter(gathering=gathering).exists()
    if status != gathering.status and gathering.status == rules.GatheringStatus.HELD:
        came = Attendance.objects.filter(gathering=gathering, withdrawn=False).exists()
        if decided or came or gathering.attendance_count is not None:
            raise Refused("This meeting has attendance or decisions on record, so it was held.", "status")
    if decided and "body" in changes and changes["body"] != gathering.body:
        raise Refused("Decisions of this body are recorded at this meeting; its body cannot change.", "body")


@transaction.atomic
def set_agenda(
    *, gathering: Gathering, business: Sequence[Item], by: Actor, expected_version: int
) -> Gathering:
    """Write the agenda anew, in this order."""
    access.require(by, permissions.RECORD_GATHERING)
    row: Gathering = Gathering.objects.locked(gathering.pk, expected_version, by=by)
    row.refuse_if_frozen()
    _put_items(row, business, by)
    row.store()
    history.record(events.AGENDA_CHANGED, on=row.ref, by=by)
    return row


def _put_items(gathering: Gathering, business: Sequence[Item], by: Actor) -> None:
    """Write the lines in order; what hangs on a line stays with it, and one that is left out is withdrawn, not lost."""
    earlier = {line.pk: line for line in AgendaItem.objects.filter(gathering=gathering)}
    known = {item.was.pk for item in business if item.was}
    by_text = {line.text: line.pk for line in earlier.values() if line.pk not in known}
    for position, item in enumerate(business, start=1):
        was = item.was.pk if item.was else by_text.pop(item.text, None)
        line = earlier.pop(was, None) if was else None
        if line is None:
            line = AgendaItem(partnership_id=by.partnership_id, gathering=gathering)
        for name in ("text", "priority", "measure", "purpose", "minutes", "presenter", "origin"):
            setattr(line, name, getattr(item, name))
        line.position, line.withdrawn = position, False
        line.about_kind, line.about_id = (item.about.kind, item.about.id) if item.about else ("", None)
        line.store()
    for line in earlier.values():
        if not line.withdrawn:
            line.withdrawn = True
            line.store()
