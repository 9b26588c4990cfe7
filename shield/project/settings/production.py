"""Production: refuses to start with the development key, debug on, or without TLS settings."""

import os

from django.core.exceptions import ImproperlyConfigured

from shield.project.settings.base import *  # noqa: F403
from shield.project.settings.base import ALLOWED_HOSTS, SECRET_KEY

_WEAK = {"", "demonstration-only", "test-only"}
if SECRET_KEY in _WEAK or len(SECRET_KEY) < 32:
    raise ImproperlyConfigured("Set SHIELD_SECRET_KEY to a random text of at least 32 characters.")
if os.environ.get("SHIELD_DEBUG", "") not in {"", "no"}:
    raise ImproperlyConfigured("Debug cannot be switched on in production: unset SHIELD_DEBUG.")
if os.environ.get("SHIELD_TLS", "") not in {"proxy", "direct"}:
    raise ImproperlyConfigured(
        "Say how TLS is done: SHIELD_TLS=proxy (a proxy sets X-Forwarded-Proto) or direct."
    )
if os.environ.get("SHIELD_TODAY"):
    raise ImproperlyConfigured("A day of its own (SHIELD_TODAY) is for demonstrations only.")
if not os.environ.get("SHIELD_HOSTS") or "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("Name the host of this service in SHIELD_HOSTS.")

if os.environ["SHIELD_TLS"] == "proxy":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # Else every person would seem to come from the proxy, and one guessing machine would lock all of them out.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
