"""Rule packs, due dates and their explanation. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import TextChoices

from shield.kernel.calendar import rules as calendar
from shield.kernel.calendar.rules import WorkingCalendar
from shield.kernel.records.rules import Refused, check_reason


class Unit(TextChoices):
    """What a period is counted in."""

    WORKING_DAYS = "working_days", "working days"
    CALENDAR_DAYS = "calendar_days", "days"
    MONTHS = "months", "months"


class State(TextChoices):
    """Where a clock stands."""

    RUNNING = "running", "Running"
    PAUSED = "paused", "Paused"
    MET = "met", "Met"
    STOPPED = "stopped", "Stopped"


@dataclass(frozen=True)
class ClockRule:
    """One duty with a period, as an edition of the guidance states it."""

    code: str
    label: str
    trigger: str
    period: int
    unit: str
    owed_by: str
    citation: str
    confirmed: bool = True
    note: str = ""
    met_by: str = ""
    """What happens in Shield that meets the duty by itself; empty where a person records that it was met."""

    @property
    def period_words(self) -> str:
        """5 working days."""
        words = Unit(self.unit).label
        return f"{self.period} {words[:-1] if self.period == 1 else words}"


@dataclass(frozen=True)
class ContentItem:
    """One thing the yearly report must contain, and what makes it met or thin."""

    code: str
    text: str
    citation: str
    thin_below: int
    met_from: int
    applies: str = "always"
    confirmed: bool = True
    evidence_only: bool = False
    """Words alone leave it missing: only records can support it."""


@dataclass(frozen=True)
class Duty:
    """One statutory duty of the partnership itself."""

    code: str
    text: str
    citation: str
    confirmed: bool = True


@dataclass(frozen=True)
class Edition:
    """One edition of the statutory guidance: when it is in force, its clocks, report contents and duties."""

    code: str
    title: str
    in_force_from: date
    in_force_to: date | None
    clocks: dict[str, ClockRule]
    contents: tuple[ContentItem, ...]
    duties: tuple[Duty, ...]
    confirmed: bool = True

    def in_force(self, on: date) -> bool:
        """Whether the edition is in force on a day."""
        return self.in_force_from <= on and (self.in_force_to is None or on <= self.in_force_to)


class BadEdition(ValueError):
    """A rule pack cannot be read; the message names the entry."""


def read_edition(
    code: str, about: dict[str, Any], clocks: list[Any], contents: list[Any], duties: list[Any]
) -> Edition:
    """Make an edition from its data files; BadEdition names the entry that is wrong."""
    try:
        rules = {row["code"]: ClockRule(**row) for row in clocks}
        for rule in rules.values():
            Unit(rule.unit)
        return Edition(
            code,
            about["title"],
            about["in_force_from"],
            about.get("in_force_to"),
            rules,
            tuple(ContentItem(**row) for row in contents),
            tuple(Duty(**row) for row in duties),
            about.get("confirmed", True),
        )
    except (KeyError, TypeError, ValueError) as problem:
        raise BadEdition(f"The edition {code} cannot be read: {problem}") from problem


@dataclass(frozen=True)
class Pause:
    """A clock stood still after `starts_on` until `ends_on`, or still stands still."""

    starts_on: date
    ends_on: date | None = None


@dataclass(frozen=True)
class Line:
    """One step of the explanation of a due date."""

    day: date
    number: int | None
    why: str

    @property
    def counts(self) -> bool:
        """Whether the day was counted."""
        return self.number is not None


def merged(pauses: Sequence[Pause]) -> list[Pause]:
    """Ended pauses in order, those that overlap or touch as one: no day stands still twice."""
    spans: list[Pause] = []
    for pause in sorted((p for p in pauses if p.ends_on), key=lambda p: p.starts_on):
        last = spans[-1] if spans else None
        if last and last.ends_on and pause.ends_on and pause.starts_on <= last.ends_on:
            spans[-1] = Pause(last.starts_on, max(last.ends_on, pause.ends_on))
        else:
            spans.append(pause)
    return spans


def due_on(
    start: date, rule: ClockRule, days: WorkingCalendar, pauses: Sequence[Pause] = (), extra: int = 0
) -> date | None:
    """The day a duty is due: the period after the start, pauses not counted; None while a pause holds it back.

    A pause after the date has passed moves nothing: what is late stays late. `extra` lengthens the period, in
    the rule's own unit.
    """
    due = _due_by_ended(start, rule, days, pauses, extra)
    return None if _holds_back(pauses, due) else due


def _holds_back(pauses: Sequence[Pause], due: date) -> bool:
    """Whether a clock stands still whose date had not come when it was stopped."""
    return any(pause.ends_on is None and pause.starts_on < due for pause in pauses)


def _due_by_ended(
    start: date, rule: ClockRule, days: WorkingCalendar, pauses: Sequence[Pause], extra: int
) -> date:
    if rule.unit != Unit.MONTHS:
        return _counted(start, rule, days, pauses, extra)[-1].day
    due = calendar.add_months(start, rule.period + extra)
    for pause in merged(pauses):
        if pause.ends_on and pause.starts_on < due:
            due += pause.ends_on - pause.starts_on
    return due


def explain(
    start: date, rule: ClockRule, days: WorkingCalendar, pauses: Sequence[Pause] = (), extra: int = 0
) -> list[Line]:
    """How a due date is reached, day by day; for months, month by month.

    While the clock stands still before its date the explanation ends on the day from which it does.
    """
    lines = _counted(start, rule, days, pauses, extra)
    if not _holds_back(pauses, lines[-1].day):
        return lines
    since = next(pause.starts_on for pause in pauses if pause.ends_on is None)
    still = Line(since, None, "the clock stands still from here; its date is known when it runs again")
    return [*(line for line in lines if line.day <= since), still]


def _counted(
    start: date, rule: ClockRule, days: WorkingCalendar, pauses: Sequence[Pause], extra: int
) -> list[Line]:
    lines = [Line(start, 0, "the clock starts; this day is day 0")]
    if rule.unit == Unit.MONTHS:
        for number in range(1, rule.period + extra + 1):
            lines.append(Line(calendar.add_months(start, number), number, f"month {number} ends"))
        due = _due_by_ended(start, rule, days, pauses, extra)
        if due != lines[-1].day:
            lines.append(Line(due, None, "moved on by the days the clock stood still"))
        return lines
    day, number = start, 0
    while number < rule.period + extra:
        day += timedelta(days=1)
        why = _not_counted(day, rule, days, pauses)
        if why:
            lines.append(Line(day, None, why))
        else:
            number += 1
            lines.append(Line(day, number, ""))
    return lines


def _not_counted(day: date, rule: ClockRule, days: WorkingCalendar, pauses: Sequence[Pause]) -> str:
    for pause in pauses:
        if pause.starts_on < day and pause.ends_on is not None and day <= pause.ends_on:
            return "the clock stands still"
    if rule.unit == Unit.WORKING_DAYS and not days.is_working_day(day):
        return days.why_not(day)
    return ""


def standing(state: str, due: date | None, met_on: date | None, today: date) -> str:
    """In one word: met, met late, stopped, paused, late, due today, due soon or running.

    A clock that stands still has a date only if that had come before: then it is late, whatever came after.
    """
    if state == State.MET:
        return "Met late" if due and met_on and met_on > due else "Met"
    if state != State.STOPPED and due is not None and due < today:
        return "Late"
    if state in {State.STOPPED, State.PAUSED}:
        return State(state).label
    if due is None or due > today + timedelta(days=7):
        return "Running"
    return "Due today" if due == today else "Due soon"


def outcome(due: date | None, met_on: date | None, as_at: date) -> str:
    """What had become of a duty on a day: "in time", "late" (met late, or not met though due), or "" (still to come)."""
    if met_on is not None and met_on <= as_at:
        return "in time" if due is None or met_on <= due else "late"
    return "late" if due is not None and due < as_at else ""


@dataclass(frozen=True)
class Step:
    """When somebody is told of a date: so many days before it (negative) or after it, and whether that escalates."""

    code: str
    days: int
    escalates: bool = False

    def day(self, due: date) -> date:
        """The day on which the step comes."""
        return due + timedelta(days=self.days)


STEPS: tuple[Step, ...] = (
    Step("fortnight", -14),
    Step("three_days", -3),
    Step("late", 1, escalates=True),
    Step("week_late", 7),
    Step("month_late", 28, escalates=True),
)
"""When people are told of a date, whatever is due; a partnership that wants less chooses the weekly digest."""


def step_reached(due: date, since: date, today: date, steps: Sequence[Step] = STEPS) -> Step | None:
    """The newest step that has come: an earlier one that was missed is not told of late.

    A step before the date that lies on or before the day `since`, when the date was set, is left out: whoever sets
    a date five days ahead knows it.
    """
    come = [step for step in steps if step.day(due) <= today and (step.days > 0 or step.day(due) > since)]
    return max(come, key=lambda step: step.days, default=None)


REMINDERS = tuple(step for step in STEPS if step.code != "fortnight")
"""When whoever answers for something with a date of their own is reminded: an action, a paper.

None of these escalates by itself: people put it before the partners.
"""

CHASED = "chased"
"""The step of a reminder that somebody sent by hand; it may be repeated."""


class EscalationState(TextChoices):
    """Where an escalation stands."""

    OPEN = "open", "Waits for an answer"
    ANSWERED = "answered", "Answered"
    WITHDRAWN = "withdrawn", "Taken back"


def check_escalation_open(state: str) -> None:
    """Refuse to answer or take back what was answered or taken back."""
    if state != EscalationState.OPEN:
        raise Refused(f"This escalation is {EscalationState(state).label.lower()} already.")


OWN = "You escalated this, so somebody else answers it. You can take it back."


def may_answer_what_was_raised_by(raiser: uuid.UUID | None, person: uuid.UUID | None) -> bool:
    """Whether somebody may answer an escalation: not whoever raised it; what Shield raised, anybody who answers."""
    return raiser is None or raiser != person


@dataclass(frozen=True)
class Kept:
    """How often a duty was met in time, of the times whose outcome is known."""

    title: str
    known: int
    in_time: int

    @property
    def rate_words(self) -> str:
        """9 of 12 (75 per cent); of nothing there is no rate."""
        if not self.known:
            return "None was due"
        share = round(100 * self.in_time / self.known)
        return f"{self.in_time} of {self.known} ({share} per cent)"


def kept(outcomes: Sequence[tuple[str, bool]]) -> list[Kept]:
    """Compliance by title, the worst first, from pairs of a title and whether it was met in time."""
    tally: dict[str, list[bool]] = {}
    for title, in_time in outcomes:
        tally.setdefault(title, []).append(in_time)
    rows = [Kept(title, len(each), sum(each)) for title, each in tally.items()]
    return sorted(rows, key=lambda row: (row.in_time / row.known, -row.known, row.title))


MOVES: dict[str, frozenset[str]] = {
    "running": frozenset({"paused", "met", "stopped"}),
    "paused": frozenset({"running", "stopped"}),
    "met": frozenset(),
    "stopped": frozenset(),
}


def check_move(now: str, then: str) -> None:
    """Refuse what cannot happen to a clock that is met or stopped already."""
    if then not in MOVES[now]:
        raise Refused(
            f"This clock is {State(now).label.lower()}; it cannot become {State(then).label.lower()}."
        )


def check_correction(state: str) -> None:
    """Only what was marked as met or stopped can have been marked by mistake."""
    if state not in {State.MET, State.STOPPED}:
        raise Refused(f"This clock is {State(state).label.lower()}; there is nothing to put right.")


def check_met_by_hand(rule: ClockRule, reason: str) -> None:
    """A duty that is met by what happens in Shield is met by hand only with the reason why it was met elsewhere."""
    if rule.met_by:
        ask = (
            f"This duty is met by itself when {rule.met_by}. Say in a sentence how it was met outside Shield."
        )
        check_reason(reason, what=ask)


def why_not_extend(state: str, due: date | None, today: date) -> str:
    """Why a clock cannot be extended, empty if it can: what is late is not made to have been in time."""
    if state != State.RUNNING:
        return "Only a running clock can be extended."
    if due is not None and due < today:
        return (
            f"This duty has been late since {calendar.in_words(due)}. An extension is agreed before the day has passed; "
            "put what is late before the safeguarding partners instead."
        )
    return ""


def check_extension(extra: int, rule: ClockRule) -> None:
    """One extension lengthens a period by no more than the period itself, in its own unit."""
    if not 1 <= extra <= rule.period:
        raise Refused(f"Extend by 1 to {rule.period}: no further than the period itself.", "extra")


def check_pause(on: date, started_on: date, due: date | None, today: date) -> None:
    """A clock stands still from a day that has come; a pause never takes lateness away."""
    if on < started_on:
        raise Refused("A clock cannot stand still before it starts.", "on")
    if on > today:
        raise Refused("A clock cannot be said today to stand still from a later day.", "on")
    if due is not None and on < due < today:
        raise Refused(
            f"This duty has been late since {calendar.in_words(due)}; a pause cannot begin before that day.",
            "on",
        )


def check_resumption(on: date, paused_on: date, today: date) -> None:
    """A clock runs again after a day that lies in the pause and has come."""
    if on < paused_on:
        raise Refused("The clock cannot run again before it stood still.", "on")
    if on > today:
        raise Refused("The last day on which the clock stood still cannot be a later day than today.", "on")
