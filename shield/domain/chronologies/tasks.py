"""What the worker does for chronologies."""

from __future__ import annotations

import uuid
from datetime import timedelta

from shield.domain.chronologies import services
from shield.domain.chronologies.models import Chronology
from shield.kernel.accounts import queries as accounts
from shield.kernel.calendar import queries as calendar
from shield.kernel.jobs.rules import job


@job("chronologies.compare")
def compare(chronology_id: str) -> None:
    """Compare a large chronology's entries after a part was handed in."""
    row = Chronology.objects.select_related("partnership").get(pk=uuid.UUID(chronology_id))
    services.compare(chronology=row, by=accounts.system_actor(row.partnership), today=calendar.today())


@job("chronologies.remind", every=timedelta(hours=1))
def remind() -> None:
    """Every hour, so that a date is told of on its day whenever the worker was started; nobody is told twice."""
    services.remind_of_contributions(today=calendar.today())


@job("chronologies.keep_beside", every=timedelta(days=1))
def keep_beside() -> None:
    """Once a day: what parts of an earlier version lack, so that words and gaps are found in them too."""
    services.keep_what_is_missing()
