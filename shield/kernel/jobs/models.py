"""Signs of life of workers, and when scheduled jobs last ran."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from shield.kernel.records.rules import Retention, Sensitivity


class WorkerSign(models.Model):
    """A worker was alive at this moment."""

    retention: ClassVar[Retention] = Retention.TECHNICAL
    sensitivity: ClassVar[dict[str, Sensitivity]] = {
        "worker": Sensitivity.INTERNAL,
        "seen_at": Sensitivity.INTERNAL,
    }

    worker = models.CharField(max_length=80, primary_key=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.worker


class ScheduledRun(models.Model):
    """When a scheduled job was last asked for."""

    retention: ClassVar[Retention] = Retention.TECHNICAL
    sensitivity: ClassVar[dict[str, Sensitivity]] = {
        "name": Sensitivity.INTERNAL,
        "asked_at": Sensitivity.INTERNAL,
    }

    name = models.CharField(max_length=80, primary_key=True)
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
