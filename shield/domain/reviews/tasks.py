"""What the worker does by itself for cases."""

from __future__ import annotations

from datetime import timedelta

from shield.domain.reviews import services
from shield.kernel.calendar import queries as calendar
from shield.kernel.jobs.rules import job


@job("reviews.remind", every=timedelta(hours=1))
def remind() -> None:
    """Every hour, so that a date is told of on its day whenever the worker was started; nobody is told twice."""
    services.remind_of_returns(today=calendar.today())
