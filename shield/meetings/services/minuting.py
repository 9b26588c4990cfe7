"""During and after a meeting: presence and lines as they fall, minutes drafted, corrected, circulated, approved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from shield.improvement import services as improvement
from shield.improvement.services import Owner
from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.accounts.models import Agency
from shield.kernel.files import services as files
from shield.kernel.files.models import StoredFile
from shield.kernel.history import services as history
from shield.kernel.records.rules import Refused
from shield.meetings import events, permissions, queries, rules
from shield.meetings.models import (
    AgendaItem,
    Attendance,
    Correction,
    Gathering,
    Line,
    Minutes,
    MinutesVersion,
)
from shield.meetings.services.attending import Seat, head_count
from shield.meetings.services.deciding import take_decision
from shield.meetings.services.telling import tell_members


@transaction.atomic
def begin(*, gathering: Gathering, by: Actor, today: date) -> Gathering:
    """Open a meeting: from now on it is held, and what is typed goes on record."""
    access.require(by, permissions.RECORD_GATHERING)
    row: Gathering = Gathering.objects.locked(gathering.pk, by=by)
    if row.status == rules.GatheringStatus.HELD:
        return row
    if row.status == rules.GatheringStatus.CANCELLED:
        raise Refused("This meeting was cancelled.")
    rules.check_dates(
        held_on=row.held_on, ends_on=row.ends_on, status=rules.GatheringStatus.HELD, today=today
    )
    row.status = rules.GatheringStatus.HELD
    row.store()
    history.record(events.MEETING_BEGUN, on=row.ref, by=by)
    return row


@transaction.atomic
def mark(*, gathering: Gathering, seats: Sequence[Seat], by: Actor, today: date) -> Gathering:
    """Mark how people or agencies take part, touching no other line, so that two people can mark at once.

    All of them or none. An empty presence takes a mark back. The head count follows the names.
    """
    access.require(by, permissions.RECORD_GATHERING)
    begin(gathering=gathering, by=by, today=today)
    row: Gathering = Gathering.objects.locked(gathering.pk, by=by)
    row.refuse_if_frozen()
    for seat in seats:
        _mark(row, seat, by)
    register = [
        Seat(each.presence, each.agency, each.office, each.person, each.named)
        for each in queries.attendance(row)
    ]
    row.attendance_count = head_count(seats=register)
    row.store()
    return row


def _mark(row: Gathering, seat: Seat, by: Actor) -> None:
    line = Attendance.objects.filter(
        gathering=row, person=seat.person, agency=seat.agency, office=seat.office, named=seat.named
    ).first() or Attendance(
        partnership_id=by.partnership_id, gathering=row, person=seat.person, agency=seat.agency,
        office=seat.office, named=seat.named,
    )  # fmt: skip
    line.presence, line.withdrawn = seat.presence or line.presence, not seat.presence
    line.store()
    who = line.agency.name if line.agency and not line.named else "somebody"
    if not seat.presence:
        history.record(events.PRESENCE_UNMARKED, on=row.ref, by=by, details={"who": who})
        return
    words = rules.Presence(seat.presence).label.lower()
    history.record(events.PRESENCE_MARKED, on=row.ref, by=by, details={"who": who, "presence": words})


@dataclass(frozen=True)
class Taken:
    """What was typed: under which item, of which kind, with what a decision or an action needs besides."""

    text: str
    sort: str = rules.LineKind.NOTE
    item: AgendaItem | None = None
    key: str = ""
    agency: Agency | None = None
    due_on: date | None = None
    outcome: str = "agreed"


@transaction.atomic
def take_line(*, gathering: Gathering, taken: Taken, by: Actor, now: datetime, today: date) -> Line:
    """Take down one line; a decision goes onto the register and an action to its owner in the same act.

    A line whose key has arrived before is that line: sending it again after a lost connection does nothing twice.
    """
    access.require(by, permissions.RECORD_GATHERING)
    if not taken.text.strip():
        raise Refused("Type what was said, decided or is to be done.", "text")
    begin(gathering=gathering, by=by, today=today)
    row: Gathering = Gathering.objects.locked(gathering.pk, by=by)
    if taken.key:
        before: Line | None = Line.objects.filter(gathering=row, key=taken.key).first()
        if before is not None:
            return before
    row.refuse_if_frozen()
    row.refuse_item_of_another(taken.item)
    line: Line = Line.new(by, gathering=row, item=taken.item, sort=taken.sort, text=taken.text.strip(), person_id=by.person_id,
        taken_at=now, key=taken.key,
    )  # fmt: skip
    priorities = [taken.item.priority] if taken.item and taken.item.priority else []
    if taken.sort == rules.LineKind.DECISION:
        if row.body is None:
            raise Refused("This event belongs to no body, so nothing can be decided at it.", "sort")
        line.decision = take_decision(
            body=row.body, gathering=row, text=line.text, outcome=taken.outcome, by=by, today=today,
            priorities=priorities,
        ).decision  # fmt: skip
    elif taken.sort == rules.LineKind.ACTION:
        if taken.due_on and taken.due_on < row.held_on:
            raise Refused("What is to be done cannot have been due before the meeting.", "due_on")
        line.action = _action(row, taken, line.text, by)
    line.store()
    history.record(events.LINE_TAKEN, on=line.ref, by=by, details={"meeting": row.title})
    return line


def _action(row: Gathering, taken: Taken, text: str, by: Actor) -> Any:
    decided: Line | None = None
    if taken.item is not None:
        under = Line.objects.filter(gathering=row, item=taken.item, withdrawn=False)
        decided = under.filter(sort=rules.LineKind.DECISION).order_by("taken_at").last()
    return improvement.add_action(
        text=text,
        by=by,
        owner=Owner(agency=taken.agency) if taken.agency else improvement.NOBODY,
        due_on=taken.due_on,
        priority=taken.item.priority if taken.item else None,
        decision=decided.decision if decided else None,
    )


@transaction.atomic
def change_line(*, line: Line, text: str, by: Actor, expected_version: int) -> Line:
    """Put the words of a note right; a decision or an action is changed where it is on record."""
    access.require(by, permissions.RECORD_GATHERING)
    row: Line = Line.objects.locked(line.pk, expected_version, by=by)
    row.gathering.refuse_if_frozen()
    if row.sort != rules.LineKind.NOTE:
        raise Refused("A decision or an action is changed on its own page.")
    if not text.strip():
        raise Refused("A line cannot be empty. Take it back instead.", "text")
    row.text = text.strip()
    row.store()
    history.record(events.LINE_CHANGED, on=row.ref, by=by, details={"meeting": row.gathering.title})
    return row


@transaction.atomic
def withdraw_line(*, line: Line, by: Actor) -> Line:
    """Take a note back; it stays on record as taken back."""
    access.require(by, permissions.RECORD_GATHERING)
    row: Line = Line.objects.locked(line.pk, by=by)
    row.gathering.refuse_if_frozen()
    if row.sort != rules.LineKind.NOTE:
        raise Refused("A decision or an action stays on the register. Change it on its own page.")
    if row.withdrawn:
        raise Refused("This note was taken back already.")
    row.withdrawn = True
    row.store()
    history.record(events.LINE_WITHDRAWN, on=row.ref, by=by, details={"meeting": row.gathering.title})
    return row


# --- Minutes


@transaction.atomic
def write_minutes(
    *, gathering: Gathering, text: str, by: Actor, now: datetime, expected_version: int | None = None
) -> Minutes:
    """Write the minutes of a meeting, or change them; what they said before stays as a version."""
    access.require(by, permissions.RECORD_GATHERING)
    gathering = Gathering.objects.locked(gathering.pk, by=by)
    if gathering.status != rules.GatheringStatus.HELD:
        raise Refused("Minutes are written of a meeting that was held.")
    gathering.refuse_if_frozen()
    found: Minutes | None = Minutes.objects.filter(gathering=gathering).first()
    if found is None:
        made: Minutes = Minutes.new(by, gathering=gathering, text=text).store()
        history.record(events.MINUTES_DRAFTED, on=made.ref, by=by)
        return made
    row: Minutes = Minutes.objects.locked(found.pk, expected_version, by=by)
    if row.text == text:
        return row
    MinutesVersion(
        partnership_id=by.partnership_id, minutes=row, number=row.number, text=row.text, person_id=by.person_id, saved_at=now
    ).store()  # fmt: skip
    row.text, row.number = text, row.number + 1
    row.store()
    history.record(events.MINUTES_CHANGED, on=row.ref, by=by, details={"version": row.number})
    return row


@transaction.atomic
def circulate_minutes(*, minutes: Minutes, by: Actor, today: date) -> Minutes:
    """Send the minutes round: from now on the members may read them and ask for corrections."""
    access.require(by, permissions.RECORD_GATHERING)
    row: Minutes = Minutes.objects.locked(minutes.pk, by=by)
    rules.check_minutes_move(row.status, rules.MinutesStatus.CIRCULATED)
    row.status, row.circulated_on = rules.MinutesStatus.CIRCULATED, today
    row.store()
    count = tell_members(
        gathering=row.gathering, template="minutes_circulated", about=row.ref, by=by, today=today
    )
    history.record(events.MINUTES_CIRCULATED, on=row.ref, by=by, details={"count": count})
    return row


@transaction.atomic
def ask_for_correction(*, minutes: Minutes, text: str, by: Actor) -> Correction:
    """A reader of circulated minutes asks to have something put right."""
    access.require(by, permissions.CONTRIBUTE)
    row: Minutes = Minutes.objects.locked(minutes.pk, by=by)
    if row.status != rules.MinutesStatus.CIRCULATED:
        raise Refused("Corrections can be asked for while the minutes are circulated and not yet approved.")
    made = Correction.new(by, minutes=row, text=text, person_id=by.person_id).store()
    history.record(events.CORRECTION_ASKED, on=made.ref, by=by, details={"minutes": row.heading})
    return made


@transaction.atomic
def answer_correction(*, correction: Correction, status: str, answer: str, by: Actor) -> Correction:
    """Say whether a correction was taken up; declining one needs a reason."""
    access.require(by, permissions.RECORD_GATHERING)
    row: Correction = Correction.objects.locked(correction.pk, by=by)
    if row.status != rules.CorrectionStatus.OPEN:
        raise Refused("This correction is answered already.")
    if status == rules.CorrectionStatus.OPEN:
        raise Refused("Say whether it was taken up.", "status")
    if status == rules.CorrectionStatus.DECLINED and not answer.strip():
        raise Refused("Say why it is not taken up.", "answer")
    row.status, row.answer = status, answer
    row.store()
    words = row.get_status_display().lower()
    history.record(
        events.CORRECTION_ANSWERED,
        on=row.ref,
        by=by,
        details={"minutes": row.minutes.heading, "status": words},
    )
    return row


@transaction.atomic
def approve_minutes(
    *, minutes: Minutes, at: Gathering, by: Actor, today: date, expected_version: int
) -> Minutes:
    """Record that a later meeting of the body approved the minutes; they and what they rest on are then frozen."""
    access.require(by, permissions.RECORD_GATHERING)
    row: Minutes = Minutes.objects.locked(minutes.pk, expected_version, by=by)
    rules.check_minutes_move(row.status, rules.MinutesStatus.APPROVED)
    if row.corrections.filter(status=rules.CorrectionStatus.OPEN).exists():
        raise Refused("Answer every correction first.")
    if at.body_id != row.gathering.body_id or at.pk == row.gathering_id:
        raise Refused("Minutes are approved at another meeting of the same body.", "at")
    if at.held_on < row.gathering.held_on:
        raise Refused("They are approved at a later meeting, not an earlier one.", "at")
    if at.status != rules.GatheringStatus.HELD or at.held_on > today:
        raise Refused("That meeting has not been held yet.", "at")
    row.status, row.approved_at, row.approved_on = rules.MinutesStatus.APPROVED, at, at.held_on
    row.fingerprint = queries.fingerprint_of(row)
    row.store()
    history.record(
        events.MINUTES_APPROVED,
        on=row.ref,
        by=by,
        details={"meeting": at.title, "fingerprint": row.fingerprint},
    )
    return row


@transaction.atomic
def add_picture(
    *, gathering: Gathering, name: str, content: bytes, description: str, by: Actor
) -> StoredFile:
    """Add the visual record of a meeting, with a description for those who cannot see it."""
    access.require(by, permissions.RECORD_GATHERING)
    if not description.strip():
        raise Refused("Describe what the picture shows, for those who cannot see it.", "description")
    row: Gathering = Gathering.objects.locked(gathering.pk, by=by)
    row.refuse_if_frozen()
    made = files.attach(about=row.ref, name=name, content=content, by=by, description=description.strip())
    if not made.content_type.startswith("image/"):
        raise Refused("A visual record is a picture: PNG or JPEG.", "file")
    history.record(events.PICTURE_ADDED, on=row.ref, by=by)
    return made
