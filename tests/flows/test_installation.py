"""An installation from outside: begun, cut short, served, and refused where something would be lost."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

SECRET = "correct-horse-battery-staple-0123456789-ABCDEFGHIJKLMN"
FOUND = """
import django; django.setup()
from shield.kernel.accounts import services
services.found_partnership(slug="real", name="A real partnership", short_name="Real")
"""


def environment(**more: str) -> dict[str, str]:
    """The environment of somebody who has set nothing but this."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("SHIELD_", "DJANGO_"))}
    return {**kept, **more}


def shield(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "shield", *words],
        env=environment(**more),
        capture_output=True,
        text=True,
        timeout=300,
    )


def refused(done: subprocess.CompletedProcess[str], *said: str) -> bool:
    """Whether a command was refused in one line that holds these words, and nothing else came of it."""
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert done.stderr.startswith("shield: ")
    return all(words in done.stderr for words in said)


def settings_of(place: Path) -> dict[str, str]:
    """The settings of a production installation, database and keys in places of their own."""
    return {
        "SHIELD_SECRET_KEY": SECRET,
        "SHIELD_TLS": "proxy",
        "SHIELD_HOSTS": "shield.example.org",
        "SHIELD_KEYS": str(place / "safe" / "keys.json"),
        "SHIELD_DATA": str(place / "data"),
        "SHIELD_DATABASE": f"sqlite:///{place / 'database' / 'real.sqlite3'}",
    }


@pytest.fixture
def production(tmp_path: Path) -> dict[str, str]:
    return settings_of(tmp_path)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A production installation that holds a partnership; every story has a copy of its own."""
    place = tmp_path_factory.mktemp("production")
    (place / "database").mkdir()
    done = shield("migrate", **settings_of(place))
    assert done.returncode == 0, done.stderr
    # What holds nothing yet: no other story has to make all its tables again.
    shutil.copyfile(place / "database" / "real.sqlite3", place / "database" / "empty.sqlite3")
    settings = {**settings_of(place), "DJANGO_SETTINGS_MODULE": "shield.project.settings.production"}
    subprocess.run([sys.executable, "-c", FOUND], env=environment(**settings), check=True, umask=0o077)
    return place


@pytest.fixture
def founded(installation: Path, tmp_path: Path) -> dict[str, str]:
    """A production installation that holds a partnership."""
    shutil.copytree(installation, tmp_path, dirs_exist_ok=True)
    return settings_of(tmp_path)


REFUSED = [
    ({"SHIELD_SECRET_KEY": ""}, "SHIELD_SECRET_KEY"),
    ({"SHIELD_SECRET_KEY": "a" * 80}, "SHIELD_SECRET_KEY"),
    ({"SHIELD_SECRET_KEY": SECRET[:49]}, "SHIELD_SECRET_KEY"),
    ({"SHIELD_SECRET_KEY": "0123456789a" * 8}, "SHIELD_SECRET_KEY"),
    ({"SHIELD_HOSTS": ""}, "SHIELD_HOSTS"),
    ({"SHIELD_HOSTS": " , "}, "SHIELD_HOSTS"),
    ({"SHIELD_HOSTS": "*"}, "SHIELD_HOSTS"),
    ({"SHIELD_HOSTS": "a.example.org, *.example.org"}, "SHIELD_HOSTS"),
    ({"SHIELD_HOSTS": ".example.org"}, "SHIELD_HOSTS"),
    ({"SHIELD_HOSTS": "http://example.org"}, "SHIELD_HOSTS"),
    ({"SHIELD_SMTP_TLS": "no"}, "SHIELD_SMTP_TLS"),
    ({"SHIELD_SMTP_TLS": "true"}, "SHIELD_SMTP_TLS"),
    ({"SHIELD_NOTIFY_API_KEY": "k", "SHIELD_SMTP_HOST": "mail.example.org"}, "Choose one way out"),
    ({"SHIELD_NOTIFY_API_KEY": "k"}, "SHIELD_NOTIFY_TEMPLATE"),
    ({"SHIELD_NOTIFY_URL": "http://notify.example.org"}, "SHIELD_NOTIFY_URL"),
    ({"SHIELD_ADDRESS": "http://shield.example.org"}, "SHIELD_ADDRESS"),
    ({"SHIELD_TLS": ""}, "SHIELD_TLS"),
    ({"SHIELD_DEBUG": "yes"}, "SHIELD_DEBUG"),
    ({"SHIELD_TODAY": "2019-11-04"}, "SHIELD_TODAY"),
    ({"SHIELD_KEYS": ""}, "SHIELD_KEYS"),
    ({"SHIELD_KEYS": "{data}/keys.json"}, "SHIELD_KEYS"),
    ({"SHIELD_KEYS": "{data}/deep/../keys/keys.json"}, "SHIELD_KEYS"),
    ({"SHIELD_KEYS": "{database}/keys.json"}, "SHIELD_KEYS"),
]


@pytest.mark.parametrize(("change", "said"), REFUSED, ids=lambda x: str(x)[:40])
def test_production_refuses_to_start(
    production: dict[str, str], tmp_path: Path, change: dict[str, str], said: str
) -> None:
    places = {"data": str(tmp_path / "data"), "database": str(tmp_path / "database")}
    changed = {name: value.format(**places) for name, value in change.items()}
    done = subprocess.run(
        [sys.executable, "-c", "import shield.project.settings.production"],
        env=environment(**{**production, **changed}),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert said in done.stderr.splitlines()[-1]


def test_keys_that_are_lost_are_never_replaced(founded: dict[str, str], tmp_path: Path) -> None:
    keys = Path(founded["SHIELD_KEYS"])
    kept = keys.read_text()
    keys.unlink()
    for words in (("migrate",), ("serve", "--port", str(free_port()))):
        assert refused(shield(*words, **founded), "keys.json is missing", "Nothing was changed")
    assert refused(shield("history", "verify", **founded), "keys.json is missing")
    assert not keys.exists()

    elsewhere = {**founded, "SHIELD_DATABASE": f"sqlite:///{tmp_path / 'database' / 'empty.sqlite3'}"}
    assert (
        shield("migrate", **elsewhere).returncode == 0
    )  # a database that holds nothing begins with new keys
    assert refused(shield("migrate", **founded), "is not that of this database")
    keys.write_text(kept)
    assert shield("migrate", **founded).returncode == 0
    assert shield("history", "verify", **founded).stdout == "real: 1 entries, sound\n"


def test_a_demonstration_never_takes_over_a_database_in_use(founded: dict[str, str], tmp_path: Path) -> None:
    database = {"SHIELD_DATABASE": founded["SHIELD_DATABASE"]}
    other = tmp_path / "other"
    for data in (other, Path(founded["SHIELD_DATA"])):
        before = sorted(tmp_path.rglob("*"))
        assert refused(shield("demo", "--no-serve", "--data", str(data), **database), "demonstration")
        assert sorted(tmp_path.rglob("*")) == before

    # A directory that is marked stands for its own database and for no other.
    other.mkdir()
    (other / "demonstration").touch()
    done = shield("demo", "--no-serve", "--data", str(other), **database)
    assert refused(done, "a demonstration in another database")
    done = shield("serve", "--port", str(free_port()), "--data", str(other), **database)
    assert refused(done, "Set SHIELD_SECRET_KEY")


def test_only_a_demonstration_is_set_aside(founded: dict[str, str]) -> None:
    words = ("demo", "--no-serve", "--fresh", "--data", founded["SHIELD_DATA"])
    assert refused(shield(*words), "does not hold a demonstration")
    assert Path(founded["SHIELD_DATA"]).exists()


def test_what_production_makes_is_for_its_owner_only(founded: dict[str, str], tmp_path: Path) -> None:
    for top in ("data", "safe"):
        for path in (tmp_path / top, *(tmp_path / top).rglob("*")):
            assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path
    assert stat.S_IMODE((tmp_path / "database" / "real.sqlite3").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "words",
    [
        ("demo", "--no-serve", "--data", "/proc/x"),
        ("demo", "--no-serve", "--data", "/dev/null"),
        ("demo", "--no-serve", "--data", ""),
        ("migrate", "--data", " "),
    ],
)
def test_a_place_that_cannot_hold_data_is_said_in_one_line(words: tuple[str, ...]) -> None:
    assert refused(shield(*words))


@pytest.mark.parametrize("port", ["99999", "-1", "0", "http", "８０００", "9" * 5000])
def test_a_port_that_is_none_is_said(port: str) -> None:
    done = shield("serve", f"--port={port}")
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert "give a number from 1 to 65535" in done.stderr


# A demonstration, from a first start that is killed to the last stop ---------------------------------


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "It never came about."
        time.sleep(0.1)


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def children(pid: int, word: str) -> list[int]:
    """The children of a process whose command line holds a word (Linux)."""
    found = []
    for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        if word in Path(f"/proc/{each}/cmdline").read_text().split("\0"):
            found.append(int(each))
    return found


def partnerships_of(database: Path) -> int:
    try:
        with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
            return int(connection.execute("SELECT count(*) FROM accounts_partnership").fetchone()[0])
    except sqlite3.Error:
        return -1


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration whose first start was killed while it prepared its database."""
    data = tmp_path_factory.mktemp("demonstration") / "data"
    command = [sys.executable, "-m", "shield", "demo", "--no-serve", "--data", str(data)]
    first = subprocess.Popen(command, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_for(lambda: (data / "shield.sqlite3").exists())
    first.kill()
    first.wait()
    assert partnerships_of(data / "shield.sqlite3") <= 0
    return data


def test_a_demonstration_that_was_killed_at_its_first_start_is_taken_up_again(demonstration: Path) -> None:
    done = shield("demo", "--no-serve", "--data", str(demonstration))
    assert done.returncode == 0, done.stderr
    assert partnerships_of(demonstration / "shield.sqlite3") == 2
    assert len(list((demonstration / "report").iterdir())) == 4
    assert not [p for p in demonstration.rglob("*") if p.stat().st_mode & 0o077]
    again = shield("demo", "--no-serve", "--data", str(demonstration))
    assert (again.returncode, "Loading" in again.stdout) == (0, False)


def as_from_a_terminal() -> None:
    """A suite that a shell runs in the background ignores Ctrl+C, and so would whatever it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture
def served(demonstration: Path, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], int, Path]]:
    """The demonstration, served; its process, its port and its log."""
    port, log = free_port(), tmp_path / "log"
    command = [sys.executable, "-m", "shield", "serve", "--data", str(demonstration), "--port", str(port)]
    with open(log, "wb") as file:
        process = subprocess.Popen(
            command, env=environment(), stdout=file, stderr=file, preexec_fn=as_from_a_terminal
        )
    try:
        wait_for(lambda: answers(port) and bool(children(process.pid, "worker")))
        yield process, port, log
    finally:
        process.kill()
        process.wait()


needs_proc = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds children by /proc")


@needs_proc
def test_a_worker_that_is_killed_is_started_again_and_the_site_stays(served) -> None:
    process, port, log = served
    (worker,) = children(process.pid, "worker")
    os.kill(worker, signal.SIGKILL)
    wait_for(lambda: children(process.pid, "worker") not in ([], [worker]))
    assert answers(port)
    assert "The worker has ended (signal 9); it starts again in 1 s." in log.read_text()
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0
    assert not answers(port)


@needs_proc
def test_a_server_that_dies_is_an_error(served) -> None:
    process, port, log = served
    (server,) = (
        pid for pid in map(int, all_children(process.pid)) if pid not in children(process.pid, "worker")
    )
    os.kill(server, signal.SIGKILL)
    assert process.wait(timeout=30) == 1
    assert "The web server has ended (signal 9)" in log.read_text()
    assert not answers(port), "what the server started is left behind"


def all_children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


@needs_proc
def test_ctrl_c_ends_it_well(served) -> None:
    process, *_ = served
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) == 0
