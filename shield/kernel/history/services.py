"""Writing the trail."""

from __future__ import annotations

import fcntl
import json
import logging
import os
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from itertools import takewhile
from pathlib import Path
from typing import TextIO

from django.conf import settings
from django.db import transaction

from shield.kernel.access.rules import Actor
from shield.kernel.calendar import queries as calendar
from shield.kernel.history import events, queries, rules
from shield.kernel.history.events import EVENTS, EventKind
from shield.kernel.history.models import ChainHead, Event, Read, ReadSeal
from shield.kernel.records.rules import RecordRef
from shield.kernel.sealed import rules as sealed

log = logging.getLogger("shield.history")

ANCHOR_FILE_LIMIT = 65_536
"""Bytes; a longer anchor file keeps its first line and its last hundred."""


class Unregistered(Exception):
    """An event that no module registered; nothing is written."""


@transaction.atomic
def record(
    event: EventKind,
    *,
    on: RecordRef,
    by: Actor,
    at: datetime | None = None,
    details: Mapping[str, object] | None = None,
    partnership_id: uuid.UUID | None = None,
) -> Event:
    """Append one event to the chain of the partnership; the last step of every service.

    Call it inside the act's transaction: an act that fails leaves no event, an event that fails no act.
    """
    if EVENTS.get(event.key) is not event:
        raise Unregistered(f"The event {event.key} is not registered.")
    partnership = partnership_id or by.partnership_id
    ChainHead.objects.get_or_create(partnership_id=partnership)
    head = ChainHead.objects.select_for_update().get(partnership_id=partnership)
    key_id, key = sealed.ring(Path(settings.SHIELD_KEYS)).current("history")
    row = Event(
        partnership_id=partnership,
        sequence=head.count + 1,
        kind=event.key,
        at=at or calendar.now(),
        actor_id=by.person_id,
        actor_name=by.person_name[:200],
        record_kind=on.kind,
        record_id=on.id,
        record_title=on.title[:500],
        details=json.dumps(
            {k: str(v) for k, v in (details or {}).items()}, sort_keys=True, ensure_ascii=False
        ),
        key_id=key_id,
    )
    row.mac = rules.chain_mac(key, head.mac, row.sequence, queries.payload(row))
    row.save(force_insert=True)
    head.count, head.mac = row.sequence, row.mac
    head.save(update_fields=["count", "mac"])
    transaction.on_commit(lambda: anchor(partnership, row.sequence, row.mac))
    return row


def anchor(partnership_id: uuid.UUID, count: int, mac: str) -> None:
    """Remember the end of a chain in a file outside the database.

    The act is kept by now, so a file that cannot be written is told in the log and found by `verify`, and
    never makes a page say that nothing was saved.
    """
    path = queries.anchor_path(partnership_id)
    try:
        _keep_end(path, count, mac)
    except OSError as problem:
        log.error("Entry %s could not be anchored in %s: %s.", count, path, problem.strerror)


def _keep_end(path: Path, count: int, mac: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with _locked(path) as file:
        if file.tell() == 0 and count > 1:
            log.error("The anchor %s was missing; it begins anew at entry %s.", path, count)
        file.write(f"{count} {mac}\n")
        file.flush()
        if file.tell() > ANCHOR_FILE_LIMIT:
            file.seek(0)
            _shorten(path, file.read().splitlines())


@contextmanager
def _locked(path: Path) -> Iterator[TextIO]:
    """An anchor file at its end, which nobody else writes to meanwhile."""
    while True:
        with open(path, "a+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            # Whoever had it before may have put a shorter one in its place.
            if os.path.samestat(os.fstat(file.fileno()), path.stat()):
                yield file
                return


def _shorten(path: Path, lines: list[str]) -> None:
    """Put a shorter file in its place, whole: a process that is killed meanwhile leaves the longer one."""
    aside = path.with_name(f".{path.name}.shorter")
    with open(aside, "w") as file:
        # The first line tells since when the chain has been anchored.
        file.write("".join(f"{line}\n" for line in [*lines[:1], *lines[-100:]]))
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)


def verify(*, of: RecordRef, by: Actor) -> rules.Verdict:
    """Walk the whole chain of the actor's partnership; that it was found sound is an entry of its own."""
    verdict = queries.verify(by.partnership_id)
    if verdict.sound:
        record(events.VERIFIED, on=of, by=by, details={"count": verdict.count})
    return verdict


def note_read(*, of: RecordRef, by: Actor, purpose: str = "") -> Read:
    """Trace that somebody opened a sensitive record."""
    return Read.objects.create(
        partnership_id=by.partnership_id,
        at=calendar.now(),
        actor_id=by.person_id,
        actor_name=by.person_name[:200],
        record_kind=of.kind,
        record_id=of.id,
        purpose=purpose[:300],
    )


@transaction.atomic
def seal_reads(*, partnership_id: uuid.UUID, by: Actor, before: datetime | None = None) -> int:
    """Seal all reads since the last batch; returns how many.

    A scheduled run gives a moment a minute ago as `before`: a read that is still being written then keeps its
    number, and would otherwise turn up inside a batch that is sealed already.
    """
    ChainHead.objects.get_or_create(partnership_id=partnership_id)
    ChainHead.objects.select_for_update().get(partnership_id=partnership_id)
    last = ReadSeal.objects.filter(partnership_id=partnership_id).order_by("-id").first()
    unsealed = Read.objects.filter(
        partnership_id=partnership_id, id__gt=last.last_id if last else 0
    ).order_by("id")
    # Up to the first that is too young, not all that are old enough: a batch is everything from its first to its last.
    rows = list(takewhile(lambda row: before is None or row.at <= before, unsealed))
    if not rows:
        return 0
    key_id, key = sealed.ring(Path(settings.SHIELD_KEYS)).current("history")
    text = "\n".join(queries.read_payload(row) for row in rows)
    seal = ReadSeal.objects.create(
        partnership_id=partnership_id,
        first_id=rows[0].pk,
        last_id=rows[-1].pk,
        count=len(rows),
        key_id=key_id,
        mac=rules.chain_mac(key, last.mac if last else rules.START, len(rows), text),
        sealed_at=calendar.now(),
    )
    record(
        events.READ_SEALED,
        on=RecordRef("history.reads", uuid.UUID(int=seal.pk)),
        by=by,
        details={"count": len(rows)},
        partnership_id=partnership_id,
    )
    return len(rows)
