"""States of the chain, its breaks, the dates of impact reviews. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import TextChoices

from shield.kernel.calendar import rules as calendar
from shield.kernel.records.rules import RecordRef, Refused

REVIEW_MONTHS = (6, 12)
"""Months after the decision at which a priority's impact is reviewed (annual report 2018-19, 5.2.7)."""


LAST_POSITION = 32_000
"""Where a success measure stands that was added without saying where: after all others."""


class PriorityStatus(TextChoices):
    """Where a priority stands."""

    CANDIDATE = "candidate", "Candidate"
    PLANNED = "planned", "Planned"
    ACTIVE = "active", "Active"
    CLOSED = "closed", "Closed"


class FindingSort(TextChoices):
    """Whether practice is good or has to change."""

    WORKING_WELL = "working_well", "Working well"
    TO_DEVELOP = "to_develop", "To develop"


class EvidenceFrom(TextChoices):
    """Where a finding comes from."""

    HUB_SESSION = "hub_session", "Learning Hub session"
    MULTI_AGENCY_AUDIT = "multi_agency_audit", "Multi-agency audit"
    SINGLE_AGENCY_AUDIT = "single_agency_audit", "Single-agency audit"
    YOUNG_PEOPLE = "feedback_young_people", "Feedback from children and young people"
    PARENTS = "feedback_parents", "Feedback from parents"
    CARERS = "feedback_carers", "Feedback from carers"
    PRACTITIONERS = "feedback_practitioners", "Feedback from practitioners"
    DATA = "data", "Data"
    PRACTICE_WEEK = "practice_week", "Practice week"
    REVIEW = "review", "Learning from reviews"


class RecommendationSort(TextChoices):
    """The two forms a hub's proposal takes."""

    RECOMMENDATION = "recommendation", "Recommendation"
    ISSUE_TO_FIX = "issue_to_fix", "Issue to be fixed"


class RecommendationStatus(TextChoices):
    """Where a recommendation stands."""

    DRAFT = "draft", "Draft"
    PRESENTED = "presented", "Presented to the Board"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    CLOSED = "closed", "Closed"


class Outcome(TextChoices):
    """What a body decided."""

    AGREED = "agreed", "Agreed"
    AGREED_CHANGED = "agreed_changed", "Agreed with changes"
    DECLINED = "declined", "Declined"
    DEFERRED = "deferred", "Deferred"
    NOTED = "noted", "Noted"


class ActionStatus(TextChoices):
    """Where an action stands."""

    PLANNED = "planned", "Planned"
    IN_PROGRESS = "in_progress", "In progress"
    DONE = "done", "Done"
    STOPPED = "stopped", "Stopped"


class EvidenceSort(TextChoices):
    """What a piece of evidence is."""

    AUDIT = "audit", "Audit"
    FEEDBACK = "feedback", "Feedback"
    DATA = "data", "Data"
    DOCUMENT = "document", "Document"
    OBSERVATION = "observation", "Observation"


class Question(TextChoices):
    """The three questions of outcome-based accountability."""

    HOW_MUCH = "how_much", "How much did we do?"
    HOW_WELL = "how_well", "How well did we do it?"
    BETTER_OFF = "better_off", "Is anyone better off?"


class Verdict(TextChoices):
    """The honest answer to “is anyone better off?”."""

    YES = "yes", "Yes, with evidence"
    PARTLY = "partly", "In part"
    NO = "no", "No"
    NOT_KNOWN = "not_known", "Not known yet"


RECOMMENDATION_MOVES: dict[str, frozenset[str]] = {
    "draft": frozenset({"presented", "accepted", "declined"}),
    "presented": frozenset({"draft", "accepted", "declined"}),
    "accepted": frozenset({"closed"}),
    "declined": frozenset({"draft"}),
    "closed": frozenset({"accepted"}),
}
ACTION_MOVES: dict[str, frozenset[str]] = {
    "planned": frozenset({"in_progress", "done", "stopped"}),
    "in_progress": frozenset({"planned", "done", "stopped"}),
    "done": frozenset({"in_progress"}),
    "stopped": frozenset({"planned", "in_progress"}),
}
MOVES_BY_HAND: dict[str, frozenset[str]] = {
    "draft": frozenset({"presented"}),
    "presented": frozenset({"draft"}),
    "accepted": frozenset({"closed"}),
    "declined": frozenset({"draft"}),
    "closed": frozenset({"accepted"}),
}
"""What may be done with a recommendation without a decision; accepting and declining are for a body."""
STATUS_AFTER: dict[str, str] = {"agreed": "accepted", "agreed_changed": "accepted", "declined": "declined"}
"""What a decision makes of the recommendations it is about; other outcomes leave them as they are."""


def check_move(moves: dict[str, frozenset[str]], labels: type[TextChoices], now: str, then: str) -> None:
    """Refuse a change of status that the rules do not know."""
    if then not in moves.get(now, frozenset()):
        raise Refused(f"“{labels(now).label}” cannot become “{labels(then).label}”.", "status")


def check_decided(which: str, now: str, then: str) -> None:
    """Refuse a decision that would move a recommendation where it cannot go, and name the recommendation."""
    if then not in RECOMMENDATION_MOVES.get(now, frozenset()):
        stands, would = RecommendationStatus(now).label.lower(), RecommendationStatus(then).label.lower()
        raise Refused(
            f"“{which}” is {stands} and cannot become {would}: leave it out, or take it back to a draft first.",
            "recommendations",
        )


def check_move_by_hand(now: str, then: str, open_actions: int) -> None:
    """Refuse to accept or decline without a decision, and to close what is still being acted upon."""
    if then in {RecommendationStatus.ACCEPTED, RecommendationStatus.DECLINED} and now in {
        "draft",
        "presented",
    }:
        raise Refused("A body accepts or declines a recommendation: record its decision instead.", "status")
    check_move(MOVES_BY_HAND, RecommendationStatus, now, then)
    if then == RecommendationStatus.CLOSED and open_actions:
        still = "1 action is" if open_actions == 1 else f"{open_actions} actions are"
        raise Refused(f"{still} still open. Finish or stop what is open before closing.", "status")


def check_action_done(*, status: str, done_on: date | None, today: date, why: str) -> None:
    """An action is done on a day that has come; stopping it needs a reason."""
    if status == ActionStatus.DONE and done_on is None:
        raise Refused("Say on which day the action was done.", "done_on")
    if done_on is not None and done_on > today:
        raise Refused("An action cannot have been done in the future.", "done_on")
    if status == ActionStatus.STOPPED and not why.strip():
        raise Refused("Say why the action is stopped.", "note")


def is_overdue(*, status: str, due_on: date | None, today: date, precision: str = "day") -> bool:
    """Whether an open action's last day has passed; a month is over when its last day is."""
    if due_on is None or status in {ActionStatus.DONE, ActionStatus.STOPPED}:
        return False
    return calendar.last_day_of(due_on, precision) < today


ACTION_TONES: dict[str, str] = {
    "planned": "neutral",
    "in_progress": "info",
    "done": "good",
    "stopped": "neutral",
}


def action_standing(
    *, status: str, due_on: date | None, today: date, precision: str = "day"
) -> tuple[str, str]:
    """Where an action stands, in words, and the tone of it: an overdue one says so."""
    if is_overdue(status=status, due_on=due_on, today=today, precision=precision):
        return f"{ActionStatus(status).label}, late", "late"
    return ActionStatus(status).label, ACTION_TONES[status]


def first_day_of(day: date, precision: str) -> date:
    """How a date is stored that is known by its month or year only: by the first day of it."""
    if precision == "year":
        return day.replace(month=1, day=1)
    return day.replace(day=1) if precision == "month" else day


def review_due(decided_on: date, months: int) -> date:
    """When the impact review falls due, counted from the decision."""
    return calendar.add_months(decided_on, months)


def check_review(*, answers: dict[str, str], verdict: str, evidence_for_better: int) -> None:
    """A review answers all three questions; “yes” needs at least one piece of evidence that says so."""
    for question in Question:
        if not answers.get(question.value, "").strip():
            raise Refused(f"Answer the question “{question.label}”", question.value)
    if verdict in {Verdict.YES, Verdict.PARTLY} and evidence_for_better == 0:
        raise Refused(
            "To say that anyone is better off, name the evidence that shows it. "
            "Otherwise choose “Not known yet”.",
            "verdict",
        )


class BreakSort(StrEnum):
    """The ways in which the chain can be broken."""

    NO_OWNER = "no_owner"
    NO_ACTION = "no_action"
    OVERDUE = "overdue"
    NO_EVIDENCE = "no_evidence"
    NOT_ACTED_UPON = "not_acted_upon"
    NOT_DECIDED = "not_decided"
    NO_IMPACT = "no_impact"
    REVIEW_OVERDUE = "review_overdue"

    @property
    def label(self) -> str:
        """What a page calls this break."""
        return _BREAKS[self][0]

    @property
    def mended_by(self) -> str:
        """Who can mend it."""
        return _BREAKS[self][1]


_BREAKS: dict[BreakSort, tuple[str, str]] = {
    BreakSort.NO_OWNER: ("Recommendation without an owner", "The business manager names an owner"),
    BreakSort.NO_ACTION: (
        "Recommendation without an action",
        "The lead partner of the priority agrees an action",
    ),
    BreakSort.OVERDUE: ("Action overdue", "The owner of the action"),
    BreakSort.NO_EVIDENCE: ("Action done without evidence", "The owner of the action adds evidence"),
    BreakSort.NOT_ACTED_UPON: (
        "Decision not acted upon",
        "The business manager turns the decision into an action",
    ),
    BreakSort.NOT_DECIDED: ("Recommendation never decided", "The Board decides on it"),
    BreakSort.NO_IMPACT: ("Success measure without impact evidence", "The lead partner of the priority"),
    BreakSort.REVIEW_OVERDUE: ("Impact review overdue", "The lead partner of the priority holds the review"),
}


@dataclass(frozen=True)
class Place:
    """Where in the chain a break stands: a priority, or the whole partnership."""

    key: str
    full: str
    short: str


WHOLE_PARTNERSHIP = Place("partnership", "The partnership", "The partnership")
"""Where a success measure of no single priority stands."""


@dataclass(frozen=True)
class Break:
    """One break in the chain: what, at which record, since when, and who can mend it."""

    sort: BreakSort
    ref: RecordRef
    text: str
    places: tuple[Place, ...] = ()
    owner: str = ""
    since: date | None = None
    reference: str = ""

    @property
    def place(self) -> str:
        """The priorities in a word or two each, for a table."""
        return ", ".join(place.short for place in self.places)

    @property
    def priority(self) -> str:
        """The priorities in full."""
        return "; ".join(place.full for place in self.places)

    @property
    def is_late(self) -> bool:
        """Whether a date was missed, not only a link."""
        return self.sort in {BreakSort.OVERDUE, BreakSort.REVIEW_OVERDUE}

    @property
    def mended_by(self) -> str:
        """Who can mend it; an owner is named where there is one."""
        if self.owner and self.sort in {BreakSort.OVERDUE, BreakSort.NO_EVIDENCE}:
            return self.owner
        return self.sort.mended_by
