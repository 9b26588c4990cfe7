"""Backing up and restoring, as another process does it: what was kept is there, whatever happened meanwhile."""

from __future__ import annotations

import io
import json
import signal
import stat
import tarfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests import cast
from tests.databases import CommittedDatabase, fresh_copy
from tests.flows.places import Place, a_place, an_empty_place, ask, differences, shield

MOMENT = datetime(2019, 11, 4, 9, 30, 0, 123456, tzinfo=UTC)
ATTACHING = """
import django; django.setup()
from shield.kernel.accounts import queries as accounts
from shield.kernel.accounts.models import Partnership
from shield.kernel.files import services as files
partnership = Partnership.objects.get(slug="testbury")
files.attach(about=partnership.ref, name="a.txt", content=b"More", by=accounts.system_actor(partnership))
"""
KILLED_BACKUP = """
import os, signal, sys
from shield.project import commandline
from shield.project.backups import archive
add = archive._add
def add_and_die(tar, name, size, content):
    add(tar, name, size, content)
    if name.startswith("tables/files"):
        os.kill(os.getpid(), signal.SIGKILL)
archive._add = add_and_die
commandline.main(sys.argv[1:])
"""
KILLED_RESTORE = """
import os, signal, sys, django
from shield.project import installation
installation.keep_private()
django.setup()
from pathlib import Path
from types import SimpleNamespace
from shield.project import commandline, indexing
from shield.project.backups import restoring, rows
moment, insert = sys.argv.pop(), rows.insert
def die(*words, **named):
    os.kill(os.getpid(), signal.SIGKILL)
def insert_and_die(connection, table, lines):
    return die() if table.name == "history_event" else insert(connection, table, lines)
if moment == "a file":
    restoring.shutil = SimpleNamespace(copyfileobj=die)
elif moment == "the rows":
    rows.insert = insert_and_die
elif moment == "what follows the rows":
    restoring.call_command = die
elif moment == "the search index":
    indexing.rebuild = die
elif moment == "the end":
    Path.unlink = die
commandline.main(sys.argv[1:])
"""
MOMENTS = ("a file", "the rows", "what follows the rows", "the search index", "the end")


@pytest.fixture(scope="module")
def house(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[CommittedDatabase]:
    """Two partnerships at work: a stored file, a session, a message that was sent and one that waits."""
    from django.contrib.sessions.models import Session

    from shield.kernel.accounts.models import Partnership
    from shield.kernel.files import services as files
    from shield.kernel.jobs import services as jobs
    from shield.kernel.notices.models import Message

    with (
        fresh_copy(django_db_blocker, tmp_path_factory.mktemp("house")) as copy,
        django_db_blocker.unblock(),
    ):
        made = cast.set_up()
        Partnership.objects.filter(slug="testbury").update(values=["Kind – 🧒", 'a "quoted"\nline', "אבג"])
        files.attach(
            about=made.testbury.ref,
            name="minutes.txt",
            content=b"Minutes of the board",
            by=cast.system(made.testbury),
        )
        Session.objects.create(session_key="s" * 32, session_data="x", expire_date=MOMENT + timedelta(1))
        for status in ("sent", "waiting"):
            message = Message.objects.create(
                partnership_id=made.testbury.pk,
                template="any",
                address="lead@police.example",
                subject=status,
                body="Body 🧒\r\n",
                status=status,
                attempts=1 if status == "sent" else 0,
                queued_at=MOMENT,
                sent_at=MOMENT if status == "sent" else None,
            )
            jobs.enqueue("notices.send", message_id=str(message.pk))
        yield copy


@pytest.fixture(scope="module", autouse=True)
def backup(house: CommittedDatabase, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the house as it was before any story wrote into it."""
    to = tmp_path_factory.mktemp("backups") / "shield.tar"
    done = shield(house.environment, "backup", "--to", str(to))
    assert done.returncode == 0, done.stderr
    return to


@pytest.fixture
def place(house: CommittedDatabase, tmp_path: Path) -> Iterator[Place]:
    """An empty place of the kind that the suite runs on."""
    with an_empty_place(house, tmp_path / "data") as place:
        yield place


@pytest.fixture(scope="module")
def restored(
    house: CommittedDatabase, backup: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    """The house restored at the sixth attempt: each before was killed, a little later each time, and never served."""
    with an_empty_place(house, tmp_path_factory.mktemp("restored") / "data") as place:
        for moment in MOMENTS:
            done = shield(place.environment, "restore", str(backup), moment, script=KILLED_RESTORE)
            assert done.returncode == -signal.SIGKILL, f"{moment}: {done.stderr}"
            _refuse_to_work_in(place, ("serve",))
            if moment == "the search index":  # every row is in, and still nothing works on them
                _refuse_to_work_in(place, ("history", "verify"), ("migrate",), ("backup", "--drill"))
                _refuse_rows_of_others(place, backup)
        done = shield(place.environment, "restore", str(backup))
        assert done.returncode == 0, done.stderr
        assert "Everybody signs in again." in done.stdout
        yield place


def _refuse_to_work_in(place: Place, *commands: tuple[str, ...]) -> None:
    for words in commands:
        done = shield(place.environment, *words)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)
        assert "did not come to its end" in done.stderr


def _refuse_rows_of_others(place: Place, backup: Path) -> None:
    """What a killed restore left is only gone on with if every row is that of the backup."""
    renamed = "UPDATE accounts_partnership SET short_name = '{}' WHERE slug = 'testbury'"
    ask(place.environment, renamed.format("Elsewhere"))
    done = shield(place.environment, "restore", str(backup))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "holds data already" in done.stderr
    ask(place.environment, renamed.format("Testbury"))


def nothing_in(place: Place) -> bool:
    """Whether nothing was put there; the settings of the tests make a folder of their own."""
    return [each.name for each in place.data.glob("*")] in ([], ["static"])


# What comes back ------------------------------------------------------------------------------------------


def test_what_was_kept_comes_back_and_nothing_is_done_twice(restored: Place, backup: Path) -> None:
    assert differences(restored, backup) == []
    assert ask(restored.environment, "SELECT count(*) FROM django_session") == [(0,)]
    assert restored.verdicts().count(", sound\n") == 2
    stored = [p.read_bytes() for p in (restored.data / "files").rglob("*") if p.is_file()]
    assert stored == [b"Minutes of the board"]
    assert not [p for p in restored.data.rglob("*") if p.stat().st_mode & 0o077]

    # What was sent is not sent again, and what waited is sent.
    assert shield(restored.environment, "worker", "--once").returncode == 0
    assert sorted(ask(restored.environment, "SELECT subject, status, attempts FROM notices_message")) == [
        ("sent", "sent", 1),
        ("waiting", "sent", 1),
    ]


def test_the_history_that_came_back_is_closed_to_change(restored: Place) -> None:
    from django.db import DatabaseError

    for statement in (
        "DELETE FROM history_event",
        "UPDATE history_read SET purpose = ''",
        "DELETE FROM history_read",
    ):
        if "read" in statement and not ask(restored.environment, "SELECT 1 FROM history_read"):
            continue
        with pytest.raises(DatabaseError, match="append-only"):
            ask(restored.environment, statement)


def test_a_place_that_was_restored_is_not_restored_into_again(restored: Place, backup: Path) -> None:
    again = shield(restored.environment, "restore", str(backup))
    assert (again.returncode, again.stderr.count("\n")) == (2, 1)
    assert "is restored into an empty" in again.stderr or "is not empty" in again.stderr


def test_a_backup_goes_from_one_database_to_the_other_and_back(
    house: CommittedDatabase, backup: Path, place: Place, tmp_path: Path
) -> None:
    if house.vendor != "postgresql":
        pytest.skip("needs both databases: SHIELD_TEST_DATABASE=postgres")
    sqlite = a_place(house, tmp_path / "sqlite")
    assert shield(sqlite.environment, "restore", str(backup)).returncode == 0
    assert differences(sqlite, backup) == []
    to = tmp_path / "of-sqlite.tar"
    assert shield(sqlite.environment, "backup", "--to", str(to)).returncode == 0
    done = shield(place.environment, "restore", str(to))
    assert done.returncode == 0, done.stderr
    assert differences(place, backup) == []
    # A new entry takes its number after those that came back.
    assert shield(place.environment, script=ATTACHING).returncode == 0
    assert place.verdicts().count(", sound") == 2


def test_the_drill_tells_a_row_that_differs(restored: Place) -> None:
    """It would be worth nothing if it could not fail."""
    from django.db import connection, transaction

    from shield.kernel.accounts.models import Partnership
    from shield.project.backups import drilling

    said: list[str] = []
    with (
        drilling.connected(restored.environment["SHIELD_DATABASE"]) as other,
        transaction.atomic(),
    ):
        Partnership.objects.filter(slug="otherton").update(short_name="Othertown")
        found = drilling.compare_rows(connection, other, say=said.append)
        key = Partnership.objects.get(slug="otherton").pk
        transaction.set_rollback(True)
    assert f"accounts_partnership: 1 rows differ, the first is {key}." in found
    assert "        2  accounts_partnership  1 DIFFER" in said


def test_what_counts_as_the_same() -> None:
    from shield.project.backups import rows

    table = rows.Table("x", (("id", "number"), ("data", "json"), ("at", "moment")), "id")
    row = [1, '{"a": 1.50, "b": [2]}', "2019-11-04T09:30:00.123456+00:00"]
    assert rows.same(table, row, [1, '{"b":[2],"a":1.5}', row[2]])
    for other in (
        None,
        [2, *row[1:]],
        [1, '{"a": 1.51, "b": [2]}', row[2]],
        [1, None, row[2]],
        [*row[:2], ""],
    ):
        assert not rows.same(table, row, other)


def test_a_stored_file_that_is_gone_or_changed_is_told_and_the_rest_is_kept(
    house: CommittedDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from shield.kernel.files import queries as files
    from shield.kernel.files.models import StoredFile
    from shield.project.backups import archive, making

    monkeypatch.setenv("SHIELD_DATA", str(tmp_path / "data"))
    digest = StoredFile.objects.get(name="minutes.txt").sha256
    path = files.path_of(digest)
    try:
        path.write_bytes(b"Other minutes")
        with making.taken(tmp_path / "shield.tar") as manifest:
            assert making.faults(manifest) == [
                f"The stored file {digest} was missing or changed and is not in it."
            ]
    finally:
        path.write_bytes(b"Minutes of the board")
    with archive.opened(tmp_path / "shield.tar") as opened:
        opened.check_members()


def test_every_table_of_the_database_is_in_a_backup_or_left_out_by_name(house: CommittedDatabase) -> None:
    from django.apps import apps
    from django.db import connection

    from shield.project.backups import making, rows

    tables = rows.tables(apps)
    kept = {table.name for table in tables}
    assert set(connection.introspection.table_names()) - making.SQLITE_OWN - kept <= rows.NOT_KEPT
    before: set[str] = set()
    for table in tables:  # nothing comes before what it points to, but for rows that point to each other
        before.add(table.name)
        if table.name == "accounts_rolegrant":
            assert {"accounts_person", "accounts_partnership"} <= before


# Cut short ------------------------------------------------------------------------------------------------


def test_a_backup_that_is_killed_leaves_nothing_that_looks_like_one(
    house: CommittedDatabase, tmp_path: Path
) -> None:
    to = tmp_path / "shield.tar"
    done = shield(house.environment, "backup", "--to", str(to), script=KILLED_BACKUP)
    assert done.returncode == -signal.SIGKILL
    assert [p.name.startswith(".shield.tar.unfinished.") for p in tmp_path.iterdir()] == [True]
    assert shield(house.environment, "backup", "--to", str(to)).returncode == 0
    assert stat.S_IMODE(to.stat().st_mode) == 0o600


def test_a_backup_that_is_stopped_leaves_nothing_at_all(
    house: CommittedDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from shield.project.backups import archive, making

    def stop(*words: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(archive, "write", stop)
    monkeypatch.setenv("SHIELD_DATA", str(tmp_path / "data"))
    with pytest.raises(KeyboardInterrupt), making.taken(tmp_path / "shield.tar"):
        pass
    assert list(tmp_path.iterdir()) == []


# Refused --------------------------------------------------------------------------------------------------


def rewritten(backup: Path, to: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """A copy of a backup with members changed or, where None comes back, left out."""
    with tarfile.open(backup) as source, tarfile.open(to, "w") as target:
        for member in source:
            file = source.extractfile(member)
            content = change(member.name, file.read() if file else b"")
            if content is not None:
                member.size = len(content)
                target.addfile(member, io.BytesIO(content))
    return to


@pytest.mark.parametrize(
    "name",
    [
        "manifest.json",
        "tables/history_event.jsonl.gz",
        "tables/accounts_person.jsonl.gz",
        "files/",
        "seal.json",
    ],
)
def test_a_damaged_backup_is_refused_by_the_name_of_what_is_damaged(
    backup: Path, place: Place, tmp_path: Path, name: str
) -> None:
    from django.test import override_settings

    from shield.project.backups import restoring

    def change(member: str, content: bytes) -> bytes:
        return content[:-9] + bytes([content[-9] ^ 1]) + content[-8:] if member.startswith(name) else content

    damaged = rewritten(backup, tmp_path / "damaged.tar", change)
    with (
        override_settings(SHIELD_KEYS=place.environment["SHIELD_KEYS"]),
        pytest.raises(restoring.CannotDo, match=f"is damaged: {name}"),
    ):
        restoring.restore(damaged, say=print)
    assert nothing_in(place)


@pytest.mark.parametrize("bytes_kept", [0, 700, 60_000, -11_000])
def test_a_backup_that_is_cut_off_is_refused(
    backup: Path, place: Place, tmp_path: Path, bytes_kept: int
) -> None:
    from shield.project.backups import archive

    cut = tmp_path / "cut.tar"
    cut.write_bytes(backup.read_bytes()[: bytes_kept or None] if bytes_kept else b"")
    with (
        pytest.raises(
            archive.CannotDo, match=r"is no backup|its end \(seal.json\) is missing|seal.json is not"
        ),
        archive.opened(cut) as opened,
    ):
        opened.check_members()


def test_a_backup_of_a_newer_shield_is_refused(backup: Path, place: Place, tmp_path: Path) -> None:
    from shield.kernel.sealed import rules as sealed
    from shield.project.backups import archive

    with archive.opened(backup) as opened:
        opened.manifest.migrations["meetings"].append("9999_of_tomorrow")
        ring = sealed.load(Path(place.environment["SHIELD_KEYS"]))
        empty = {**vars(opened.manifest), "members": []}
        archive.write(tmp_path / "newer.tar", archive.Manifest(**empty), {}, ring)
    done = shield(place.environment, "restore", str(tmp_path / "newer.tar"))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "made by a newer Shield" in done.stderr
    assert "9999_of_tomorrow of meetings" in done.stderr
    assert nothing_in(place)


def test_a_backup_without_its_keys_is_refused_and_says_which(
    backup: Path, place: Place, tmp_path: Path
) -> None:
    wanted = list(json.loads(Path(place.environment["SHIELD_KEYS"]).read_text())["history"])
    held = backup.read_bytes()
    for ring in json.loads(Path(place.environment["SHIELD_KEYS"]).read_text()).values():
        assert not [key for key in ring.values() if key.encode() in held or bytes.fromhex(key) in held]

    others = tmp_path / "others.json"
    others.write_text('{"history": {"k1": "00"}, "tokens": {"k2": "00"}}')
    done = shield({**place.environment, "SHIELD_KEYS": str(others)}, "restore", str(backup))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert f"the key file {others} lacks {wanted[0]}" in done.stderr
    assert nothing_in(place)


@pytest.mark.parametrize("held", ["shield.sqlite3", "anchors/one.anchor", "mail/letter", "demonstration"])
def test_a_place_that_holds_anything_is_refused(
    backup: Path, place: Place, held: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.test import override_settings

    from shield.project.backups import restoring

    path = place.data / held
    path.parent.mkdir(parents=True)
    path.write_text("kept")
    monkeypatch.setenv("SHIELD_DATA", str(place.data))
    with (
        override_settings(SHIELD_FILES=str(place.data / "files"), SHIELD_ANCHORS=str(place.data / "anchors")),
        pytest.raises(restoring.CannotDo, match="empty"),
    ):
        restoring.restore(backup, say=print)
    assert [p for p in place.data.rglob("*") if p.is_file()] == [path]
    assert path.read_text() == "kept"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("backup",), "Say where the backup goes"),
        (("restore", "/nowhere/shield.tar"), "cannot be read"),
        (("restore", "/dev/null"), "is no backup"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    house: CommittedDatabase, words: tuple[str, ...], said: str
) -> None:
    done = shield(house.environment, *words)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert said in done.stderr


@pytest.mark.parametrize(
    ("to", "said"), [("/nowhere/shield.tar", "no directory /nowhere"), ("/", "/ exists")]
)
def test_a_backup_is_never_written_over_anything(house: CommittedDatabase, to: str, said: str) -> None:
    from shield.project.backups import making

    with pytest.raises(making.CannotDo, match=said), making.taken(Path(to)):
        pass


def test_the_search_index_is_in_no_backup_and_made_anew_by_a_restore(
    house: CommittedDatabase, backup: Path, restored: Place
) -> None:
    from shield.project.backups import archive, drilling

    with archive.opened(backup) as opened:
        assert not [each for each in opened.manifest.under("tables") if each.startswith("tables/search_")]
    with (
        drilling.connected(restored.environment["SHIELD_DATABASE"]) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT count(*) FROM search_entry WHERE kind = 'accounts.agency'")
        assert cursor.fetchone()[0] == 5
