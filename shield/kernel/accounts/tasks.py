"""What the worker does by itself for accounts."""

from __future__ import annotations

import uuid
from datetime import timedelta

from shield.kernel.accounts import services
from shield.kernel.calendar import queries as calendar
from shield.kernel.jobs.rules import job


@job("accounts.carry_out_leavings", every=timedelta(hours=1))
def carry_out_leavings() -> None:
    """Every hour, so that whoever left yesterday is out soon after midnight, whenever the worker was started."""
    services.carry_out_leavings(today=calendar.today(), now=calendar.now())


@job("accounts.send_invitation")
def send_invitation(invitation_id: str, site: str) -> None:
    """Write a link that nobody has seen, keep its digest, send it."""
    services.send_invitation(invitation_id=uuid.UUID(invitation_id), site=site, now=calendar.now())
