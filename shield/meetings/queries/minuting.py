"""Reads of what is written down: lines, the draft of minutes, their fingerprint; calendars; who is never there."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from django.db.models import QuerySet

from shield.kernel.access.rules import Actor
from shield.kernel.accounts.models import Agency
from shield.kernel.calendar.rules import in_words
from shield.meetings import rules
from shield.meetings.models import Attendance, CalendarKey, Gathering, Line, Minutes, Resolution
from shield.meetings.queries.preparing import declarations, quorum
from shield.meetings.queries.registers import attendance, business, held_between


def lines(gathering: Gathering) -> QuerySet[Line]:
    """The notes of a meeting in the order they were taken."""
    return Line.objects.filter(gathering=gathering, withdrawn=False).select_related(*Line.shown_with)


def minutes_of(gathering: Gathering, actor: Actor) -> Minutes | None:
    """The minutes of a meeting, if any are written; a draft is for those who write it."""
    found: Minutes | None = Minutes.objects.visible_to(actor).filter(gathering=gathering).first()
    return found


def draft_text(gathering: Gathering) -> str:
    """Minutes as they follow from what was recorded: who was there, item by item what was said, decided and is to be done."""
    made = [f"# {gathering.title}", f"Held on {in_words(gathering.held_on)}{_place(gathering)}."]
    if gathering.chair_words:
        made.append(f"Chaired by {gathering.chair_words}.")
    made += _presence(gathering)
    known = list(declarations(gathering))
    if known:
        made.append("## Declarations of interest")
        made += [f"- {d.heading}: {d.interest} ({d.get_handling_display().lower()})" for d in known]
    by_item: dict[uuid.UUID | None, list[Line]] = {}
    taken = list(lines(gathering))
    for line in taken:
        by_item.setdefault(line.item_id, []).append(line)
    for number, item in enumerate(business(gathering), start=1):
        made.append(f"## {number}. {item.text}")
        made += _written(by_item.pop(item.pk, [])) or ["Nothing was noted."]
    rest = [line for group in by_item.values() for line in group]
    apart = _decided_apart(gathering, taken)
    if rest or apart:
        made.append("## Further business")
        made += [*_written(rest), *apart]
    return "\n\n".join(made) + "\n"


def _place(gathering: Gathering) -> str:
    at = f", {gathering.begins_at:%H:%M}" if gathering.begins_at else ""
    return f"{at}{', ' + gathering.place if gathering.place else ''}"


def _presence(gathering: Gathering) -> list[str]:
    groups: dict[str, list[str]] = {}
    for line in attendance(gathering):
        alone = line.agency is None or line.heading == line.agency.name
        who = line.heading if alone else f"{line.heading} ({line.agency.name})"
        groups.setdefault(line.presence, []).append(who)
    words = {
        "present": "Present",
        "substitute": "Represented by a substitute",
        "apologies": "Apologies",
        "absent": "Absent",
    }
    made = [
        f"## {words[key]}\n\n" + "\n".join(f"- {who}" for who in groups[key])
        for key in words
        if key in groups
    ]
    if not made and gathering.attendance_count:
        made.append(f"{gathering.attendance_count} people attended.")
    found = quorum(gathering)
    if found:
        made.append(
            "The meeting was quorate."
            if found.is_met
            else f"The meeting was not quorate: {', '.join(found.missing)} not present."
        )
    return made


def _written(taken: Iterable[Line]) -> list[str]:
    made = []
    for line in taken:
        if line.sort == rules.LineKind.NOTE:
            made.append(line.text)
        elif line.decision:
            made.append(f"**Decision ({line.decision.get_outcome_display().lower()}):** {line.text}")
        elif line.action:
            due = f", due {in_words(line.action.due_on)}" if line.action.due_on else ""
            made.append(f"**Action:** {line.text} ({line.action.owner_words or 'no owner yet'}{due})")
    return made


def _decided_apart(gathering: Gathering, taken: Iterable[Line]) -> list[str]:
    """Decisions recorded on their own page, not typed as a line."""
    typed = {line.decision_id for line in taken}
    rows = (
        Resolution.objects.standing()
        .filter(gathering=gathering)
        .select_related("decision")
        .order_by("reference")
    )
    return [
        f"**Decision ({row.decision.get_outcome_display().lower()}):** {row.decision.text}"
        for row in rows
        if row.decision_id not in typed
    ]


def fingerprint_of(minutes: Minutes) -> str:
    """The fingerprint of minutes and of what they rest on: text, meeting, register, decisions."""
    gathering = minutes.gathering
    register = sorted(
        [str(a.agency_id or ""), str(a.office_id or ""), str(a.person_id or ""), a.named, a.presence]
        for a in Attendance.objects.filter(gathering=gathering, withdrawn=False)
    )
    decided = sorted(
        [str(row.decision_id), row.decision.text, row.decision.outcome]
        for row in Resolution.objects.standing().filter(gathering=gathering).select_related("decision")
    )
    return rules.fingerprint(
        minutes.text,
        gathering.reference,
        gathering.held_on.isoformat(),
        json.dumps(register, ensure_ascii=False),
        json.dumps(decided, ensure_ascii=False),
    )


# --- Calendars


def digest_of(key: str) -> str:
    """What is kept of a private calendar address."""
    return sha256(key.encode()).hexdigest()


def calendar_key(key: str) -> CalendarKey | None:
    """The key of a private address, if it is one and was not revoked."""
    found: CalendarKey | None = (
        CalendarKey.objects.filter(digest=digest_of(key), revoked_at__isnull=True)
        .select_related("person__user", "partnership")
        .first()
    )
    return found


def has_calendar_key(actor: Actor) -> bool:
    """Whether this person's private address works."""
    rows = CalendarKey.objects.filter(
        partnership_id=actor.partnership_id, person_id=actor.person_id or uuid.UUID(int=0)
    )
    return rows.filter(revoked_at__isnull=True).exists()


def of_person(actor: Actor, from_day: date) -> QuerySet[Gathering]:
    """The meetings a person may see, from a day on, for their calendar."""
    rows = Gathering.objects.visible_to(actor).filter(held_on__gte=from_day, precision="day")
    return rows.order_by("held_on", "title")


# --- Who is never there


@dataclass(frozen=True)
class Presence:
    """The agencies of a span of meetings, and how each took part in each: empty where nothing is recorded."""

    meetings: tuple[Gathering, ...]
    agencies: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]

    def came(self, row: int) -> tuple[int, int]:
        """Of how many meetings that say something about this agency it came to how many."""
        known = [cell for cell in self.cells[row] if cell]
        return sum(cell in rules.ATTENDED for cell in known), len(known)


RANK = {"present": 3, "substitute": 2, "apologies": 1, "absent": 0}


def presence_by_agency(actor: Actor, starts_on: date, ends_on: date, **chosen: object) -> Presence:
    """How each agency took part in the meetings held in a span; somebody of it there counts as its being there."""
    rows = list(held_between(actor.partnership_id, starts_on, ends_on).filter(**chosen))
    said: dict[str, dict[uuid.UUID, str]] = {}
    lines_ = Attendance.objects.filter(gathering__in=rows, withdrawn=False).select_related(
        "agency", "office__agency"
    )
    for line in lines_:
        agency = line.agency or (line.office.agency if line.office else None)
        if agency is not None:
            _note(said, agency.name, line.gathering_id, line.presence)
    every = Agency.objects.filter(partnership_id=actor.partnership_id)
    names = {name: each.name for each in every for name in (each.name, each.short_name) if name}
    for row in rows:
        for name in row.agencies_represented:
            _note(said, names.get(name, name), row.pk, rules.Presence.PRESENT)
        for agency in row.led_by.all():
            _note(said, agency.name, row.pk, rules.Presence.PRESENT)
        if row.chair_agency:
            _note(said, row.chair_agency.name, row.pk, rules.Presence.PRESENT)
    agencies = tuple(sorted(said))
    cells = tuple(tuple(said[name].get(row.pk, "") for row in rows) for name in agencies)
    return Presence(tuple(rows), agencies, cells)


def _note(said: dict[str, dict[uuid.UUID, str]], agency: str, meeting: uuid.UUID, presence: str) -> None:
    """Keep the strongest: somebody was there, whoever else sent apologies."""
    kept = said.setdefault(agency, {})
    if meeting not in kept or RANK[presence] > RANK[kept[meeting]]:
        kept[meeting] = presence
