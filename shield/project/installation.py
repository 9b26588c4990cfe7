"""An installation: where its data lies, whether it is a demonstration, and how it is made ready."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from shield.kernel.sealed import rules as sealed
from shield.kernel.sealed.rules import KeyRing

ROOT = Path(__file__).resolve().parents[2]
MARKER = "demonstration"
DATABASE_FILE = "shield.sqlite3"
SAMPLE = "bexley"
"""The word of the sample's partnership in addresses; every demonstration holds it."""
RESTORING = "restoring"
"""The file in a data directory that is there from the beginning of a restore until it is whole."""


class CannotDo(Exception):
    """A command was refused; the message says why and what to do."""


# Directories ------------------------------------------------------------------------------------------

_users_umask = 0o022


def keep_private() -> None:
    """From now on whatever this process makes is for its owner only: database, files, mail, anchors, exports."""
    global _users_umask
    _users_umask = os.umask(0o077)


@contextmanager
def as_the_user_wishes() -> Iterator[None]:
    """What is written meanwhile is readable as the user's own files are: it is meant to be passed on."""
    ours = os.umask(_users_umask)
    try:
        yield
    finally:
        os.umask(ours)


def choose_data(asked: str | None) -> Path:
    """Settle the data directory: what was asked for, otherwise `SHIELD_DATA`, otherwise `data/` in the checkout."""
    if asked is not None and not asked.strip():
        raise CannotDo("--data names no directory.")
    data = Path(asked or os.environ.get("SHIELD_DATA", "").strip() or ROOT / "data").resolve()
    os.environ["SHIELD_DATA"] = str(data)
    return data


def data_directory() -> Path:
    """Where everything that is not code lives."""
    return Path(os.environ["SHIELD_DATA"])


def make_directory(path: Path) -> Path:
    """Make a directory that something is to be written into, or say why it cannot be."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise CannotDo(f"{path} cannot be used as a directory: {problem.strerror}.") from problem
    if not os.access(path, os.W_OK | os.X_OK):
        raise CannotDo(f"{path} cannot be written into.")
    return path


def refuse_unfinished(data: Path) -> None:
    """Nothing is served, changed or read where a restore has begun and not come to its end."""
    if (data / RESTORING).exists():
        raise CannotDo(
            f"A restore into {data} is running or did not come to its end. Run `shield restore` again when it has "
            "stopped, or choose another directory."
        )


# Whether it is a demonstration ------------------------------------------------------------------------


def database_name(data: Path) -> str:
    """Which database is in use, without user and password; empty for the file in the data directory."""
    url = os.environ.get("SHIELD_DATABASE", "")
    try:
        parts = urlsplit(url)
        host = f"{parts.hostname or ''}:{parts.port or ''}"
    except ValueError as problem:
        raise CannotDo("SHIELD_DATABASE is not the address of a database.") from problem
    if not url:
        return ""
    if parts.scheme.startswith("sqlite"):
        path = Path(parts.path[1:]).resolve()
        return "" if path == data / DATABASE_FILE else f"sqlite:{path}"
    return f"{parts.scheme}://{host}{parts.path}"


def is_demonstration(data: Path) -> bool:
    """Whether the directory is marked as a demonstration, and of the very database that is in use now."""
    try:
        marked = (data / MARKER).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return False
    return marked == database_name(data)


def begin_demonstration(data: Path) -> None:
    """Refuse what is no demonstration before anything is written; otherwise mark the directory, before all else.

    So a first start that was cut short is taken up again, and the directory is never mistaken for another.
    """
    if is_demonstration(data):
        held = partnerships()
        if held and SAMPLE not in held:
            raise CannotDo("The database holds partnerships that are no demonstration. Nothing was changed.")
        return
    if (data / MARKER).exists():
        raise CannotDo(
            f"{data} holds a demonstration in another database; choose another directory by --data."
        )
    if any((data / name).exists() for name in (DATABASE_FILE, "keys.json", "anchors", "files")):
        raise CannotDo(f"{data} holds data that is no demonstration; choose another directory by --data.")
    if database_name(data) and tables():
        raise CannotDo(
            "The database named by SHIELD_DATABASE is in use already and holds no demonstration. Nothing was changed."
        )
    make_directory(data)
    (data / MARKER).write_text(f"{database_name(data)}\n", encoding="utf-8")


def set_aside(data: Path, stamp: str) -> Path | None:
    """Move an earlier demonstration out of the way; None if there is none."""
    if not data.exists():
        return None
    if not is_demonstration(data) or database_name(data):
        raise CannotDo(
            f"{data} does not hold a demonstration with its own database; only that can be set aside."
        )
    try:
        return data.rename(data.with_name(f"{data.name}-{stamp}"))
    except OSError as problem:
        raise CannotDo(f"{data} cannot be set aside: {problem.strerror}.") from problem


# The database and the keys ----------------------------------------------------------------------------


def set_up_django() -> None:
    """Load the settings, or say which of them is wrong."""
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except ImproperlyConfigured as problem:
        raise CannotDo(str(problem)) from problem


def tables() -> set[str]:
    """The tables of the database in use; looking never makes one."""
    set_up_django()
    from django.db import DatabaseError, connection

    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        return set()
    try:
        return set(connection.introspection.table_names())
    except DatabaseError as problem:
        raise CannotDo(f"The database cannot be used: {str(problem).splitlines()[0]}") from problem


def partnerships() -> set[str]:
    """The words in addresses of the partnerships that the database holds, whatever its version."""
    if "accounts_partnership" not in tables():
        return set()
    from shield.kernel.accounts.models import Partnership

    return set(Partnership.objects.values_list("slug", flat=True))


def prepare() -> None:
    """Keys and database, made or brought up to date; safe to repeat."""
    make_directory(data_directory())
    make_directory(data_directory() / "static")  # the server of static files warns if it is missing
    set_up_django()
    _keys()
    from django.core.management import call_command

    with seldom_tidying():
        call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)


def _keys() -> None:
    """The keys of this database: made for a new one, never replaced for one that holds anything."""
    from django.conf import settings

    path = Path(settings.SHIELD_KEYS)
    if path.exists():
        _check_keys(path, sealed.load(path))
    elif partnerships():
        raise CannotDo(
            f"The key file {path} is missing, and the history in the database cannot be verified without it. "
            "Put it back from where you keep it, or name it by SHIELD_KEYS. Nothing was changed."
        )
    else:
        make_directory(path.parent)
        try:
            sealed.create(path)
        except OSError as problem:
            raise CannotDo(f"The key file {path} cannot be made: {problem.strerror}.") from problem


def _check_keys(path: Path, ring: KeyRing) -> None:
    """Refuse keys of another database: the newest entry of the history names the key it was made with."""
    if "history_event" not in tables():
        return
    from shield.kernel.history.models import Event

    used = Event.objects.order_by("-pk").values_list("key_id", flat=True).first()
    if used is not None and used not in ring.keys.get("history", {}):
        raise CannotDo(f"The key file {path} is not that of this database: it lacks the key “{used}”.")


@contextmanager
def seldom_tidying() -> Iterator[None]:
    """Look for what may be thrown away a hundred times less often meanwhile.

    Migrating draws the models of all modules again for every change, and a fifth of its time went into looking through
    them; it takes about 100 MB more memory this way.
    """
    before = gc.get_threshold()
    gc.collect()
    gc.set_threshold(70_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def settle() -> None:
    """Keep what is there once everything is loaded out of the search for what may be thrown away.

    It stays to the end, and looking through all of it again and again held up one request in twenty by a tenth of a
    second.
    """
    gc.collect()
    gc.freeze()
