"""Which column of a table is what, and the entries that a table gives: read without a guess, or put to a person."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.db.models import TextChoices

from shield.domain.chronologies.rules import states
from shield.domain.chronologies.rules.states import Told
from shield.kernel.calendar.rules.approximate import ApproximateDate
from shield.kernel.calendar.rules.reading import ENGLISH, Convention, Doubtful, read
from shield.kernel.files.exchange import Line, Problem
from shield.kernel.files.exchange.grid import letter
from shield.kernel.records.rules import Refused, fold


class Column(TextChoices):
    """What a column of an agency's table holds."""

    DATE = "date", "Date"
    TIME = "time", "Time"
    SOURCE = "source", "Source (where it is recorded)"
    EVENT = "event", "What happened"
    PEOPLE = "people", "People concerned"
    VOICE = "voice", "Child's voice"
    IMPACT = "impact", "Impact on the child"
    ACTION = "action", "Action taken"
    COMMENT = "comment", "Comment"


ONCE = frozenset({Column.DATE, Column.TIME, Column.SOURCE})
"""Columns of which there is one; several others are joined line by line."""
HEADINGS: tuple[tuple[str, str], ...] = (
    (r"voice|child.?s view|wishes|what .*child said", "voice"),
    (r"impact|effect on|lived experience|meaning for", "impact"),
    (r"\bdate|\bwhen\b|\bday\b", "date"),
    (r"\btime\b|\bhour", "time"),
    (r"source|record(ed)? in|system|document|file ref|evidence", "source"),
    (r"action|response|outcome|what (was|did) .*do|decision", "action"),
    (r"comment|analysis|note to|reviewer|observation", "comment"),
    (r"people|person|who\b|name|present|involved|subject|family member|practitioner|professional", "people"),
    (r"event|happen|incident|detail|description|summary|contact|entry|what\b|information", "event"),
)
"""Words by which a heading says what its column holds; the first that fits is proposed, and a person decides."""
NEEDED = {"source": "where this is recorded", "event": "what happened"}
FIRST_ROWS = 12
"""Rows among which the headings are looked for."""


@dataclass(frozen=True)
class Mapped:
    """Which column is what, as a person said: a role for each column, empty for one that is left out."""

    roles: tuple[str, ...]
    heading_row: int = 0
    """The number of the row with the headings; 0 if there is none."""
    source: str = ""
    """Where everything is recorded whose row does not say."""
    convention: Convention = ENGLISH


@dataclass(frozen=True)
class Doubt:
    """A date that a person must read: its row, how it is written, why, the readings there are, what happened then."""

    row: int
    written: str
    why: str
    readings: tuple[ApproximateDate, ...] = ()
    event: str = ""


@dataclass
class Read:
    """What a table gives: entries, what is wrong with it, and what a person must decide."""

    entries: list[Told] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def is_ready(self) -> bool:
        """Whether it can be taken in as a whole."""
        return bool(self.entries) and not self.problems and not self.doubts


def propose(lines: Sequence[Line], width: int, remembered: Mapping[str, str]) -> Mapped:
    """Where the headings stand and what each column may be: as the agency said last time, else by its words."""
    best, found = 0, -1
    for at, line in enumerate(lines[:FIRST_ROWS]):
        known = sum(bool(_role_of(cell, remembered)) for cell in line.cells if cell)
        if known > best and known * 2 >= sum(map(bool, line.cells)):
            best, found = known, at
    if found < 0 or best < min(2, width):
        roles = ("date", "event") if width == 2 else ("date",)
        return Mapped((*roles, *[""] * (width - len(roles)))[:width])
    line, taken, roles_found = lines[found], set[str](), list[str]()
    for cell in (*line.cells, *[""] * (width - len(line.cells))):
        role = _role_of(cell, remembered)
        roles_found.append("" if role in taken and role in ONCE else role)
        taken.add(role)
    return Mapped(tuple(roles_found), line.number)


def _role_of(heading: str, remembered: Mapping[str, str]) -> str:
    folded = fold(heading)
    if folded in remembered:
        return remembered[folded]
    if not folded or len(folded) > 60 or re.search(r"\d{4}", folded):
        return ""
    return next((role for words, role in HEADINGS if re.search(words, folded)), "")


def check_mapped(mapped: Mapped) -> None:
    """Refuse a mapping without the columns that are needed, or with two of one."""
    for needed, words in ((Column.DATE, "the date"), (Column.EVENT, "what happened")):
        if needed not in mapped.roles:
            raise Refused(f"Select which column holds {words}.")
    for role in ONCE:
        if mapped.roles.count(role) > 1:
            raise Refused(f"Two columns are “{Column(role).label.lower()}”. Select one of them.")
    if Column.SOURCE not in mapped.roles and not mapped.source.strip():
        raise Refused("Select the column that holds the source, or enter one source for all rows.", "source")


def take(
    lines: Iterable[Line], mapped: Mapped, *, latest: date, answers: Mapping[int, str] | None = None
) -> Read:
    """The entries of a table. Nothing is chosen silently: what is wrong or doubtful is told row by row.

    `answers` says how a person reads the date of a row; it is kept as it was written all the same. `latest` is the
    last day that an event can have.
    """
    made = Read()
    answered = answers or {}
    places = {
        role: [at for at, each in enumerate(mapped.roles) if each == role] for role in {*mapped.roles} - {""}
    }
    either = 0
    for line in lines:
        if line.number <= mapped.heading_row:
            continue
        words = {role: _joined(line.cells, at) for role, at in places.items()}
        texts = {name: words.get(name, "") for name in states.TEXTS}
        texts["source"] = texts["source"] or mapped.source.strip()
        _check(made, line.number, texts, places)
        answer = answered.get(line.number, "") if answered else ""
        when = _when(made, line.number, words, answer, latest, mapped.convention, texts["event"])
        either += _reads_both_ways(words.get("date", ""))
        if when is not None:
            made.entries.append(Told(when, row=line.number, **texts))
    _warn(made, either, mapped.convention)
    if not made.entries and not made.problems and not made.doubts:
        made.problems.append(Problem(mapped.heading_row or 1, "", "There is no row below the headings."))
    return made


def _joined(cells: Sequence[str], places: Sequence[int]) -> str:
    if len(places) == 1:
        return cells[places[0]] if places[0] < len(cells) else ""
    return "\n".join(cells[at] for at in places if at < len(cells) and cells[at])


def _check(made: Read, row: int, texts: Mapping[str, str], places: Mapping[str, Sequence[int]]) -> None:
    for name, most in states.LONGEST.items():
        text = texts[name]
        if len(text) > most:
            why = f"It has {len(text):,} letters; {most:,} are the most."
        elif not text and name in NEEDED:
            why = f"It does not say {NEEDED[name]}."
        else:
            continue
        made.problems.append(Problem(row, letter(places[name][0]) if places.get(name) else "", why))


def _when(
    made: Read,
    row: int,
    words: Mapping[str, str],
    answer: str,
    latest: date,
    convention: Convention,
    event: str,
) -> ApproximateDate | None:
    """When it was, as it is written or as a person reads it; None for a doubt, which is told."""
    on, at = words.get("date", ""), words.get("time", "")
    written = " ".join(f"{on} {at}".split())
    try:
        if answer:
            return replace(read(answer, latest=latest), words=written)
        if not written:
            raise Doubtful("There is no date. Write “not known” if nobody knows it.")
        return read(on, at, latest=latest, convention=convention)
    except Doubtful as doubt:
        made.doubts.append(Doubt(row, written, doubt.why, doubt.readings, event))
        return None


def _reads_both_ways(text: str) -> bool:
    found = re.match(r"(\d{1,2})[/.-](\d{1,2})[/.-]\d{2,4}\b", text)
    return found is not None and int(found[1]) <= 12 and int(found[2]) <= 12 and found[1] != found[2]


def _warn(made: Read, either: int, convention: Convention) -> None:
    """Where one date can only be month first, all that read both ways are in question."""
    turned = [doubt.row for doubt in made.doubts if "may have been written" in doubt.why]
    if turned and either:
        order, other = (
            ("month first", "day first") if convention.month_first else ("day first", "month first")
        )
        rows = f"Row {turned[0]}" if len(turned) == 1 else f"{len(turned)} rows"
        made.notes.append(
            f"{rows} can only have been written {other}. {either:,} other dates of this table can be read either way and "
            f"are read {order}. If the whole table is written {other}, say so under “Which column is what”."
        )
