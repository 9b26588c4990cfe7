"""States of the chain, its breaks, the dates of impact reviews. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from math import log
from typing import TypeVar

from django.db.models import TextChoices

from shield.kernel.calendar import rules as calendar
from shield.kernel.records.rules import RecordRef, Refused, fold

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
    "accepted": frozenset({"closed", "declined"}),
    "declined": frozenset({"draft", "accepted"}),
    "closed": frozenset({"accepted"}),
}
"""A body may reverse what it decided, by a later decision; what is closed is opened again first."""
ACTION_MOVES: dict[str, frozenset[str]] = {
    "planned": frozenset({"in_progress", "done", "stopped"}),
    "in_progress": frozenset({"planned", "done", "stopped"}),
    "done": frozenset({"in_progress"}),
    "stopped": frozenset({"planned", "in_progress"}),
}
OPEN_ACTIONS = frozenset({"planned", "in_progress"})
"""An action that is not finished."""
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
            f"“{which}” is {stands} and cannot become {would}: leave it out, or open it again first.",
            "recommendations",
        )


@dataclass(frozen=True, order=True)
class Ruling:
    """What one decision says of a recommendation, in the order in which decisions follow each other."""

    day: date
    recorded_at: datetime
    outcome: str


def standing_after(rulings: Iterable[Ruling]) -> str | None:
    """Where the decisions about a recommendation leave it: where the latest that moves it puts it; None without one.

    A decision without a day counts by the day on which it was recorded.
    """
    moving = [each for each in rulings if each.outcome in STATUS_AFTER]
    return STATUS_AFTER[max(moving).outcome] if moving else None


def status_between(now: str, before: str | None, after: str | None, *, was_presented: bool) -> str:
    """Where a recommendation stands once its decisions were corrected.

    If what the decisions say together is as before, it stays where it is (it may have been closed by hand). If no
    decision is left that moves it, it waits to be decided again: presented if it was presented, else a draft.
    """
    if before == after:
        return now
    if after is not None:
        return after
    return RecommendationStatus.PRESENTED if was_presented else RecommendationStatus.DRAFT


def check_corrected(which: str, now: str, then: str) -> None:
    """Refuse a correction of a decision that would move a recommendation closed since."""
    if now == RecommendationStatus.CLOSED and then != RecommendationStatus.ACCEPTED:
        raise Refused(
            f"“{which}” was closed since. Open it again before you change what was decided.",
            "recommendations",
        )


EARLIEST = date(1989, 11, 16)
"""The day of the Children Act 1989: nothing on a partnership's record happened before it."""


def check_day(day: date | None, *, today: date, field: str, what: str, precision: str = "day") -> None:
    """Refuse a day on which nothing here can have happened: in the future, or of another time."""
    if day is None:
        return
    if first_day_of(day, precision) > today:
        raise Refused(f"{what} cannot be in the future.", field)
    if day < EARLIEST:
        raise Refused(f"{what} cannot be before {calendar.in_words(EARLIEST)}. Check the year.", field)


EARLIEST_DUE = date(2004, 11, 15)
"""Nothing here is due before the Children Act 2004, on which all safeguarding partnerships rest."""
LATEST_DUE = date(2100, 1, 1)


def check_due(due_on: date | None) -> None:
    """Refuse a due date from another century, which is a slip of the keyboard."""
    if due_on is not None and not EARLIEST_DUE <= due_on < LATEST_DUE:
        raise Refused("The year of the due date cannot be right.", "due_on")


def check_works_for(person: str, agency: str, *, works: bool) -> None:
    """Refuse an owner who does not work for the agency named beside them."""
    if not works:
        raise Refused(
            f"{person} does not work for {agency}. Choose the agency they work for, or leave one of the two empty.",
            "owner_person",
        )


def check_held(held_on: date, *, due_on: date, months: int) -> None:
    """Refuse a review held before the decision whose impact it looks at."""
    if held_on < calendar.add_months(due_on, -months):
        raise Refused(
            "A review of impact cannot have been held before the decision it looks back on.", "held_on"
        )


def check_draft_dropped(*, status: str, decided: int, actions: int) -> None:
    """Refuse to take back a recommendation that is more than a draft: others rely on it by then."""
    if decided or actions or status != RecommendationStatus.DRAFT:
        raise Refused(
            "Only a draft on which nothing was decided and from which no action came can be taken back. "
            "Take a presented one back to draft first; a body declines what it does not want."
        )


def check_measure_dropped(evidence: int) -> None:
    """Refuse to take back a success measure to which evidence speaks."""
    if evidence:
        many = "1 piece of evidence is" if evidence == 1 else f"{evidence} pieces of evidence are"
        raise Refused(f"{many} about this measure. Correct what that is about, or take it back, first.")


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
    check_day(done_on, today=today, field="done_on", what="The day an action was done")
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


def check_rests_on(*, verdict: str, evidence_for_better: int, measures: int, about_measures: int) -> None:
    """“Yes” and “in part” need evidence that anyone is better off; “yes” also that it speaks to a success measure.

    A priority says by its measures what would show success. Evidence about something else may show that somebody
    is better off, but not that what was promised came true: the honest word for that is “in part”.
    """
    if verdict in {Verdict.YES, Verdict.PARTLY} and evidence_for_better == 0:
        raise Refused(
            "To say that anyone is better off, name the evidence that shows it. "
            "Otherwise choose “Not known yet”.",
            "verdict",
        )
    if verdict == Verdict.YES and measures and not about_measures:
        raise Refused(
            "None of the evidence ticked is about a success measure of this priority and answers "
            "“Is anyone better off?”. Add or tick some that does, or choose “In part”.",
            "verdict",
        )


def check_among(*, given: int, about: int) -> None:
    """Refuse evidence that is about another priority."""
    if about < given:
        raise Refused(
            "A review rests on evidence about its own priority. Leave out what is about another.", "evidence"
        )


def check_review(
    *,
    answers: dict[str, str],
    verdict: str,
    evidence_for_better: int,
    measures: int = 0,
    about_measures: int = 0,
) -> None:
    """A review answers all three questions, and its verdict rests on evidence."""
    for question in Question:
        if not answers.get(question.value, "").strip():
            raise Refused(f"Answer the question “{question.label}”", question.value)
    check_rests_on(
        verdict=verdict,
        evidence_for_better=evidence_for_better,
        measures=measures,
        about_measures=about_measures,
    )


class BreakSort(StrEnum):
    """The ways in which the chain can be broken."""

    NO_OWNER = "no_owner"
    NO_ACTION = "no_action"
    ACTION_NO_OWNER = "action_no_owner"
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
    BreakSort.ACTION_NO_OWNER: ("Action without an owner", "The business manager names an owner"),
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
        """Who can mend it; an owner is named where there is one, and where there is none, who names one."""
        if self.sort == BreakSort.OVERDUE and not self.owner:
            return BreakSort.ACTION_NO_OWNER.mended_by
        if self.owner and self.sort in {BreakSort.OVERDUE, BreakSort.NO_EVIDENCE}:
            return self.owner
        return self.sort.mended_by


FIELD_WORDS = {
    "text": "wording", "title": "title", "sort": "kind", "evidence_from": "source", "found_on": "day", "noted_on": "day",
    "answers": "question it answers", "heading_text": "heading", "points": "points", "needs_action": "calls for an action",
    "uses_partnership_measures": "measures of the partnership apply", "starts_on": "start", "due_on": "due date",
    "precision": "how exactly the date is known",
}  # fmt: skip
"""What the history calls a field, where its own name does not say it."""


def in_one_line(
    made: Mapping[str, tuple[str, str]], words: Mapping[str, str] = FIELD_WORDS
) -> dict[str, str]:
    """What was changed, as the details of an event: which fields, and of each the old words and the new."""
    told = [
        f"{words.get(name, name)}: “{before}” → “{after}”" for name, (before, after) in sorted(made.items())
    ]
    return {"fields": ", ".join(sorted(made)), "changes": "; ".join(told)}


# Themes that a text may belong to ---------------------------------------------------------------------

K = TypeVar("K", bound=Hashable)
COMMON = frozenset(
    """
    about after all also and any are been being both but can could did does done each for from had has have her him
    his how into its made make more most need needs not often one only other our out over own said same should some
    such than that the their them then there these they this those too two under very was were what when where which
    while who why will with would you your
    agency agencies bexley child children family families practice practitioner practitioners work working
    """.split()  # noqa: SIM905 - a list of a hundred words is read as words
)
"""Words that tell nothing apart: the small words of English, and what nearly every finding here is about."""
TITLE_WEIGHT = 3.0
ENOUGH = 1.2
"""Below this a theme has too little in common with a text to be worth a glance."""


def words_of(text: str) -> set[str]:
    """The telling words of a text, folded, a plural as its singular."""
    found = "".join(c if c.isalnum() else " " for c in fold(text)).split()
    return {_singular(word) for word in found if len(word) > 2 and word not in COMMON}


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


def suggest_themes(text: str, known: Mapping[K, tuple[str, Sequence[str]]], limit: int = 3) -> list[K]:
    """The themes a text has most in common with, the nearest first; none where nothing speaks for one.

    `known` holds of each theme its title and the texts of the findings under it. A word counts the more the fewer
    themes have it, most of all in a title; a theme of many findings gains nothing by its size.
    """
    wanted = words_of(text)
    titles = {key: words_of(title) for key, (title, _) in known.items()}
    bags = {key: titles[key].union(*map(words_of, texts)) for key, (_, texts) in known.items()}
    scores = {key: _nearness(wanted, titles[key], bags[key], bags.values()) for key in known}
    near = [key for key, score in scores.items() if score >= ENOUGH]
    return sorted(near, key=lambda key: (-scores[key], known[key][0]))[:limit]


def _nearness(wanted: set[str], title: set[str], bag: set[str], bags: Iterable[set[str]]) -> float:
    every = list(bags)
    total = 0.0
    for word in wanted & bag:
        rare = log(1 + len(every) / sum(word in other for other in every))
        total += rare * TITLE_WEIGHT / max(len(title), 1) if word in title else rare / len(bag) ** 0.5
    return total
