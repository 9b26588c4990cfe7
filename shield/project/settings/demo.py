"""The demonstration: invented people, one-click personas, a day of its own. Never for real data."""

from datetime import date

from shield.project.settings.base import *  # noqa: F403
from shield.project.settings.base import SHIELD_TODAY as _TODAY

SECRET_KEY = "demonstration-only"  # noqa: S105 - production refuses this key
SHIELD_PERSONAS = True
SHIELD_SECOND_FACTOR = False  # who signs in with one click could not be asked for one
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # a passkey can be tried at http://localhost
SHIELD_TODAY = _TODAY or date(2019, 11, 4)
SESSION_COOKIE_SECURE = False
