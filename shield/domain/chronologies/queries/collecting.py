"""What chronologies there are, who was asked, and tables on their way in."""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet

from shield.domain.chronologies import permissions
from shield.domain.chronologies.models import Chronology, ColumnChoice, Contribution, Entry, Upload
from shield.domain.chronologies.rules import mapping, states
from shield.domain.chronologies.rules.mapping import Mapped, Read
from shield.kernel.access import queries as access
from shield.kernel.access.rules import Actor
from shield.kernel.accounts import queries as accounts
from shield.kernel.accounts.models import Agency, Person, Team
from shield.kernel.calendar.rules.reading import NO_DATE, Convention, Doubtful
from shield.kernel.calendar.rules.reading import read as read_date
from shield.kernel.files import exchange
from shield.kernel.files.exchange import Grid, Line
from shield.kernel.records.models import KINDS
from shield.kernel.records.rules import RecordRef, Refused, fold

ROWS_BETWEEN = 5_000
"""Rows of a table after which it is said how far it is read."""
WORDS_OF_A_DATE = 6
"""A longer beginning of a line is a sentence, even if a word of it speaks of a day."""


def record_at(ref: RecordRef, actor: Actor) -> Any:
    """The record that a chronology is, or may be, about; None where the actor does not see it."""
    model: Any = KINDS.get(ref.kind)
    return model.objects.visible_to(actor).filter(pk=ref.id).first() if model is not None else None


def team_of(record: Any) -> Team | None:
    """The team that works on a record; a team itself is its own."""
    found = record if isinstance(record, Team) else getattr(record, "team", None)
    return found if isinstance(found, Team) else None


def chronologies(actor: Actor) -> QuerySet[Chronology]:
    """The chronologies that somebody may see, the newest first, each with how many agencies were asked and answered."""
    return Chronology.objects.visible_to(actor).annotate(
        asked=Count("contributions", distinct=True),
        answered=Count(
            "contributions", filter=~Q(contributions__status__in=states.WITH_AGENCY), distinct=True
        ),
    )


def own_contributions(actor: Actor) -> QuerySet[Contribution]:
    """What the actor's own agencies are asked for or gave."""
    if not actor.may(permissions.CONTRIBUTE):
        return Contribution.objects.none()
    return Contribution.objects.visible_to(actor).filter(agency_id__in=actor.agency_ids).order_by("-asked_on")


def contributions_of(chronology: Chronology) -> QuerySet[Contribution]:
    """Who was asked, by name, each with how many entries it told when it handed in."""
    rows = Contribution.objects.filter(chronology=chronology).select_related("agency", "chronology")
    return rows.annotate(told=F("outline__entries"))


def entries_of(contribution: Contribution) -> QuerySet[Entry]:
    """What one agency tells, in the order of time."""
    rows = Entry.objects.filter(contribution=contribution).exclude(standing=states.Standing.OUT)
    return rows.select_related(*Entry.shown_with)


def next_sequence(contribution: Contribution) -> int:
    """The place of the next entry."""
    return (Entry.objects.filter(contribution=contribution).aggregate(last=Max("sequence"))["last"] or 0) + 1


def who_contributes(agencies: Iterable[Agency], on: date) -> list[Person]:
    """Everybody who can sign in and may contribute for one of these agencies, each once."""
    roles = access.roles_with(permissions.CONTRIBUTE)
    found = {
        person.pk: person for agency in agencies for person in accounts.people_in(agency, on, roles=roles)
    }
    return list(found.values())


def agencies_that_contribute(actor: Actor, on: date) -> set[uuid.UUID]:
    """The agencies for which somebody can sign in and contribute; two queries for all."""
    roles = access.roles_with(permissions.CONTRIBUTE)
    return accounts.agencies_with(accounts.posts_in(actor.partnership_id, on, roles=roles))


def to_remind_of(actor: Actor, today: date) -> QuerySet[Contribution]:
    """Contributions that are due before long, or were, and are not in."""
    rows = Contribution.objects.visible_to(actor).filter(
        status__in=states.WITH_AGENCY, due_on__lte=today + states.LONGEST_NOTICE
    )
    return rows.exclude(chronology__status=states.Status.CLOSED).order_by("due_on")


# Tables -----------------------------------------------------------------------------------------------


def packed(content: bytes) -> str:
    """A file in letters, to be sealed."""
    return base64.b64encode(zlib.compress(content, 6)).decode()


def content_of(upload: Upload) -> bytes:
    """The file as it was uploaded."""
    return zlib.decompress(base64.b64decode(upload.content))


def digest_of(content: bytes) -> str:
    """By which the same file is known."""
    return hashlib.sha256(content).hexdigest()


def same_as(contribution: Contribution, digest: str) -> Upload | None:
    """The table that is the same, letter by letter, and was taken in or waits."""
    rows = Upload.objects.filter(contribution=contribution, digest=digest)
    return rows.filter(status__in=states.HELD).first()


def grid_of(content: bytes, *, pasted: bool, latest: date) -> Grid:
    """The rows of a table. Refused in words if it is none."""

    def is_day(text: str) -> bool:
        try:
            read_date(text, latest=latest)
        except Doubtful as doubt:
            return doubt.why != NO_DATE and len(text.split()) <= WORDS_OF_A_DATE
        return bool(text.strip())

    if pasted:
        return exchange.read_pasted(content.decode(), is_day=is_day)
    return exchange.read_table(content, is_day=is_day)


def remembered(agency_id: uuid.UUID) -> ColumnChoice | None:
    """What an agency said of its columns the last time."""
    return ColumnChoice.objects.filter(agency_id=agency_id).first()


def proposed(upload: Upload, grid: Grid) -> Mapped:
    """Which column is what: as was said of this table, else as the agency said last time, else by the headings' words."""
    if upload.mapped is not None:
        return upload.mapped
    known = remembered(upload.contribution.agency_id)
    made = mapping.propose(grid.lines, grid.width, known.roles if known else {})
    if known is None:
        return made
    return Mapped(made.roles, made.heading_row, "", Convention(known.month_first, known.clock_24))


def headings_of(grid: Grid, mapped: Mapped) -> list[str]:
    """The words above each column; its letter where there are none."""
    line = next((each for each in grid.lines if each.number == mapped.heading_row), None)
    cells = line.cells if line else ()
    return [
        cells[at] if at < len(cells) and cells[at] else f"Column {exchange.letter(at)}"
        for at in range(grid.width)
    ]


def roles_by_heading(grid: Grid, mapped: Mapped) -> dict[str, str]:
    """What to remember for next time: the role of each heading."""
    if not mapped.heading_row:
        return {}
    return {
        fold(heading): role
        for heading, role in zip(headings_of(grid, mapped), mapped.roles, strict=False)
        if heading
    }


def answers_of(upload: Upload) -> dict[int, str]:
    """How a person reads doubtful dates, by row."""
    return {int(row): text for row, text in json.loads(upload.answers or "{}").items()}


def read_upload(upload: Upload, *, latest: date, told: Callable[[float], None] | None = None) -> Read:
    """What a table gives as its columns and dates were settled; Refused if they were not. `told` hears how much is read, of 1."""
    if upload.mapped is None:
        raise Refused("Say first which column is what.")
    grid = grid_of(content_of(upload), pasted=upload.pasted, latest=latest)
    lines = _told_of(grid.lines, told) if told else grid.lines
    made = mapping.take(lines, upload.mapped, latest=latest, answers=answers_of(upload))
    made.problems = sorted([*grid.problems, *made.problems], key=lambda each: (each.row, each.column))
    made.notes = [*grid.notes, *made.notes]
    return made


def _told_of(lines: Sequence[Line], told: Callable[[float], None]) -> Iterator[Line]:
    for number, line in enumerate(lines):
        if number % ROWS_BETWEEN == 0:
            told(number / len(lines))
        yield line


def refuse_while_taking(contribution: Contribution) -> None:
    """Refuse what would meet a table on its way into the same part."""
    if contribution.uploads.filter(status=states.UploadStatus.TAKING).exists():
        raise Refused("A table is being taken in. Wait until it is, then try again.")
