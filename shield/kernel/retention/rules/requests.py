"""A person's request to see what is kept about them: its clock and its states. Pure.

Source: UK GDPR article 12(3) (one month, two more where the request is complex, said within the first month) and article 15;
how the month is counted is the Information Commissioner's guidance.
"""

from __future__ import annotations

from datetime import date

from django.db.models import TextChoices

from shield.kernel.calendar.rules import UnknownDays, WorkingCalendar, add_months, add_working_days
from shield.kernel.records.rules import Refused

MOST_EXTRA = 2
"""Months by which article 12(3) lets the time be extended."""


class RequestStatus(TextChoices):
    """Where a request stands."""

    GATHERING = "gathering", "Being gathered"
    REVIEW = "review", "In review"
    LOOK = "look", "Waits for a second look"
    RELEASED = "released", "Released"
    CLOSED = "closed", "Closed without an answer"


class Decision(TextChoices):
    """What is done with one item, or with one name in it."""

    OPEN = "open", "Not decided"
    DISCLOSE = "disclose", "Disclose"
    REDACT = "redact", "Redact"
    WITHHOLD = "withhold", "Withhold"


EXEMPTIONS = (
    ("third_party", "It is about somebody else who has not consented (Data Protection Act 2018, Schedule 2, paragraph 16)"),
    ("harm", "It would be likely to cause serious harm to somebody (Schedule 3, health, education and social work data)"),
    ("child_abuse", "It is child abuse data, and giving it is not in the child’s interests (Schedule 3, paragraph 21)"),
    ("crime", "It would prejudice the prevention or detection of crime (Schedule 2, paragraph 2)"),
    ("legal", "It is legally privileged (Schedule 2, paragraph 19)"),
    ("other", "Another exemption, named in the reason"),
)  # fmt: skip
EXEMPTION_WORDS = dict(EXEMPTIONS)

MOVES: dict[str, frozenset[str]] = {
    RequestStatus.GATHERING: frozenset({RequestStatus.REVIEW, RequestStatus.CLOSED}),
    RequestStatus.REVIEW: frozenset({RequestStatus.GATHERING, RequestStatus.LOOK, RequestStatus.CLOSED}),
    RequestStatus.LOOK: frozenset({RequestStatus.REVIEW, RequestStatus.RELEASED, RequestStatus.CLOSED}),
    RequestStatus.RELEASED: frozenset(),
    RequestStatus.CLOSED: frozenset(),
}


def check_move(now: str, then: str) -> None:
    """Refuse a change of state that the rules do not know."""
    if then not in MOVES[RequestStatus(now)]:
        raise Refused(f"This request is {RequestStatus(now).label.lower()}, so that cannot be done.")


def is_open(status: str) -> bool:
    """Whether it still waits for its answer."""
    return bool(MOVES[RequestStatus(status)])


def answer_by(received_on: date, extra_months: int, days: WorkingCalendar) -> date:
    """The last day for the answer: the same day of the month that follows, or that month's last day if it is shorter;
    a weekend or bank holiday moves it to the next working day. Where bank holidays are not known, weekends only count."""
    last = add_months(received_on, 1 + extra_months)
    try:
        return add_working_days(last, 0, days)
    except UnknownDays:
        return add_working_days(last, 0, WorkingCalendar())


def check_received(received_on: date, today: date) -> None:
    """Refuse a request that has not come yet, or came so long ago that the day is a slip."""
    if received_on > today:
        raise Refused("A request cannot be received after today.", "received_on")
    if received_on < add_months(today, -24):
        raise Refused("A request that is older than two years needs no clock: check the day.", "received_on")


def check_extension(extra: int, first_due: date, today: date, *, already: int) -> None:
    """Refuse an extension the article does not allow, or one made too late to be told."""
    if already:
        raise Refused("The time was extended already; the law allows it once.")
    if not 1 <= extra <= MOST_EXTRA:
        raise Refused("The time can be extended by one or two months.", "extra")
    if today > first_due:
        raise Refused("The person must be told within the first month, which is over.")


def check_withheld(decision: str, exemption: str, reason: str) -> None:
    """Refuse to withhold something without saying under which exemption and why."""
    if decision == Decision.WITHHOLD and exemption not in EXEMPTION_WORDS:
        raise Refused("Choose the exemption.", "exemption")
    if decision == Decision.WITHHOLD and not reason.strip():
        raise Refused("Say in words why the exemption applies.", "reason")
