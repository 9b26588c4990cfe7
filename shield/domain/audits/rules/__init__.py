"""States of audits and parts, what may follow what, and how far judgements lie apart. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256

from django.db.models import TextChoices

from shield.domain.audits.rules.listing import (
    MOST_ROWS,
    check_groups,
    check_headings,
    check_references,
    check_together,
    identity_in,
    identity_in_reference,
    names_somebody,
)
from shield.improvement.rules import FIELD_WORDS as CHAIN_WORDS
from shield.kernel.calendar.rules import WorkingCalendar, in_words, last_day_of, working_days_between
from shield.kernel.clocks.rules import Step
from shield.kernel.records.rules import Refused

__all__ = [
    "MOST_ROWS",
    "check_groups",
    "check_headings",
    "check_references",
    "check_together",
    "identity_in",
    "identity_in_reference",
    "names_somebody",
]


class Kind(TextChoices):
    """What sort of audit it is (annual report 2018-19, 5.2.4, 5.4.2 and 10.3)."""

    MULTI_AGENCY = "multi_agency", "Multi-agency audit"
    SINGLE_AGENCY = "single_agency", "Single-agency audit"
    DIP_SAMPLE = "dip_sample", "Dip sample"
    PRACTICE_WEEK = "practice_week", "Practice week"


class Depth(TextChoices):
    """How closely one record is looked at."""

    DEEP_DIVE = "deep_dive", "Deep dive"
    LIGHT_TOUCH = "light_touch", "Light touch"


class Unit(TextChoices):
    """What the sampling frame counts."""

    CHILD = "child", "Children's records"
    FAMILY = "family", "Families"
    CONTACT = "contact", "Contacts and referrals"
    REPORT = "report", "Reports"
    MEETING = "meeting", "Meetings"


NOUNS: dict[str, tuple[str, str]] = {
    "child": ("child's record", "children's records"),
    "family": ("family", "families"),
    "contact": ("contact or referral", "contacts and referrals"),
    "report": ("report", "reports"),
    "meeting": ("meeting", "meetings"),
}
"""One and several of each unit, within a sentence."""
PSEUDONYMS: dict[str, str] = {
    "child": "Child", "family": "Family", "contact": "Contact", "report": "Report", "meeting": "Meeting",
}  # fmt: skip
"""By what an audited record is known, followed by its number."""


class Method(TextChoices):
    """How records are chosen from the frame."""

    ALL = "all", "All of them"
    RANDOM = "random", "At random"
    STRATIFIED = "stratified", "At random within groups"
    PURPOSIVE = "purposive", "For what they can show"
    PANEL = "panel", "By the panel"


DRAWN = frozenset({Method.RANDOM, Method.STRATIFIED})
"""Methods that need a seed."""
BY_HAND = frozenset({Method.PURPOSIVE, Method.PANEL})
"""Methods by which somebody names the records."""


class Status(TextChoices):
    """Where an audit stands."""

    PLANNED = "planned", "Planned"
    SELECTING = "selecting", "Choosing records"
    AUDITING = "auditing", "With the agencies"
    MODERATING = "moderating", "Before the panel"
    DISCUSSED = "discussed", "Discussed"
    CLOSED = "closed", "Closed"
    STOPPED = "stopped", "Stopped"


OPEN = frozenset({"planned", "selecting", "auditing", "moderating", "discussed"})
COMPARED = frozenset({"moderating", "discussed", "closed"})
"""From here on the panel sees every agency's answers."""
TONES = {
    "planned": "neutral", "selecting": "neutral", "auditing": "info", "moderating": "attention", "discussed": "info",
    "closed": "good", "stopped": "neutral",
}  # fmt: skip
MOVES: dict[str, frozenset[str]] = {
    "planned": frozenset({"selecting", "stopped"}),
    "selecting": frozenset({"auditing", "stopped"}),
    "auditing": frozenset({"moderating", "stopped"}),
    "moderating": frozenset({"discussed", "closed", "stopped"}),
    "discussed": frozenset({"closed", "stopped"}),
    "closed": frozenset(),
    "stopped": frozenset(),
}


class PartStatus(TextChoices):
    """Where one agency's answers on one record stand."""

    ASKED = "asked", "Asked for"
    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Submitted"
    CHANGES = "changes", "Changes asked for"
    ACCEPTED = "accepted", "Accepted"
    EXCUSED = "excused", "Excused"


EDITABLE = frozenset({"asked", "draft", "changes"})
"""The agency may still write; whoever runs the audit sees no answer meanwhile."""
HANDED_IN = frozenset({"submitted", "accepted"})
SETTLED = frozenset({"accepted", "excused"})
PART_TONES = {
    "asked": "neutral", "draft": "info", "submitted": "attention", "changes": "attention", "accepted": "good",
    "excused": "neutral",
}  # fmt: skip


class ToolStatus(TextChoices):
    """Where a version of an audit tool stands."""

    DRAFT = "draft", "Draft"
    IN_USE = "in_use", "In use"
    RETIRED = "retired", "Retired"


class AnswerKind(TextChoices):
    """How a question is answered."""

    YES_NO = "yes_no", "Yes, no, partly or does not apply"
    SCALE = "scale", "A point on a scale"
    JUDGEMENT = "judgement", "A point on a scale, with the analysis behind it"
    TEXT = "text", "Words"


YES_NO: tuple[tuple[str, str, str, int | None], ...] = (
    ("yes", "Yes", "good", 2),
    ("partly", "Partly", "attention", 1),
    ("no", "No", "late", 0),
    ("na", "Does not apply", "neutral", None),
)
"""Code, word, tone and rank of each answer to a yes-or-no question; what does not apply has no rank."""


# What may follow what ---------------------------------------------------------------------------------


def check_move(now: str, then: str) -> None:
    """Refuse a step that an audit cannot take from where it stands."""
    if then not in MOVES.get(now, frozenset()):
        raise Refused(
            f"An audit that stands at “{Status(now).label}” cannot go on to “{Status(then).label}”."
        )


def check_at(status: str, *allowed: str, what: str) -> None:
    """Refuse an act that does not belong to where an audit stands; `what` says the act, as in “be planned anew”."""
    if status not in allowed:
        raise Refused(f"An audit that stands at “{Status(status).label}” cannot {what}.")


def check_begin(*, chosen: int, agencies: int, questions: int) -> None:
    """An audit goes to the agencies with records, agencies and a tool that asks something."""
    if not chosen:
        raise Refused("Choose the records first.")
    if not agencies:
        raise Refused("Select the agencies that audit.", "agencies")
    if not questions:
        raise Refused("This tool asks nothing yet. Add its questions, or choose another.", "tool")


def check_all_in(waiting: Sequence[str], accepted: int) -> None:
    """The panel begins when every part is in, or excused with a reason."""
    if waiting:
        first = ", ".join(waiting[:3]) + (f" and {len(waiting) - 3} more" if len(waiting) > 3 else "")
        raise Refused(f"The panel compares when every part is accepted or excused. Still open: {first}.")
    if not accepted:
        raise Refused("No agency has answered, so there is nothing to compare. Stop the audit instead.")


def check_editable(status: str, audit_status: str) -> None:
    """Refuse to write in a part that was handed in, or in an audit that has gone on."""
    if audit_status != Status.AUDITING:
        raise Refused("This audit is no longer with the agencies, so answers cannot be changed.")
    if status not in EDITABLE:
        label = PartStatus(status).label.lower()
        raise Refused(f"This part is {label}. Whoever runs the audit can ask for changes.")


def check_handed_in(status: str, audit_status: str) -> None:
    """Refuse to accept or send back what was not handed in."""
    if audit_status != Status.AUDITING:
        raise Refused("This audit is no longer with the agencies.")
    if status not in HANDED_IN:
        raise Refused("The agency has not submitted this part yet.")


def check_draft(status: str) -> None:
    """Refuse to change a version of a tool that audits are made with."""
    if status != ToolStatus.DRAFT:
        raise Refused("This version is in use and frozen. Copy it to make a new version.")


def check_due(due: date | None, today: date, *, field: str) -> None:
    """Refuse to ask for answers by a day that has passed."""
    if due is not None and due < today:
        raise Refused("The answers cannot be due on a day that has passed.", field)


def check_put_off(status: str, due: date | None, today: date) -> None:
    """Refuse a new date for answers that are not awaited, and one that has passed already."""
    if status != Status.AUDITING:
        raise Refused("Answers are awaited only while an audit is with the agencies.", "answers_due_on")
    check_due(due, today, field="answers_due_on")


def check_asked(silent: Sequence[str]) -> None:
    """Refuse to ask an agency for a part without a question; `silent` are the agencies that the tool asks nothing."""
    if silent:
        raise Refused(
            f"This tool has no question for {', '.join(silent)}. Leave them out, or choose another tool.",
            "agencies",
        )


def check_held(held_on: date, began: date, precision: str) -> None:
    """Refuse a discussion of what had not begun yet."""
    if last_day_of(held_on, precision) < began:
        raise Refused(
            f"The audit began on {in_words(began)}. Its discussion cannot have been before.", "held_on"
        )


def check_ended(ended_on: date, began: date, today: date) -> None:
    """An audit's last day is a day that has come, and not before its first."""
    if ended_on > max(today, began):
        raise Refused("The last day must be today or earlier.", "ended_on")
    if ended_on < began:
        raise Refused("The last day must not be before the first.", "ended_on")


def check_judged(question: str, key: str, answer: Answer, steps: int | None) -> None:
    """Words of the panel belong to a judgement; where the agencies differ, a judgement needs words."""
    if answer.words.strip() and not answer.judgement:
        raise Refused(
            f"There are words on “{question}” but no judgement. Select what the panel agreed, or take the words out.",
            f"judgement_{key}",
        )
    if answer.judgement and steps and not answer.words.strip():
        raise Refused(f"The agencies differ on “{question}”. Say why the panel agreed so.", f"words_{key}")


def check_not_issued(year: str) -> None:
    """Refuse to correct what an issued report tells; `year` is the year of that report, empty if there is none."""
    if year:
        raise Refused(
            f"The report of {year} is issued with this audit in it. Once the report is withdrawn, it can be corrected."
        )


def check_close(*, findings: int, nothing_found: str) -> None:
    """An audit closes with what it found, or with the reason why it found nothing."""
    if not findings and not nothing_found.strip():
        raise Refused(
            "Tell the Learning Hub what was found first, or say why there is nothing to tell.",
            "nothing_found",
        )


def check_numbers(frame_size: int | None, considered: int | None, in_depth: int | None) -> None:
    """Counts that fit into each other: no more looked at than there were, no more in depth than looked at."""
    if frame_size is not None and considered is not None and considered > frame_size:
        raise Refused("More records were looked at than the frame holds. Check both numbers.", "considered")
    if in_depth is not None and in_depth > (considered or 0):
        raise Refused("More records were looked at in depth than were looked at. Check both.", "in_depth")


FIELD_WORDS = {
    **CHAIN_WORDS,
    "sort": "kind", "depth": "how closely", "frame": "out of which records", "unit": "what is looked at",
    "frame_from": "first day of the frame", "frame_to": "last day of the frame", "frame_size": "how many there are",
    "starts_on": "start", "ends_on": "end", "planned_end": "planned end", "led_by": "led by", "led_by_outside": "led by somebody else",
    "team": "audit team", "team_outside": "others in the audit team", "team_note": "note on the audit team",
    "considered": "records looked at", "in_depth": "of them in depth", "considered_note": "note on the numbers",
    "answers_due_on": "day the answers are due", "chosen_how": "how records were chosen", "held_on": "day",
    "agencies_outside": "others who took part", "gatherings": "meetings", "points": "what was said",
}  # fmt: skip
"""What the history calls a field, where its own name does not say it."""


# Dates ------------------------------------------------------------------------------------------------

REMINDED_BEFORE = 3
"""Working days before the answers are due on which agencies are reminded."""
LONGEST_NOTICE = timedelta(days=14)
"""No stretch of so few working days is longer, whatever the holidays."""


def reminders(due: date, calendar: WorkingCalendar) -> tuple[Step, ...]:
    """When agencies are told of their answers' date: three working days before it, and once the day after it."""
    before = due
    while working_days_between(before, due, calendar) < REMINDED_BEFORE:
        before -= timedelta(days=1)
    return Step("soon", (before - due).days), Step("late", 1)


def parts_in(states: Sequence[str]) -> str:
    """How many parts are in, and how many need not come: “1 of 3 in, 1 excused”."""
    excused = sum(state == PartStatus.EXCUSED for state in states)
    words = f"{sum(state == PartStatus.ACCEPTED for state in states)} of {len(states)} in"
    return f"{words}, {excused} excused" if excused else words


# Answers ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Point:
    """One judgement that may be given: its code, word, tone, and rank from the worst (0) upward."""

    code: str
    word: str
    tone: str
    rank: int | None


@dataclass(frozen=True)
class Asked:
    """One question as it is put to an agency."""

    key: str
    text: str
    answer: str
    needed: bool
    points: tuple[Point, ...] = ()


@dataclass(frozen=True)
class Answer:
    """What an agency said to one question: a judgement by its code, and words."""

    judgement: str = ""
    words: str = ""


NOTHING = Answer()


def points_of(answer: str, scale: Sequence[Mapping[str, str]]) -> tuple[Point, ...]:
    """The judgements that a question allows; a scale is given from the best to the worst."""
    if answer == AnswerKind.YES_NO:
        return tuple(Point(*each) for each in YES_NO)
    if answer == AnswerKind.TEXT:
        return ()
    last = len(scale) - 1
    return tuple(Point(p["word"], p["word"], p["tone"], last - n) for n, p in enumerate(scale))


def missing(questions: Iterable[Asked], answers: Mapping[str, Answer]) -> list[tuple[str, str]]:
    """What is still to be answered before a part can be submitted: the question's key, and what to do."""
    found = []
    for question in questions:
        given = answers.get(question.key, NOTHING)
        if not question.needed and not given.judgement:
            continue
        if question.points and not given.judgement:
            found.append((question.key, f"Answer “{question.text}”"))
        elif question.answer in {AnswerKind.TEXT, AnswerKind.JUDGEMENT} and not given.words.strip():
            verb = "Answer" if question.answer == AnswerKind.TEXT else "Give the analysis behind"
            found.append((question.key, f"{verb} “{question.text}”"))
    return found


def check_answers(questions: Iterable[Asked], answers: Mapping[str, Answer]) -> None:
    """Refuse an answer to what is not asked, or a judgement that the question does not allow."""
    known = {question.key: question for question in questions}
    for key, answer in answers.items():
        if key not in known:
            raise Refused("This part answers a question that the tool does not ask. Reload the page.")
        if answer.judgement and answer.judgement not in {p.code for p in known[key].points}:
            raise Refused(f"Choose one of the answers offered to “{known[key].text}”.")


def apart(codes: Iterable[str], points: Sequence[Point]) -> int | None:
    """Steps between the best and the worst judgement; None where fewer than two agencies judged."""
    ranks = {p.code: p.rank for p in points}
    given = [rank for code in codes if (rank := ranks.get(code)) is not None]
    return max(given) - min(given) if len(given) > 1 else None


def apart_in_words(steps: int | None) -> tuple[str, str]:
    """How far judgements lie apart, in words, and its tone."""
    if steps is None:
        return "Nothing to compare", "neutral"
    if steps == 0:
        return "Agree", "good"
    return ("1 step apart", "attention") if steps == 1 else (f"{steps} steps apart", "late")


def marks(words: Sequence[str]) -> dict[str, str]:
    """The shortest beginning of each word that tells it from the others, of three letters at most; else its number."""
    made: dict[str, str] = {}
    for number, word in enumerate(words, start=1):
        others = [other.casefold() for other in words if other != word]
        starts = (word[:n] for n in (1, 2, 3) if not any(o[:n] == word.casefold()[:n] for o in others))
        made[word] = next(starts, str(number))
    return made


# Choosing records -------------------------------------------------------------------------------------

DRAW = (
    "Each record's number is written after the seed and a colon, its SHA-256 digest is taken, "
    "and records are taken in the order of their digests."
)
"""How a draw is made, in words, so that anybody can make it again without this system."""


@dataclass(frozen=True)
class Entry:
    """One row of a list: the agency's own reference, and the values of the columns to group by."""

    reference: str
    groups: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class FrameRow:
    """One row of the frame as a draw sees it: its number in the list, and the group it is in."""

    number: int
    group: str = ""


def draw(rows: Sequence[FrameRow], wanted: int, seed: str, *, by_group: bool = False) -> tuple[int, ...]:
    """The numbers of the records drawn; the same list, number and seed give the same records, always.

    By group, each group gets its share of the number wanted (largest remainder), and the draw is made in each.
    """
    if not seed:
        raise Refused("A draw needs a seed.", "seed")
    if not 1 <= wanted <= len(rows):
        many = "1 record" if len(rows) == 1 else f"{len(rows)} records"
        raise Refused(f"The list holds {many}. Enter a number from 1 to {len(rows)}.", "wanted")
    if not by_group:
        return tuple(sorted(row.number for row in _in_order(rows, seed)[:wanted]))
    groups: dict[str, list[FrameRow]] = {}
    for row in rows:
        groups.setdefault(row.group, []).append(row)
    taken: list[int] = []
    for group, share in shares({name: len(each) for name, each in groups.items()}, wanted).items():
        taken += [row.number for row in _in_order(groups[group], seed)[:share]]
    return tuple(sorted(taken))


def _in_order(rows: Sequence[FrameRow], seed: str) -> list[FrameRow]:
    return sorted(rows, key=lambda row: (sha256(f"{seed}:{row.number}".encode()).hexdigest(), row.number))


def shares(sizes: Mapping[str, int], wanted: int) -> dict[str, int]:
    """How many are taken from each group, in proportion to its size: whole parts, then the largest remainders."""
    total = sum(sizes.values())
    whole = {name: wanted * size // total for name, size in sizes.items()}
    left = wanted - sum(whole.values())
    by_remainder = sorted(sizes, key=lambda name: (-(wanted * sizes[name] % total), name))
    for name in by_remainder[:left]:
        whole[name] += 1
    return {name: whole[name] for name in sorted(whole)}
