"""Restoring a backup into a place that holds nothing."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from itertools import zip_longest
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from shield.kernel.sealed import rules as sealed
from shield.project import indexing, installation
from shield.project.backups import archive, making, rows
from shield.project.backups.archive import Archive, Manifest
from shield.project.installation import CannotDo

Say = Callable[[str], Any]
MADE_BY_DJANGO = {
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "sign_in_limits",
} | rows.SEARCH_INDEX
"""Tables that are not empty in a database that was only prepared, or that nobody wrote."""


def restore(path: Path, *, say: Say) -> Manifest:
    """Restore a backup; CannotDo says why not. Whatever ends it early, nothing is served until it was whole.

    Everything that can be refused is refused before anything is written; the rows come in one transaction, after
    the files they name, and the histories are verified before it is kept. One that was cut short after its rows
    is finished without reading them again.
    """
    with archive.opened(path) as backup:
        manifest = backup.manifest
        _refuse_newer(manifest)
        ring = _keys(manifest)
        backup.check_seal(ring)
        say("Checking the backup…")
        backup.check_members()
        with _begun(backup) as (data, rows_are_in):
            try:
                say("Restoring files…")
                _restore_files(backup)
                say("Restoring rows…")
                _restore_rows(backup, ring, are_in=rows_are_in)
                say("Making the search index…")
                indexing.rebuild()
            except (OSError, DatabaseError, ValueError) as problem:
                said = str(problem).splitlines()[0] if str(problem) else type(problem).__name__
                raise CannotDo(f"The restore was given up, and nothing of it is served: {said}") from problem
            if manifest.demonstration:
                mark = installation.database_name(data)
                (data / installation.MARKER).write_text(f"{mark}\n", encoding="utf-8")
    return manifest


# What is refused --------------------------------------------------------------------------------------


def _refuse_newer(manifest: Manifest) -> None:
    # Asked without a connection: asking a database would make the file that is not there yet.
    unknown = sorted(set(_nodes(manifest)) - set(MigrationLoader(None).graph.nodes))
    if unknown:
        raise CannotDo(
            f"The backup was made by a newer Shield ({manifest.version}): this one does not know its change "
            f"{unknown[0][1]} of {unknown[0][0]}. Restore with that version."
        )


def _nodes(manifest: Manifest) -> list[tuple[str, str]]:
    return [(app, name) for app, names in manifest.migrations.items() for name in names]


def _keys(manifest: Manifest) -> sealed.KeyRing:
    path = Path(settings.SHIELD_KEYS)
    wanted = ", ".join(key_id for ids in manifest.keys.values() for key_id in ids)
    if not path.is_file():
        raise CannotDo(
            f"The backup needs the keys {wanted}, and there is no key file {path}. Put it there, or name it by SHIELD_KEYS."
        )
    ring = sealed.load(path)
    lacking = [
        key_id
        for purpose, ids in manifest.keys.items()
        for key_id in ids
        if key_id not in ring.keys.get(purpose, {})
    ]
    if lacking:
        raise CannotDo(
            f"The backup needs the keys {wanted}, and the key file {path} lacks {', '.join(lacking)}. "
            "Name the right one by SHIELD_KEYS."
        )
    return ring


@contextmanager
def _begun(backup: Archive) -> Iterator[tuple[Path, bool]]:
    """The target, marked until all is done, and whether the rows are in it; only one restore works in it at a time.

    It is checked to hold nothing, or else what an earlier restore of the same backup left there.
    """
    data = installation.data_directory()
    marker = data / installation.RESTORING
    again = marker.exists()
    if not again:
        _refuse_what_is_held(data, backup, again=False)
    installation.make_directory(data)
    with open(marker, "a", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as problem:
            raise CannotDo(f"Another restore into {data} is running.") from problem
        os.fsync(file.fileno())
        making.keep_name(data)
        # What an earlier restore left is looked at when no other can be at work on it.
        yield data, again and _refuse_what_is_held(data, backup, again=True)
        marker.unlink()
    making.keep_name(data)


def _refuse_what_is_held(data: Path, backup: Archive, *, again: bool) -> bool:
    """Refuse a place that holds anything but the key file; what a restore left that was cut short is its own.

    Returns whether that one came so far that the rows are in.
    """
    keys = Path(settings.SHIELD_KEYS).resolve()
    ours = {installation.RESTORING, Path(settings.STATIC_ROOT).name}
    if again:
        ours |= {installation.MARKER, *(each.name for each in data.glob(f"{installation.DATABASE_FILE}*"))}
    else:
        for folder in (Path(settings.SHIELD_FILES), Path(settings.SHIELD_ANCHORS)):
            if folder.is_dir() and any(folder.iterdir()):
                raise CannotDo(
                    f"{folder} is not empty. Move what it holds to a safe place and keep it: anchors tell what was "
                    "done after the backup."
                )
    ours |= {Path(settings.SHIELD_FILES).name, Path(settings.SHIELD_ANCHORS).name}
    if data.exists() and not data.is_dir():
        raise CannotDo(f"{data} is not a directory.")
    for each in data.iterdir() if data.exists() else ():
        if each.name not in ours and each != keys and each not in keys.parents:
            raise CannotDo(f"{data} holds {each.name}; a backup is restored into an empty directory.")
    held = installation.tables()
    rows_are_in = _rows_in(held)
    if (held and not again) or (rows_are_in and not _are_of(backup)):
        raise CannotDo("The database holds data already; a backup is restored into an empty one.")
    return rows_are_in


def _rows_in(tables: set[str]) -> bool:
    with connection.cursor() if tables else nullcontext() as cursor:
        for table in tables - MADE_BY_DJANGO:
            cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table)} LIMIT 1")  # noqa: S608 - from the database
            if cursor.fetchone():
                return True
    return False


def _are_of(backup: Archive) -> bool:
    """Whether the database holds every row of this backup and no other: a restore was cut short after its rows."""
    try:
        tables = _tables(backup, _version_of(backup)[0])
        with transaction.atomic():
            return all(
                rows.same(table, one, other)
                for table in tables
                for one, other in zip_longest(backup.lines(table.name), rows.read(connection, table))
            )
    except CannotDo:  # a table is not as it was in the backup's version
        return False


# What is restored -------------------------------------------------------------------------------------


def _restore_files(backup: Archive) -> None:
    """Stored files and anchors, each whole and on the disk before a row names it."""
    places = {"files": Path(settings.SHIELD_FILES), "anchors": Path(settings.SHIELD_ANCHORS)}
    wanted = {each["name"]: each["sha256"] for each in backup.manifest.members}
    for folder, place in places.items():
        for name in backup.manifest.under(folder):
            path = place / Path(name).relative_to(folder)
            if ".." in path.parts:
                raise CannotDo(f"{name} is no name of a file.")
            path.parent.mkdir(parents=True, exist_ok=True)
            with backup.open(name) as source, open(path, "wb") as file:
                shutil.copyfileobj(source, file, archive.BLOCK)
                file.flush()
                os.fsync(file.fileno())
            if archive.digest(path) != wanted[name]:
                raise CannotDo(f"{path} could not be written as it is in the backup.")


def _restore_rows(backup: Archive, ring: sealed.KeyRing, *, are_in: bool) -> None:
    """Tables as they were in the backup's version, the rows in one transaction, then what is newer in this version."""
    if not are_in:
        executor = MigrationExecutor(connection)
        with installation.seldom_tidying():
            executor.migrate(_ends(backup, executor.loader))
    then, newer = _version_of(backup)
    if not are_in:
        with transaction.atomic():
            _load(backup, then)
            if not newer:
                _verify(backup, ring)
    call_command("migrate", verbosity=0, interactive=False)  # also puts the triggers of the history in place
    call_command("createcachetable", verbosity=0)
    if newer or are_in:
        _verify(backup, ring)


def _ends(backup: Archive, loader: MigrationLoader) -> list[tuple[str, str]]:
    """The last migrations that the backup's version had."""
    nodes, graph = set(_nodes(backup.manifest)), loader.graph
    return [node for node in nodes if not nodes & {child.key for child in graph.node_map[node].children}]


def _version_of(backup: Archive) -> tuple[Any, bool]:
    """The models as they were in the backup's version, and whether there is anything newer to migrate to."""
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return apps, False
    return executor.loader.project_state(_ends(backup, executor.loader)).apps, True


def _tables(backup: Archive, then: Any) -> list[rows.Table]:
    """The tables in the order in which rows can be written, with their columns in the order of the backup."""
    written = {each["name"]: tuple(map(tuple, each["columns"])) for each in backup.manifest.tables}
    known = rows.tables(then)
    if {name: sorted(columns) for name, columns in written.items()} != {
        table.name: sorted(table.columns) for table in known
    }:
        raise CannotDo("The tables of the backup are not those of the version that it names.")
    return [rows.Table(table.name, written[table.name], table.key) for table in known]


def _load(backup: Archive, then: Any) -> None:
    """Every row, with its count and its foreign keys checked."""
    tables = _tables(backup, then)
    counts = {each["name"]: each["rows"] for each in backup.manifest.tables}
    with connection.cursor() as cursor:
        for table in reversed(tables):  # what a migration has put in
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table.name)}")  # noqa: S608 - names of our own
    for table in tables:
        found = rows.insert(connection, table, backup.lines(table.name))
        if found != counts[table.name]:
            raise CannotDo(f"{table.name} holds {found} rows, the manifest says {counts[table.name]}.")
    connection.check_constraints()
    models = [m for m in then.get_models(include_auto_created=True) if m._meta.db_table in counts]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


def _verify(backup: Archive, ring: sealed.KeyRing) -> None:
    """The histories are as they were found when the backup was made, to the entry."""
    anchors = {}
    for name in backup.manifest.under("anchors"):
        with backup.open(name) as file:
            anchors[name.removeprefix("anchors/")] = file.read()
    was = {each["partnership"]: each for each in backup.manifest.histories}
    for each in making.verdicts(anchors, ring):
        if each != was.get(each["partnership"]):
            raise CannotDo(
                f"The history of the partnership {each['partnership']} is not what it was: "
                f"{each['fault'] or 'its length differs'}"
            )
