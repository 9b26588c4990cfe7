"""Serving the site: one server, and a worker beside it that is started again when it dies."""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shield.project.installation import CannotDo

log = logging.getLogger("shield.serve")

LONGEST_PAUSE = 60.0
"""Seconds; the pause before a worker starts again doubles up to this, and is short again after a longer life."""


def check_port(host: str, port: int) -> None:
    """Refuse an address that cannot be listened on, before anything is prepared."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            raise CannotDo(
                f"{host}:{port} cannot be used ({problem.strerror}). Is Shield running already? Choose another by --port."
            ) from problem


def _end_with_parent() -> None:
    """Runs in a child before its program: let the system end it when this process dies, however it dies (Linux)."""
    if sys.platform == "linux":
        import ctypes

        set_signal_of_parents_death = 1
        ctypes.CDLL(None).prctl(set_signal_of_parents_death, signal.SIGTERM)


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    """Start a child as a group of its own, so that whatever it starts can be ended with it."""
    return subprocess.Popen(command, preexec_fn=_end_with_parent, process_group=0)


@dataclass
class Beside:
    """The worker beside the server: whenever it has died it is started again, after a pause that grows."""

    start: Callable[[], Any]
    clock: Callable[[], float] = time.monotonic
    process: Any = None
    pause: float = 1.0
    since: float = 0.0
    again_at: float | None = field(default=0.0)

    def look(self) -> None:
        """Start it if its time has come; if it has died, say so and settle when it starts again."""
        now = self.clock()
        if self.again_at is not None:
            if now >= self.again_at:
                self.process, self.since, self.again_at = self.start(), now, None
        elif (status := self.process.poll()) is not None:
            if now - self.since > LONGEST_PAUSE:
                self.pause = 1.0
            log.error("The worker has ended (%s); it starts again in %.0f s.", ending(status), self.pause)
            self.again_at = now + self.pause
            self.pause = min(self.pause * 2, LONGEST_PAUSE)


def ending(status: int) -> str:
    """How a process ended, in words: status 1, or the signal that ended it."""
    return f"status {status}" if status >= 0 else f"signal {-status}"


def serve(host: str, port: int, *, with_worker: bool) -> int:
    """Serve until stopped: 0 if somebody stopped it, 1 if the server ended by itself."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # SIGTERM stops it as Ctrl+C does
    python = Path(sys.executable)
    workers = str(max(1, min(os.cpu_count() or 1, 4)))
    server = _start([
        str(python.parent / "granian"), "--interface", "wsgi", "--host", host, "--port", str(port), "--workers", workers,
        "--blocking-threads", "1", "--no-ws", "--log-level", "warning",
        # An address may hold what somebody typed into a search.
        "--no-access-log", "--respawn-failed-workers", "shield.project.wsgi:application",
    ])  # fmt: skip
    beside = Beside(lambda: _start([str(python), "-m", "shield", "worker"])) if with_worker else None
    print(f"Serving on http://{host}:{port} – stop with Ctrl+C.", flush=True)
    try:
        return watch(server, beside)
    except KeyboardInterrupt:
        print("\nStopping…", flush=True)
        return 0
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # asked once is enough: what runs is being stopped
        stop([server, *([beside.process] if beside and beside.process else [])])


def watch(server: Any, beside: Beside | None, every: float = 0.3) -> int:
    """Look after both until the server ends, which it does of itself only in trouble."""
    while (status := server.poll()) is None:
        if beside:
            beside.look()
        time.sleep(every)
    log.error("The web server has ended (%s), so everything stops.", ending(status))
    return 1


def stop(processes: list[subprocess.Popen[bytes]]) -> None:
    """Ask all to end; who does not within ten seconds is ended, and so is whatever a dead one left behind."""
    for process in processes:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=10)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
