"""Kinds of bodies and gatherings, quorum, whose turn it is to chair, series, minutes. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from difflib import SequenceMatcher
from hashlib import sha256

from django.db.models import TextChoices

from shield.kernel.calendar.rules import add_months, in_words, last_day_of
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


class PartStatus(TextChoices):
    """Where another partnership's part in a body stands."""

    ASKED = "asked", "Asked, not answered yet"
    TAKEN_BACK = "taken_back", "Taken back before it was answered"
    DECLINED = "declined", "Declined"
    TAKING_PART = "taking_part", "Takes part"
    ENDED = "ended", "Has ended"


PART_TONES = {
    "asked": "attention",
    "taken_back": "neutral",
    "declined": "neutral",
    "taking_part": "good",
    "ended": "neutral",
}


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


class Topic(TextChoices):
    """What every agency names a lead for, so that practitioners know whom to ask."""

    MISSING = "missing", "Missing children"
    EXPLOITATION = "exploitation", "Exploitation"
    SAFEGUARDING = "safeguarding", "Designated safeguarding lead"
    TRAINING = "training", "Training"
    SECTION_11 = "section_11", "Section 11"
    CHAMPIONS = "champions", "Safeguarding champions"


def changes_between(before: str, after: str) -> list[tuple[str, str]]:
    """What was taken out of a text and what was put in, paragraph by paragraph, in the order of the text.

    Each is "out" or "in" with its paragraph; what stayed is left out, and so is a change of spacing alone.
    """
    old, new = (
        [" ".join(line.split()) for line in text.splitlines() if line.strip()] for text in (before, after)
    )
    found: list[tuple[str, str]] = []
    for sort, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if sort != "equal":
            found += [("out", words) for words in old[a:b]] + [("in", words) for words in new[c:d]]
    return found


class Purpose(TextChoices):
    """What a body is to do with an item."""

    DECISION = "decision", "For decision"
    DISCUSSION = "discussion", "For discussion"
    INFORMATION = "information", "For information"
    ASSURANCE = "assurance", "For assurance"


class Origin(TextChoices):
    """How an item came onto an agenda."""

    STANDING = "standing", "Standing item"
    ARISING = "arising", "Matter arising"
    FORWARD = "forward", "Forward plan"
    OFFERED = "offered", "Waiting elsewhere"
    ADDED = "added", "Added by hand"


class ForwardStatus(TextChoices):
    """What became of an item of the forward plan."""

    WAITING = "waiting", "To come"
    PLACED = "placed", "On an agenda"
    DROPPED = "dropped", "Dropped"


class Audience(TextChoices):
    """Who may read a paper, besides its author and whoever prepares the meeting."""

    EVERYBODY = "everybody", "Everybody who sees the meeting"
    MEMBERS = "members", "Members of the body"
    PARTNERS = "partners", "The three safeguarding partners"


FROZEN = (
    "The minutes of this meeting are approved, so what is on record of it stays as it is. "
    "Take what was wrong as a matter arising at the next meeting."
)


class Handling(TextChoices):
    """What a meeting did about a declared interest."""

    NOTED = "noted", "Noted"
    NO_DECISION = "no_decision", "Stayed, took no part in the decision"
    LEFT = "left", "Left for the item"


class LineKind(TextChoices):
    """What a line taken down during a meeting is."""

    NOTE = "note", "Note"
    DECISION = "decision", "Decision"
    ACTION = "action", "Action"


class MinutesStatus(TextChoices):
    """How far the minutes have come."""

    DRAFT = "draft", "Draft"
    CIRCULATED = "circulated", "Circulated"
    APPROVED = "approved", "Approved"


class CorrectionStatus(TextChoices):
    """Whether a correction was taken up."""

    OPEN = "open", "Not answered"
    TAKEN = "taken", "Taken up"
    DECLINED = "declined", "Not taken up"


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


GATHERING_WORDS: dict[str, str] = {
    "title": "title", "sort": "kind", "body": "body", "held_on": "date", "ends_on": "last day",
    "precision": "how exactly the date is known",
    "status": "status", "chair_agency": "agency that chairs", "chair_office": "office of the chair", "priority": "priority",
    "content": "what it covers", "note": "note", "begins_at": "beginning", "finishes_at": "end", "place": "place",
    "papers_due_on": "day papers are due", "attendance_count": "head count",
}  # fmt: skip
"""What its history calls each part of a meeting."""


def value_words(value: object) -> str:
    """A value as a line of history writes it."""
    if value is None or value == "":
        return "nothing"
    if isinstance(value, date):
        return in_words(value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return f"“{value}”"


def retitled(title: str, was: date, now: date) -> str:
    """A title that ends with the day of the meeting, with its new day."""
    return title.replace(in_words(was), in_words(now))


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


def unnamed(came: Iterable[tuple[str, bool]]) -> list[str]:
    """Agencies that were there though nobody of them is named, where others are: the names are then no head count.

    `came` gives, for each line of the register that was there, its agency and whether the line is one person.
    """
    lines = list(came)
    named = {agency for agency, is_somebody in lines if is_somebody}
    if not named:
        return []
    return [agency for agency, is_somebody in lines if agency and not is_somebody and agency not in named]


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


# --- A year's meetings, the agenda, papers and minutes

EVERY: dict[str, str] = {
    "week": "Every week",
    "fortnight": "Every two weeks",
    "month": "Every month, on the same weekday of the month",
    "two_months": "Every two months, on the same weekday of the month",
    "quarter": "Every three months, on the same weekday of the month",
}
"""How often a series of meetings may be held."""
_DAYS = {"week": 7, "fortnight": 14}
_MONTHS = {"month": 1, "two_months": 2, "quarter": 3}
MOST_IN_A_SERIES = 60


def series_days(first: date, every: str, until: date) -> list[date]:
    """The days of a series: so many days apart, or on the same weekday of the month (a fifth one becomes the last).

    Bank holidays are not moved here: a person chooses another day where a date falls on one.
    """
    if until < first:
        raise Refused("The series must end after it begins.", "until")
    if every in _DAYS:
        step = timedelta(days=_DAYS[every])
        found = [first + step * n for n in range(MOST_IN_A_SERIES + 1)]
    else:
        nth = (first.day - 1) // 7
        found = []
        for number in range(MOST_IN_A_SERIES + 1):
            month = add_months(first.replace(day=1), number * _MONTHS[every])
            found.append(_weekday_of_month(month, first.weekday(), nth))
    days = [day for day in found if day <= until]
    if len(days) > MOST_IN_A_SERIES:
        raise Refused(f"That would be more than {MOST_IN_A_SERIES} meetings. Choose an earlier end.", "until")
    return days


def _weekday_of_month(month: date, weekday: int, nth: int) -> date:
    first = month + timedelta(days=(weekday - month.weekday()) % 7)
    day = first + timedelta(weeks=nth)
    return day if day.month == month.month else day - timedelta(weeks=1)


def timed(begins_at: time | None, minutes: Sequence[int | None]) -> list[tuple[time | None, time | None]]:
    """From when to when each item runs; from the first without a length on, nobody can tell."""
    found: list[tuple[time | None, time | None]] = []
    at = datetime.combine(EARLIEST, begins_at) if begins_at else None
    for length in minutes:
        end = at + timedelta(minutes=length) if at and length else None
        found.append((at.time() if at else None, end.time() if end else None))
        at = end
    return found


def check_papers_day(papers_due_on: date | None, held_on: date, today: date) -> None:
    """Papers for a meeting to come are due on a day to come, and before it."""
    if papers_due_on is None or held_on < today:
        return
    if papers_due_on > held_on:
        raise Refused("Papers must be there before the meeting.", "papers_due_on")
    if papers_due_on < today:
        raise Refused("The day papers are due has passed already.", "papers_due_on")


def check_times(begins_at: time | None, finishes_at: time | None) -> None:
    """A meeting finishes after it begins, on the same day."""
    if finishes_at and not begins_at:
        raise Refused("Give the time it begins as well.", "begins_at")
    if begins_at and finishes_at and finishes_at <= begins_at:
        raise Refused("It must finish after it begins.", "finishes_at")


def paper_standing(*, withdrawn: bool, handed_in: bool, due_on: date | None, today: date) -> str:
    """Where a paper stands, in words."""
    if withdrawn:
        return "Withdrawn"
    if handed_in:
        return "Handed in"
    return "Late" if due_on and due_on < today else "Asked for"


PAPER_TONES = {"Handed in": "good", "Late": "late", "Asked for": "info", "Withdrawn": "neutral"}

MINUTES_MOVES: dict[str, frozenset[str]] = {
    MinutesStatus.DRAFT: frozenset({MinutesStatus.CIRCULATED}),
    MinutesStatus.CIRCULATED: frozenset({MinutesStatus.CIRCULATED, MinutesStatus.APPROVED}),
    MinutesStatus.APPROVED: frozenset(),
}


def check_minutes_move(now: str, then: str) -> None:
    """Minutes are circulated before they are approved, and approved ones stay as they are."""
    if then not in MINUTES_MOVES[now]:
        stands, would = MinutesStatus(now).label.lower(), MinutesStatus(then).label.lower()
        raise Refused(f"These minutes are {stands}; they cannot become {would}.")


def fingerprint(*parts: str) -> str:
    """What approved minutes are recognised by: SHA-256 over their text and what it rests on, part by part."""
    digest = sha256()
    for part in parts:
        data = part.encode()
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()
