"""Production: refuses to start with a weak key, debug on, without TLS settings, or with its keys beside its data."""

import os
import re
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from shield.project.settings.base import *  # noqa: F403
from shield.project.settings.base import ALLOWED_HOSTS, DATA, DATABASES, SECRET_KEY, SHIELD_NOTIFY_URL

if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 12:
    raise ImproperlyConfigured(
        "Set SHIELD_SECRET_KEY to a random text of at least 50 characters, at least 12 of them different."
    )
if os.environ.get("SHIELD_DEBUG", "") not in {"", "no"}:
    raise ImproperlyConfigured("Debug cannot be switched on in production: unset SHIELD_DEBUG.")
if os.environ.get("SHIELD_TLS", "") not in {"proxy", "direct"}:
    raise ImproperlyConfigured(
        "Say how TLS is done: SHIELD_TLS=proxy (a proxy sets X-Forwarded-Proto) or direct."
    )
if os.environ.get("SHIELD_TODAY"):
    raise ImproperlyConfigured("A day of its own (SHIELD_TODAY) is for demonstrations only.")
# A name that begins with a dot would stand for all its subdomains.
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]", re.IGNORECASE)
if not os.environ.get("SHIELD_HOSTS") or not ALLOWED_HOSTS or not all(map(_HOST.fullmatch, ALLOWED_HOSTS)):
    raise ImproperlyConfigured(
        "Name each host of this service in SHIELD_HOSTS, in full: no * and no leading dot."
    )
if os.environ.get("SHIELD_SMTP_TLS", "yes") != "yes":
    raise ImproperlyConfigured("E-mail leaves by TLS only: unset SHIELD_SMTP_TLS.")
if not SHIELD_NOTIFY_URL.startswith("https://"):
    raise ImproperlyConfigured("GOV.UK Notify is spoken to by TLS only: mend or unset SHIELD_NOTIFY_URL.")
SHIELD_ADDRESS = os.environ.get("SHIELD_ADDRESS", "").strip() or f"https://{ALLOWED_HOSTS[0]}"
if not SHIELD_ADDRESS.startswith("https://"):
    raise ImproperlyConfigured("Links in e-mails lead here by TLS only: SHIELD_ADDRESS begins with https://.")

# Whoever takes the data or a backup of it must not have the keys with it.
_NAMED = os.environ.get("SHIELD_KEYS", "").strip()
if not _NAMED:
    raise ImproperlyConfigured("Name the key file in SHIELD_KEYS, apart from the data and its backups.")
_BESIDE = [DATA]
if "sqlite" in str(DATABASES["default"]["ENGINE"]):
    _BESIDE.append(Path(str(DATABASES["default"]["NAME"])).resolve().parent)
if any(Path(_NAMED).resolve().is_relative_to(each) for each in _BESIDE):
    raise ImproperlyConfigured(
        "SHIELD_KEYS lies beside the data: keep the key file in a directory of its own."
    )

if os.environ["SHIELD_TLS"] == "proxy":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # Else every person would seem to come from the proxy, and one guessing machine would lock all of them out.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
