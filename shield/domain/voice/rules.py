"""Who is asked and how, the states of a point, consent, surveys, and counts that give nobody away. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

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


CYCLE = "learning_hub.cycle"
"""The kind of a Learning Hub cycle, which stands beside this module; it is about one priority."""
PLANNED = "learning_hub.planned_activity"
"""The kind of what a cycle plans to do: an audit, a round of feedback, a visit."""


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
    OTHER = "other", "Other feedback"


class PointState(TextChoices):
    """Where a point stands."""

    OPEN = "open", "Not answered yet"
    ANSWERED = "answered", "Answered"
    NOTHING = "nothing", "Nothing can be done"


POINT_TONES = {"open": "attention", "answered": "good", "nothing": "neutral"}
SORT_TONES = {"working_well": "good", "to_develop": "attention"}
ANSWER_WITHIN_MONTHS = 3
"""Months after which a point that nobody answered is a break in the chain."""
TELL_WITHIN_MONTHS = 1
"""Months after its answer by which those who made a point should have been told."""
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


def check_not_issued(year: str) -> None:
    """Refuse to correct what an issued report tells; `year` is the year of that report, empty if there is none."""
    if year:
        raise Refused(
            f"The report of {year} is issued with this activity in it. Once the report is withdrawn, it can be corrected."
        )


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


_PEOPLE = (
    r"(?:child(?:ren)?|young (?:person|people)|boys?|girls?|bab(?:y|ies)|twins?|sons?|daughters?|brothers?|sisters?|siblings?"
    r"|parents?|mothers?|fathers?|mums?|dads?|carers?|famil(?:y|ies)|people|person|pupils?|students?)"
)
_FEW = re.compile(
    rf"\b(?:(?:one|two|three|four|five|[1-5]|both|either|neither)(?: of)?(?: the| their| his| her| my| our)?"
    rf"|(?:a|the|her|his|their) (?:single|sole|couple of|few|handful of)|only (?:one|two|a few)|the only|the (?:first|last))"
    rf"\s+(?:\w+\s+)?{_PEOPLE}\b",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"\b\d{1,4}[a-z]? [A-Z]\w+ (?:Street|Road|Avenue|Lane|Close|Drive|Way|Court|Gardens?|Crescent|Place|Terrace|Hill|Walk)\b"
    r"|\b[A-Z][\w'’]+ (?:(?:Primary|Infant|Junior|High|Grammar|Secondary|Special) )?"
    r"(?:School|Academy|College|Nursery|Surgery|Hospital|Club|Church|Mosque|Estate)\b"
)
_TWO_CAPITALS = re.compile(
    r"\b[A-Z][a-z'’-]+ [A-Z][a-z'’-]+\b|\b(?:called|named) [A-Z][a-z]+|\b[A-Z][a-z]+ [A-Z]\."
)
_ONE_OF_FEW = re.compile(
    rf"\b(?:year|aged?|class) \d{{1,2}}\b|\b\d{{1,2}}[- ]year[- ]olds?\b|\b(?:a|an|my|her|his) (?:\w+ )?{_PEOPLE} (?:at|in|of|from|who)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
_CHILD = re.compile(
    r"\b(?:child|children|young people|young person|boys?|girls?|bab(?:y|ies)|pupils?|teenagers?|sons?|daughters?)\b",
    re.IGNORECASE,
)


def could_name_somebody(*texts: str) -> list[str]:
    """The sentences by which somebody could be found: a name, an address, a place, an age, somebody singled out.

    A warning for whoever is about to publish: it takes places for people, and misses what only a reader knows.
    """
    signs = (_NAMING, _PLACE, _TWO_CAPITALS, _ONE_OF_FEW)
    every = (found.group().strip() for text in texts for found in _SENTENCE.finditer(text))
    return list(dict.fromkeys(each for each in every if any(sign.search(each) for sign in signs)))


def is_about_children(group: str, *texts: str) -> bool:
    """Whether words are children's own or tell of children; a second person reads those before they are published."""
    return group in OF_CHILDREN or any(_CHILD.search(text) for text in texts)


def check_publishable(state: str, *texts: str) -> None:
    """Only what has an answer is published, and nothing that counts a few people."""
    if state == PointState.OPEN:
        raise Refused("Only a point with an answer can be published.", "published")
    for text in texts:
        if found := _FEW.search(text):
            raise Refused(
                f"“{found.group(0)}” tells of so few people that they could be found. "
                "Say it without the number before it is published.",
                "published",
            )


def check_read(nobody_named: bool) -> None:
    """Words go out after somebody read them for this."""
    if not nobody_named:
        raise Refused("Read it and confirm that nobody can be recognised from it.", "nobody_named")


def check_retold(text: str, nobody_named: bool) -> None:
    """What was written is retold without who it is about; where that is in doubt, somebody says that they looked."""
    if (found := could_name_somebody(text)) and not nobody_named:
        raise Refused(
            f"Somebody could be found by this: “{found[0]}” Say it otherwise, or confirm that it names nobody.",
            "nobody_named",
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
        raise Refused("Enter to whom the consent was given.", "consent_by")
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

    The small ones are withheld, and with them their neighbours, until what is left of the total says nothing of any
    of them. If that cannot be had, none is shown. Nought says nothing of anybody and is always shown.
    """
    hidden = _with_company(counts, rule)
    if hidden is None:
        return [None] * len(counts)
    return [None if place in hidden else count for place, count in enumerate(counts)]


def _with_company(counts: Sequence[int], rule: disclosure.Rule) -> set[int] | None:
    """The places to withhold beside a known total; None if the total gives one of them away whatever is withheld.

    Company is the nearest count that is not nought. It is chosen by its place and never by its size,
    for who knows this rule could otherwise work backwards from which one was chosen. For the same reason counts that
    are all as large as a small one can be have company too: nothing else adds up to so many.
    """
    hidden = {place for place, count in enumerate(counts) if disclosure.is_small(count, rule)}
    while hidden:
        here = [counts[place] for place in hidden]
        free = [p for p, count in enumerate(counts) if count and p not in hidden]
        is_safe = _says_nothing(here, rule)
        if is_safe and not (free and all(count == rule.threshold for count in here)):
            break
        if not free:
            return None
        hidden.add(min(free, key=lambda p: (min(abs(p - h) for h in hidden), p)))
    return hidden


def _says_nothing(hidden: Sequence[int], rule: disclosure.Rule) -> bool:
    """Whether the sum of withheld counts leaves each of them free to be anything from 1 to the threshold.

    Each is known to be at least 1, and whoever is left over may be as many as is left.
    """
    return len(hidden) > 1 and sum(hidden) >= rule.threshold + len(hidden) - 1


WITHHELD = (
    f"How many adults took part is told as it is. Of children, counts of 1 to {disclosure.DEFAULT.threshold}, and "
    f"those that would give them away, are not shown ({disclosure.MARK})."
)
"""What stands under a table in which a number of children is withheld."""


@dataclass(frozen=True)
class Head:
    """How many took part in one activity, as it is judged.

    `is_known`: people read the number elsewhere (a survey's results, a meeting's register), so hiding it helps no other.
    `was_withheld`: it was once, and so it stays, or whoever read the total before and after could take one off the other.
    """

    count: int | None
    of_children: bool
    is_known: bool = False
    was_withheld: bool = False


def release_heads(
    heads: Sequence[Head], rule: disclosure.Rule = disclosure.DEFAULT
) -> tuple[list[int | None], bool]:
    """How many took part in each activity of one year as it may be told, and whether their total may be told too.

    `heads` stand in the order in which their numbers came on record, so that what was told of the first so many of
    them is what was told then. How many adults took part says nothing of a child and is told as it is; taken off the
    total, they leave what the children add up to. From a small number of children on, every number of children that
    follows is withheld, whatever its size, and with them the total; until those withheld since the last total add up to
    more than all of them could if each were small. Then the total is told again. So the last of them alone is known
    to be large, and each small one may still be anything from 1 to the threshold, for whoever read every total.
    """
    shown: list[int | None] = []
    since: list[int] = []
    for head in heads:
        count, small = head.count or 0, disclosure.is_small(head.count, rule)
        is_shown = not head.of_children or not count or (not small and (head.is_known or not since))
        if is_shown and not head.was_withheld:
            shown.append(head.count)
            continue
        shown.append(None)
        since += [count] if count else []
        if sum(since) > rule.threshold * len(since):
            since = []
    return shown, not since


# Surveys ---------------------------------------------------------------------------------------------


class SurveyStatus(TextChoices):
    """Where a survey stands; one that is open takes answers from its first day to its last."""

    DRAFT = "draft", "Draft"
    OPEN = "open", "Open"
    CLOSED = "closed", "Closed, to be summed up"
    SUMMED_UP = "summed_up", "Summed up"


SURVEY_TONES = {"draft": "neutral", "open": "info", "closed": "attention", "summed_up": "good"}


class QuestionSort(TextChoices):
    """How a question is answered."""

    CHOICE = "choice", "One of several answers"
    SEVERAL = "several", "Several answers may be ticked"
    SCALE = "scale", "How good: five faces"
    TEXT = "text", "In their own words"


FACES: tuple[tuple[str, str], ...] = (
    ("5", "Very good"),
    ("4", "Good"),
    ("3", "In between"),
    ("2", "Bad"),
    ("1", "Very bad"),
)
"""The scale, in words; each has a face drawn by us."""
SKIPPED = "No answer"
MOST_QUESTIONS = 20
LONGEST_TEXT = 1000
ANSWERS_A_MINUTE = 120
"""Answers that one survey takes in a minute; more is no crowd of people but a machine."""
ANSWERS_FROM_ONE_PLACE = 40
"""Answers that one survey takes in a minute from one address on the network: a class of a school, and no machine."""


def takes_answers(status: str, opens_on: date | None, closes_on: date | None, today: date) -> bool:
    """Whether a survey is open on a day."""
    if status != SurveyStatus.OPEN or opens_on is None or closes_on is None:
        return False
    return opens_on <= today <= closes_on


def check_draft(status: str) -> None:
    """What people are answering is not changed under their hands."""
    if status != SurveyStatus.DRAFT:
        raise Refused("The survey was opened. Its questions and words stay as people saw them.")


def check_question(sort: str, choices: Sequence[str], already: int) -> None:
    """A question with answers to choose from has two at least, each once; a survey stays short."""
    if already >= MOST_QUESTIONS:
        raise Refused(f"A survey has {MOST_QUESTIONS} questions at most. Short ones are answered.")
    if sort in {QuestionSort.CHOICE, QuestionSort.SEVERAL}:
        if not 2 <= len(choices) <= 12:
            raise Refused("Give from 2 to 12 answers to choose from, each on a line of its own.", "choices")
        if len(set(choices)) != len(choices):
            raise Refused("Two of the answers are the same.", "choices")
    elif choices:
        raise Refused("This kind of question has no answers to choose from. Leave them empty.", "choices")


def check_opening(questions: int, opens_on: date, closes_on: date, today: date) -> None:
    """A survey is opened with questions, for days to come."""
    if not questions:
        raise Refused("Add at least one question before the survey is opened.")
    if opens_on < today:
        raise Refused("The first day must be today or later.", "opens_on")
    if closes_on < opens_on:
        raise Refused("The last day must not be before the first.", "closes_on")


_WORD = re.compile(r"[\w'’]+")
_QUOTED = 6
"""So many words in a row that somebody else wrote are a quotation."""


def check_own_words(text: str, written: str) -> None:
    """What an unknown person wrote is retold, never quoted: nobody can ask them for their consent."""
    said, theirs = (_WORD.findall(each.casefold()) for each in (text, written))
    length = min(_QUOTED, len(theirs))
    if length < _QUOTED - 2:
        return
    told = f" {' '.join(said)} "
    if any(f" {' '.join(theirs[n : n + length])} " in told for n in range(len(theirs) - length + 1)):
        raise Refused(
            "These are their own words, and whoever wrote them was not asked whether they may be quoted. "
            "Say it in your words.",
            "text",
        )


_NAMING = re.compile(
    r"[\w.+-]+@[\w-]+\.\w|\b(?:\+44|0)\d[\d ]{7,}|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b"
    r"|\b(?:Mr|Mrs|Ms|Miss|Dr)\.? [A-Z]|(?<=[a-z,;] )[A-Z][a-z]+ [A-Z][a-z]+\b"
)


def may_name_somebody(text: str) -> bool:
    """Whether a text looks as if it named somebody: an e-mail, a telephone, a postcode, Mr X, two names in a row.

    It is a warning only: it misses names and takes places for them.
    """
    return _NAMING.search(text) is not None


@dataclass(frozen=True)
class Counted:
    """The answers to one question as they may leave: each with its count, or None where it is withheld."""

    rows: tuple[tuple[str, int | None], ...]

    @property
    def withheld(self) -> int:
        """How many counts are withheld."""
        return sum(1 for _, count in self.rows if count is None)


def count_answers(sort: str, choices: Sequence[str], given: Sequence[Any]) -> Counted:
    """Count the answers to one question under disclosure control; `given` holds one for each reply, None if skipped.

    How many replied is taken as known to everybody. Each ticked answer is a part of it, so what is left of it must
    not be small either; answers of which one is chosen sum up to it with those skipped.
    """
    labels = [word for _, word in FACES] if sort == QuestionSort.SCALE else list(choices)
    if not given:
        return Counted(tuple((label, 0) for label in labels))
    if len(given) <= disclosure.DEFAULT.threshold:
        return Counted(tuple((label, None) for label in labels))
    if sort == QuestionSort.SEVERAL:
        ticked = [sum(1 for each in given if each and label in each) for label in labels]
        return Counted(
            tuple(
                (label, disclosure.release_share(count, len(given), "people"))
                for label, count in zip(labels, ticked, strict=True)
            )
        )
    keys = [key for key, _ in FACES] if sort == QuestionSort.SCALE else labels
    counts = [sum(1 for each in given if each == key) for key in keys]
    shown = conceal([*counts, len(given) - sum(counts)])
    return Counted(tuple(zip([*labels, SKIPPED], shown, strict=True)))


def face(key: str) -> str:
    """A face for the scale as SVG: eyes, and a mouth that bends with the answer; the word beside it says the same."""
    bend = {"5": 12, "4": 6, "3": 0, "2": -6, "1": -12}[key]
    return (
        '<svg class="voice-face" viewBox="0 0 48 48" width="48" height="48" aria-hidden="true" focusable="false">'
        '<circle cx="24" cy="24" r="21" fill="none" stroke="currentColor" stroke-width="3"/>'
        '<circle cx="16.5" cy="19" r="2.8" fill="currentColor"/><circle cx="31.5" cy="19" r="2.8" fill="currentColor"/>'
        f'<path d="M14 {32 - bend / 3:g} Q24 {32 + bend:g} 34 {32 - bend / 3:g}" fill="none" stroke="currentColor" '
        'stroke-width="3" stroke-linecap="round"/></svg>'
    )
