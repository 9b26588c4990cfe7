"""Installations in places of their own, and the command line in processes of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.databases import CommittedDatabase

ROOT = Path(__file__).parents[2]


def shield(environment: dict[str, str], *words: str, script: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command of `shield` to its end; with `script` that Python runs it in its own way."""
    command = ["-c", script] if script else ["-m", "shield"]
    return subprocess.run(
        [sys.executable, *command, *words], env=environment, capture_output=True, text=True, timeout=300
    )


@dataclass(frozen=True)
class Place:
    """Where a backup is restored to."""

    data: Path
    environment: dict[str, str]

    def verdicts(self) -> str:
        """What `shield history verify` says of every history."""
        return shield(self.environment, "history", "verify").stdout


@contextmanager
def empty_postgres() -> Iterator[str]:
    """The address of a new database, dropped after."""
    from django.db import connection

    name = f"shield_restored_{uuid.uuid4().hex[:8]}"
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    try:
        yield urlsplit(os.environ["SHIELD_DATABASE"])._replace(path=f"/{name}").geturl()
    finally:
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def a_place(house: CommittedDatabase, data: Path, url: str = "") -> Place:
    """A place that has the keys and nothing else; a SQLite file in it unless a database is named."""
    places = {
        "SHIELD_DATA": str(data),
        "SHIELD_DATABASE": url or f"sqlite:///{data / 'shield.sqlite3'}",
        "SHIELD_FILES": str(data / "files"),
        "SHIELD_ANCHORS": str(data / "anchors"),
    }
    return Place(data, {**house.environment, **places})


@contextmanager
def an_empty_place(house: CommittedDatabase, data: Path) -> Iterator[Place]:
    """An empty place of the kind that the suite runs on."""
    if house.vendor == "postgresql":
        with empty_postgres() as url:
            yield a_place(house, data, url)
    else:
        yield a_place(house, data)


def differences(place: Place, backup: Path) -> list[str]:
    """The tables that differ between a backup and what was restored from it, row by row."""
    from django.apps import apps

    from shield.project.backups import archive, drilling, rows

    with (
        archive.opened(backup) as opened,
        drilling.connected(place.environment["SHIELD_DATABASE"]) as restored,
    ):
        return [
            table.name
            for table in rows.tables(apps)
            if not all(
                rows.same(table, one, other)
                for one, other in zip_longest(opened.lines(table.name), rows.read(restored, table))
            )
        ]


def ask(environment: dict[str, str], query: str) -> list[tuple[Any, ...]]:
    """What the database of an installation answers to a statement, through a connection of its own."""
    from shield.project.backups import drilling

    with drilling.connected(environment["SHIELD_DATABASE"]) as there, there.cursor() as cursor:
        cursor.execute(query)
        found = list(cursor.fetchall()) if cursor.description else []
        there.commit()
        return found
