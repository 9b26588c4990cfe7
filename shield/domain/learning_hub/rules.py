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


class IssueStatus(TextChoices):
    """What became of an emerging issue (annual report 2018-19, 5.4.3)."""

    OPEN = "open", "Open"
    GROUPED = "grouped", "Regrouped"
    SPLIT = "split", "Split"
    ELSEWHERE = "elsewhere", "Taken forward elsewhere"
    TO_FIX = "to_fix", "To be fixed"
    UNDONE = "undone", "Undone"


MADE_INTO_OTHERS = frozenset({IssueStatus.GROUPED, IssueStatus.SPLIT})
ISSUE_TONES = {
    "open": "attention", "grouped": "neutral", "split": "neutral", "elsewhere": "info", "to_fix": "good", "undone": "neutral",
}  # fmt: skip
MOST_PARTS = 10
"""Issues that one may be split into at once."""


def check_open(status: str, heading: str) -> None:
    """Refuse to change an issue of which something has become already."""
    if status != IssueStatus.OPEN:
        raise Refused(
            f"“{heading}” is not open any more: {IssueStatus(status).label.lower()}. Look at it as it is now."
        )


def check_regroup(issues: int, cycles: int) -> None:
    """Refuse to make one issue of fewer than two, or of two cycles."""
    if cycles > 1:
        raise Refused("Issues of different cycles cannot be regrouped into one.", "issues")
    if issues < 2:
        raise Refused("Select at least two issues to regroup.", "issues")


def parts_of_a_split(titles: Sequence[str]) -> list[str]:
    """The titles of the issues that one is split into, without empty lines; two to ten, each another."""
    wanted = [" ".join(title.split()) for title in titles if title.strip()]
    if len(wanted) < 2:
        raise Refused("Enter at least two issues, each on a line of its own.", "titles")
    if len(wanted) > MOST_PARTS:
        raise Refused(f"Enter {MOST_PARTS} issues at most. There are {len(wanted)}.", "titles")
    if len({title.casefold() for title in wanted}) < len(wanted):
        raise Refused("Two of these lines say the same.", "titles")
    if long := next((title for title in wanted if len(title) > 300), None):
        raise Refused(f"“{long[:40]}…” is longer than 300 characters.", "titles")
    return wanted


def check_told(noted: int | None, elsewhere: int | None, *, one_by_one: bool = False) -> None:
    """Refuse numbers told of a cycle as a whole that do not fit, or where its issues are recorded one by one."""
    if one_by_one and (noted is not None or elsewhere is not None):
        raise Refused(
            "The issues of this cycle are recorded one by one, so they are counted.", "issues_noted"
        )
    if elsewhere is not None and elsewhere > (noted or 0):
        raise Refused(
            "More issues were taken elsewhere than emerged. Check both numbers.", "issues_elsewhere"
        )


def check_one_by_one(noted: int | None) -> None:
    """Refuse a single issue where how many emerged is told of the cycle as a whole."""
    if noted is not None:
        raise Refused(
            f"How many issues emerged is recorded for the cycle as a whole: {noted}. To record them one by one, empty "
            "that number first (on the cycle: Correct the dates)."
        )


def check_put_back(status: str, *, taken_back: bool) -> None:
    """Refuse to open again what is open, what was undone, or what is being fixed."""
    if status == IssueStatus.OPEN:
        raise Refused("This issue is open already.")
    if status == IssueStatus.UNDONE:
        raise Refused("This issue was undone. What it was made of is open again.")
    if status == IssueStatus.TO_FIX and not taken_back:
        raise Refused("This issue is being fixed. Take the issue to be fixed back first.")


@dataclass(frozen=True)
class Emerged:
    """How many issues emerged in a cycle, and what became of them."""

    noted: int | None
    """None where nobody recorded how many."""
    still_open: int
    elsewhere: int | None
    to_fix: int
    without_action: int = 0
    """Of those to be fixed, how many have no action plan."""


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


FOUND_IN: dict[int, tuple[str, ...]] = {
    2: ("multi_agency_audit", "single_agency_audit", "practice_week"),
    3: ("feedback_young_people", "feedback_parents", "feedback_carers", "feedback_practitioners"),
}
"""By the number of a stage of four months: where a finding of it comes from (`improvement.rules.EvidenceFrom`)."""


def check_order(*, status: str, starts_on: date, today: date, not_begun: Sequence[str]) -> None:
    """A stage is done in its order: once it could begin, and none before it is still to come; `not_begun` are those."""
    if status != StageStatus.DONE:
        return
    if starts_on > today:
        raise Refused(
            f"This stage begins on {calendar.in_words(starts_on)}. If it was done sooner, correct its dates first.",
            "status",
        )
    if not_begun:
        raise Refused(f"“{not_begun[0]}” comes first and is still to come. Report on it first.", "status")


def check_stage(
    *, status: str, findings: int, recommendations: int, sessions: int, number: int, variant: str,
    emerged: Emerged | None = None,
) -> None:  # fmt: skip
    """A stage is done when what it needs is on record; `emerged` is of a cycle that fixes issues.

    `findings` are those of the stage itself, `sessions` those that were held.
    """
    if status != StageStatus.DONE:
        return
    if variant == Variant.FOUR_MONTH:
        _check_month(number, findings=findings, recommendations=recommendations, sessions=sessions)
    elif emerged is not None:
        _check_fixing(number, emerged)


def _check_month(number: int, *, findings: int, recommendations: int, sessions: int) -> None:
    if number == 1 and sessions == 0:
        raise Refused("Scoping is done when a session of the Learning Hub is on record as held.", "status")
    if number in {2, 3} and findings == 0:
        source = "an audit" if number == 2 else "what people said"
        raise Refused(f"This stage is done when at least one finding from {source} is on record.", "status")
    if number == 4 and recommendations == 0:
        raise Refused("The last stage is done when at least one recommendation is drafted.", "status")


def _check_fixing(number: int, emerged: Emerged) -> None:
    if number == 1 and not emerged.noted:
        raise Refused("Scoping is done when the emerging issues are on record.", "status")
    if number == 2 and emerged.still_open:
        many = (
            "One emerging issue is"
            if emerged.still_open == 1
            else f"{emerged.still_open} emerging issues are"
        )
        raise Refused(f"{many} still open. Regroup, send elsewhere or take up each of them first.", "status")
    if number == 2 and not emerged.to_fix:
        raise Refused("This stage is done when at least one issue is to be fixed.", "status")
    if number == 3 and emerged.without_action:
        many = "One issue has" if emerged.without_action == 1 else f"{emerged.without_action} issues have"
        raise Refused(f"{many} no action yet. Fixing is done when each has an action plan.", "status")


def stage_standing(status: str, last: date, today: date) -> tuple[str, bool]:
    """Where a stage stands on a day, in words, and whether it is late: not done, and its last day is over."""
    label = StageStatus(status).label
    late = status != StageStatus.DONE and last < today
    return (f"{label}, late" if late else label), late


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
