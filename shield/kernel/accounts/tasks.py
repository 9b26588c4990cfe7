"""What the system does by itself for each partnership."""

from __future__ import annotations

from datetime import timedelta

from shield.kernel.accounts import queries
from shield.kernel.accounts.models import Partnership
from shield.kernel.calendar import queries as calendar
from shield.kernel.history import services as history
from shield.kernel.jobs.rules import job


@job("accounts.seal_reads", every=timedelta(hours=1))
def seal_reads() -> None:
    """Seal who looked at what, in every partnership; a read of the last minute may still be being written."""
    before = calendar.now() - timedelta(minutes=1)
    for partnership in Partnership.objects.order_by("pk"):
        history.seal_reads(partnership_id=partnership.pk, by=queries.system_actor(partnership), before=before)
