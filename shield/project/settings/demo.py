"""The demonstration: invented people, one-click personas, a day of its own. Never for real data."""

from datetime import date

from shield.project.settings.base import *  # noqa: F403
from shield.project.settings.base import SHIELD_TODAY as _TODAY

SECRET_KEY = "demonstration-only"  # noqa: S105 - production refuses this key
SHIELD_PERSONAS = True
SHIELD_TODAY = _TODAY or date(2019, 11, 4)
SESSION_COOKIE_SECURE = False
