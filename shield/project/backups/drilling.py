"""The drill: a backup is restored into a temporary place, and every row and every file is compared."""

from __future__ import annotations

import copy
import os
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import zip_longest
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, connections

from shield.project.backups import archive, rows
from shield.project.backups.archive import Manifest
from shield.project.installation import CannotDo
from shield.project.settings import base

Say = Callable[[str], Any]
RESTORED = "restored"
"""What the restored database is called among the connections of this process."""


@contextmanager
def place(to: str | None) -> Iterator[Path]:
    """Where the backup is written: where it was asked for, otherwise a place that is removed after the drill."""
    if to:
        yield Path(to).absolute()
        return
    with tempfile.TemporaryDirectory(prefix="shield-drill-") as folder:
        yield Path(folder) / "backup.tar"


def drill(path: Path, manifest: Manifest, *, say: Say) -> list[str]:
    """Restore a backup as one would after a loss, compare, and return what differs, a line each.

    Call it where the database is still seen as the backup saw it, so that it is compared with what was there and
    not with what people have done since.
    """
    with tempfile.TemporaryDirectory(prefix="shield-drill-") as folder, _database(Path(folder), say) as url:
        data = Path(folder) / "data"
        _restore(path, data, url)
        with connected(url) as restored:
            found = compare_rows(connection, restored, say=say)
        return found + compare_files(manifest, data, say=say)


@contextmanager
def _database(folder: Path, say: Say) -> Iterator[str]:
    """The address of an empty database, dropped after; on PostgreSQL one of its own if the account may make it."""
    sqlite = f"sqlite:///{folder / 'data' / 'shield.sqlite3'}"
    if connection.vendor != "postgresql":
        yield sqlite
        return
    name = f"shield_drill_{uuid.uuid4().hex[:8]}"
    try:
        with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    except DatabaseError:
        say("The account may not make a database, so the drill restores into SQLite.")
        yield sqlite
        return
    try:
        yield urlsplit(os.environ["SHIELD_DATABASE"])._replace(path=f"/{name}").geturl()
    finally:
        with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _restore(path: Path, data: Path, url: str) -> None:
    """Run `shield restore` as somebody would who has nothing but the backup and the keys."""
    places = {
        "SHIELD_DATA": str(data), "SHIELD_DATABASE": url, "SHIELD_KEYS": str(settings.SHIELD_KEYS),
        "SHIELD_FILES": str(data / "files"), "SHIELD_ANCHORS": str(data / "anchors"),
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "shield", "restore", str(path)],
        env={**os.environ, **places},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 2 or "Restored" not in done.stdout:
        said = (done.stderr.strip() or "it said nothing").splitlines()[-1].removeprefix("shield: ")
        raise CannotDo(f"The backup could not be restored: {said}")


@contextmanager
def connected(url: str) -> Iterator[Any]:
    """A connection to the restored database, beside that to the one in use."""
    wanted = {"default": copy.deepcopy(connections.settings["default"]), RESTORED: base.database(url)}
    connections.settings[RESTORED] = connections.configure_settings(wanted)[RESTORED]
    restored = connections[RESTORED]
    try:
        if restored.vendor == "postgresql":
            restored.set_autocommit(False)  # rows are read by a cursor that lives in a transaction
        yield restored
    finally:
        restored.close()
        del connections[RESTORED], connections.settings[RESTORED]


def compare_rows(kept: Any, restored: Any, *, say: Say) -> list[str]:
    """Every row of every table of both databases, side by side; say what was compared, return what differs."""
    found, total = [], 0
    for table in rows.tables(apps):
        pairs = zip_longest(rows.read(kept, table), rows.read(restored, table))
        at = [name for name, _ in table.columns].index(table.key)
        count, different = 0, []
        for one, other in pairs:
            count += 1
            if not rows.same(table, one, other):
                different.append((one or other or [])[at])
        total += count
        say(f"{count:9,}  {table.name}" + (f"  {len(different):,} DIFFER" if different else ""))
        if different:
            found.append(f"{table.name}: {len(different):,} rows differ, the first is {different[0]}.")
    say(f"{total:9,}  rows compared")
    return found


def compare_files(manifest: Manifest, data: Path, *, say: Say) -> list[str]:
    """Every stored file with the one in use, every anchor with the one in the backup."""
    found = []
    wanted = {each["name"]: each["sha256"] for each in manifest.members}
    for name in (*manifest.under("files"), *manifest.under("anchors")):
        restored = data / name
        in_use = (
            Path(settings.SHIELD_FILES) / Path(name).relative_to("files")
            if name.startswith("files/")
            else restored
        )
        digests = {archive.digest(each) if each.is_file() else "" for each in (restored, in_use)}
        if digests != {wanted[name]}:
            found.append(f"{name} differs.")
    extra = {
        str(p.relative_to(data)) for f in ("files", "anchors") for p in (data / f).rglob("*") if p.is_file()
    }
    found += [f"{name} was restored and is not in the backup." for name in sorted(extra - wanted.keys())]
    say(f"{len(manifest.under('files')):9,}  files compared")
    say(f"{len(manifest.under('anchors')):9,}  anchors compared")
    return found
