"""What the worker does for chronologies."""

from __future__ import annotations

import uuid
from datetime import timedelta

from shield.domain.chronologies import services
from shield.domain.chronologies.models import Chronology, Upload
from shield.kernel.access.rules import Actor
from shield.kernel.accounts import queries as accounts
from shield.kernel.accounts.models import Person
from shield.kernel.calendar import queries as calendar
from shield.kernel.jobs.rules import job


@job("chronologies.compare")
def compare(chronology_id: str) -> None:
    """Compare a large chronology's entries after a part was handed in."""
    row = Chronology.objects.select_related("partnership").get(pk=uuid.UUID(chronology_id))
    services.compare(chronology=row, by=accounts.system_actor(row.partnership), today=calendar.today())


@job("chronologies.take_in")
def take_in(upload_id: str, person_id: str) -> None:
    """Take a large table in for whoever asked; if they have left meanwhile, it is refused like anything of theirs."""
    row = Upload.objects.select_related("partnership").get(pk=uuid.UUID(upload_id))
    by: Actor | None = accounts.system_actor(row.partnership)
    if person_id:
        by = accounts.actor_for(
            Person.objects.get(pk=uuid.UUID(person_id)), row.partnership, calendar.today()
        )
    if by is None:
        system = accounts.system_actor(row.partnership)
        services.give_back(upload=row, by=system, why="Whoever asked for it may not do so any more.")
        return
    services.perform_take_in(upload_id=row.pk, by=by, today=calendar.today())


@job("chronologies.remind", every=timedelta(hours=1))
def remind() -> None:
    """Every hour, so that a date is told of on its day whenever the worker was started; nobody is told twice."""
    services.remind_of_contributions(today=calendar.today())


@job("chronologies.keep_beside", every=timedelta(days=1))
def keep_beside() -> None:
    """Once a day: what parts of an earlier version lack, so that words and gaps are found in them too."""
    services.keep_what_is_missing()
