"""What the queue holds."""

from __future__ import annotations

from django_tasks_db.models import DBTaskResult


def waiting() -> int:
    """How many jobs have not been started."""
    return DBTaskResult.objects.filter(status="READY").count()


def failed() -> int:
    """How many jobs gave up."""
    return DBTaskResult.objects.failed().count()
