"""Periods, figures, sections, and how statements are compared. Pure."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from shield.kernel.access.rules import Actor
from shield.kernel.calendar import rules as calendar
from shield.kernel.records.rules import RecordRef, Refused, check_reason

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Period:
    """A reporting year: its name, first and last day, and the day figures are taken at."""

    name: str
    starts_on: date
    ends_on: date
    as_at: date

    def holds(self, day: date | None) -> bool:
        """Whether a day lies in the period; an unknown day does not."""
        return day is not None and self.starts_on <= day <= self.ends_on

    @property
    def in_words(self) -> str:
        """October 2018 to October 2019."""
        return f"{self.starts_on:%B %Y} to {self.ends_on:%B %Y}"


class About(StrEnum):
    """What a figure counts; only figures about children and people are disclosure-controlled."""

    CHILDREN = "children"
    PEOPLE = "people"
    ORGANISATIONS = "organisations"
    EVENTS = "events"
    MONEY = "money"
    RECORDS = "records"


@dataclass(frozen=True)
class Counted:
    """What a figure's function found: the value, the records behind it, and whether they are settled."""

    value: int | None
    records: tuple[RecordRef, ...] = ()
    denominator: int | None = None
    unsettled: tuple[str, ...] = ()
    note: str = ""
    suppressed: bool = False
    """Whether its module withholds it: beside what else is told, it would give a small count away."""


Compute = Callable[[Period, Actor, str], Counted]


@dataclass(frozen=True)
class FigureKind:
    """One named figure: how it is computed and what it means."""

    key: str
    label: str
    unit: str
    about: About
    definition: str
    compute: Compute


FIGURES: dict[str, FigureKind] = {}
"""Every figure the system can compute, by its stable key."""


@dataclass(frozen=True)
class Figure:
    """One figure for one period, with the records it counted."""

    key: str
    label: str
    unit: str
    about: About
    definition: str
    period: Period
    value: int | None
    records: tuple[RecordRef, ...] = ()
    denominator: int | None = None
    unsettled: tuple[str, ...] = ()
    suppressed: bool = False
    note: str = ""

    @property
    def text(self) -> str:
        """The value as a page prints it: 1,234, 12 of 18, “not settled”, or suppressed."""
        if self.suppressed:
            return "suppressed"
        if self.unsettled:
            return "not settled"
        if self.value is None:
            return "not known"
        if self.about is About.MONEY:
            return pounds(self.value)
        if self.denominator is not None:
            return f"{self.value:,} of {self.denominator:,}"
        return f"{self.value:,}"


def figure(key: str, *, label: str, unit: str, about: About, definition: str) -> Callable[[Compute], Compute]:
    """Register a figure's function under its stable key; a key cannot be given twice."""

    def register(compute: Compute) -> Compute:
        if key in FIGURES:
            raise ValueError(f"The figure {key} is registered twice.")
        FIGURES[key] = FigureKind(key, label, unit, about, definition, compute)
        return compute

    return register


class UnknownFigure(LookupError):
    """No module computes a figure of this key."""


def split_key(key: str) -> tuple[FigureKind, str]:
    """Find the figure of a key; what follows it is its argument (`…recommendations.priority-1`)."""
    if key in FIGURES:
        return FIGURES[key], ""
    stem, _, argument = key.rpartition(".")
    if stem in FIGURES:
        return FIGURES[stem], argument
    raise UnknownFigure(key)


def compute(key: str, period: Period, reader: Actor) -> Figure:
    """Compute one figure as it stands in the report: a settled value before the counted one.

    Where a person settled what the records and the sources disagree on, that value stands, and the note says what
    was counted. UnknownFigure if no module gives the figure.
    """
    counted = count(key, period, reader)
    for settle in SETTLERS:
        counted = settle(counted, reader)
    return counted


SETTLERS: list[Callable[[Figure, Actor], Figure]] = []
"""What puts a settled value in the place of a counted one; filled by the room that reads settlements."""


def settled_as(figure: Figure, value: int, reason: str, by: str) -> Figure:
    """A figure with the value that a person settled, and a note of what was counted and why it is not that.

    What is withheld stays withheld.
    """
    if figure.suppressed or figure.value == value:
        return figure
    counted = "not settled" if figure.unsettled else figure.text
    told = f"Counted from the records: {counted}. Settled as {value:,} by {by}: {reason}"
    note = f"{figure.note} {told}".strip()
    return replace(figure, value=value, denominator=None, unsettled=(), note=note)


def count(key: str, period: Period, reader: Actor) -> Figure:
    """Count one figure from the records, whatever sources say of it."""
    kind, argument = split_key(key)
    counted = kind.compute(period, reader, argument)
    return Figure(
        key, kind.label, kind.unit, kind.about, kind.definition, period, counted.value, counted.records,
        counted.denominator, counted.unsettled, counted.suppressed, counted.note,
    )  # fmt: skip


@dataclass(frozen=True)
class DataColumn:
    """A column of a table in a report."""

    label: str
    numeric: bool = False
    width: float = 1.0


@dataclass(frozen=True)
class DataTable:
    """A table in a report: cells are text or whole numbers."""

    key: str
    title: str
    columns: tuple[DataColumn, ...]
    rows: tuple[tuple[str | int | None, ...], ...]
    note: str = ""
    about: About = About.RECORDS
    records: tuple[RecordRef, ...] = ()


@dataclass(frozen=True)
class Gap:
    """Something that is missing and would be seen by a reader of the report."""

    text: str
    ref: RecordRef | None = None
    mended_by: str = ""
    sort: str = ""
    priority: str = ""


@dataclass(frozen=True)
class Proof:
    """What a statutory item may rest on: a short sentence and the record behind it."""

    item: str
    text: str
    ref: RecordRef | None = None
    strength: int = 1


@dataclass(frozen=True)
class Section:
    """What one module gives to the report of a period."""

    key: str
    title: str
    figures: tuple[Figure, ...] = ()
    tables: tuple[DataTable, ...] = ()
    charts: tuple[Any, ...] = ()
    prompts: tuple[str, ...] = ()
    proofs: tuple[Proof, ...] = ()
    gaps: tuple[Gap, ...] = ()
    groups: tuple[Section, ...] = field(default=())
    content: tuple[Any, ...] | Callable[[], tuple[Any, ...]] = ()
    """Ready-made blocks of `kernel.documents`, or how to make them: pages that only ask how ready a report is
    never pay for its prose."""

    @property
    def blocks(self) -> tuple[Any, ...]:
        """The blocks, made now if they were not."""
        return self.content() if callable(self.content) else self.content


# Reading once ----------------------------------------------------------------------------------------

_READ: ContextVar[dict[Any, Any] | None] = ContextVar("read", default=None)


@contextmanager
def reading() -> Iterator[None]:
    """Within this block every function marked `once` reads for the same arguments only once.

    A report asks many figures of the same rows; the block keeps them for its own length and no longer.
    """
    token = _READ.set({}) if _READ.get() is None else None
    try:
        yield
    finally:
        if token is not None:
            _READ.reset(token)


def is_reading() -> bool:
    """Whether reads are being kept, so that reading everything once is cheaper than asking for a part."""
    return _READ.get() is not None


def once(function: Callable[P, T]) -> Callable[P, T]:
    """Mark a read whose answer may be kept for the length of one `reading` block."""

    @wraps(function)
    def kept(*arguments: P.args, **named: P.kwargs) -> T:
        memory = _READ.get()
        if memory is None:
            return function(*arguments, **named)
        key = (function, arguments, tuple(sorted(named.items())))
        if key not in memory:
            memory[key] = function(*arguments, **named)
        answer: T = memory[key]
        return answer

    return kept


def pounds(pence: int) -> str:
    """Money held in whole pence, as people write it."""
    whole, rest = divmod(abs(pence), 100)
    sign = "-" if pence < 0 else ""
    return f"{sign}£{whole:,}.{rest:02d}" if rest else f"{sign}£{whole:,}"


# Statements ------------------------------------------------------------------------------------------

Value = int | date | str

ATTRIBUTES: dict[str, str] = {
    "attendance": "number attending",
    "held_on": "date",
    "ends_on": "last day",
    "month": "date (month)",
    "period": "period",
    "chair": "chair",
    "led_by": "led by",
    "name": "name",
    "title": "title",
    "count": "number",
    "value": "total",
    "owner": "owner",
    "meetings_held": "meetings held",
}
"""What people call an attribute that a statement is about; others are shown with spaces."""


def attribute_words(attribute: str) -> str:
    """An attribute as a page names it."""
    return ATTRIBUTES.get(attribute, attribute.replace("_", " "))


@dataclass(frozen=True)
class Assertion:
    """One value and the places that assert it."""

    value: Value
    places: tuple[str, ...]
    is_register: bool = False
    precision: str = "day"

    @property
    def text(self) -> str:
        """The value as a page prints it."""
        return value_words(self.value, self.precision)


@dataclass(frozen=True)
class Discrepancy:
    """Two or more values for one thing, with the places of each."""

    subject: str
    subject_title: str
    attribute: str
    assertions: tuple[Assertion, ...]
    ref: RecordRef | None = None
    settlement: Any = None
    year_id: uuid.UUID | None = None
    """The reporting year, where it is about a figure of one."""

    @property
    def is_open(self) -> bool:
        """Whether nobody has settled it yet."""
        return self.settlement is None

    @property
    def key(self) -> str:
        """What identifies it."""
        return f"{self.subject}|{self.attribute}"

    @property
    def line(self) -> str:
        """Both places on one line."""
        told = " — ".join(f"{a.text} ({'; '.join(a.places)})" for a in self.assertions)
        return f"{self.subject_title}, {attribute_words(self.attribute)}: {told}"


def value_words(value: Value, precision: str = "day") -> str:
    """A value as a page prints it; four figures carry no comma, since many of them are years."""
    if isinstance(value, date):
        return calendar.in_words_to(value, precision)
    if isinstance(value, int):
        return f"{value:,}" if abs(value) >= 10_000 else str(value)
    return f"“{value}”"


def normalised(value: Value) -> Value:
    """The value as compared: text without regard to case, spaces and quotation marks."""
    if isinstance(value, str):
        return " ".join(value.casefold().replace("’", "'").split())
    return value


@dataclass(frozen=True)
class Said:
    """One statement, as compared."""

    subject: str
    attribute: str
    value: Value
    place: str
    precision: str = "day"


def compare(
    said: Iterable[Said], register: dict[tuple[str, str], tuple[Value, str]]
) -> list[tuple[str, str, tuple[Assertion, ...]]]:
    """Group statements by subject and attribute; keep the groups that assert more than one value.

    `register` holds, by subject and attribute, what the register itself says and what it is called.
    """
    groups: dict[tuple[str, str], dict[Value, list[Said]]] = {}
    for one in said:
        groups.setdefault((one.subject, one.attribute), {}).setdefault(normalised(one.value), []).append(one)
    found = []
    for key, values in groups.items():
        told = [_asserted(same) for same in values.values()]
        if key in register:
            told = _with_register(told, *register[key])
        if len(told) > 1:
            found.append((*key, tuple(told)))
    return found


def _asserted(same: list[Said]) -> Assertion:
    return Assertion(same[0].value, tuple(dict.fromkeys(one.place for one in same)), False, same[0].precision)


def _with_register(told: list[Assertion], value: Value, name: str) -> list[Assertion]:
    """What the register says stands first, together with the places that agree with it."""
    agreeing = [a for a in told if normalised(a.value) == normalised(value)]
    places = tuple(place for a in agreeing for place in a.places)
    return [Assertion(value, (name, *places), True), *(a for a in told if a not in agreeing)]


_YEAR_NAME = re.compile(r"\d{4}(-\d{2}(\d{2})?)?")
LONGEST_YEAR = 24
"""Months; a first report may cover more than twelve, as one of thirteen did."""


def check_year(
    *, name: str, period: Period, in_force: tuple[date, date | None], others: Iterable[Period]
) -> None:
    """Refuse a reporting year that cannot be: its name, its length, its guidance, an overlap with another one."""
    if not _YEAR_NAME.fullmatch(name):
        raise Refused("Name the year like 2019-20.", "name")
    if period.ends_on <= period.starts_on:
        raise Refused("The last day must be after the first day.", "ends_on")
    if period.starts_on.year < EARLIEST_YEAR:
        raise Refused(f"A reporting year begins in {EARLIEST_YEAR} or later.", "starts_on")
    if period.ends_on >= calendar.add_months(period.starts_on, LONGEST_YEAR):
        raise Refused(f"A reporting year is shorter than {LONGEST_YEAR} months.", "ends_on")
    if not period.starts_on <= period.as_at <= calendar.add_months(period.ends_on, 12):
        raise Refused("Figures are taken on a day of the year, or within twelve months after it.", "as_at")
    since, until = in_force
    if period.ends_on < since or (until is not None and period.starts_on > until):
        raise Refused("That guidance was not in force in this year.", "edition")
    for other in others:
        if period.starts_on <= other.ends_on and other.starts_on <= period.ends_on:
            raise Refused(f"This overlaps with the reporting year {other.name}.", "starts_on")


EARLIEST_YEAR = 2018
"""Safeguarding partners publish reports since the guidance of 2018."""


def seen(values: Iterable[Value]) -> list[str]:
    """Values as a settlement remembers what it was chosen among."""
    return sorted({str(normalised(value)) for value in values})


def check_settlement(*, value: Value, offered: Iterable[Value], reason: str) -> None:
    """A discrepancy is settled as one of the values asserted, with a reason."""
    check_reason(reason, what="Say in a sentence why this value is the right one.")
    if normalised(value) not in {normalised(other) for other in offered}:
        raise Refused("Choose one of the values that were asserted.", "value")


def subject_of_record(kind: str, id: uuid.UUID) -> str:
    """How a record is named as the subject of a statement."""
    return f"{kind}:{id}"
