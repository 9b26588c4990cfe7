"""Reads before and during a meeting: what could go on the agenda, papers, who is expected, whether it is quorate."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from django.db.models import Q, QuerySet

from shield.improvement.models import Action, Priority, SuccessMeasure
from shield.improvement.rules import ActionStatus
from shield.kernel.access import queries as access
from shield.kernel.access.rules import Actor
from shield.kernel.accounts import queries as accounts
from shield.kernel.accounts.models import Agency, AgencyMembership, Office, Person
from shield.kernel.clocks import rules as clocks_rules
from shield.kernel.records import queries as records
from shield.kernel.records.rules import RecordRef
from shield.meetings import permissions, rules
from shield.meetings.models import (
    AgendaItem,
    Attendance,
    Body,
    Declaration,
    ForwardItem,
    Gathering,
    JointPart,
    Minutes,
    Paper,
    Resolution,
    StandingItem,
)
from shield.meetings.queries.registers import attendance, business, expected_agencies, members_on, of_body


@dataclass(frozen=True)
class Offer:
    """Something that could go onto an agenda, and why."""

    text: str
    origin: str
    why: str = ""
    about: RecordRef | None = None
    priority: Priority | None = None
    measure: SuccessMeasure | None = None
    purpose: str = ""
    minutes: int | None = None
    presenter: str = ""

    @property
    def key(self) -> str:
        """What a form knows it by."""
        return f"{self.origin}:{self.about.id if self.about else self.text}"


def standing_items(body: Body) -> QuerySet[StandingItem]:
    """What is on every agenda of a body, in order."""
    return StandingItem.objects.filter(body=body, withdrawn=False).select_related("measure")


def forward_plan(body: Body, actor: Actor) -> QuerySet[ForwardItem]:
    """A body's forward plan, month by month."""
    return ForwardItem.objects.visible_to(actor).filter(body=body).select_related("measure")


def offers(gathering: Gathering, actor: Actor, today: date) -> list[Offer]:
    """What could go onto this agenda and is not there yet, in the order in which a meeting takes it."""
    if gathering.body is None:
        return []
    there = list(business(gathering))
    texts = {item.text for item in there}
    about = {item.about_id for item in there if item.about_id}
    found = [
        *_standing(gathering.body),
        *_arising(gathering, actor),
        *_forward(gathering, actor),
        *_offered(actor, gathering.held_on),
    ]
    seen: set[str] = set()
    kept = []
    for offer in found:
        if offer.text in texts or (offer.about and offer.about.id in about) or offer.key in seen:
            continue
        seen.add(offer.key)
        kept.append(offer)
    return kept


def _standing(body: Body) -> Iterable[Offer]:
    for item in standing_items(body):
        yield Offer(
            item.text, rules.Origin.STANDING, "On every agenda", measure=item.measure, purpose=item.purpose,
            minutes=item.minutes,
        )  # fmt: skip


def _arising(gathering: Gathering, actor: Actor) -> Iterable[Offer]:
    """The minutes of the meeting before, and the actions that came of its decisions and are not done."""
    held = of_body(gathering.body, actor).filter(  # type: ignore[arg-type]
        held_on__lt=gathering.held_on, status=rules.GatheringStatus.HELD
    )
    before = held.order_by("-held_on").first()
    if before is None:
        return
    for minutes in Minutes.objects.visible_to(actor).filter(gathering__in=held[:3]):
        if minutes.status == rules.MinutesStatus.CIRCULATED:
            yield Offer(
                minutes.heading,
                rules.Origin.ARISING,
                "Circulated, to be approved",
                minutes.ref,
                purpose="decision",
                minutes=5,
            )
    taken = Resolution.objects.standing().filter(gathering=before).values("decision_id")
    rows = Action.objects.visible_to(actor).filter(decision_id__in=taken)
    rows = rows.filter(status__in=(ActionStatus.PLANNED, ActionStatus.IN_PROGRESS)).select_related("priority")
    for action in rows:
        yield Offer(
            f"Action: {action.heading}", rules.Origin.ARISING, f"Open since {before.title}", action.ref, action.priority,
            presenter=action.owner_words[:200],
        )  # fmt: skip


def _forward(gathering: Gathering, actor: Actor) -> Iterable[Offer]:
    waiting = forward_plan(gathering.body, actor).filter(  # type: ignore[arg-type]
        status=rules.ForwardStatus.WAITING, month__lte=gathering.held_on
    )
    for item in waiting:
        yield Offer(
            item.text, rules.Origin.FORWARD, f"Planned for {item.month:%B %Y}", item.ref, item.priority, item.measure,
            item.purpose, presenter=item.agency.name if item.agency else "",
        )  # fmt: skip


def _offered(actor: Actor, on: date) -> Iterable[Offer]:
    given = records.business(actor, on)
    priorities = {p.pk: p for p in Priority.objects.visible_to(actor)}
    for offer in given:
        yield Offer(
            offer.text, rules.Origin.OFFERED, offer.why, offer.ref, priorities.get(offer.priority_id or uuid.UUID(int=0)),
            purpose=offer.purpose,
        )  # fmt: skip


# --- Papers


def papers(gathering: Gathering, actor: Actor) -> QuerySet[Paper]:
    """The papers of a meeting that this person may read."""
    return Paper.objects.visible_to(actor).filter(gathering=gathering, withdrawn=False)


def why_not_hand_in(paper: Paper, actor: Actor) -> str:
    """Why somebody may not hand in a paper, empty if they may: its author may, and whoever prepares meetings."""
    if actor.may(permissions.RECORD_GATHERING) or paper.agency_id in actor.agency_ids:
        return ""
    if paper.person_id and paper.person_id == actor.person_id:
        return ""
    whose = paper.agency.called if paper.agency else "somebody else"
    return f"This paper is not yours to hand in. It was asked of {whose}."


def declarations(gathering: Gathering) -> QuerySet[Declaration]:
    """The interests declared at a meeting."""
    return Declaration.objects.filter(gathering=gathering, withdrawn=False).select_related(
        *Declaration.shown_with
    )


def papers_asked(actor: Actor) -> QuerySet[Paper]:
    """Papers of meetings to come that were asked for and not handed in."""
    rows = Paper.objects.visible_to(actor).filter(
        handed_in_at__isnull=True, withdrawn=False, gathering__status=rules.GatheringStatus.PLANNED
    )
    return rows.select_related("agency", "person", "gathering")


def papers_to_remind_of(actor: Actor, today: date) -> QuerySet[Paper]:
    """Of those, the ones whose day has passed or is near enough for the first reminder, and whose meeting is to come."""
    near = today - timedelta(days=min(step.days for step in clocks_rules.REMINDERS))
    due = Q(due_on__lte=near) | Q(due_on__isnull=True, gathering__held_on__lte=near)
    return papers_asked(actor).filter(due, gathering__held_on__gte=today)


def authors_of(paper: Paper, on: date) -> list[Person]:
    """Who can sign in and is to write a paper: the person it was asked of, else whoever has it on their list for the agency."""
    if paper.person_id is not None:
        rows = accounts.who_can_sign_in(paper.partnership_id, on)
        return list(rows.filter(pk=paper.person_id))
    if paper.agency is None:
        return []
    roles = access.roles_with(permissions.CONTRIBUTE, without=permissions.RECORD_GATHERING)
    return list(accounts.people_in(paper.agency, on, roles=roles))


def people_to_tell(gathering: Gathering, today: date) -> list[tuple[Person, JointPart | None]]:
    """Everybody who sits on the body today, or works for an agency that does, and can sign in to read.

    Today and not on the day of the meeting, because a seat opens its papers and minutes while it is held.

    With each who sits there for another partnership stands its part in the body.
    """
    if gathering.body is None:
        return []
    seats = list(members_on(gathering.body, today))
    agencies = {seat.agency_id for seat in seats if seat.agency_id and not seat.person_id}
    agencies |= {seat.office.agency_id for seat in seats if seat.office and not seat.person_id}
    posts = AgencyMembership.objects.filter(
        accounts.held_on(today), agency_id__in=agencies, partnership_id=gathering.partnership_id
    )
    named = {seat.person_id for seat in seats if seat.person_id}
    named |= set(posts.values_list("person_id", flat=True))
    here = accounts.people_who_may(permissions.VIEW, gathering.partnership_id, today)
    told: dict[uuid.UUID, tuple[Person, JointPart | None]] = {p.pk: (p, None) for p in here if p.pk in named}
    for part in {seat.part for seat in seats if seat.part}:
        seated = {seat.person_id for seat in seats if seat.part == part}
        there = accounts.people_who_may(permissions.VIEW, part.participant_id, today)
        told |= {p.pk: (p, part) for p in there if p.pk in seated and p.pk not in told}
    return sorted(told.values(), key=lambda pair: pair[0].name)


# --- Who is expected, and whether the meeting is quorate


@dataclass(frozen=True)
class Expected:
    """A line of the roll: somebody who sits on the body or is on the register already, and how they take part."""

    key: str
    name: str
    note: str
    presence: str
    agency: Agency | None = None
    office: Office | None = None
    person: Person | None = None
    named: str = ""


def _key(person: object, agency: object, office: object, named: str) -> str:
    return "/".join([str(person or ""), str(agency or ""), str(office or ""), named])


def roll(gathering: Gathering, actor: Actor) -> list[Expected]:
    """Everybody who is expected, and everybody else on the register, by agency and name."""
    marked = {_key(a.person_id, a.agency_id, a.office_id, a.named): a for a in attendance(gathering)}
    lines: dict[str, Expected] = {}
    seats = list(members_on(gathering.body, gathering.held_on)) if gathering.body else []
    for seat in seats:
        key = _key(seat.person_id, seat.agency_id, seat.office_id, "")
        line = _expected(key, seat.person, seat.office, seat.agency, "", marked.pop(key, None))
        lines[key] = replace(line, note=seat.part.participant.short_name) if seat.part else line
    if not seats:
        for agency in expected_agencies(gathering, actor):
            key = _key(None, agency.pk, None, "")
            lines[key] = _expected(key, None, None, agency, "", marked.pop(key, None))
    for key, line in marked.items():
        lines[key] = _expected(key, line.person, line.office, line.agency, line.named, line)
    return sorted(lines.values(), key=lambda one: (one.agency.name if one.agency else "~", one.name))


def _expected(
    key: str,
    person: Person | None,
    office: Office | None,
    agency: Agency | None,
    named: str,
    line: Attendance | None,
) -> Expected:
    who = (person.name if person else "") or named or (office.title if office else "")
    note = agency.name if agency and who else ""
    return Expected(
        key,
        who or (agency.name if agency else ""),
        note,
        line.presence if line else "",
        agency,
        office,
        person,
        named,
    )


@dataclass(frozen=True)
class Quorum:
    """Which agencies must be there, and which of them are not."""

    needed: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def is_met(self) -> bool:
        """Whether all are there."""
        return not self.missing


def quorum(gathering: Gathering) -> Quorum | None:
    """Whether every agency that must be there is; None where the body needs none."""
    if gathering.body is None:
        return None
    needed = {agency.pk: agency.name for agency in gathering.body.quorum.all()}
    if not needed:
        return None
    here = set()
    for line in attendance(gathering):
        if line.presence in rules.ATTENDED:
            here.add(line.agency_id)
            here.add(line.office.agency_id if line.office else None)
    missing = tuple(
        name for pk, name in needed.items() if not rules.quorate([str(p) for p in here], [str(pk)])
    )
    return Quorum(tuple(needed.values()), missing)


def timed_business(gathering: Gathering) -> list[tuple[AgendaItem, time | None, time | None]]:
    """The agenda with the time of each item, as far as it can be told."""
    items = list(business(gathering).select_related("priority", "measure"))
    times = rules.timed(gathering.begins_at, [item.minutes for item in items])
    return [(item, *span) for item, span in zip(items, times, strict=True)]
