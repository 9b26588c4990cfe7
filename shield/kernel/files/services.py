"""Attaching files."""

from __future__ import annotations

import hashlib
import os
import uuid

from django.db import transaction

from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.files import events, permissions, queries, rules
from shield.kernel.files.models import StoredFile
from shield.kernel.history import services as history
from shield.kernel.records.rules import RecordRef, Refused


@transaction.atomic
def attach(*, about: RecordRef, name: str, content: bytes, by: Actor, description: str = "") -> StoredFile:
    """Attach a person's file to a record: its type is found by its content, its name is not trusted."""
    access.require(by, permissions.ATTACH)
    _check_about(about, by)
    rules.check_size(len(content))
    kind, extension = rules.content_type(content)
    return _keep(about, rules.safe_name(name, extension), kind, content, by, description)


MADE_HERE = {"html": "text/html; charset=utf-8", "json": "application/json", "csv": "text/csv; charset=utf-8"}
"""Kinds that only the system itself may make; nobody can attach them."""


@transaction.atomic
def attach_made(
    *, about: RecordRef, name: str, content: bytes, by: Actor, description: str = ""
) -> StoredFile:
    """Attach a file that the system made itself, such as a report."""
    access.require(by, permissions.ATTACH)
    _check_about(about, by)
    extension = name.rpartition(".")[2]
    return _keep(about, rules.safe_name(name, extension), MADE_HERE[extension], content, by, description)


def _check_about(about: RecordRef, by: Actor) -> None:
    """Refuse a file about a record that is not there, or that this person may not see."""
    if not queries.may_be_about(about, by):
        raise Refused("What the file is about cannot be found.", "about")


def _keep(about: RecordRef, name: str, kind: str, content: bytes, by: Actor, description: str) -> StoredFile:
    """The content is on disk before the row exists, so no row lacks its file."""
    digest = hashlib.sha256(content).hexdigest()
    _write(digest, content)
    row = StoredFile(
        partnership_id=by.partnership_id,
        about_kind=about.kind,
        about_id=about.id,
        name=name,
        content_type=kind,
        size=len(content),
        sha256=digest,
        description=description,
    ).store()
    history.record(events.ATTACHED, on=row.ref, by=by, details={"about": about.title})
    return row


def _write(digest: str, content: bytes) -> None:
    path = queries.path_of(digest)
    try:
        os.utime(path)  # it is in use again: a disposal leaves what is this fresh where it is
        return
    except FileNotFoundError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(f".{uuid.uuid4().hex}")
    with open(aside, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)


def note_opened(*, file: StoredFile, by: Actor) -> None:
    """Trace that somebody opened a file."""
    access.require(by, permissions.VIEW)
    history.record(events.OPENED, on=file.ref, by=by)
