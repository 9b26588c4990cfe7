"""Sending in the background. These run by the machine's own time, also where a demonstration stands on another day."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from shield.kernel.jobs.rules import job
from shield.kernel.notices import services


@job("notices.send")
def send(message_id: str) -> None:
    """One message was queued; it leaves in its turn, after those that were queued before it."""
    services.send_waiting(now=timezone.now())


@job("notices.send_waiting", every=timedelta(minutes=5))
def send_waiting() -> None:
    """Hand over what waits. Asked for at each new attempt; every five minutes besides, should a job have been lost."""
    services.send_waiting(now=timezone.now())


@job("notices.ask_back", every=timedelta(minutes=15))
def ask_back() -> None:
    """Ask GOV.UK Notify what became of the messages it took."""
    services.ask_back(now=timezone.now())
