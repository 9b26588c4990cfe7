"""Who is asked and how, the states of a point, consent, surveys, and counts that give nobody away. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from django.db.models import TextChoices

from shield.kernel.calendar import rules as calendar
from shield.kernel.disclosure import rules as disclosure
from shield.kernel.records.rules import Refused, check_reason


class Group(TextChoices):
    """Whose voice it is (annual report 2018-19, 5.2.5 and 5.3.5)."""

    CHILDREN = "children", "Children"
    YOUNG_PEOPLE = "young_people", "Young people"
    PARENTS = "parents", "Parents"
    FOSTER_CARERS = "foster_carers", "Foster carers"
    PRACTITIONERS = "practitioners", "Practitioners"


OF_CHILDREN = (Group.CHILDREN, Group.YOUNG_PEOPLE)
EVIDENCE_FROM: dict[str, str] = {
    Group.CHILDREN: "feedback_young_people",
    Group.YOUNG_PEOPLE: "feedback_young_people",
    Group.PARENTS: "feedback_parents",
    Group.FOSTER_CARERS: "feedback_carers",
    Group.PRACTITIONERS: "feedback_practitioners",
}
"""Where a finding says that it comes from, by whose voice it was."""


class Method(TextChoices):
    """How they were asked."""

    INTERVIEW = "interview", "Interview"
    FOCUS_GROUP = "focus_group", "Focus group"
    SURVEY = "survey", "Survey"
    FILM = "film", "Film"
    SESSION = "session", "Feedback session"
    EVENT = "event", "Event or meeting"
    COMPLAINTS = "complaints", "Review of complaints and compliments"
    WRITTEN = "written", "Written feedback"


class PointState(TextChoices):
    """Where a point stands."""

    OPEN = "open", "Not answered yet"
    ANSWERED = "answered", "Answered"
    NOTHING = "nothing", "Nothing can be done"


POINT_TONES = {"open": "attention", "answered": "good", "nothing": "neutral"}
SORT_TONES = {"working_well": "good", "to_develop": "attention"}
ANSWER_WITHIN_MONTHS = 3
"""Months after which a point that nobody answered is a break in the chain."""
HEAR_WITHIN_MONTHS = 3
"""Months into a priority after which children should have been heard: feedback is the third month of a cycle."""


def check_activity(
    *, held_in_gathering: bool, people_count: int | None, held_on: date | None, today: date
) -> None:
    """What a meeting holds is not kept twice; what was said was said on a day that has come."""
    if held_in_gathering and (people_count is not None or held_on is not None):
        raise Refused("The meeting holds its own day and head count. Leave both empty here.", "gathering")
    if held_on is not None and held_on > today:
        raise Refused("The day must be today or earlier. Feedback is recorded once it was given.", "held_on")


def check_point_has_place(*, in_activity: bool, of_priority: bool) -> None:
    """A point was made somewhere or about something."""
    if not in_activity and not of_priority:
        raise Refused("Say in which activity this was said, or about which priority.", "activity")


def check_answerable(state: str, *, to: str, text: str) -> None:
    """A point is answered once, in words that those who made it understand."""
    if state != PointState.OPEN:
        raise Refused("This point is answered already. Open it again first.")
    if to == PointState.ANSWERED:
        check_reason(text, field="we_did", what="Say in a sentence what was done.")
    else:
        check_reason(text, field="why_not", what="Say in a sentence why nothing can be done.")


def check_told(state: str, *, told_on: date, answered_on: date | None, today: date) -> None:
    """People are told what came of what they said, so there is an answer first."""
    if state == PointState.OPEN:
        raise Refused("Say first what came of the point. There is nothing to tell yet.", "told_on")
    if told_on > today:
        raise Refused("The day on which they were told must be today or earlier.", "told_on")
    if answered_on is not None and told_on < answered_on:
        raise Refused("They cannot have been told before there was an answer.", "told_on")


_FEW = re.compile(
    r"\b(?:one|two|three|four|five|[1-5])\s+(?:\w+\s+)?"
    r"(?:child|children|young (?:person|people)|boys?|girls?|parents?|"
    r"mothers?|fathers?|mums?|dads?|carers?|famil(?:y|ies)|people|pupils?)\b",
    re.IGNORECASE,
)


def check_publishable(state: str, *texts: str) -> None:
    """Only what has an answer is published, and nothing that counts a few people."""
    if state == PointState.OPEN:
        raise Refused("Only a point with an answer can be published.", "published")
    for text in texts:
        if found := _FEW.search(text):
            raise Refused(
                f"“{found.group(0)}” counts so few people that they could be found. "
                "Say it without the number before it is published.",
                "published",
            )


# Quotations ------------------------------------------------------------------------------------------


class Scope(TextChoices):
    """How far somebody's own words may travel, each wider than the one before."""

    HUB = "hub", "Inside the Learning Hub"
    BOARD = "board", "The Partnership Board"
    PUBLISHED = "published", "Published"


def scopes_heard(*, hub: bool, board: bool) -> tuple[str, ...]:
    """Which quotations somebody may read; those given for publication are for everybody."""
    heard = [Scope.PUBLISHED.value]
    if board or hub:
        heard.append(Scope.BOARD.value)
    if hub:
        heard.append(Scope.HUB.value)
    return tuple(heard)


def check_consent(*, by: str, how: str, on: date | None, scope: str, today: date) -> None:
    """A consent says who noted it, how it was given, when, and how far the words may travel."""
    if not by.strip():
        raise Refused("Enter who was given the consent.", "consent_by")
    check_reason(how, field="consent_how", what="Say in a few words how the consent was given.")
    if on is None or on > today:
        raise Refused("Enter the day on which consent was given, today or earlier.", "consent_on")
    if scope not in Scope.values:
        raise Refused("Select how far the words may travel.", "scope")


def is_overdue(said_on: date | None, months: int, today: date) -> bool:
    """Whether so many months have gone by; never for a day that is not known."""
    return said_on is not None and calendar.add_months(said_on, months) < today


# Counts that give nobody away ------------------------------------------------------------------------


def conceal(counts: Sequence[int], rule: disclosure.Rule = disclosure.DEFAULT) -> list[int | None]:
    """Counts as they may leave beside their total; None where one is withheld.

    The small ones are withheld, and then the next smallest ones, until what is left of the total says nothing of
    any of them: there are two at least, and each could still be anything from 1 to the threshold. If that cannot be
    had, none is shown; a total of five or fewer is for nobody either. Nought says nothing of anybody and is always shown.
    """
    hidden = {place for place, count in enumerate(counts) if disclosure.is_small(count, rule)}
    if not hidden:
        return list(counts)
    for place in sorted((p for p, count in enumerate(counts) if count), key=lambda p: counts[p]):
        if _says_nothing([counts[p] for p in hidden], rule):
            break
        hidden.add(place)
    if not _says_nothing([counts[p] for p in hidden], rule):
        return [None] * len(counts)
    return [None if place in hidden else count for place, count in enumerate(counts)]


def _says_nothing(hidden: Sequence[int], rule: disclosure.Rule) -> bool:
    """Whether the sum of withheld counts leaves each of them free to be anything from 1 to the threshold.

    Each is known to be at least 1, and whoever is left over may be as many as is left.
    """
    return len(hidden) > 1 and sum(hidden) >= rule.threshold + len(hidden) - 1
