"""What other modules may ask of the history."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db.models import Q

from shield.kernel.calendar.rules import in_london
from shield.kernel.design.rules import values
from shield.kernel.history import queries
from shield.kernel.history.models import Event, Read
from shield.kernel.records.models import kind_label
from shield.kernel.records.rules import PersonalData, names

TOGETHER = 100
"""Entries in one item: a year of somebody's work is read in pages, not one line at a time."""


def subject_access(person: Any, actor: Any) -> Iterator[PersonalData]:
    """What a person did, what was done about them, which records they opened and who opened theirs."""
    here = {"partnership_id": actor.partnership_id}
    events = Event.objects.filter(**here).order_by("sequence")
    named = Q(record_title__icontains=person.name) | Q(details__icontains=person.name)
    yield from _together(
        "History: what you did", "written by you", map(_told, events.filter(actor_id=person.pk))
    )
    about = events.filter(Q(record_id=person.pk) | named).exclude(actor_id=person.pk)
    told = (
        _told(event)
        for event in about
        if event.record_id == person.pk or names(f"{event.record_title} {event.details}", person.name)
    )
    yield from _together("History: what names you", "names you", told)
    reads = Read.objects.filter(**here).order_by("id")
    yield from _together(
        "Record of reads: what you opened", "about you", map(_read, reads.filter(actor_id=person.pk))
    )
    others = reads.filter(record_id=person.pk).exclude(actor_id=person.pk)
    yield from _together("Record of reads: who opened your page", "about you", map(_read, others))


def _told(event: Event) -> tuple[Any, str]:
    return event.at, f"{event.actor_name or 'Shield'} {queries.entry(event).sentence}"


def _read(read: Read) -> tuple[Any, str]:
    return read.at, f"{read.actor_name or 'Shield'}: {kind_label(read.record_kind).lower()}, {read.purpose}"


def _together(where: str, relation: str, lines: Iterator[tuple[Any, str]]) -> Iterator[PersonalData]:
    while some := list(islice(lines, TOGETHER)):
        text = "\n".join(f"{values.moment(at)}: {words}" for at, words in some)
        yield PersonalData(where, relation, text, None, in_london(some[0][0]).date())
