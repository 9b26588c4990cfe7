"""Asking for work, running it, trying again, picking up what a crash left behind."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from shield.kernel.jobs import rules
from shield.kernel.jobs.models import ScheduledRun, WorkerSign

log = logging.getLogger("shield.jobs")


class WorkerDied(Exception):
    """Why a job gave up that never came to an end of its own."""


def enqueue(name: str, *, attempt: int = 1, run_after: datetime | None = None, **details: Any) -> str:
    """Ask for a job by name; part of the caller's transaction, so it happens only if that is kept."""
    if name not in rules.JOBS:
        raise LookupError(f"There is no job called {name}.")
    asked = perform.using(run_after=run_after) if run_after else perform
    return str(asked.enqueue(name=name, attempt=attempt, details=details).id)


@task()
def perform(name: str, attempt: int, details: dict[str, Any]) -> None:
    """Run one job; a failure is tried again later, five times in all, then it stays failed."""
    try:
        rules.JOBS[name](**details)
    except Exception:
        if attempt >= rules.ATTEMPTS:
            raise
        log.warning("The job %s failed at attempt %s and will be tried again.", name, attempt)
        enqueue(
            name, attempt=attempt + 1, run_after=timezone.now() + rules.wait_before(attempt + 1), **details
        )


def give_sign(*, worker: str, now: datetime) -> None:
    """A worker says that it is alive."""
    WorkerSign.objects.update_or_create(worker=worker, defaults={"seen_at": now})


@transaction.atomic
def pick_up_stranded(*, now: datetime) -> int:
    """Put jobs back that a dead worker was running; returns how many.

    The worker's death was an attempt like any other: a job that ends every worker which takes it up gives up
    after as many.
    """
    signs = dict(WorkerSign.objects.values_list("worker", "seen_at"))
    count = 0
    for result in DBTaskResult.objects.running().select_for_update():
        worker = result.worker_ids[-1] if result.worker_ids else ""
        if rules.is_stranded(signs.get(worker), now):
            count += _put_back(result)
    WorkerSign.objects.filter(seen_at__lt=now - rules.SILENCE * 30).delete()
    return count


def _put_back(result: DBTaskResult[Any, Any]) -> bool:
    """Let a stranded job be tried again, as one attempt more; False if that was its last."""
    asked = result.args_kwargs["kwargs"]
    attempt = asked.get("attempt", 1)
    if attempt >= rules.ATTEMPTS:
        log.error("The job %s has ended its worker at attempt %s and gives up.", asked.get("name"), attempt)
        result.set_failed(WorkerDied(f"The worker died at attempt {attempt}."))
        return False
    result.status, result.started_at = "READY", None
    result.args_kwargs = {**result.args_kwargs, "kwargs": {**asked, "attempt": attempt + 1}}
    result.save(update_fields=["status", "started_at", "args_kwargs"])
    return True


@transaction.atomic
def ask_for_due(*, now: datetime) -> list[str]:
    """Ask for every scheduled job whose time has come; asked once however many workers look."""
    asked = []
    for name, every in rules.SCHEDULE.items():
        run, created = ScheduledRun.objects.select_for_update().get_or_create(
            name=name, defaults={"asked_at": now}
        )
        if created or now - run.asked_at >= every:
            run.asked_at = now
            run.save(update_fields=["asked_at"])
            enqueue(name)
            asked.append(name)
    return asked
