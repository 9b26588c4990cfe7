"""What day it is. The demonstration may stand on a day of its own (`SHIELD_TODAY`)."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.utils import timezone

from shield.kernel.calendar import rules


def today() -> date:
    """Today in London, or the day the demonstration stands on."""
    fixed: date | None = getattr(settings, "SHIELD_TODAY", None)
    return fixed or rules.in_london(timezone.now()).date()


def now() -> datetime:
    """This moment (UTC), moved to the demonstration's day when there is one."""
    moment = timezone.now()
    fixed: date | None = getattr(settings, "SHIELD_TODAY", None)
    if fixed:
        local = rules.in_london(moment)
        moment = local.replace(year=fixed.year, month=fixed.month, day=fixed.day).astimezone(moment.tzinfo)
    return moment
