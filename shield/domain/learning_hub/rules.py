"""The four months as stages, the variant that fixes issues, and what each stage needs. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices

from shield.kernel.calendar import rules as calendar
from shield.kernel.records.rules import Refused, check_reason


class Variant(TextChoices):
    """The two ways a cycle is run (annual report 2018-19, 5.1 and 5.4)."""

    FOUR_MONTH = "four_month", "Four-month cycle"
    ISSUES_TO_FIX = "issues_to_fix", "Issues to be fixed"


class StageStatus(TextChoices):
    """Where a stage stands."""

    TO_COME = "to_come", "To come"
    UNDER_WAY = "under_way", "Under way"
    DONE = "done", "Done"


class StepStatus(TextChoices):
    """Where a step of dissemination stands."""

    PLANNED = "planned", "Planned"
    COMPLETED = "completed", "Completed"
    MOVED = "considered_later", "Moved to a later meeting"
    DROPPED = "dropped", "Dropped"


class EvidenceKind(TextChoices):
    """The seven kinds of evidence on a delivery plan (annual report 2018-19, 5.1)."""

    DATA = "data", "Current data and performance"
    MEASURES = "measures", "Success and impact measures"
    GUIDANCE = "guidance", "Statutory and other guidance"
    EARLIER_HUBS = "earlier_hubs", "Earlier Learning Hubs"
    OBSERVATION = "observation", "Visits and observations"
    SELF_ASSESSMENT = "self_assessment", "Self-assessments and peer challenge"
    REVIEWS = "reviews", "Reviews, child deaths, allegations against staff, national and inspection reports"


class Strength(TextChoices):
    """How far a piece of evidence carries."""

    STRONG = "strong", "Strong: several sources, or a careful study"
    FAIR = "fair", "Fair: one good source"
    WEAK = "weak", "Weak: a view, or an old source"
    UNWEIGHED = "unweighed", "Not weighed yet"


STRENGTH_TONES = {"strong": "good", "fair": "info", "weak": "attention", "unweighed": "neutral"}


class ActivityKind(TextChoices):
    """What is planned to find out more."""

    AUDIT = "audit", "Audit"
    FEEDBACK = "feedback", "Feedback from children, families or practitioners"
    VISIT = "visit", "Visit or observation"
    OTHER = "other", "Something else"


class ActivityStatus(TextChoices):
    """Where a planned activity stands."""

    PLANNED = "planned", "Planned"
    DONE = "done", "Done"
    DROPPED = "dropped", "Dropped"


def activity_standing(status: str, last: date, today: date) -> tuple[str, str]:
    """Where a planned activity stands today, in words, and the tone of it."""
    if status == ActivityStatus.DONE:
        return "Done", "good"
    if status == ActivityStatus.DROPPED:
        return "Dropped", "neutral"
    return ("Late", "late") if last < today else ("Planned", "info")


def check_activity(status: str, outcome: str) -> None:
    """What was done says what came of it; what was dropped says why."""
    if status == ActivityStatus.DONE and not outcome.strip():
        raise Refused("Say what came of it.", "outcome")
    if status == ActivityStatus.DROPPED:
        check_reason(outcome, field="outcome", what="Say in a sentence why it is dropped.")


@dataclass(frozen=True)
class StagePlan:
    """One stage of a variant: its title and what it needs before it is done."""

    number: int
    title: str
    needs: str


STAGES: dict[str, tuple[StagePlan, ...]] = {
    "four_month": (
        StagePlan(1, "Initial scoping", "A scoping session, success measures, and what is known already"),
        StagePlan(
            2, "Single- and multi-agency auditing", "Audits chosen, done and discussed; findings recorded"
        ),
        StagePlan(3, "Feedback", "What children, families and practitioners said; findings recorded"),
        StagePlan(4, "Recommendations and actions", "Recommendations drafted and presented to the Board"),
    ),
    "issues_to_fix": (
        StagePlan(1, "Gathering evidence and scoping", "Evidence reviewed, emerging issues listed"),
        StagePlan(2, "Regrouping into issues to be fixed", "Each issue with an owner"),
        StagePlan(3, "Fixing", "Action plans under way, workshops held"),
        StagePlan(4, "Reporting progress", "Progress of each issue told to the Board"),
    ),
}


def months_of(starts_on: date, number: int) -> tuple[date, date]:
    """First and last day of the month in which a stage of a four-month cycle lies."""
    first = calendar.add_months(starts_on.replace(day=1), number - 1)
    return first, first.replace(day=calendar.days_in_month(first))


def check_running(stopped_on: date | None) -> None:
    """Refuse to work on a cycle that was stopped."""
    if stopped_on is not None:
        raise Refused(f"This cycle was stopped on {calendar.in_words(stopped_on)}. Start a new one instead.")


def check_spans(starts_on: date, spans: Sequence[tuple[str, date, date]]) -> None:
    """Refuse stages that end before they begin, begin before their cycle's month, or overtake each other."""
    before = starts_on.replace(day=1)
    for title, first, last in spans:
        if last < first:
            raise Refused(f"“{title}” ends before it begins.")
        if first < before:
            raise Refused(f"“{title}” begins before the cycle or before the stage that comes first.")
        before = first


def goes_back(status: str, *, findings: int, recommendations: int, actions: int) -> bool:
    """Whether a priority goes back to planned when its cycle is stopped: if nothing else is going on in it."""
    return status == "active" and not (findings or recommendations or actions)


def check_stage(
    *, status: str, findings: int, recommendations: int, sessions: int, number: int, variant: str
) -> None:
    """A stage is done when what it needs is on record."""
    if status != StageStatus.DONE or variant != Variant.FOUR_MONTH:
        return
    if number == 1 and sessions == 0:
        raise Refused("Scoping is done when a session of the Learning Hub is on record.", "status")
    if number in {2, 3} and findings == 0:
        raise Refused("This stage is done when at least one finding from it is on record.", "status")
    if number == 4 and recommendations == 0:
        raise Refused("The last stage is done when at least one recommendation is drafted.", "status")


def step_standing(status: str, last_day: date, today: date) -> str:
    """Whether a step of dissemination is done, late, or still to come."""
    if status == StepStatus.COMPLETED:
        return "Completed"
    if status in {StepStatus.MOVED, StepStatus.DROPPED}:
        return StepStatus(status).label
    return "Late" if last_day < today else "Planned"


def standing_in_words(standing: str, progress: str) -> str:
    """Where a step stands and what became of it, without saying “Completed” twice."""
    said = progress.strip()
    if said.casefold().startswith(standing.casefold()):
        rest = said[len(standing) :].lstrip(" .,:;–-")
        return f"{standing}: {rest[:1].upper()}{rest[1:]}" if rest else standing
    return f"{standing}: {said}" if said else standing


STEP_TONES = {"Completed": "good", "Late": "late", "Planned": "info"}
"""How a step's standing is shown; any other is neutral."""
STAGE_TONES = {"to_come": "neutral", "under_way": "info", "done": "good"}


def check_report(*, status: str, progress: str, happens_on: date, today: date) -> None:
    """A step is completed once it has come; one that was moved or dropped says what happens instead."""
    if status == StepStatus.COMPLETED and happens_on > today:
        raise Refused("A step in the future cannot be completed.", "status")
    if status in {StepStatus.MOVED, StepStatus.DROPPED} and not progress.strip():
        raise Refused("Say what happens instead, or why it is dropped.", "progress")


def last_day(on: date, ends_on: date | None, precision: str) -> date:
    """The last day on which something dated to a day, several days or a month is in time."""
    return calendar.last_day_of(ends_on or on, precision)
