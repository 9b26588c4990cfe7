"""Reading the trail: a record's history, the whole chain, its verification."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar, cast

from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet

from shield.kernel.access.rules import Actor
from shield.kernel.calendar import queries as calendar
from shield.kernel.calendar.rules import in_london
from shield.kernel.history import rules
from shield.kernel.history.events import EVENTS, READ_SEALED, VERIFIED, EventKind
from shield.kernel.history.models import ChainHead, Event, Read, ReadSeal
from shield.kernel.records.rules import RecordRef
from shield.kernel.sealed import rules as sealed

BATCH = 900
"""Rows that are verified at a time; SQLite takes no more than 999 values in a statement."""
UNREADABLE = (ValueError, TypeError, AttributeError, OverflowError, DatabaseError)
"""What reading a row may end in that somebody wrote past Shield: SQLite lets any column hold anything."""


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
            "actor_name": read.actor_name,
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


def of_record(
    partnership_id: uuid.UUID, record_id: uuid.UUID, *parts: uuid.UUID, limit: int = 200
) -> list[Entry]:
    """The newest entries about one record, and about these parts of it, newest first."""
    found = Event.objects.filter(partnership_id=partnership_id)
    found = found.filter(record_id__in=[record_id, *parts]) if parts else found.filter(record_id=record_id)
    rows = found.order_by("-sequence")[:limit]
    return [entry(row) for row in rows]


def reads_of(record_ids: Sequence[uuid.UUID], *, limit: int = 200) -> list[Read]:
    """Who opened these records' pages, or asked for them and was refused; the newest first."""
    return list(Read.objects.filter(record_id__in=record_ids).order_by("-id")[:limit])


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


def begun_on(record: RecordRef, partnership_id: uuid.UUID) -> date:
    """The day in London of the first event of a record; the first of all days where it has none."""
    rows = Event.objects.filter(partnership_id=partnership_id, record_id=record.id).order_by("sequence")
    at = rows.values_list("at", flat=True).first()
    return in_london(at).date() if at else date.min


def changed_on(record: RecordRef, partnership_id: uuid.UUID, *, kind: EventKind, field: str) -> date:
    """The day in London on which a field was last changed by events of a kind; when the record began if it never was."""
    rows = Event.objects.filter(partnership_id=partnership_id, record_id=record.id, kind=kind.key)
    for at, details in rows.order_by("-sequence").values_list("at", "details"):
        if field in json.loads(details).get("fields", "").split(", "):
            return in_london(at).date()
    return begun_on(record, partnership_id)


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
    seen_as = hash((actor.permissions, actor.agency_ids, actor.person_id, actor.opened))
    return f"{name}:{actor.partnership_id}:{at}:{calendar.today()}:{seen_as}"


def is_derived(name: str, actor: Actor, at: int) -> bool:
    """Whether `derived` would answer at once."""
    return _derived_key(name, actor, at) in caches["derived"]


def anchor_path(partnership_id: uuid.UUID) -> Path:
    """The file outside the database that remembers where the chain ended."""
    return Path(settings.SHIELD_ANCHORS) / f"{partnership_id}.anchor"


def anchor(partnership_id: uuid.UUID) -> rules.Anchor | None:
    """The furthest end of the chain that was ever anchored; None if none was, or none can be read."""
    try:
        return rules.read_anchor(anchor_path(partnership_id).read_bytes().decode("ascii", "replace"))
    except OSError:
        return None


def anchored_elsewhere(known: Collection[uuid.UUID]) -> list[str]:
    """Anchors outside the database of partnerships that are not among those known."""
    names = {str(each) for each in known}
    return sorted(p.stem for p in Path(settings.SHIELD_ANCHORS).glob("*.anchor") if p.stem not in names)


def verify(partnership_id: uuid.UUID) -> rules.Verdict:
    """Walk one partnership's chain; the verdict names the first fault.

    The anchor is read before the chain, so that it never knows more than the chain; and once more if it seems
    to lag behind, since an act is anchored just after it is kept.
    """
    ring = sealed.ring(Path(settings.SHIELD_KEYS))
    known = anchor(partnership_id)
    with unchanging():
        verdict = verify_against(partnership_id, known, ring)
    later = anchor(partnership_id)
    if verdict.sound and known and later and known.count < verdict.count <= later.count:
        return rules.Verdict(verdict.count, True)
    return verdict


def verify_against(
    partnership_id: uuid.UUID, known: rules.Anchor | None, ring: sealed.KeyRing
) -> rules.Verdict:
    """Walk one partnership's chain and its record of reads against an anchor that the caller read; call it inside
    `unchanging`."""
    verdict = rules.verify(_links(partnership_id), *_head(partnership_id), known, ring)
    fault = _fault_of_reads(partnership_id, ring) if verdict.sound else ""
    return rules.Verdict(verdict.count, False, fault) if fault else verdict


@contextmanager
def unchanging() -> Iterator[None]:
    """Everything read inside is read as it was at one moment, however busy others are; nobody waits for it."""
    if connection.in_atomic_block:  # part of an act, or of a test
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    else:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")  # atomic() would begin by keeping everybody else from writing
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


def _head(partnership_id: uuid.UUID) -> tuple[int, str]:
    try:
        head = ChainHead.objects.filter(pk=partnership_id).first()
    except UNREADABLE:
        return 0, ""
    return (head.count, head.mac) if head else (0, rules.START)


def _links(partnership_id: uuid.UUID) -> Iterator[rules.Link]:
    rows = Event.objects.filter(partnership_id=partnership_id).order_by("sequence")
    ids = list(rows.values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        yield from _batch(ids[start : start + BATCH])


def _batch(ids: list[int]) -> list[rules.Link]:
    """Rows as links; where one cannot be read, each for itself, so that it can be named."""
    try:
        rows = Event.objects.in_bulk(ids)
        return [_link(rows[pk]) for pk in ids]
    except UNREADABLE:
        return [_link_alone(pk) for pk in ids]


def _link(row: Event) -> rules.Link:
    return rules.Link(row.sequence, payload(row), row.key_id, row.mac)


def _link_alone(pk: int) -> rules.Link:
    try:
        return _link(Event.objects.get(pk=pk))
    except UNREADABLE:
        return rules.Link(Event.objects.values_list("sequence", flat=True).get(pk=pk), None, "", "")


def _fault_of_reads(partnership_id: uuid.UUID, ring: sealed.KeyRing) -> str:
    """What is wrong with the reads that were sealed; empty if nothing is."""
    try:
        seals = list(ReadSeal.objects.filter(partnership_id=partnership_id).order_by("id"))
    except UNREADABLE:
        return "The record of reads was changed: its seals cannot be read."
    sealed_once = Event.objects.filter(partnership_id=partnership_id, kind=READ_SEALED.key).count()
    if len(seals) != sealed_once:
        return f"The record of reads was sealed {sealed_once} times, {len(seals)} seals are there."
    before = rules.START
    for number, seal in enumerate(seals, start=1):
        try:
            key = ring.named("history", seal.key_id)
        except sealed.KeysMissing as missing:
            return f"Batch {number} of the reads cannot be checked: {missing}"
        if not _is_sealed(seal, key, before):
            return f"The record of reads was changed in batch {number}."
        before = seal.mac
    return ""


def _is_sealed(seal: ReadSeal, key: bytes, before: str) -> bool:
    """Whether the reads of a batch are those that were sealed."""
    try:
        batch = Read.objects.filter(
            partnership_id=seal.partnership_id, id__range=(seal.first_id, seal.last_id)
        )
        rows = list(batch.order_by("id"))
        text = "\n".join(read_payload(row) for row in rows)
    except UNREADABLE:
        return False
    return len(rows) == seal.count and sealed.same(rules.chain_mac(key, before, seal.count, text), seal.mac)
