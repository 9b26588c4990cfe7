"""Keeping the index in step in the background."""

from __future__ import annotations

from datetime import timedelta

from shield.kernel.jobs.rules import job
from shield.kernel.search import queries, services


@job("search.follow", every=timedelta(minutes=1))
def follow() -> None:
    """Take in what happened in each partnership since."""
    for partnership_id in queries.partnerships_behind():
        services.follow(partnership_id=partnership_id)


@job("search.tidy", every=timedelta(days=1))
def tidy() -> None:
    """Let leave the index what is no record any more."""
    for partnership_id in queries.partnerships():
        services.tidy(partnership_id=partnership_id)
