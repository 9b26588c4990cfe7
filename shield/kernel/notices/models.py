"""The outbox."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from shield.kernel.records.rules import Retention, Sensitivity, new_id


class Message(models.Model):
    """One e-mail to one person: waiting, sent, or given up with the reason."""

    retention: ClassVar[Retention] = Retention.PARTNERSHIP_YEAR
    retention_from: ClassVar[str] = "queued_at"
    sensitivity: ClassVar[dict[str, Sensitivity]] = {
        "id": Sensitivity.INTERNAL, "partnership_id": Sensitivity.INTERNAL, "person_id": Sensitivity.INTERNAL,
        "template": Sensitivity.INTERNAL, "address": Sensitivity.PERSONAL, "subject": Sensitivity.INTERNAL,
        "body": Sensitivity.INTERNAL, "status": Sensitivity.INTERNAL, "attempts": Sensitivity.INTERNAL,
        "problem": Sensitivity.INTERNAL, "queued_at": Sensitivity.INTERNAL, "sent_at": Sensitivity.INTERNAL,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    partnership_id = models.UUIDField(db_index=True)
    person_id = models.UUIDField(null=True, blank=True)
    template = models.CharField(max_length=60)
    address = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    status = models.CharField(
        max_length=8,
        choices=[("waiting", "Waiting"), ("sent", "Sent"), ("failed", "Given up")],
        default="waiting",
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-queued_at"]

    def __str__(self) -> str:
        return self.subject
