"""Setting up bodies; planning, recording and deciding at gatherings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db import transaction

from shield.improvement import services as improvement
from shield.improvement.models import Priority, Recommendation
from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.accounts.models import Agency, Office, Person
from shield.kernel.history import services as history
from shield.kernel.records.models import next_reference
from shield.kernel.records.rules import RecordRef, Refused
from shield.meetings import events, permissions, rules
from shield.meetings.models import (
    AgendaItem,
    Attendance,
    Body,
    BodyChange,
    BodyMember,
    Gathering,
    MeetingRecord,
    Resolution,
    TermsOfReference,
)

M = TypeVar("M", bound=MeetingRecord)


@dataclass(frozen=True)
class Item:
    """One line of business."""

    text: str
    priority: Priority | None = None
    about: RecordRef | None = None


@dataclass(frozen=True)
class Seat:
    """Somebody's place on an attendance register."""

    presence: str
    agency: Agency | None = None
    office: Office | None = None
    person: Person | None = None
    named: str = ""

    @property
    def is_somebody(self) -> bool:
        """Whether this line stands for one person."""
        return rules.counts_as_somebody(person=self.person, office=self.office, named=self.named)


def _new(model: type[M], by: Actor, **values: Any) -> M:
    prefix = model.reference_prefix
    reference = next_reference(by.partnership_id, prefix) if prefix else ""
    return model(partnership_id=by.partnership_id, reference=reference, **values)


@transaction.atomic
def add_body(*, name: str, sort: str, by: Actor, quorum: Iterable[Agency] = (), **values: Any) -> Body:
    """Set up a body."""
    access.require(by, permissions.EDIT_BODY)
    rules.check_life(established_on=values.get("established_on"), ended_on=values.get("ended_on"))
    body = _new(Body, by, name=name, sort=sort, **values).store()
    body.link("quorum", quorum)
    history.record(events.BODY_ADDED, on=body.ref, by=by)
    return body


@transaction.atomic
def change_body(
    *, body: Body, changes: dict[str, Any], by: Actor, today: date, expected_version: int,
    quorum: Iterable[Agency] | None = None,
) -> Body:  # fmt: skip
    """Change a body; a new name keeps the old one on record."""
    access.require(by, permissions.EDIT_BODY)
    row: Body = Body.objects.locked(body.pk, expected_version, by=by)
    former = row.name
    changed = [name for name, value in changes.items() if getattr(row, name) != value]
    for name, value in changes.items():
        setattr(row, name, value)
    rules.check_life(established_on=row.established_on, ended_on=row.ended_on)
    _refuse_circle(row)
    row.store()
    if quorum is not None:
        row.link("quorum", quorum)
    if row.name != former:
        _new(
            BodyChange, by, body=row, sort=rules.ChangeKind.RENAMED, happened_on=today, former_name=former,
            text=f"Renamed from {former}.",
        ).store()  # fmt: skip
    words = ", ".join(rules.BODY_WORDS.get(name, name) for name in changed) or "membership of the quorum"
    history.record(events.BODY_CHANGED, on=row.ref, by=by, details={"change": words})
    return row


def _refuse_circle(body: Body) -> None:
    """No body is, through however many others, part of itself or its own predecessor."""
    for name, said in (("parent", "part of"), ("predecessor", "the predecessor of")):
        above, seen = getattr(body, name), {body.pk}
        while above is not None:
            if above.pk in seen:
                raise Refused(f"A body cannot be {said} itself, not through another either.", name)
            seen.add(above.pk)
            above = getattr(above, name)


@transaction.atomic
def note_body_change(*, body: Body, sort: str, by: Actor, **values: Any) -> BodyChange:
    """Note what happened to a body: renamed, revised terms, joint footing."""
    access.require(by, permissions.EDIT_BODY)
    change = _new(BodyChange, by, body=body, sort=sort, **values).store()
    history.record(
        events.BODY_CHANGED, on=body.ref, by=by, details={"change": rules.ChangeKind(sort).label.lower()}
    )
    return change


@transaction.atomic
def agree_terms(
    *,
    body: Body,
    summary: str,
    by: Actor,
    agreed_on: date | None = None,
    precision: str = "day",
    agreed_by: Body | None = None,
) -> TermsOfReference:
    """Add the next version of a body's terms of reference; earlier versions stay."""
    access.require(by, permissions.EDIT_BODY)
    number = TermsOfReference.objects.filter(body=body).count() + 1
    terms = _new(
        TermsOfReference,
        by,
        body=body,
        number=number,
        summary=summary,
        agreed_on=agreed_on,
        precision=precision,
        agreed_by=agreed_by,
    ).store()
    history.record(events.TERMS_AGREED, on=body.ref, by=by, details={"version": number})
    return terms


@transaction.atomic
def add_member(
    *,
    body: Body,
    role: str,
    by: Actor,
    agency: Agency | None = None,
    office: Office | None = None,
    person: Person | None = None,
    starts_on: date | None = None,
) -> BodyMember:
    """Seat an agency, an office or a person on a body."""
    access.require(by, permissions.EDIT_BODY)
    if not (agency or office or person):
        raise Refused("Choose an agency, an office or a person.", "agency")
    member = _new(
        BodyMember, by, body=body, role=role, agency=agency, office=office, person=person, starts_on=starts_on
    ).store()
    history.record(events.MEMBER_ADDED, on=body.ref, by=by, details={"member": member.heading})
    return member


@transaction.atomic
def end_member(*, member: BodyMember, by: Actor, today: date) -> BodyMember:
    """End a membership today; who sat on the body when stays on record."""
    access.require(by, permissions.EDIT_BODY)
    row: BodyMember = BodyMember.objects.locked(member.pk, by=by)
    if row.ends_on is not None:
        raise Refused(f"The membership of {row.heading} has ended already.")
    if row.starts_on is not None and row.starts_on > today:
        raise Refused(f"The membership of {row.heading} has not begun yet.")
    row.ends_on = today
    row.store()
    history.record(events.MEMBER_ENDED, on=row.body.ref, by=by, details={"member": row.heading})
    return row


@transaction.atomic
def record_gathering(
    *, title: str, sort: str, held_on: date, by: Actor, today: date, status: str = "held", ends_on: date | None = None,
    business: Sequence[Item] = (), led_by: Iterable[Agency] = (), **values: Any,
) -> Gathering:  # fmt: skip
    """Put a meeting or event on the register, planned or held, with its business."""
    access.require(by, permissions.RECORD_GATHERING)
    rules.check_dates(held_on=held_on, ends_on=ends_on, status=status, today=today)
    rules.check_count(values.get("attendance_count"))
    gathering = _new(
        Gathering, by, title=title, sort=sort, held_on=held_on, ends_on=ends_on, status=status, **values
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
    moved = any(
        changes.get(name, getattr(row, name)) != getattr(row, name) for name in ("held_on", "precision")
    )
    _refuse_contradiction(row, changes)
    for name, value in changes.items():
        setattr(row, name, value)
    rules.check_dates(held_on=row.held_on, ends_on=row.ends_on, status=row.status, today=today)
    rules.check_count(row.attendance_count)
    row.store()
    if led_by is not None:
        row.link("led_by", led_by)
    if moved:
        for taken in Resolution.objects.filter(gathering=row).select_related("decision"):
            improvement.redate_decision(
                decision=taken.decision, decided_on=row.held_on, precision=row.precision, by=by,
                permission=permissions.RECORD_GATHERING,
            )  # fmt: skip
    history.record(
        events.GATHERING_CHANGED, on=row.ref, by=by, details={"fields": ", ".join(sorted(changes))}
    )
    return row


def _refuse_contradiction(gathering: Gathering, changes: dict[str, Any]) -> None:
    """What is on record of a meeting keeps it held, and a meeting of the body that decided there."""
    status = changes.get("status", gathering.status)
    decided = Resolution.objects.filter(gathering=gathering).exists()
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
    _put_items(row, business, by)
    row.store()
    history.record(events.AGENDA_CHANGED, on=row.ref, by=by)
    return row


def _put_items(gathering: Gathering, business: Sequence[Item], by: Actor) -> None:
    """Write the lines in order over the earlier ones; a line that is left over is withdrawn, not lost."""
    earlier = list(AgendaItem.objects.filter(gathering=gathering).order_by("position"))
    for position, item in enumerate(business, start=1):
        line = (
            earlier.pop(0) if earlier else AgendaItem(partnership_id=by.partnership_id, gathering=gathering)
        )
        line.position, line.text, line.priority, line.withdrawn = position, item.text, item.priority, False
        line.about_kind, line.about_id = (item.about.kind, item.about.id) if item.about else ("", None)
        line.store()
    for line in earlier:
        line.withdrawn = True
        line.store()


@transaction.atomic
def record_attendance(
    *, gathering: Gathering, seats: Sequence[Seat], count: int | None, by: Actor, today: date, expected_version: int | None = None
) -> Gathering:  # fmt: skip
    """Record who was there: by name, by agency, and by head count.

    The register is written anew: a line that is left out is withdrawn, not lost. Names and count may both be
    given; if they differ the act is refused, because nobody would know later which of them was meant. An
    agency's own line says that it was represented and counts nobody.
    """
    access.require(by, permissions.RECORD_GATHERING)
    row: Gathering = Gathering.objects.locked(gathering.pk, expected_version, by=by)
    if row.held_on > today:
        raise Refused("This meeting has not taken place yet.", "held_on")
    if row.status == rules.GatheringStatus.CANCELLED:
        raise Refused("This meeting was cancelled; nobody attended it.")
    named = sum(1 for seat in seats if seat.presence in rules.ATTENDED and seat.is_somebody)
    rules.check_count(count)
    if not rules.agrees(named, count):
        raise Refused(
            f"The register names {named} people who attended, the head count is {count}.", "attendance_count"
        )
    if why := rules.contradiction(*_by_agency(seats)):
        raise Refused(why)
    _put_seats(row, seats, by)
    row.attendance_count = count if count is not None else (named or None)
    row.status = rules.GatheringStatus.HELD
    row.store()
    history.record(
        events.ATTENDANCE_RECORDED, on=row.ref, by=by, details={"count": row.attendance_count or "–"}
    )
    return row


def _by_agency(seats: Sequence[Seat]) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """How each agency took part, and who of which agency came."""
    lines = {s.agency.name: s.presence for s in seats if s.agency and not s.is_somebody}
    came = [
        (s.named or str(s.person or s.office), s.agency.name)
        for s in seats
        if s.agency and s.is_somebody and s.presence in rules.ATTENDED
    ]
    return lines, came


def _put_seats(gathering: Gathering, seats: Sequence[Seat], by: Actor) -> None:
    """Write the register over the earlier one, line by line as it is known who each is."""
    earlier = {
        (line.person_id, line.agency_id, line.office_id, line.named): line
        for line in Attendance.objects.filter(gathering=gathering)
    }
    for seat in seats:
        who = (
            seat.person and seat.person.pk, seat.agency and seat.agency.pk, seat.office and seat.office.pk, seat.named,
        )  # fmt: skip
        line = earlier.pop(who, None)
        if line is None:
            line = Attendance(
                partnership_id=by.partnership_id, gathering=gathering, agency=seat.agency, office=seat.office,
                person=seat.person, named=seat.named,
            )  # fmt: skip
        elif line.presence == seat.presence and not line.withdrawn:
            continue
        line.presence, line.withdrawn = seat.presence, False
        line.store()
    for line in earlier.values():
        if not line.withdrawn:
            line.withdrawn = True
            line.store()


@transaction.atomic
def take_decision(
    *, body: Body, text: str, outcome: str, by: Actor, today: date, gathering: Gathering | None = None,
    decided_on: date | None = None, recommendations: Iterable[Recommendation] = (), priorities: Iterable[Priority] = (), **values: Any,
) -> Resolution:  # fmt: skip
    """Record what a body decided, at which gathering if it is known, and move what it decided on."""
    access.require(by, permissions.RECORD_DECISION)
    if gathering is not None:
        if gathering.body_id != body.pk:
            raise Refused("This meeting is not one of that body.", "gathering")
        if gathering.status != rules.GatheringStatus.HELD:
            raise Refused("Record first that this meeting was held.", "gathering")
        decided_on, values["precision"] = gathering.held_on, gathering.precision
    if decided_on is not None and decided_on > today:
        raise Refused("A decision cannot have been taken in the future.", "decided_on")
    decision = improvement.record_decision(
        text=text, outcome=outcome, by=by, permission=permissions.RECORD_DECISION, recommendations=recommendations,
        priorities=priorities, decided_on=decided_on, **values,
    )  # fmt: skip
    resolution = _new(Resolution, by, decision=decision, body=body, gathering=gathering).store()
    history.record(events.DECISION_TAKEN, on=resolution.ref, by=by, details={"body": body.name})
    return resolution
