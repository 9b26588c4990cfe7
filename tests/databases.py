"""How tests meet the database: ordinary ones roll back, the others get a copy of the migrated one.

No test flushes: the append-only triggers of the history refuse it, on both databases. A test that needs acts
which are really committed (several connections, `on_commit`, a served site, a browser) takes
`committed_database` or `live_site`.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests import kept
from tests.kept import Kept

FLUSHES = (
    "This test would flush the database after it, and the append-only triggers of the history refuse that. "
    "Use the fixture committed_database, or live_site for a served site (tests/databases.py)."
)
MEETING = {"db", "django_db_setup", "some_database"}
"""What a test takes, itself or through its fixtures, to meet the suite's database; pytest-django lets no other."""
FLUSHING = {"transactional_db", "live_server", "django_db_reset_sequences", "django_db_serialized_rollback"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what cannot meet the suite's database: on another one it would only do the same again."""
    for item in items:
        if not (MEETING & set(getattr(item, "fixturenames", ())) or item.get_closest_marker("django_db")):
            item.add_marker(pytest.mark.once)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Refuse, with the way out, what would end in a flush; and two databases in one test."""
    marker = item.get_closest_marker("django_db")
    asked = set(getattr(item, "fixturenames", ()))
    if asked & FLUSHING or (marker and (marker.kwargs.get("transaction") or any(marker.args))):
        pytest.fail(FLUSHES, pytrace=False)
    if asked & {"committed_database", "live_site"} and (marker or "db" in asked):
        pytest.fail(
            "A test that takes committed_database or live_site does not take db as well.", pytrace=False
        )


_place_of_run: Path
"""Where the processes of this run keep what is made once for all of them."""


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    django_test_environment: None,
    django_db_blocker: Any,
    django_db_modify_db_settings: None,
) -> Iterator[None]:
    """Make the test database, whichever test asks first; the first process of the run migrates it, the others copy it."""
    from django.db import connection
    from django.test.utils import teardown_databases

    global _place_of_run
    _place_of_run = kept.place_of_run(request.config, tmp_path_factory.getbasetemp())
    verbosity = request.config.option.verbose
    with django_db_blocker.unblock(), kept.alone(_place_of_run):
        made = _make(_place_of_run, verbosity)
    yield
    with django_db_blocker.unblock():
        kept.forget(_place_of_run, connection)
        teardown_databases(made, verbosity=verbosity)


def _make(place: Path, verbosity: int) -> Any:
    from django.conf import settings
    from django.db import connection
    from django.test.utils import setup_databases

    from shield.project.installation import seldom_tidying

    known = kept.find(place, kept.MIGRATED)
    with kept.laid_out(known, connection) if known else seldom_tidying():
        made = setup_databases(
            verbosity=verbosity,
            interactive=False,
            keepdb=known is not None,
            aliases={"default"},
            serialized_aliases=set(),
        )
    if known is None:
        kept.keep(place, kept.MIGRATED, connection, Path(settings.SHIELD_ANCHORS))
    return made


@dataclass(frozen=True)
class CommittedDatabase:
    """A copy of the migrated database, in which acts are really committed."""

    name: str
    vendor: str
    url: str

    @property
    def environment(self) -> dict[str, str]:
        """What another process needs in its environment to work on this copy."""
        from django.conf import settings

        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "shield.project.settings.test",
            "SHIELD_TEST_DATABASE": "postgres" if self.vendor == "postgresql" else "sqlite",
            "SHIELD_DATABASE": self.url,
            "SHIELD_KEYS": str(settings.SHIELD_KEYS),
            "SHIELD_ANCHORS": str(settings.SHIELD_ANCHORS),
            "SHIELD_FILES": str(settings.SHIELD_FILES),
        }


@contextmanager
def fresh_copy(blocker: Any, folder: Path, like: Kept | None = None) -> Iterator[CommittedDatabase]:
    """Let all connections of this process lead to a fresh copy of the migrated database; drop it after.

    The copy has anchors of its own, as an installation has. With `like` it is one of what was kept there.
    """
    from django.db import connections
    from django.test import override_settings

    anchors = folder / f"anchors-{uuid.uuid4().hex[:8]}"
    if like is not None:
        shutil.copytree(like.anchors, anchors)
    with blocker.unblock(), override_settings(SHIELD_ANCHORS=str(anchors)):
        template = connections["default"]
        settings = connections.settings["default"]
        before = settings["NAME"]
        template.ensure_connection()
        make, drop = (
            (_copy_postgres, kept.drop_postgres)
            if template.vendor == "postgresql"
            else (_copy_sqlite, _drop_sqlite)
        )
        name, url = make(template, folder, like)
        settings["NAME"] = name
        connections["default"] = connections.create_connection("default")
        try:
            yield CommittedDatabase(name, template.vendor, url)
        finally:
            connections["default"].close()
            settings["NAME"] = before
            connections["default"] = template
            drop(template, name)


def _copy_sqlite(template: Any, folder: Path, like: Kept | None) -> tuple[str, str]:
    path = folder / f"copy-{uuid.uuid4().hex[:8]}.sqlite3"
    if like is not None:
        shutil.copyfile(like.database, path)
    else:
        copy = sqlite3.connect(path)
        template.connection.backup(copy)
        copy.close()
    return str(path), f"sqlite:///{path}"


def _copy_postgres(template: Any, folder: Path, like: Kept | None) -> tuple[str, str]:
    original = template.settings_dict["NAME"]
    name = f"{original}_copy_{uuid.uuid4().hex[:8]}"
    kept.copy_postgres(template, like.database.read_text() if like else original, name)
    return name, urlsplit(os.environ["SHIELD_DATABASE"])._replace(path=f"/{name}").geturl()


def _drop_sqlite(template: Any, name: str) -> None:
    for path in (name, f"{name}-wal", f"{name}-shm"):
        Path(path).unlink(missing_ok=True)


@contextmanager
def sample_year(blocker: Any, folder: Path) -> Iterator[CommittedDatabase]:
    """A copy of the migrated database with the sample year, its report and its people; they are loaded once a run."""
    with kept.alone(_place_of_run):
        like = kept.find(_place_of_run, kept.SAMPLE) or _load_sample(blocker, folder)
    with fresh_copy(blocker, folder, like=like) as copy:
        yield copy


def _load_sample(blocker: Any, folder: Path) -> Kept:
    from django.conf import settings
    from django.db import connection

    from shield.project.sample import personas
    from tests.cast import TODAY

    with fresh_copy(blocker, folder), blocker.unblock():
        personas.load_all(today=TODAY)
        return kept.keep(_place_of_run, kept.SAMPLE, connection, Path(settings.SHIELD_ANCHORS))


@pytest.fixture
def committed_database(
    django_db_setup: None, django_db_blocker: Any, tmp_path: Path
) -> Iterator[CommittedDatabase]:
    """A fresh copy of the migrated database for this test alone."""
    with fresh_copy(django_db_blocker, tmp_path) as copy:
        yield copy


@dataclass(frozen=True)
class Site:
    """A served site."""

    url: str


@contextmanager
def serving() -> Iterator[Site]:
    """Serve the site on a loopback port from a thread of this process; call it inside `fresh_copy`."""
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.test.testcases import LiveServerThread

    thread = LiveServerThread("127.0.0.1", StaticFilesHandler)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    try:
        if thread.error:
            raise thread.error
        yield Site(f"http://127.0.0.1:{thread.port}")
    finally:
        thread.terminate()


@pytest.fixture
def live_site(committed_database: CommittedDatabase, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """The site served over a fresh copy of the database; `live_site.url` is its address."""
    # Playwright runs an event loop in the test's own thread; the database is used from it all the same.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with serving() as site:
        yield site


@pytest.fixture
def some_database(request: pytest.FixtureRequest) -> None:
    """The copy if the test asked for one, else the database that is rolled back."""
    if not {"committed_database", "live_site"} & set(request.fixturenames):
        request.getfixturevalue("db")
