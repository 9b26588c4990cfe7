"""Reading the trail: a record's history, the whole chain, its verification."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar, cast

from django.conf import settings
from django.core.cache import caches
from django.db.models import QuerySet

from shield.kernel.access.rules import Actor
from shield.kernel.calendar import queries as calendar
from shield.kernel.history import rules
from shield.kernel.history.events import EVENTS, READ_SEALED, VERIFIED
from shield.kernel.history.models import ChainHead, Event, Read, ReadSeal
from shield.kernel.sealed import rules as sealed


@dataclass(frozen=True)
class Entry:
    """One line of a history tab."""

    at: datetime
    actor_name: str
    sentence: str
    sequence: int


def payload(event: Event) -> str:
    """What is hashed of an event, the same text when written and when verified."""
    return rules.canonical(
        {
            "kind": event.kind,
            "at": rules.moment(event.at),
            "actor_id": str(event.actor_id or ""),
            "actor_name": event.actor_name,
            "record_kind": event.record_kind,
            "record_id": str(event.record_id),
            "record_title": event.record_title,
            "details": event.details,
            "partnership_id": str(event.partnership_id),
        }
    )


def read_payload(read: Read) -> str:
    """What is hashed of one read."""
    return rules.canonical(
        {
            "id": read.pk,
            "at": rules.moment(read.at),
            "actor_id": str(read.actor_id or ""),
            "record_kind": read.record_kind,
            "record_id": str(read.record_id),
            "purpose": read.purpose,
        }
    )


def entry(event: Event) -> Entry:
    """An event as a sentence."""
    kind = EVENTS.get(event.kind)
    details = {key: str(value) for key, value in json.loads(event.details).items()}
    told = kind.tell(event.record_title, details) if kind else event.kind
    return Entry(event.at, event.actor_name or "Shield", told, event.sequence)


def of_record(partnership_id: uuid.UUID, record_id: uuid.UUID, *, limit: int = 200) -> list[Entry]:
    """The newest entries about one record, newest first."""
    rows = Event.objects.filter(partnership_id=partnership_id, record_id=record_id).order_by("-sequence")[
        :limit
    ]
    return [entry(row) for row in rows]


def trail(
    partnership_id: uuid.UUID,
    *,
    record_kind: str = "",
    actor_id: uuid.UUID | None = None,
    by_system: bool = False,
) -> QuerySet[Event]:
    """A partnership's whole trail, newest first; of one kind of record, or by one person, if asked."""
    rows = Event.objects.filter(partnership_id=partnership_id).order_by("-sequence")
    if record_kind:
        rows = rows.filter(record_kind=record_kind)
    if by_system:
        rows = rows.filter(actor_id__isnull=True)
    return rows.filter(actor_id=actor_id) if actor_id else rows


def last_verified(partnership_id: uuid.UUID) -> Event | None:
    """The last time somebody walked the whole chain and found it sound."""
    return trail(partnership_id).filter(kind=VERIFIED.key).first()


def latest(partnership_id: uuid.UUID, *, limit: int = 10) -> list[Event]:
    """The newest events of a partnership."""
    return list(Event.objects.filter(partnership_id=partnership_id).order_by("-sequence")[:limit])


T = TypeVar("T")


def head(partnership_id: uuid.UUID) -> int:
    """How many events a partnership's history holds."""
    count = ChainHead.objects.filter(pk=partnership_id).values_list("count", flat=True).first()
    return count or 0


def derived(name: str, actor: Actor, at: int, compute: Callable[[], T]) -> T:
    """What can be worked out of the records, kept until the next event of the partnership.

    `at` is the length of the history it was asked at: any change of any record is an event, so what was kept
    can never be stale. Kept in this process only, apart for each set of permissions and agencies.
    """
    return cast(T, caches["derived"].get_or_set(_derived_key(name, actor, at), compute, timeout=3600))


def _derived_key(name: str, actor: Actor, at: int) -> str:
    seen_as = hash((actor.permissions, actor.agency_ids, actor.person_id))
    return f"{name}:{actor.partnership_id}:{at}:{calendar.today()}:{seen_as}"


def is_derived(name: str, actor: Actor, at: int) -> bool:
    """Whether `derived` would answer at once."""
    return _derived_key(name, actor, at) in caches["derived"]


def _links(partnership_id: uuid.UUID) -> Iterator[rules.Link]:
    rows = Event.objects.filter(partnership_id=partnership_id).order_by("sequence").iterator(chunk_size=2000)
    for row in rows:
        yield rules.Link(row.sequence, payload(row), row.key_id, row.mac)


def anchor_path(partnership_id: uuid.UUID) -> Path:
    """The file outside the database that remembers where the chain ended."""
    return Path(settings.SHIELD_ANCHORS) / f"{partnership_id}.anchor"


def anchor(partnership_id: uuid.UUID) -> tuple[int, str] | None:
    """The furthest end of the chain that was ever anchored; None if none was."""
    try:
        lines = anchor_path(partnership_id).read_text().split("\n")
    except FileNotFoundError:
        return None
    ends = [line.split(" ") for line in lines if line.count(" ") == 1]
    return max(((int(count), mac) for count, mac in ends if count.isdigit()), default=None)


def verify(partnership_id: uuid.UUID) -> rules.Verdict:
    """Walk one partnership's chain; the verdict names the first fault."""
    head = ChainHead.objects.filter(pk=partnership_id).first() or ChainHead(partnership_id=partnership_id)
    ring = sealed.ring(Path(settings.SHIELD_KEYS))
    known = anchor(partnership_id)
    verdict = rules.verify(_links(partnership_id), head.count, head.mac, known, ring)
    return verdict if not verdict.sound else _verify_reads(partnership_id, verdict, ring)


def _verify_reads(partnership_id: uuid.UUID, verdict: rules.Verdict, ring: sealed.KeyRing) -> rules.Verdict:
    seals = list(ReadSeal.objects.filter(partnership_id=partnership_id).order_by("id"))
    sealed_once = Event.objects.filter(partnership_id=partnership_id, kind=READ_SEALED.key).count()
    if len(seals) != sealed_once:
        return rules.Verdict(
            verdict.count,
            False,
            f"The record of reads was sealed {sealed_once} times, {len(seals)} seals are there.",
        )
    before = rules.START
    for number, seal in enumerate(seals, start=1):
        rows = Read.objects.filter(
            partnership_id=partnership_id, id__range=(seal.first_id, seal.last_id)
        ).order_by("id")
        text = "\n".join(read_payload(row) for row in rows)
        try:
            key = ring.named("history", seal.key_id)
        except sealed.KeysMissing as missing:
            return rules.Verdict(
                verdict.count, False, f"Batch {number} of the reads cannot be checked: {missing}"
            )
        if rows.count() != seal.count or not sealed.same(
            rules.chain_mac(key, before, seal.count, text), seal.mac
        ):
            return rules.Verdict(verdict.count, False, f"The record of reads was changed in batch {number}.")
        before = seal.mac
    return verdict
