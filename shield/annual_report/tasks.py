"""Building in the background."""

from __future__ import annotations

import uuid

from shield.annual_report import services
from shield.annual_report.models import Build
from shield.kernel.accounts import queries as accounts
from shield.kernel.accounts.models import Partnership
from shield.kernel.jobs.rules import job


@job("annual_report.build")
def build(build_id: str) -> None:
    """Build a report in all formats."""
    asked = Build.objects.get(pk=build_id)
    partnership = Partnership.objects.get(pk=asked.partnership_id)
    services.perform_build(build_id=uuid.UUID(build_id), by=accounts.system_actor(partnership))
