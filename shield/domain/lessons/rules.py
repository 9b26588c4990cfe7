"""Where notes and examples stand, what they say, and when it is asked what changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.db.models import TextChoices

from shield.kernel.calendar.rules import add_months
from shield.kernel.records.rules import Learnt, Refused, fold


class NoteStatus(TextChoices):
    """Where a briefing note stands."""

    DRAFT = "draft", "Draft"
    ISSUED = "issued", "Issued"
    WITHDRAWN = "withdrawn", "Withdrawn"


class PracticeStatus(TextChoices):
    """Where an example of good practice stands."""

    BROUGHT = "brought", "Waits to be read"
    RETURNED = "returned", "Sent back"
    ACCEPTED = "accepted", "Accepted"
    WITHDRAWN = "withdrawn", "Withdrawn"


NOTE, PRACTICE = "Briefing note", "Good practice"
"""What the page of everything learnt calls what is of this module."""
TONES = {
    "draft": "info", "issued": "good", "withdrawn": "late", "brought": "attention", "returned": "attention", "accepted": "good",
}  # fmt: skip
WORDS_OF_NOTE = ("title", "looked_at", "working_well", "to_develop", "happens_next", "questions")
"""The fields of a note that go out."""
PARTS_OF_NOTE = (
    ("What we looked at", "looked_at"),
    ("What is working well", "working_well"),
    ("What needs to develop", "to_develop"),
    ("What happens next", "happens_next"),
    ("Questions for your team", "questions"),
)
"""Heading and field of each part of a note."""
WORDS_OF_PRACTICE = ("title", "setting", "done", "why", "others")
PARTS_OF_PRACTICE = (
    ("Where it was", "setting"),
    ("What was done", "done"),
    ("Why it worked", "why"),
    ("What others can take from it", "others"),
)
"""Heading and field of each part of an example."""
POINTS = ("- ", "• ", "* ")
"""What begins a point of a list."""
EDITABLE = (PracticeStatus.BROUGHT, PracticeStatus.RETURNED)
TOLD_WORDS = {
    "changed": "whether anything changed", "text": "what is told", "evidence": "evidence", "agency": "agency",
    "again_on": "when to ask again",
}  # fmt: skip
"""What the history calls what was corrected in an answer."""


def said(words: Mapping[str, str], parts: Sequence[tuple[str, str]]) -> dict[str, str]:
    """What a note or an example says, as its page calls each part."""
    return {heading: words.get(name, "") for heading, name in (("The title", "title"), *parts)}


def lines_of(text: str) -> list[tuple[bool, str]]:
    """The lines of a text, each with whether it is a point of a list: those that begin with a hyphen are."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return [(line[:2] in POINTS, line[2:].strip() if line[:2] in POINTS else line) for line in lines]


def check_complete(words: Mapping[str, str], needed: Mapping[str, str]) -> None:
    """Refuse words without those that are needed; `needed` gives what to enter by field."""
    for name, what in needed.items():
        if not str(words.get(name, "")).strip():
            raise Refused(f"Enter {what}.", name)


def check_status(now: str, *allowed: str, otherwise: str) -> None:
    """Refuse an act at the wrong time, with what holds instead."""
    if now not in allowed:
        raise Refused(otherwise)


def asked_on(issued_on: date, months: int) -> date:
    """When it is asked what a note changed: so many months after it was issued."""
    return add_months(issued_on, months)


def check_answer(*, changed: bool, again_on: date | None, today: date) -> None:
    """Refuse “nothing yet” without a new day on which to ask again, or with one that is past."""
    if not changed and again_on is None:
        raise Refused("Enter the day on which to ask again.", "again_on")
    if again_on is not None and again_on <= today:
        raise Refused("The day on which to ask again must be in the future.", "again_on")


def holds(item: Learnt, words: str) -> bool:
    """Whether an item holds every one of some words, whatever their case and accents."""
    text = fold(f"{item.title} {item.text}")
    return all(word in text for word in fold(words).split())
