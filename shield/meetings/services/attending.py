"""Recording who was there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.accounts.models import Agency, Office, Person
from shield.kernel.history import services as history
from shield.kernel.records.rules import Refused
from shield.meetings import events, permissions, rules
from shield.meetings.models import Attendance, Gathering


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
    row.refuse_if_frozen()
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
    if count is None and (alone := _unnamed(seats)):
        raise Refused(
            f"Nobody of {', '.join(alone)} is named, though it was there. Name them, or give the number of people attending.",
            "attendance_count",
        )
    _put_seats(row, seats, by)
    row.attendance_count = count if count is not None else (named or None)
    row.status = rules.GatheringStatus.HELD
    row.store()
    history.record(
        events.ATTENDANCE_RECORDED, on=row.ref, by=by, details={"count": row.attendance_count or "–"}
    )
    return row


def head_count(*, seats: Sequence[Seat]) -> int | None:
    """How many came by the names on a register; None where they do not tell. A register that cannot be right is refused."""
    if why := rules.contradiction(*_by_agency(seats)):
        raise Refused(why)
    if _unnamed(seats):
        return None
    return sum(1 for seat in seats if seat.presence in rules.ATTENDED and seat.is_somebody) or None


def _unnamed(seats: Sequence[Seat]) -> list[str]:
    return rules.unnamed(
        (seat.agency.name if seat.agency else "", seat.is_somebody)
        for seat in seats
        if seat.presence in rules.ATTENDED
    )


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
