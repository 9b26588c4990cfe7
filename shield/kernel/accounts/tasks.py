"""What the worker does by itself for accounts."""

from __future__ import annotations

import uuid
from datetime import timedelta

from shield.kernel.accounts import queries, services
from shield.kernel.accounts.models import Partnership
from shield.kernel.calendar import queries as calendar
from shield.kernel.history import services as history
from shield.kernel.jobs.rules import job


@job("accounts.carry_out_leavings", every=timedelta(hours=1))
def carry_out_leavings() -> None:
    """Every hour, so that whoever left yesterday is out soon after midnight, whenever the worker was started."""
    services.carry_out_leavings(today=calendar.today(), now=calendar.now())


@job("accounts.send_invitation")
def send_invitation(invitation_id: str, site: str) -> None:
    """Write a link that nobody has seen, keep its digest, send it."""
    services.send_invitation(invitation_id=uuid.UUID(invitation_id), site=site, now=calendar.now())


@job("accounts.send_summaries", every=timedelta(minutes=15))
def send_summaries() -> None:
    """On Monday from 7:00: what waits for each person. Asked for every quarter of an hour, done once a week."""
    services.send_summaries(today=calendar.today(), now=calendar.now())


@job("accounts.send_delayed_invitations", every=timedelta(hours=1))
def send_delayed_invitations() -> None:
    """Ask again for invitations that a mail server would not take for longer than their own job tries."""
    services.send_delayed_invitations(now=calendar.now())


@job("accounts.seal_reads", every=timedelta(hours=1))
def seal_reads() -> None:
    """Seal who looked at what, in every partnership; a read of the last minute may still be being written."""
    before = calendar.now() - timedelta(minutes=1)
    for partnership in Partnership.objects.order_by("pk"):
        history.seal_reads(partnership_id=partnership.pk, by=queries.system_actor(partnership), before=before)
