"""Making a backup: everything as it stood at one moment, while people work."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from shield.kernel.accounts.models import Partnership
from shield.kernel.files import queries as files
from shield.kernel.files.models import StoredFile
from shield.kernel.history import queries as history
from shield.kernel.history import rules as chain
from shield.kernel.history.models import ChainHead
from shield.kernel.sealed import rules as sealed
from shield.project import installation
from shield.project.backups import archive, rows
from shield.project.backups.archive import Manifest
from shield.project.installation import CannotDo

SQLITE_OWN = {"sqlite_sequence"}


@contextmanager
def taken(to: Path) -> Iterator[Manifest]:
    """Write a backup to `to`; inside, the database is still seen as the backup saw it. CannotDo says why not.

    The file appears when it is whole and on the disk, for its owner only, or not at all. It is written in a
    hidden directory beside it; all that a killed backup leaves is that.
    """
    _refuse_other_versions()
    ring = sealed.load(Path(settings.SHIELD_KEYS))
    aside = _make_aside(to)
    try:
        known = _anchors()  # before the rows, so that an anchor never knows more than they do
        with history.unchanging():
            manifest, content = _gather(aside, known, ring)
            whole = aside / to.name
            archive.write(whole, manifest, content, ring)
            whole.replace(to)
            keep_name(to.parent)
            shutil.rmtree(aside)
            yield manifest
    except OSError as problem:
        raise CannotDo(f"The backup cannot be written to {to}: {problem.strerror or problem}.") from problem
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _make_aside(to: Path) -> Path:
    try:
        if to.exists():
            raise CannotDo(f"{to} exists; name a new file by --to.")
        if not to.parent.is_dir():
            raise CannotDo(f"There is no directory {to.parent}.")
        return Path(tempfile.mkdtemp(prefix=f".{to.name}.unfinished.", dir=to.parent))
    except OSError as problem:
        raise CannotDo(f"The backup cannot be written to {to}: {problem.strerror}.") from problem


def keep_name(folder: Path) -> None:
    """Wait until the disk knows the new name."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _refuse_other_versions() -> None:
    """The tables must be those that this version of Shield knows."""
    executor = MigrationExecutor(connection)
    if set(executor.loader.applied_migrations) - set(executor.loader.disk_migrations):
        raise CannotDo("The database was used by a newer Shield; back it up with that.")
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise CannotDo("The database is of an older Shield; run `shield migrate` first.")


# What is in it ----------------------------------------------------------------------------------------


def _gather(aside: Path, known: dict[str, bytes], ring: sealed.KeyRing) -> tuple[Manifest, dict[str, Path]]:
    """Put down what the backup will hold, and where each member of it lies."""
    content: dict[str, Path] = {}
    tables = _write_tables(aside, content)
    missing = _find_files(content)
    known = {**_anchors_of_new(known), **known}
    for number, (name, text) in enumerate(sorted(known.items())):
        content[f"anchors/{name}"] = aside / f"anchor-{number}"
        content[f"anchors/{name}"].write_bytes(text)
    manifest = Manifest(
        version=version("shield"),
        made_at=timezone.now().isoformat(timespec="seconds"),
        demonstration=installation.is_demonstration(installation.data_directory()),
        migrations=_migrations(),
        keys={purpose: list(keys) for purpose, keys in ring.keys.items()},
        tables=tables,
        left_out=_left_out(tables),
        missing_files=missing,
        histories=verdicts(known, ring),
    )
    members = [
        {
            "name": name,
            "size": path.stat().st_size,
            # A stored file was just found to be what its name says.
            "sha256": path.name if name.startswith("files/") else archive.digest(path),
        }
        for name, path in content.items()
    ]
    return replace(manifest, members=members), content


def _write_tables(aside: Path, content: dict[str, Path]) -> list[dict[str, Any]]:
    written = []
    for number, table in enumerate(rows.tables(apps)):
        path = content[archive.table_member(table.name)] = aside / f"table-{number}"
        count = archive.write_lines(path, rows.read(connection, table))
        written.append({"name": table.name, "columns": [list(each) for each in table.columns], "rows": count})
    return written


def _find_files(content: dict[str, Path]) -> list[str]:
    """Add every stored file that a row names; returns the digests of those that are gone or changed.

    Files are looked for after the rows: the content of each was on the disk before its row was written, and is
    never changed.
    """
    missing = []
    for digest in StoredFile.objects.order_by("sha256").values_list("sha256", flat=True).distinct():
        path = files.path_of(digest)
        if path.is_file() and archive.digest(path) == digest:
            content[f"files/{digest[:2]}/{digest}"] = path
        else:
            missing.append(digest)
    return missing


def _anchors() -> dict[str, bytes]:
    """The anchor files by name, each read whole."""
    found = {}
    for path in Path(settings.SHIELD_ANCHORS).glob("*.anchor"):
        with open(path, "rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH)
            found[path.name] = file.read()
    return found


def _anchors_of_new(known: dict[str, bytes]) -> dict[str, bytes]:
    """The anchors of partnerships that were founded just before the moment of the backup, up to that moment."""
    found = {}
    ends = {f"{key}.anchor": count for key, count in ChainHead.objects.values_list("pk", "count")}
    later = _anchors() if ends.keys() - known.keys() else {}
    for name in ends.keys() & (later.keys() - known.keys()):
        lines = [
            line
            for line in later[name].splitlines(keepends=True)
            if (end := chain.read_anchor(line.decode("ascii", "replace"))) and end.count <= ends[name]
        ]
        found[name] = b"".join(lines)
    return found


def verdicts(anchors: dict[str, bytes], ring: sealed.KeyRing) -> list[dict[str, Any]]:
    """What verification finds in each history, against these anchors."""
    found = []
    for key in Partnership.objects.order_by("pk").values_list("pk", flat=True):
        known = chain.read_anchor(anchors.get(f"{key}.anchor", b"").decode("ascii", "replace"))
        verdict = history.verify_against(uuid.UUID(str(key)), known, ring)
        found.append({"partnership": str(key), "count": verdict.count, "fault": verdict.first_fault})
    return found


def _migrations() -> dict[str, list[str]]:
    """Names by app; of several that were squashed into one, that one."""
    found: dict[str, list[str]] = {}
    loader = MigrationExecutor(connection).loader
    for app, name in sorted(set(loader.applied_migrations) & set(loader.graph.nodes)):
        found.setdefault(app, []).append(name)
    return found


def _left_out(tables: list[dict[str, Any]]) -> list[str]:
    """Tables that the database has and the backup does not."""
    kept = {table["name"] for table in tables}
    return sorted(set(connection.introspection.table_names()) - kept - SQLITE_OWN)


def faults(manifest: Manifest) -> list[str]:
    """What was at fault already when the backup was made, a line each."""
    strange = sorted(set(manifest.left_out) - rows.NOT_KEPT)
    return [
        *(f"The table {name} is none of Shield's and is not in the backup." for name in strange),
        *(
            f"The stored file {name} was missing or changed and is not in it."
            for name in manifest.missing_files
        ),
        *(
            f"The history of the partnership {each['partnership']} was broken: {each['fault']}"
            for each in manifest.histories
            if each["fault"]
        ),
    ]
