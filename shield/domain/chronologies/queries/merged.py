"""The merged chronology: its order, what is filtered, what is shown together, and how much there is of it when."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Left

from shield.domain.chronologies.models import Chronology, Entry, Mark, Note, Theme
from shield.domain.chronologies.rules import states
from shield.kernel.accounts.models import Agency
from shield.kernel.records.rules import fold

WINDOW = 500
"""Entries in which a text is looked for at once: each has to be opened for it."""


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
    window: int = 0

    @property
    def is_filtered(self) -> bool:
        """Whether anything is left out."""
        return self != Asked()

    @property
    def opens(self) -> bool:
        """Whether entries must be opened to know whether they are meant."""
        return bool(self.text or self.person)

    @property
    def in_the_clear(self) -> Q:
        """What a database can filter by."""
        wanted = Q()
        if self.agencies:
            wanted &= Q(agency_id__in=self.agencies)
        if self.theme:
            wanted &= Q(mark__themes=self.theme)
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
    if asked.opens:
        return rows.filter(pk__in=_opened(chronology, asked, wanted))
    also = in_chronology(chronology).filter(wanted, standing=states.Standing.WITHIN)
    found = rows.filter(wanted | Q(pk__in=also.order_by().values("within")))
    return found.distinct() if asked.theme else found


def _opened(chronology: Chronology, asked: Asked, wanted: Q) -> set[uuid.UUID]:
    """The events among so many entries in which a text or a person is found."""
    rows = in_chronology(chronology).filter(wanted).only("id", "within", *states.TEXTS)
    start = asked.window * WINDOW
    text, person = fold(asked.text), fold(asked.person)
    found = set()
    for entry in rows.order_by("order", "sequence", "id")[start : start + WINDOW]:
        if person and person not in fold(f"{entry.people}\n{entry.event}"):
            continue
        if text and not any(
            text in fold(getattr(entry, name)) for name in states.TEXTS if getattr(entry, name)
        ):
            continue
        found.add(entry.within or entry.pk)
    return found


def windows(chronology: Chronology, asked: Asked) -> int:
    """In how many steps a text is looked for."""
    if not asked.opens:
        return 1
    return max(1, -(-in_chronology(chronology).filter(asked.in_the_clear).count() // WINDOW))


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
    """Events with all that is shown of them; four queries however many there are."""
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
    for mark in Mark.objects.filter(entry_id__in=of).prefetch_related("themes"):
        made[of[mark.entry_id]].themes += [theme.title for theme in mark.themes.all()]
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
    return in_chronology(chronology).count()


def span_of(chronology: Chronology) -> tuple[date, date] | None:
    """The first and the last day of which anything is told; None if nothing has a date."""
    days = in_chronology(chronology).filter(first_day__isnull=False)
    first = days.order_by("order").values_list("first_day", flat=True).first()
    last = days.order_by("-last_day").values_list("last_day", flat=True).first()
    return (date.fromordinal(first), date.fromordinal(last)) if first and last else None


# How much there is when -------------------------------------------------------------------------------


def counts(chronology: Chronology, letters: int, begins: str = "") -> Mapping[tuple[uuid.UUID, str], int]:
    """How many entries of each agency begin in each year (4 letters), month (6) or day (8).

    Counted by the database, from where entries begin; `begins` keeps to one year or month.
    """
    rows = in_chronology(chronology).filter(first_day__isnull=False, order__startswith=begins)
    counted = (
        rows.order_by()
        .annotate(when=Left("order", letters))
        .values_list("agency_id", "when")
        .annotate(n=Count("pk"))
    )
    return {(agency, when): n for agency, when, n in counted}


def in_month(chronology: Chronology, month: str, most: int) -> list[Entry]:
    """The entries that begin in one month (`201605`), at most so many."""
    rows = in_chronology(chronology).filter(order__startswith=month).select_related("agency")
    return list(rows.order_by("order", "sequence", "id")[:most])
