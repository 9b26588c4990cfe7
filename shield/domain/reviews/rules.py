"""States of a case, criteria of a serious incident, milestones of a rapid review. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import TextChoices

from shield.kernel.calendar import rules as calendar
from shield.kernel.calendar.rules import WorkingCalendar
from shield.kernel.clocks.rules import Step
from shield.kernel.records.rules import Refused

NOTIFY, RAPID, PUBLICATION = "incident.notification", "review.rapid", "review.publication"
"""The clocks of a case, by their code in the editions of the guidance."""
MOST_CHILDREN = 4
"""Children on one notification; more are a second one (form of the national notification service)."""


@dataclass(frozen=True)
class Child:
    """A child as a referral names them."""

    names: tuple[str, ...]
    born: date | None = None
    notes: str = ""


class Stage(TextChoices):
    """Where a case stands."""

    REFERRED = "referred", "Referred"
    NOT_NOTIFIED = "not_notified", "Screened, not notified"
    RAPID_REVIEW = "rapid_review", "Rapid review"
    WITH_PANEL = "with_panel", "With the Panel"
    LEARNING = "learning", "Learning under way"
    CLOSED = "closed", "Closed"


TONES: dict[str, str] = {
    Stage.REFERRED: "attention", Stage.NOT_NOTIFIED: "neutral", Stage.RAPID_REVIEW: "attention",
    Stage.WITH_PANEL: "info", Stage.LEARNING: "info", Stage.CLOSED: "neutral",
}  # fmt: skip


class Route(TextChoices):
    """The way by which is learnt from a case."""

    PRACTICE_REVIEW = "practice_review", "Local child safeguarding practice review"
    SERIOUS_CASE_REVIEW = "serious_case_review", "Serious case review"
    PARTNERSHIP_REVIEW = "partnership_review", "Partnership review"
    MULTI_AGENCY_AUDIT = "multi_agency_audit", "Multi-agency audit"
    SINGLE_AGENCY_AUDIT = "single_agency_audit", "Single-agency audit"
    ADULTS_REVIEW = "adults_review", "Safeguarding adults review with learning for children's services"
    HOMICIDE_REVIEW = "homicide_review", "Domestic homicide review with learning for children's services"
    NO_ACTION = "no_action", "No further action"


REVIEWS = frozenset({Route.PRACTICE_REVIEW, Route.SERIOUS_CASE_REVIEW, Route.PARTNERSHIP_REVIEW})
"""Ways on which the partnership itself reviews and publishes or shares a report."""


class Precision(TextChoices):
    """How exactly a day is known; stored as the first day of it."""

    DAY = "day", "On that day"
    MONTH = "month", "In that month"
    QUARTER = "quarter", "In that quarter"
    YEAR = "year", "In that year"


def when(day: date | None, precision: str) -> str:
    """29 July 2019, July 2019, quarter 1 of 2020, or 2019; empty without a day."""
    if day is None:
        return ""
    if precision == Precision.QUARTER:
        return f"Quarter {(day.month + 2) // 3} of {day.year}"
    return calendar.in_words_to(day, precision)


def first_day(day: date, precision: str) -> date:
    """The day as it is stored: the first of its month, quarter or year."""
    if precision == Precision.YEAR:
        return date(day.year, 1, 1)
    if precision == Precision.QUARTER:
        return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return day.replace(day=1) if precision == Precision.MONTH else day


def last_day(day: date, precision: str) -> date:
    """The last day that is meant."""
    if precision == Precision.QUARTER:
        return calendar.last_day_of(calendar.add_months(day, 2), "month")
    return calendar.last_day_of(day, precision)


# Screening


class Answer(TextChoices):
    """An answer to a criterion; not knowing is one."""

    YES = "yes", "Yes"
    NO = "no", "No"
    NOT_KNOWN = "not_known", "Not known yet"


CRITERIA: Mapping[str, str] = {
    "abuse": "Is abuse or neglect of a child known or suspected?",
    "died": "Has the child died?",
    "harmed": "Has the child been seriously harmed?",
    "here": "Did it happen in this area, or abroad while the child lives here?",
    "looked_after": "Was the child looked after when they died?",
}
"""Questions of the screening (Children Act 2004, section 16C; the last from the guidance on notifications)."""


class Screened(TextChoices):
    """What the screening came to."""

    NOTIFY = "notify", "The criteria are met: notify"
    NOT_MET = "not_met", "The criteria are not met"
    MORE = "more", "More must be known first"


def suggested(answers: Mapping[str, str]) -> Screened:
    """What the answers come to by the law; people decide, and give reasons where they decide otherwise.

    To be notified: abuse or neglect known or suspected, and the child died or was seriously harmed, here; and every
    death of a looked-after child, whatever its cause.
    """
    yes, open_ = Answer.YES, Answer.NOT_KNOWN
    if answers.get("died") == yes and answers.get("looked_after") == yes:
        return Screened.NOTIFY
    grave = yes in (answers.get("died"), answers.get("harmed"))
    if answers.get("abuse") == yes and grave and answers.get("here") == yes:
        return Screened.NOTIFY
    if open_ in answers.values():
        known_no = answers.get("here") == Answer.NO or (
            answers.get("died") == Answer.NO and answers.get("harmed") == Answer.NO
        )
        return Screened.NOT_MET if known_no else Screened.MORE
    return Screened.NOT_MET


# The rapid review


@dataclass(frozen=True)
class Milestone:
    """A step of a rapid review: from which to which working day after the notification."""

    label: str
    from_day: int
    to_day: int
    met_by: str = ""
    """What in Shield reaches it by itself; empty where somebody notes that it was reached."""


PLAN: tuple[Milestone, ...] = (
    Milestone("Requests to agencies go out", 0, 1, "asked"),
    Milestone("Agencies hand in what they know", 2, 10, "answered"),
    Milestone("The review meeting is held", 10, 12, "met"),
    Milestone("The three partners sign", 12, 15, "signed"),
    Milestone("The rapid review goes to the Panel", 12, 15, "sent"),
    Milestone("Everybody who took part hears what was decided", 15, 16),
)
"""A first plan, after one area's published flowchart [U]; each partnership changes it."""
MOST_DAYS = 60


def met_by(label: str) -> str:
    """What reaches a milestone by itself: those of the first plan keep that in whatever plan they stand."""
    return next((each.met_by for each in PLAN if each.label == label), "")


def check_plan(plan: Iterable[Milestone]) -> list[Milestone]:
    """The milestones in order of time; Refused where one ends before it begins, or lies out of all reason."""
    made = list(plan)
    if not made:
        raise Refused("A plan needs at least one milestone.")
    for each in made:
        if not 0 <= each.from_day <= each.to_day <= MOST_DAYS:
            raise Refused(
                f"“{each.label}” must end on or after the day it begins, within {MOST_DAYS} working days."
            )
    return sorted(made, key=lambda each: (each.to_day, each.from_day))


def due_day(notified_on: date, milestone: Milestone, days: WorkingCalendar) -> date:
    """The day by which a milestone is to be reached."""
    return calendar.add_working_days(notified_on, milestone.to_day, days)


class ReturnStatus(TextChoices):
    """Where an agency's return stands."""

    ASKED = "asked", "Asked"
    HANDED_IN = "handed_in", "Handed in"
    SENT_BACK = "sent_back", "Sent back"
    ACCEPTED = "accepted", "Accepted"
    WITHDRAWN = "withdrawn", "No longer asked"


RETURN_TONES: dict[str, str] = {
    ReturnStatus.ASKED: "attention", ReturnStatus.SENT_BACK: "attention", ReturnStatus.HANDED_IN: "info",
    ReturnStatus.ACCEPTED: "good", ReturnStatus.WITHDRAWN: "neutral",
}  # fmt: skip
WITH_AGENCY = frozenset({ReturnStatus.ASKED, ReturnStatus.SENT_BACK})
"""An agency can write."""
HANDED_IN = frozenset({ReturnStatus.HANDED_IN, ReturnStatus.ACCEPTED})
"""The team can read."""
RETURN_PARTS: Mapping[str, str] = {
    "facts": "What happened, as your agency knows it",
    "involvement": "How your agency was involved with the child and the family",
    "safety": "What was done at once to keep this child and others safe",
    "good_practice": "What was done well",
    "learning": "What your agency learns from it already",
}
"""What each agency is asked (purposes of a rapid review; headings [U])."""
NEEDED_PARTS = ("facts", "involvement", "safety")
REPORT_PARTS: Mapping[str, str] = {
    "involvement": "How your agency was involved with the child and the family, in order of time",
    "practice": "How the work was done, and what made sense to those who did it",
    "good_practice": "What was done well",
    "learning": "What your agency learns from it",
    "actions": "What your agency has changed already, or will change by when",
}
"""What each agency's report to a practice review says (headings [U])."""
NEEDED_REPORT_PARTS = ("involvement", "learning")


class Purpose(TextChoices):
    """For which review an agency is asked; for each it is asked once."""

    RAPID = "rapid", "Rapid review"
    REVIEW = "review", "Practice review"


PARTS: Mapping[str, Mapping[str, str]] = {Purpose.RAPID: RETURN_PARTS, Purpose.REVIEW: REPORT_PARTS}
NEEDED: Mapping[str, tuple[str, ...]] = {
    Purpose.RAPID: NEEDED_PARTS,
    Purpose.REVIEW: NEEDED_REPORT_PARTS,
}
SUMMARY_PARTS: Mapping[str, str] = {
    "facts": "The facts, and the family",
    "lived": "What life was like for the child",
    "safety": "Is this child safe now, and are others?",
    "strengths": "What was done well",
    "learning": "What is learnt already, and done at once",
    "national": "Does it matter nationally?",
}
"""The one-page summary for the partners' decision."""


class Choice(TextChoices):
    """What a partner signs for."""

    AGREES = "agrees", "Agrees"
    DISAGREES = "disagrees", "Does not agree"


def why_not_send(
    *,
    summarised: bool,
    met: bool,
    returns: Collection[str],
    signed: Mapping[str, str],
    partners: Collection[str],
) -> list[str]:
    """What still stands in the way of sending a rapid review to the Panel, in words; empty if nothing does.

    `returns` are the states of the agencies' returns, `signed` the choices by partner, `partners` all who must sign.
    """
    lacking = []
    if outstanding := sum(state in WITH_AGENCY for state in returns):
        agencies = "1 agency has" if outstanding == 1 else f"{outstanding} agencies have"
        lacking.append(f"{agencies} not handed in what was asked.")
    if not met:
        lacking.append("The review meeting is not on record.")
    if not summarised:
        lacking.append("The one-page summary is not written.")
    for partner in partners:
        choice = signed.get(partner, "")
        if choice == Choice.DISAGREES:
            lacking.append(f"{partner} does not agree.")
        elif not choice:
            lacking.append(f"{partner} has not signed.")
    return lacking


def working_days_before(day: date, count: int, days: WorkingCalendar) -> date:
    """The last day from which that many working days lead to a day."""
    before = day
    while calendar.working_days_between(before, day, days) < count:
        before -= timedelta(days=1)
    return before


REMINDED_BEFORE = 2
"""Working days before an answer is due that its agency is reminded; a rapid review has fifteen in all."""
LONGEST_NOTICE = timedelta(days=14)


def reminders(due: date, days: WorkingCalendar) -> tuple[Step, ...]:
    """When an agency is told of its answer's date: two working days before it, and once the day after it."""
    before = working_days_before(due, REMINDED_BEFORE, days)
    return Step("soon", (before - due).days), Step("late", 1)


# Letters


class Direction(TextChoices):
    """Who wrote."""

    OUT = "out", "From the partnership"
    IN = "in", "To the partnership"


class About(TextChoices):
    """What a letter is."""

    NOTIFICATION = "notification", "Notification of the incident"
    RAPID_REVIEW = "rapid_review", "Rapid review sent"
    REPLY = "reply", "Reply to the rapid review"
    ANSWER = "answer", "Answer to the reply"
    ADVANCE_COPY = "advance_copy", "Copy before publication"
    OTHER = "other", "Anything else"


# Outputs


class OutputKind(TextChoices):
    """What comes of a case on paper."""

    REPORT = "report", "Report"
    SUMMARY = "summary", "Executive summary"
    BRIEFING = "briefing", "Briefing note"
    RECOMMENDATIONS = "recommendations", "Recommendations discussed"
    OTHER = "other", "Something else"


def is_late(
    due_on: date | None, precision: str, issued_on: date | None, postponed: bool, today: date
) -> bool:
    """Whether an output should be there and is not; one that was postponed with a reason is not late."""
    if due_on is None or issued_on is not None or postponed:
        return False
    return last_day(due_on, precision) < today


def days_from(notified_on: date | None, day: date | None, days: WorkingCalendar) -> str:
    """“5 working days” after the notification; empty where either is not known or the day lies before."""
    if notified_on is None or day is None or day < notified_on:
        return ""
    count = calendar.working_days_between(notified_on, day, days)
    return "1 working day" if count == 1 else f"{count} working days"


# The practice review


class ReviewStage(TextChoices):
    """What a practice review goes through; each is reached by what is put on record."""

    COMMISSIONED = "commissioned", "The reviewer is commissioned"
    AGENCIES = "agencies", "The agencies’ reports are in"
    PRACTITIONERS = "practitioners", "Practitioners are heard"
    FAMILY = "family", "The family is heard"
    DRAFT = "draft", "A draft is there"
    BOARD = "board", "The Board has read it"
    PUBLISHED = "published", "It is published"


class ReviewStatus(TextChoices):
    """Where a practice review stands on its way to the public."""

    UNDER_WAY = "under_way", "Under way"
    PROPOSED = "proposed", "Waits for a second person"
    PUBLISHED = "published", "Published"
    WITHDRAWN = "withdrawn", "Withdrawn"


REVIEW_TONES: dict[str, str] = {
    ReviewStatus.UNDER_WAY: "info", ReviewStatus.PROPOSED: "attention", ReviewStatus.PUBLISHED: "good",
    ReviewStatus.WITHDRAWN: "neutral",
}  # fmt: skip


class Heard(TextChoices):
    """Whom a review hears."""

    PRACTITIONERS = "practitioners", "Practitioners"
    FAMILY = "family", "The child or the family"


class Proceedings(TextChoices):
    """What lets a review stand still."""

    CRIMINAL = "criminal", "Criminal proceedings"
    CORONIAL = "coronial", "The coroner’s inquest"


class Scope(TextChoices):
    """What of a review is published."""

    FULL = "full", "The whole report"
    IMPROVEMENTS = "improvements", "The improvements alone"


ADVANCE_DAYS = 7
"""Working days before publication by which the Panel and the Department have a copy [U]."""


def advance_copy_by(publish_on: date, days: WorkingCalendar) -> date:
    """The last day on which the copy before publication goes out in time."""
    return working_days_before(publish_on, ADVANCE_DAYS, days)


def check_planned(planned: Mapping[str, date], commissioned_on: date) -> dict[str, str]:
    """The days planned for stages as they are stored; Refused where one lies before the review was commissioned."""
    for stage, day in planned.items():
        if day < commissioned_on:
            label = ReviewStage(stage).label
            raise Refused(f"“{label}” cannot be planned before the reviewer was commissioned.", stage)
    return {stage: day.isoformat() for stage, day in planned.items()}


def why_not_publish(
    *, board_on: date | None, paused_for: str, due_on: date | None, delay_reasons: str, today: date
) -> list[str]:
    """What still stands in the way of publishing a review, in words; empty if nothing does."""
    lacking = []
    if paused_for:
        lacking.append(
            f"It stands still: {Proceedings(paused_for).label[0].lower()}{Proceedings(paused_for).label[1:]}."
        )
    if board_on is None:
        lacking.append("That the Board has read it is not on record.")
    if due_on is not None and due_on < today and not delay_reasons.strip():
        lacking.append("It is published after its six months: give the reasons for the delay first.")
    return lacking


# Sharing with neighbours


class Shares(TextChoices):
    """What was decided on sharing something of a case."""

    SHARED = "shared", "Shared"
    REFUSED = "refused", "Not shared"


class Basis(TextChoices):
    """On what lawful basis something of a case is shared (UK GDPR, article 6, and the Children Act 2004) [U]."""

    DUTY = "duty", "Legal obligation"
    TASK = "task", "Task in the public interest"
    VITAL = "vital", "Vital interests of a child"
    NO_NAMES = "no_names", "Nobody can be recognised from it"
