"""Sending in the background."""

from __future__ import annotations

import uuid
from datetime import timedelta

from shield.kernel.jobs.rules import job
from shield.kernel.notices import services


@job("notices.send")
def send(message_id: str) -> None:
    """Send one queued message."""
    services.send(message_id=uuid.UUID(message_id))


@job("notices.send_delayed", every=timedelta(hours=1))
def send_delayed() -> None:
    """Try the messages again that a mail server would not take."""
    services.send_delayed()
