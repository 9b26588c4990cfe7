"""The test suite: a scratch data directory, mail kept in memory, a database of its own.

`SHIELD_TEST_DATABASE` is `sqlite` (the default) or `postgres`. For `postgres` the server named by
`SHIELD_DATABASE` serves, or else one is started for as long as the run lasts; the workers of pytest-xdist
inherit its address and make a database each.
"""

import atexit
import os
import shutil
import sys
import tempfile
from datetime import date
from pathlib import Path

if "SHIELD_DATA" not in os.environ:
    os.environ["SHIELD_DATA"] = tempfile.mkdtemp(prefix="shield-test-")
    atexit.register(shutil.rmtree, os.environ["SHIELD_DATA"], ignore_errors=True)
_WANTED = os.environ.get("SHIELD_TEST_DATABASE", "sqlite")
if _WANTED == "sqlite":
    # A process that a test starts is given a file; the database of a developer's shell is never touched.
    if not os.environ.get("SHIELD_DATABASE", "").startswith("sqlite:"):
        os.environ.pop("SHIELD_DATABASE", None)
elif _WANTED != "postgres":
    raise ValueError("SHIELD_TEST_DATABASE is sqlite or postgres.")
elif not os.environ.get("SHIELD_DATABASE"):
    sys.path.append(str(Path(__file__).resolve().parents[3]))
    from tests import postgres

    os.environ["SHIELD_DATABASE"] = postgres.start()

from shield.kernel.sealed import rules as _sealed  # noqa: E402 - the settings above come first
from shield.project.settings.base import *  # noqa: E402, F403
from shield.project.settings.base import DATABASES, SHIELD_KEYS, STATIC_ROOT  # noqa: E402

SECRET_KEY = "test-only"  # noqa: S105 - production refuses this key
if not Path(SHIELD_KEYS).exists():
    _sealed.create(Path(SHIELD_KEYS))
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # the server of static files warns of a folder that is missing
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher"
]  # quick, for passwords that guard nothing
SHIELD_PERSONAS = True
SHIELD_SECOND_FACTOR = False  # who signs in with one click could not be asked for one
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # a passkey can be tried at http://localhost
SHIELD_TODAY = date(2019, 11, 4)
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DATABASES["default"]["CONN_MAX_AGE"] = 0
DATABASES["default"].setdefault("TEST", {})
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
SESSION_COOKIE_SECURE = False
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
# Tests roll back, so the length of the history does not tell what was read.
CACHES["derived"] = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}  # noqa: F405
