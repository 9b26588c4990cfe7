"""Ids, references to records, refusals, and what a model declares about itself."""

from __future__ import annotations

import os
import re
import time
import unicodedata
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

COUNT_LIMIT = 1_000_000
"""No head count or register number in a partnership is larger; SQLite itself would take any integer."""


class Sensitivity(StrEnum):
    """How far a field may travel; declared for every field of every model."""

    PUBLIC = "public"
    INTERNAL = "internal"
    PERSONAL = "personal"
    CHILD = "child"


class Retention(StrEnum):
    """How long a record is kept; each class becomes a line of the retention schedule."""

    PERMANENT = "permanent record of the partnership"
    PARTNERSHIP_YEAR = "working record, reviewed after the reporting year and six more"
    ACCOUNT = "while the person is a member, then reviewed"
    SUBJECT_ACCESS = "request to see one's own data, kept for a time after its answer"
    TECHNICAL = "technical, rewritten or expired by the system"


class Refused(Exception):
    """An act is not possible; the message says why in words fit for a page."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class Stale(Refused):
    """Somebody changed the record since this person opened it; carries the row as it is now."""

    def __init__(self, current: Any) -> None:
        super().__init__("Somebody else changed this while you were editing. Nothing was saved yet.")
        self.current = current


@dataclass(frozen=True)
class RecordRef:
    """A stable pointer to any record: kind, id, and the title at the time (never trusted for display)."""

    kind: str
    id: uuid.UUID
    title: str = ""

    def as_text(self) -> str:
        """`kind:id`, as stored beside a link and in query strings."""
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True)
class Searched:
    """How a kind of record is found by a search; a kind that declares none is not found.

    It is found by its heading, its reference and the fields named in `by`. Names of fields may lead through a
    relation: `decision.text`.
    """

    by: tuple[str, ...] = ()
    under: str = ""
    """The relation to the record on whose page it stands; who may not see that one does not find this one."""
    at: str = ""
    """The name of the page that lists it, for a kind that stands on no record's page."""
    follows: tuple[str, ...] = ()
    """Further relations whose changes change what it is called or says."""
    only: tuple[tuple[str, Any], ...] = ()
    """What must hold for it to be found."""
    day: str = ""
    """The field with its own day; without it, the day on which it was recorded."""
    instead_of: str = ""
    """The relation to a record that says the same; whoever finds both is shown this one."""
    last: bool = False
    """Whether it is shown after everything else, as what sources assert about records is."""
    imported_as: str = ""
    """The kind of the reference in the history under which many are imported at once."""


@dataclass(frozen=True)
class WorkItem:
    """Something that waits for a person, as their home page lists it."""

    title: str
    kind: str
    id: uuid.UUID
    sort: str
    due_on: date | None = None
    is_late: bool = False
    owner: str = ""
    frees: str = ""
    """Who can free it, where it is stuck."""
    precision: str = "day"
    act: str = ""
    """What the person can do about it in one click, in words; empty if there is nothing but to look."""
    act_page: str = ""
    """The name of the page on which it is done, at this id."""


@dataclass(frozen=True)
class Business:
    """Something a module offers to the agenda of a meeting, with why it is due."""

    text: str
    ref: RecordRef
    why: str = ""
    purpose: str = ""
    priority_id: uuid.UUID | None = None


@dataclass(frozen=True)
class PanelItem:
    """One line of a panel: a record that came of this one."""

    text: str
    ref: RecordRef | None = None
    note: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Panel:
    """What another module shows on a record's page."""

    title: str
    items: tuple[PanelItem, ...]
    empty: str = ""
    act: str = ""
    """What the person can add to it from here, in words; empty if there is nothing but to look."""
    act_page: str = ""
    """The name of the page on which it is added; it is opened `about` the record `act_about`."""
    act_about: RecordRef | None = None


@dataclass(frozen=True)
class Listing:
    """A panel of plain rows, read together with those of other modules in one statement; no row, no panel."""

    title: str
    kind: str
    """Of the records that its lines lead to."""
    rows: Any
    """A queryset, not run yet."""
    id: str = "pk"
    text: str = "title"
    """Where a row has the id of that record, and its words."""
    note: str = ""


@dataclass(frozen=True)
class Briefing:
    """What a module proposes as the first words of a briefing note about one of its records."""

    about: str
    """What the note is about, in words that everybody may read."""
    words: Callable[[], Mapping[str, str]]
    """The first words by the field of the note; made only when somebody begins to write."""
    themes: Callable[[], tuple[uuid.UUID, ...]] = tuple
    team: Any = None
    """The team whose the note is until it is issued; none where whoever writes notes may read it."""
    why_not: str = ""
    """Why no note can be written yet, in words; empty if one can."""


@dataclass(frozen=True)
class Learnt:
    """Something learnt that everybody here may read, as the page of all of it lists it."""

    title: str
    sort: str
    """What it is, in words: a published review, a briefing note."""
    on: date
    text: str
    """Everything it says, to look for words in; never shown."""
    page: str
    """The name of its page."""
    at: tuple[tuple[str, str], ...]
    """What else the address of its page asks for."""
    themes: tuple[uuid.UUID, ...] = ()
    precision: str = "day"


@dataclass(frozen=True)
class PersonalData:
    """One thing that a module keeps about a person, for their request to see it: where it is kept, since when, and its text."""

    where: str
    relation: str
    """How it concerns them: about them, written by them, or naming them."""
    text: str
    ref: RecordRef | None = None
    since: date | None = None


@dataclass(frozen=True)
class Place:
    """A page of a module that the partnership's own page leads to."""

    text: str
    url_name: str


@dataclass(frozen=True)
class Moment:
    """Something on a day or over days, for a timeline of the year."""

    title: str
    lane: str
    starts_on: date
    ends_on: date | None = None
    ref: RecordRef | None = None
    tone: str = "neutral"


def parse_ref(text: str) -> RecordRef | None:
    """Read `kind:id`; None if it is not one."""
    kind, _, raw = text.partition(":")
    try:
        return RecordRef(kind, uuid.UUID(raw)) if kind else None
    except ValueError:
        return None


def new_id() -> uuid.UUID:
    """A time-ordered UUID (version 7, RFC 9562)."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds << 80) | int.from_bytes(os.urandom(10))
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return uuid.UUID(int=value)


def fold(text: str) -> str:
    """Text as searched on both databases: no accents, no case, single spaces."""
    if (
        text.isascii()
    ):  # nothing to take off, and most texts are: a table of many rows is read in half the time
        return " ".join(text.lower().split())
    plain = unicodedata.normalize("NFKD", text)
    kept = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(kept.casefold().split())


def names(text: str, name: str) -> bool:
    """Whether a text holds a name as whole words, whatever its case and accents: Ann Reyes is not in “Ann Reyesworth”."""
    wanted = r"\s+".join(map(re.escape, fold(name).split()))
    return bool(wanted) and re.search(rf"(?<!\w){wanted}(?!\w)", fold(text)) is not None


FEWEST_LETTERS = 10
FEWEST_WORDS = 2


def is_reason(text: str, words: int = FEWEST_WORDS) -> bool:
    """Whether a text says enough for somebody who reads it years later: a few words, and not “x” or “ok”."""
    return len(text.strip()) >= FEWEST_LETTERS and len(text.split()) >= words


def check_reason(
    text: str,
    *,
    field: str = "reason",
    what: str = "Give the reason in a sentence.",
    words: int = FEWEST_WORDS,
) -> None:
    """Refuse an act whose reason nobody could understand; `what` says what is asked, `words` how many it takes."""
    if not is_reason(text, words):
        raise Refused(what, field)


def as_uuid(text: str) -> uuid.UUID | None:
    """The id that a form or an address sends; None where it is none, so that it finds nothing and breaks nothing."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029\ufff9\ufffa\ufffb")
"""Characters without a shape that turn the direction of a whole line or break it, wherever the text stands."""


def forbidden_characters(text: str) -> bool:
    """Whether text holds NUL, another control character, one that turns a line round, or half a surrogate pair.

    No page may store them. Marks that join letters or belong to one script's words stay.
    """
    return any(c in TURNING or (unicodedata.category(c) in {"Cc", "Cs"} and c not in "\n\r\t") for c in text)


def unstorable_text(value: Any) -> bool:
    """Whether a text, or any text inside a list or mapping, holds such a character."""
    if isinstance(value, str):
        return forbidden_characters(value)
    if isinstance(value, dict):
        return any(unstorable_text(part) for pair in value.items() for part in pair)
    return isinstance(value, list | tuple) and any(unstorable_text(part) for part in value)
