"""What one run makes once for all its processes: the migrated database, and the sample year loaded into a copy of it.

Whoever is first makes it while the others wait at a lock; what is kept is copied and never worked in.
"""

from __future__ import annotations

import fcntl
import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

MIGRATED, SAMPLE = "migrated", "sample"


@dataclass(frozen=True)
class Kept:
    """A database that was put aside: a file on SQLite, on PostgreSQL a file that holds its name; beside it its anchors."""

    place: Path

    @property
    def database(self) -> Path:
        """The file of the database, or of its name."""
        return self.place / "database"

    @property
    def anchors(self) -> Path:
        """What was anchored outside the database."""
        return self.place / "anchors"


def place_of_run(config: pytest.Config, basetemp: Path) -> Path:
    """The folder that all processes of this run have in common; xdist gives each worker one inside it."""
    place = (basetemp.parent if hasattr(config, "workerinput") else basetemp) / "kept"
    place.mkdir(exist_ok=True)
    return place


@contextmanager
def alone(place: Path) -> Iterator[None]:
    """Do what follows while no other process of the run does; they wait for it to end."""
    with open(place / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def find(place: Path, what: str) -> Kept | None:
    """What was kept under this name, if anybody has; ask while you are `alone`."""
    kept = Kept(place / what)
    return kept if kept.database.exists() else None


def keep(place: Path, what: str, connection: Any, anchors: Path) -> Kept:
    """Put the database of this connection aside as it stands, and its anchors."""
    kept = Kept(place / what)
    kept.place.mkdir()
    if anchors.exists():
        shutil.copytree(anchors, kept.anchors)
    else:
        kept.anchors.mkdir()
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        name = f"shield_kept_{uuid.uuid4().hex[:8]}"
        copy_postgres(connection, connection.settings_dict["NAME"], name)
        kept.database.write_text(name)
    else:
        copy = sqlite3.connect(kept.database)
        connection.connection.backup(copy)
        copy.close()
    return kept


def copy_postgres(connection: Any, original: str, name: str) -> None:
    """Make a database as a copy of another one, to which nobody else is connected."""
    connection.close()  # one that anybody is connected to cannot be copied
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{original}"')


def drop_postgres(connection: Any, name: str) -> None:
    """Drop a database with whoever is left in it."""
    with connection._nodb_cursor() as cursor:
        # FORCE ends what a test left behind: a thread's connection, another process.
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def forget(place: Path, connection: Any) -> None:
    """Drop what is kept on a server; whoever asks after this makes it anew. Files go with the folder of the run."""
    if connection.vendor != "postgresql":
        return
    with alone(place):
        for what in (MIGRATED, SAMPLE):
            kept = find(place, what)
            if kept is not None:
                drop_postgres(connection, kept.database.read_text())
                shutil.rmtree(kept.place)


@contextmanager
def laid_out(kept: Kept, connection: Any) -> Iterator[None]:
    """Lay a copy of what is kept where the test database is about to be made, so that nothing is left to migrate."""
    name = connection.creation._get_test_db_name()
    if connection.vendor == "postgresql":
        drop_postgres(connection, name)
        copy_postgres(connection, kept.database.read_text(), name)
        yield
        return
    # A database in memory lives as long as somebody is connected to it.
    held, source = sqlite3.connect(name, uri=True), sqlite3.connect(kept.database)
    source.backup(held)
    source.close()
    yield
    held.close()
