"""The merged chronology: its order, what is filtered, what is shown together, and how much there is of it when."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Left

from shield.domain.chronologies.models import Chronology, Entry, Mark, Note, Outline, Theme
from shield.domain.chronologies.queries import words
from shield.domain.chronologies.rules import states
from shield.kernel.accounts.models import Agency

FEW = 500
"""Entries shown with another that are named one by one; of more, the database looks which they are."""


@dataclass(frozen=True)
class Asked:
    """What a reader wants to see of a chronology."""

    agencies: tuple[uuid.UUID, ...] = ()
    theme: uuid.UUID | None = None
    significance: str = ""
    certainty: str = ""
    since: date | None = None
    until: date | None = None
    text: str = ""
    person: str = ""

    @property
    def is_filtered(self) -> bool:
        """Whether anything is left out."""
        return self != Asked()

    @property
    def in_the_clear(self) -> Q:
        """What a database can filter by."""
        wanted = Q()
        if self.agencies:
            wanted &= Q(agency_id__in=self.agencies)
        if self.theme:
            wanted &= Q(pk__in=Mark.objects.filter(themes=self.theme).values("entry_id"))
        if self.significance:
            wanted &= ~Q(significance="") if self.significance == "any" else Q(significance=self.significance)
        if self.certainty:
            wanted &= Q(certainty=self.certainty)
        if self.since:
            wanted &= Q(last_day__gte=self.since.toordinal())
        if self.until:
            # Said twice: the day is what is meant, the order is what the index knows.
            following = self.until + timedelta(days=1)
            wanted &= Q(first_day__lte=self.until.toordinal(), order__lt=f"{following:%Y%m%d}")
        return wanted


def in_chronology(chronology: Chronology) -> QuerySet[Entry]:
    """All that was handed in."""
    return Entry.objects.filter(chronology_id=chronology.pk, standing__in=states.READ)


def events(chronology: Chronology, asked: Asked) -> QuerySet[Entry]:
    """The events of a chronology in their order, one entry for each; those that tell of the same come with it.

    An event is shown if any of the entries that tell of it is meant.
    """
    rows = Entry.objects.filter(chronology_id=chronology.pk, standing=states.Standing.MERGED)
    if not asked.is_filtered:
        return rows
    wanted = asked.in_the_clear
    for sought in ({"text": asked.text}, {"person": asked.person}):
        if any(sought.values()):
            wanted &= words.entries_with(chronology, **sought)
    within = Entry.objects.filter(chronology_id=chronology.pk, standing=states.Standing.WITHIN)
    also = within.filter(wanted).order_by()
    # Few tell of the same event; without them the database reads the index in its order and nothing beside it.
    heads: Any = list(also.values_list("within", flat=True).distinct()[: FEW + 1])
    if heads:
        wanted |= Q(pk__in=heads if len(heads) <= FEW else also.values("within"))
    return rows.filter(wanted)


@dataclass
class Event:
    """One event as a page shows it: the entries that tell of it, its themes and notes."""

    head: Entry
    entries: list[Entry] = field(default_factory=list)
    themes: list[str] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def by(self, agency_id: uuid.UUID) -> list[Entry]:
        """What one agency tells of it."""
        return [entry for entry in self.entries if entry.agency_id == agency_id]


def whole(heads: Sequence[Entry]) -> list[Event]:
    """Events with all that is shown of them; three queries however many there are."""
    ids = [head.pk for head in heads]
    # By the chronology first: few entries stand within another, and an index of one column would be looked through whole.
    of_all = {head.chronology_id for head in heads}
    within = Entry.objects.filter(chronology_id__in=of_all, standing=states.Standing.WITHIN, within__in=ids)
    within = within.select_related("agency")
    made = {head.pk: Event(head, [head]) for head in heads}
    of: dict[uuid.UUID, uuid.UUID] = {pk: pk for pk in ids}
    for entry in within.order_by("order", "sequence", "id"):
        assert entry.within is not None
        made[entry.within].entries.append(entry)
        of[entry.pk] = entry.within
    marks = Mark.objects.filter(entry_id__in=of, themes__isnull=False).order_by("themes__title")
    for entry_id, title in marks.values_list("entry_id", "themes__title"):
        made[of[entry_id]].themes.append(title)
    for note in Note.objects.filter(entry_id__in=of).select_related("author").order_by("recorded_at"):
        made[of[note.entry_id]].notes.append(note)
    return [made[pk] for pk in ids]


def of_page(rows: QuerySet[Entry], start: int, size: int) -> list[Entry]:
    """The entries of one page: their ids are counted off in the index alone, and only theirs are read."""
    ids = rows.order_by("order", "sequence", "id").values("pk")[start : start + size]
    return list(with_agencies(Entry.objects.filter(pk__in=ids)).order_by("order", "sequence", "id"))


def with_agencies(rows: QuerySet[Entry]) -> QuerySet[Entry]:
    """The same with what names each entry on a page."""
    return rows.select_related("agency")


def agencies_in(chronology: Chronology) -> list[Agency]:
    """The agencies whose parts are in the chronology, by name."""
    rows = Agency.objects.filter(
        pk__in=chronology.contributions.filter(status__in=states.MERGED).values("agency_id")
    )
    return list(rows.order_by("name"))


def themes_of(chronology: Chronology) -> list[Theme]:
    """The themes that its readers follow."""
    return list(Theme.objects.filter(chronology=chronology))


def size_of(chronology: Chronology) -> int:
    """How many entries were handed in."""
    handed_in = Outline.objects.filter(
        contribution__chronology=chronology, contribution__status__in=states.MERGED
    )
    return handed_in.aggregate(all=Sum("entries"))["all"] or 0


def span_of(chronology: Chronology) -> tuple[date, date] | None:
    """The first and the last day of which anything is told; None if nothing has a date."""
    days = in_chronology(chronology).filter(first_day__isnull=False)
    first = days.order_by("order").values_list("first_day", flat=True).first()
    last = days.order_by("-last_day").values_list("last_day", flat=True).first()
    return (date.fromordinal(first), date.fromordinal(last)) if first and last else None


# How much there is when -------------------------------------------------------------------------------


def outlines(chronology: Chronology) -> dict[uuid.UUID, Outline]:
    """What is kept of each part that is in the chronology, by agency."""
    rows = Outline.objects.filter(contribution__chronology=chronology, contribution__status__in=states.MERGED)
    return {row.contribution.agency_id: row for row in rows.select_related("contribution")}


def counts(chronology: Chronology, letters: int, begins: str = "") -> Mapping[tuple[uuid.UUID, str], int]:
    """How many entries of each agency begin in each year (4 letters) or month (6); `begins` keeps to one year."""
    made: dict[tuple[uuid.UUID, str], int] = defaultdict(int)
    for agency_id, outline in outlines(chronology).items():
        for month, number in outline.months.items():
            if month.startswith(begins):
                made[agency_id, month[:letters]] += number
    return made


def _begin_in(chronology: Chronology, month: str) -> QuerySet[Entry]:
    """Entries that begin in a month (`201605`), as the index finds them."""
    following = f"{month[:4]}{int(month[4:]) + 1:02d}"
    return in_chronology(chronology).filter(order__gte=month, order__lt=following)


def on_days(chronology: Chronology, month: str) -> Mapping[tuple[uuid.UUID, str], int]:
    """How many entries of each agency begin on each day of a month."""
    rows = _begin_in(chronology, month).order_by().annotate(when=Left("order", 8))
    counted = rows.values_list("agency_id", "when").annotate(n=Count("pk"))
    return {(agency, when): n for agency, when, n in counted}


def in_month(chronology: Chronology, month: str, most: int) -> list[Entry]:
    """The entries that begin in one month (`201605`), at most so many."""
    return of_page(_begin_in(chronology, month), 0, most)
