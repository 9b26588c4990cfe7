"""Where a chronology and an agency's contribution stand, and what an entry holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import TextChoices

from shield.kernel.calendar.rules import WorkingCalendar, working_days_between
from shield.kernel.calendar.rules.approximate import ApproximateDate, unknown
from shield.kernel.clocks.rules import Step
from shield.kernel.records.rules import Refused


class Status(TextChoices):
    """Where a chronology stands."""

    COLLECTING = "collecting", "Being collected"
    READING = "reading", "Being read"
    CLOSED = "closed", "Closed"


TONES = {"collecting": "info", "reading": "attention", "closed": "good"}
MOVES = {
    "collecting": frozenset({"reading"}),
    "reading": frozenset({"collecting", "closed"}),
    "closed": frozenset({"reading"}),
}


class Part(TextChoices):
    """Where an agency's contribution stands."""

    ASKED = "asked", "Asked for"
    HANDED_IN = "handed_in", "Handed in"
    ACCEPTED = "accepted", "Accepted"
    SENT_BACK = "sent_back", "Sent back"
    NOTHING = "nothing", "Nothing held"


PART_TONES = {
    "asked": "neutral", "handed_in": "attention", "accepted": "good", "sent_back": "attention", "nothing": "neutral",
}  # fmt: skip
WITH_AGENCY = frozenset({"asked", "sent_back"})
"""The agency still writes; nobody else reads it."""
MERGED = frozenset({"handed_in", "accepted"})
"""Part of the merged chronology."""


class Standing(TextChoices):
    """Where an entry is seen."""

    OWN = "own", "Seen by its agency only"
    MERGED = "merged", "In the chronology"
    WITHIN = "within", "In the chronology, shown with the entry that tells of the same event"
    OUT = "out", "Taken out"


READ = ("merged", "within")


class UploadStatus(TextChoices):
    """Where a table that was uploaded stands."""

    WAITING = "waiting", "Not taken in yet"
    TAKING = "taking", "Being taken in"
    TAKEN = "taken", "Taken in"
    DROPPED = "dropped", "Thrown away"
    TAKEN_BACK = "taken_back", "Taken back"


HELD = ("waiting", "taking", "taken")
"""A table that is the same is not uploaded beside it."""


class Significance(TextChoices):
    """What a reader sees in an event."""

    TURNING_POINT = "turning", "Turning point"
    MISSED = "missed", "Missed opportunity"
    CONCERN = "concern", "Rising concern"
    POSITIVE = "positive", "Positive event"
    GOOD_PRACTICE = "good", "Good practice"


SIGNIFICANCE_TONES = {
    "turning": "info",
    "missed": "attention",
    "concern": "late",
    "positive": "good",
    "good": "good",
}


class PairState(TextChoices):
    """What was said of two entries that may tell of the same event."""

    PROPOSED = "proposed", "To be looked at"
    SAME = "same", "Same event"
    DIFFERENT = "different", "Not the same"


class ConflictSort(TextChoices):
    """What two entries contradict each other in."""

    WHEN = "when", "Day or time"
    BIRTH = "birth", "Date of birth"
    FACTS = "facts", "What happened"


class ConflictState(TextChoices):
    """Whether a conflict is settled."""

    OPEN = "open", "Open"
    RESOLVED = "resolved", "Resolved"
    GONE = "gone", "No longer there"


LONGEST = {
    "source": 300, "event": 8000, "people": 1000, "voice": 4000, "impact": 4000, "action": 4000, "comment": 4000,
}  # fmt: skip
"""Letters of each text of an entry."""
TEXTS = tuple(LONGEST)
FIELD_WORDS = {
    "when": "when", "source": "source", "event": "event", "people": "people concerned", "voice": "child's voice",
    "impact": "impact on the child", "action": "action taken", "comment": "comment",
}  # fmt: skip
CHANGED_WORDS = {
    "title": "title", "period_from": "first day", "period_to": "last day", "gap_days": "days without contact",
    "voice_months": "months without the child's voice", "asked_for": "what is asked",
}  # fmt: skip


@dataclass(frozen=True)
class Told:
    """What an agency tells of one event."""

    when: ApproximateDate = field(default_factory=unknown)
    source: str = ""
    event: str = ""
    people: str = ""
    voice: str = ""
    impact: str = ""
    action: str = ""
    comment: str = ""
    row: int = 0
    """The row of the file in which it stands; 0 if it was typed."""


def check_told(told: Told) -> None:
    """Refuse an event without a source or without words, and texts that are too long."""
    if not told.source.strip():
        raise Refused("Enter where this is recorded", "source")
    if not told.event.strip():
        raise Refused("Enter what happened", "event")
    for name, most in LONGEST.items():
        if len(getattr(told, name)) > most:
            raise Refused(f"Use {most:,} letters at most", name)


def check_move(status: str, to: str) -> None:
    """Refuse a step that does not follow."""
    if to not in MOVES[status]:
        raise Refused(
            f"A chronology that is “{Status(status).label.lower()}” cannot become “{Status(to).label.lower()}”."
        )


def check_written(status: str, part: str) -> None:
    """Refuse a change of what an agency tells unless it still writes."""
    if status == Status.CLOSED:
        raise Refused("This chronology is closed.")
    if part not in WITH_AGENCY:
        raise Refused(
            f"This part is “{Part(part).label.lower()}”. Ask whoever runs the chronology to send it back first."
        )


def check_open(status: str) -> None:
    """Refuse an act on a chronology that is closed."""
    if status == Status.CLOSED:
        raise Refused("This chronology is closed. Open it again first.")


def check_period(starts_on: date | None, ends_on: date | None) -> None:
    """Refuse a period that ends before it begins."""
    if starts_on and ends_on and ends_on < starts_on:
        raise Refused("The last day must not be before the first", "period_to")


REMINDED_BEFORE = 3
"""Working days before a contribution is due on which its agency is reminded."""
LONGEST_NOTICE = timedelta(days=14)
"""No stretch of so few working days is longer, whatever the holidays."""


def reminders(due: date, calendar: WorkingCalendar) -> tuple[Step, ...]:
    """When an agency is told of the day: three working days before it, and once the day after it."""
    before = due
    while working_days_between(before, due, calendar) < REMINDED_BEFORE:
        before -= timedelta(days=1)
    return Step("soon", (before - due).days), Step("late", 1)
