"""The names of jobs, when they are tried again, and what counts as stranded. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

ATTEMPTS = 5
SILENCE = timedelta(minutes=2)
"""A worker that gave no sign for so long is dead; what it was doing is picked up again."""

JOBS: dict[str, Callable[..., Any]] = {}
"""Every job by its stable name; a module's `tasks.py` fills it."""
SCHEDULE: dict[str, timedelta] = {}
"""Jobs that run by themselves, and how often."""


def job(name: str, *, every: timedelta | None = None) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a job under a name; with `every` the worker also runs it by itself."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        if name in JOBS:
            raise ValueError(f"The job {name} is registered twice.")
        JOBS[name] = function
        if every is not None:
            SCHEDULE[name] = every
        return function

    return register


def wait_before(attempt: int) -> timedelta:
    """How long to wait before attempt number `attempt` (2 is the first repeat): 1, 4, 16, 64 minutes."""
    return timedelta(minutes=4 ** max(attempt - 2, 0))


def is_stranded(last_sign: datetime | None, now: datetime) -> bool:
    """Whether a running job's worker has been silent for too long."""
    return last_sign is None or now - last_sign > SILENCE
