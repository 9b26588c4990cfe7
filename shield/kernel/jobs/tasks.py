"""Work on the queue itself."""

from __future__ import annotations

from datetime import timedelta

from django.core.management import call_command

from shield.kernel.jobs.rules import job

KEPT_DAYS = 7
"""Days for which it is known what a job came to; one that failed is known for a year."""


@job("jobs.forget_done", every=timedelta(days=1))
def forget_done() -> None:
    """Let the queue forget what was done long ago: a job that runs every minute would fill it up."""
    call_command(
        "prune_db_task_results", min_age_days=KEPT_DAYS, failed_min_age_days=365, queue_name="*", verbosity=0
    )
