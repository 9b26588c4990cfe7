"""Kinds of bodies and gatherings, quorum, whose turn it is to chair. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db.models import TextChoices

from shield.kernel.calendar.rules import last_day_of
from shield.kernel.records.rules import COUNT_LIMIT, Refused

EARLIEST = date(1990, 1, 1)
"""No gathering of a safeguarding board or partnership is older (area child protection committees)."""


class BodyKind(TextChoices):
    """What a body is."""

    BOARD = "board", "Partnership board"
    EXECUTIVE = "executive", "Executive"
    SUBGROUP = "subgroup", "Sub-group"
    PANEL = "panel", "Panel"
    FORUM = "forum", "Forum"
    NETWORK = "network", "Network"
    HUB = "hub", "Learning Hub"
    JOINT = "joint", "Joint body"
    STEERING = "steering_group", "Steering group"


class ChangeKind(TextChoices):
    """What can happen to a body over time."""

    RENAMED = "renamed", "Renamed"
    TERMS_REVISED = "terms_revised", "Terms of reference revised"
    ESTABLISHED = "established", "Established"
    BECAME_JOINT = "became_joint", "Became joint"
    LEFT = "left_partnership", "Left the partnership"
    RELAUNCHED = "relaunched", "Relaunched"
    UNDER_REVIEW = "under_review", "Under review"


class MemberRole(TextChoices):
    """What a member is in a body."""

    CHAIR = "chair", "Chair"
    CO_CHAIR = "co_chair", "Co-chair"
    MEMBER = "member", "Member"
    ATTENDEE = "attendee", "In attendance"


class GatheringKind(TextChoices):
    """What people came to."""

    BOARD = "board_meeting", "Board meeting"
    EXECUTIVE = "executive_meeting", "Executive meeting"
    HUB = "hub_session", "Learning Hub session"
    STRATEGIC = "strategic_meeting", "Meeting of a sub-group or panel"
    SYSTEM_LEARNING = "system_learning_event", "System learning event"
    CONFERENCE = "conference", "Conference"
    CHAMPIONS = "champions_event", "Safeguarding champions event"
    BRIEFING = "briefing", "Briefing"
    MASTERCLASS = "masterclass", "Masterclass"
    WORKSHOP = "workshop", "Workshop"
    LEARNING_EVENT = "learning_event", "Learning event"
    FORUM = "forum", "Forum"
    TRAINING = "training", "Training"
    STEERING = "steering_meeting", "Steering group meeting"
    REFLECTIVE = "reflective_session", "Reflective session"
    FOCUS_GROUP = "focus_group", "Focus group"
    AUDIT = "audit_session", "Audit session"


LANES: dict[str, str] = {
    GatheringKind.BOARD: "Board",
    GatheringKind.EXECUTIVE: "Executive",
    GatheringKind.REFLECTIVE: "Executive",
    GatheringKind.HUB: "Learning Hub",
    GatheringKind.WORKSHOP: "Learning Hub",
    GatheringKind.AUDIT: "Learning Hub",
    GatheringKind.FOCUS_GROUP: "Learning Hub",
}
"""The lanes of a year's timeline; what has none of its own stands in `OTHER_LANE`."""
OTHER_LANE = "Events and training"
LANE_ORDER = ("Board", "Executive", "Learning Hub", OTHER_LANE)


def lane_of(sort: str) -> str:
    """In which lane of a timeline a gathering of this kind stands."""
    return LANES.get(sort, OTHER_LANE)


class GatheringStatus(TextChoices):
    """Whether it has taken place."""

    PLANNED = "planned", "Planned"
    HELD = "held", "Held"
    CANCELLED = "cancelled", "Cancelled"


class Presence(TextChoices):
    """How somebody took part."""

    PRESENT = "present", "Present"
    APOLOGIES = "apologies", "Apologies"
    SUBSTITUTE = "substitute", "Sent a substitute"
    ABSENT = "absent", "Absent"


ATTENDED = frozenset({Presence.PRESENT, Presence.SUBSTITUTE})


def check_dates(*, held_on: date, ends_on: date | None, status: str, today: date) -> None:
    """Refuse dates that cannot be: from another century, ending before they start, held in the future."""
    if held_on < EARLIEST:
        raise Refused(f"The date must be after {EARLIEST.year}.", "held_on")
    if held_on.year > today.year + 10:
        raise Refused("The date is more than ten years ahead.", "held_on")
    if ends_on is not None and ends_on < held_on:
        raise Refused("The last day cannot be before the first.", "ends_on")
    if status == GatheringStatus.HELD and held_on > today:
        raise Refused("A meeting in the future cannot have been held; record it as planned.", "held_on")


BODY_WORDS: dict[str, str] = {
    "name": "name", "sort": "kind", "purpose": "purpose", "parent": "what it is part of", "predecessor": "predecessor",
    "frequency": "how often it meets", "established_on": "when it was set up", "ended_on": "when it ended",
    "joint_with": "who it is joint with", "outside": "whether it is an outside body",
}  # fmt: skip
"""What its history calls each part of a body."""


def check_life(*, established_on: date | None, ended_on: date | None) -> None:
    """A body ends after it was set up."""
    if established_on and ended_on and ended_on < established_on:
        raise Refused("The day it ended cannot be before the day it was set up.", "ended_on")


def first_day(day: date | None, precision: str) -> date | None:
    """A month or a year is kept as its first day."""
    if day is None or precision == "day":
        return day
    return day.replace(day=1) if precision == "month" else date(day.year, 1, 1)


def is_past(held_on: date, precision: str, today: date) -> bool:
    """Whether the last day it may be on has passed."""
    return last_day_of(held_on, precision) < today


def check_count(count: int | None) -> None:
    """A head count is a number of people that fits in a hall."""
    if count is not None and not 0 <= count <= COUNT_LIMIT:
        raise Refused("The number of people attending cannot be right.", "attendance_count")


def counts_as_somebody(*, person: object, office: object, named: str) -> bool:
    """Whether a line of the register stands for one person; an agency's line alone does not."""
    return bool(person or office or named.strip())


def contradiction(by_agency: Mapping[str, str], attended: Iterable[tuple[str, str]]) -> str:
    """Why a register cannot be right: an agency was not there, yet somebody of it was. Empty if nothing is wrong.

    `by_agency` gives how each agency took part; `attended` the name and agency of everybody who came.
    """
    for name, agency in attended:
        presence = by_agency.get(agency, Presence.PRESENT)
        if presence not in ATTENDED:
            return f"{agency} is down as “{Presence(presence).label.lower()}”, but {name} of it attended."
    return ""


def agrees(named: int, counted: int | None) -> bool:
    """Whether the names on the register and the head count tell the same number."""
    return counted is None or named == 0 or named == counted


def quorate(agencies_present: Iterable[str], agencies_needed: Iterable[str]) -> bool:
    """Whether every agency that must be there is there."""
    return set(agencies_needed) <= set(agencies_present)


def next_chair(partners: Sequence[str], earlier: Sequence[str]) -> str | None:
    """Whose turn it is: the partner who chaired longest ago, those who never did first."""
    if not partners:
        return None
    last = dict.fromkeys(partners, -1)
    for place, partner in enumerate(earlier):
        if partner in last:
            last[partner] = place
    return min(partners, key=lambda partner: (last[partner], partners.index(partner)))
