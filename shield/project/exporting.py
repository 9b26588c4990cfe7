"""Every record of a partnership as JSON Lines, one file for each kind; identities only with the right and a reason."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import models, transaction

from shield.kernel.access.rules import Actor
from shield.kernel.accounts import permissions
from shield.kernel.accounts import queries as accounts
from shield.kernel.accounts.models import Partnership, Person, User
from shield.kernel.calendar import queries as calendar
from shield.kernel.history import events
from shield.kernel.history import services as history
from shield.kernel.history.models import Event, Read
from shield.kernel.notices.models import Message
from shield.kernel.records.models import KINDS, Record
from shield.kernel.records.rules import Sensitivity, is_reason

WITHHELD = {Sensitivity.PERSONAL, Sensitivity.CHILD}
NEVER = {"password"}


class Denied(Exception):
    """The export is not allowed; the message says why."""


def export(partnership: Partnership, out: Path, *, person: str | None, reason: str | None) -> dict[str, int]:
    """Write the files and return how many records each holds; the history keeps who asked and why.

    The trace is kept before the first name is written, whatever becomes of the export. The files are written
    aside, for their owner only, and appear in `out` all at once or not at all.
    """
    actor, with_identities = _who(partnership, person, reason)
    out = out.absolute()
    aside = _make_aside(out)
    try:
        _trace(partnership, actor, (reason or "").strip(), with_identities)
        counts = {
            name: _write(aside / f"{name}.jsonl", (_plain(row, with_identities) for row in rows))
            for name, rows in _kinds(partnership)
        }
        aside.replace(out)
    except OSError as problem:
        raise Denied(f"The export cannot be written into {out}: {problem.strerror}.") from problem
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return counts


def _make_aside(out: Path) -> Path:
    """A directory beside the one that is wanted, which must not hold anything yet."""
    try:
        if out.exists() and (not out.is_dir() or any(out.iterdir())):
            raise Denied(f"{out} exists and is not an empty directory; name a new one by --out.")
        out.parent.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    except OSError as problem:
        raise Denied(f"The export cannot be written into {out}: {problem.strerror}.") from problem


@transaction.atomic
def _trace(partnership: Partnership, actor: Actor, reason: str, with_identities: bool) -> None:
    """The export is in the history; with identities, so is everybody whose name was read, in the record of reads."""
    history.record(
        events.EXPORTED,
        on=partnership.ref,
        by=actor,
        details={
            "reason": reason or "without identities",
            "identities": "yes" if with_identities else "no",
        },
        partnership_id=partnership.pk,
    )
    if with_identities:
        for person in _people(partnership):
            history.note_read(of=person.ref, by=actor, purpose=f"export: {reason}")


def _people(partnership: Partnership) -> models.QuerySet[Person]:
    return Person.objects.filter(roles__partnership_id=partnership.pk).distinct().order_by("pk")


def _who(partnership: Partnership, person: str | None, reason: str | None) -> tuple[Actor, bool]:
    if not person:
        return accounts.system_actor(partnership, "Command line"), False
    user = User.objects.filter(email=person.lower(), is_active=True).select_related("person").first()
    actor = accounts.actor_for(user.person, partnership, calendar.today()) if user else None
    if actor is None:
        raise Denied(f"“{person}” holds no role in {partnership.name}.")
    if not actor.may(permissions.EXPORT_RECORDS) or not actor.may(permissions.EXPORT_IDENTITIES):
        raise Denied(f"“{person}” may not export records with identities.")
    if not is_reason(reason or ""):
        raise Denied("Give the reason for identities in a sentence, by --reason.")
    return actor, True


def _kinds(partnership: Partnership) -> Iterator[tuple[str, Any]]:
    yield "accounts.partnership", Partnership.objects.filter(pk=partnership.pk)
    for kind, model in sorted(KINDS.items()):
        if issubclass(model, Record):
            yield (
                kind,
                model._default_manager.filter(partnership_id=partnership.pk)
                .order_by("pk")
                .iterator(chunk_size=2000),
            )
    yield "accounts.person", _people(partnership)
    for name, model in (("notices.message", Message), ("history.event", Event), ("history.read", Read)):
        yield (
            name,
            model._default_manager.filter(partnership_id=partnership.pk)
            .order_by("pk")
            .iterator(chunk_size=2000),
        )


def _write(path: Path, rows: Iterator[dict[str, Any]]) -> int:
    count = 0
    with open(path, "w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False, default=str, sort_keys=True) + "\n")
            count += 1
    return count


def _plain(row: models.Model, with_identities: bool) -> dict[str, Any]:
    declared: dict[str, Sensitivity] = {
        **getattr(row, "base_sensitivity", {}),
        **getattr(row, "sensitivity", {}),
    }
    values: dict[str, Any] = {}
    for field in row._meta.concrete_fields:
        kept = declared.get(field.name, Sensitivity.PERSONAL)
        if field.name in NEVER or (kept in WITHHELD and not with_identities):
            continue
        values[field.attname] = field.value_from_object(row)
    if not with_identities and isinstance(row, Event | Read):
        for name in ("actor_name", "details") + (("record_title",) if row.record_kind == Person.kind else ()):
            values.pop(name, None)
    return values


def exported_models() -> list[type[models.Model]]:
    """The kinds an export holds, for the test that none is forgotten."""
    return [*KINDS.values(), *(apps.get_model("history", name) for name in ("Event", "Read"))]
