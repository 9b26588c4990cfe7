"""What the worker does: carries out confirmed disposals, gathers requests, clears up after a crash."""

from __future__ import annotations

import uuid
from datetime import timedelta

from shield.kernel.accounts import queries as accounts
from shield.kernel.accounts.models import Partnership
from shield.kernel.calendar import queries as calendar
from shield.kernel.jobs.rules import job
from shield.kernel.retention import services
from shield.kernel.retention.models import Disposal, SubjectRequest


@job("retention.dispose")
def dispose(disposal_id: str) -> None:
    """Carry out a confirmed disposal, batch after batch; picked up where it stopped after a crash."""
    row = Disposal.objects.select_related("partnership").get(pk=disposal_id)
    by = accounts.system_actor(row.partnership)
    while services.dispose_batch(
        disposal_id=uuid.UUID(disposal_id), by=by, today=calendar.today(), now=calendar.now()
    ):
        pass


@job("retention.gather")
def gather(request_id: str) -> None:
    """Gather what is kept about a person who asks."""
    row = SubjectRequest.objects.select_related("partnership").get(pk=request_id)
    services.gather(request_id=row.pk, by=accounts.system_actor(row.partnership), now=calendar.now())


@job("retention.look_after", every=timedelta(hours=1))
def look_after() -> None:
    """Remove files that a crash left behind, and take up disposals whose job has given up."""
    services.remove_doomed_files()
    for partnership in Partnership.objects.order_by("pk"):
        services.take_up_confirmed(by=accounts.system_actor(partnership))
