"""What holds everywhere. Data lives in one directory, `SHIELD_DATA`."""

from __future__ import annotations

import os
from datetime import date, timedelta
from pathlib import Path

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parents[3]
DATA = Path(os.environ.get("SHIELD_DATA", ROOT / "data")).resolve()

SECRET_KEY = os.environ.get("SHIELD_SECRET_KEY", "")
DEBUG = False
ALLOWED_HOSTS = [
    host.strip() for host in os.environ.get("SHIELD_HOSTS", "127.0.0.1,localhost").split(",") if host.strip()
]

SHIELD_ADDRESS = os.environ.get("SHIELD_ADDRESS", "").strip() or "http://127.0.0.1:8000"
"""Where this service is found; links in e-mails that no page asked for begin with it."""

SHIELD_KEYS = os.environ.get("SHIELD_KEYS", str(DATA / "keys.json"))
SHIELD_ANCHORS = os.environ.get("SHIELD_ANCHORS", str(DATA / "anchors"))
SHIELD_FILES = os.environ.get("SHIELD_FILES", str(DATA / "files"))
SHIELD_MAIL = os.environ.get("SHIELD_MAIL", str(DATA / "mail"))
SHIELD_ROLES = "shield.project.roles"
SHIELD_PANELS = "shield.project.panels"
SHIELD_EDITIONS = str(ROOT / "shield" / "project" / "editions")
SHIELD_RETENTION = str(ROOT / "shield" / "project" / "schedules" / "retention.yaml")
SHIELD_WHAT_CHANGED_MONTHS = int(os.environ.get("SHIELD_WHAT_CHANGED_MONTHS", "12"))
"""After how many months it is asked what a briefing note changed; no guidance sets it, so a partnership confirms its own."""
SHIELD_PERSONAS = False
SHIELD_SECOND_FACTOR = True
"""Whether a second factor is demanded of every role that is marked for it; off in the demonstration only."""
SHIELD_IDLE = timedelta(minutes=int(os.environ.get("SHIELD_IDLE_MINUTES", "30")))
SHIELD_SESSION = timedelta(hours=int(os.environ.get("SHIELD_SESSION_HOURS", "10")))
SHIELD_TODAY: date | None = (
    date.fromisoformat(os.environ["SHIELD_TODAY"]) if os.environ.get("SHIELD_TODAY") else None
)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "shield.kernel.records",
    "shield.kernel.design",
    "shield.kernel.documents",
    "shield.kernel.access",
    "shield.kernel.history",
    "shield.kernel.jobs",
    "shield.kernel.notices",
    "shield.kernel.disclosure",
    "shield.kernel.search",
    "shield.kernel.accounts",
    # After accounts, whose templates take the place of allauth's own.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "shield.kernel.clocks",
    "shield.kernel.files",
    "shield.kernel.identities",
    "shield.kernel.reporting",
    "shield.kernel.retention",
    "shield.improvement",
    "shield.meetings",
    "shield.domain.learning_hub",
    "shield.domain.audits",
    "shield.domain.voice",
    "shield.domain.reviews",
    "shield.domain.chronologies",
    "shield.domain.lessons",
    "shield.annual_report",
    "shield.project",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "shield.project.headers.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "shield.kernel.accounts.views.SessionLimits",
    "shield.kernel.accounts.views.PartnershipOfAddress",
    "shield.kernel.accounts.views.SecondFactorDemanded",
]

ROOT_URLCONF = "shield.project.urls"
WSGI_APPLICATION = "shield.project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "shield" / "project" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "shield.project.navigation.site",
            ],
        },
    }
]

SQLITE_OPTIONS = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    # recursive_triggers: INSERT OR REPLACE would otherwise slip past the append-only triggers.
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON; "
        "PRAGMA cache_size=-32000; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=134217728;"
    ),
}


def database(url: str) -> dict[str, object]:
    """The one setting that chooses the database: `SHIELD_DATABASE`, or a file in the data directory."""
    if not url:
        url = f"sqlite:///{DATA / 'shield.sqlite3'}"
    chosen: dict[str, object] = dict(dj_database_url.parse(url, conn_max_age=600, conn_health_checks=True))
    if "sqlite" in str(chosen["ENGINE"]):
        chosen["OPTIONS"] = SQLITE_OPTIONS
    return chosen


DATABASES = {"default": database(os.environ.get("SHIELD_DATABASE", ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    # Only counts of failed sign-ins live here, so that all processes share them.
    # Room for many: with Django's 300 entries, trying enough accounts would push out what locks one of them.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "sign_in_limits",
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    },
    # What is worked out of the records, kept in each process until the next event (history.queries.derived).
    "derived": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "derived"},
    # What may be written down nowhere: how many answers reached a survey in this minute. In the memory of each process.
    "passing": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "passing"},
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "start"
LOGOUT_REDIRECT_URL = "front"
ACCOUNT_ADAPTER = "shield.kernel.accounts.views.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "shield.kernel.accounts.forms.SignInForm",
    "reset_password": "shield.kernel.accounts.forms.ForgottenPasswordForm",
    "reset_password_from_key": "shield.kernel.accounts.forms.NewPasswordForm",
    "change_password": "shield.kernel.accounts.forms.ChangePasswordForm",
    "reauthenticate": "shield.kernel.accounts.forms.ConfirmByPasswordForm",
    "set_password": "shield.kernel.accounts.forms.FirstPasswordForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Shield: "
ACCOUNT_LOGOUT_REDIRECT_URL = "front"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
# Lock-out with backoff: five failures lock for five minutes, ten for an hour, twenty for a day.
# A whole council may come from one address, so that is stopped only at what no honest morning of mistyping reaches.
ACCOUNT_RATE_LIMITS = {"login_failed": "5/5m/key,10/h/key,20/d/key,300/h/ip"}

# To change how one signs in, one shows within these seconds that it is still oneself.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
MFA_ADAPTER = "shield.kernel.accounts.views.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Shield"
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    "authenticate": "shield.kernel.accounts.forms.SecondFactorForm",
    "reauthenticate": "shield.kernel.accounts.forms.ConfirmByCodeForm",
    "activate_totp": "shield.kernel.accounts.forms.ActivateAppForm",
    "add_webauthn": "shield.kernel.accounts.forms.AddPasskeyForm",
    "edit_webauthn": "shield.kernel.accounts.forms.RenamePasskeyForm",
}

# Single sign-on through an agency's own provider; without a server there is none, and no page shows it.
SHIELD_SSO = (
    os.environ.get("SHIELD_OIDC_NAME", "your organisation") if os.environ.get("SHIELD_OIDC_SERVER") else ""
)
SOCIALACCOUNT_ADAPTER = "shield.kernel.accounts.views.SingleSignOnAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a link, because the content security policy lets no form lead elsewhere
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "agency",
                "name": SHIELD_SSO,
                "client_id": os.environ.get("SHIELD_OIDC_CLIENT", ""),
                "secret": os.environ.get("SHIELD_OIDC_SECRET", ""),
                "settings": {"server_url": os.environ.get("SHIELD_OIDC_SERVER", "")},
            }
        ],
    }
}

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = int(SHIELD_SESSION.total_seconds())
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "shield.project.pages.unproved"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True

LANGUAGE_CODE = "en-gb"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "Europe/London"
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
WHITENOISE_USE_FINDERS = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = SHIELD_MAIL
if os.environ.get("SHIELD_SMTP_HOST"):
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = os.environ["SHIELD_SMTP_HOST"]
    EMAIL_PORT = int(os.environ.get("SHIELD_SMTP_PORT", "587"))
    EMAIL_HOST_USER = os.environ.get("SHIELD_SMTP_USER", "")
    EMAIL_HOST_PASSWORD = os.environ.get("SHIELD_SMTP_PASSWORD", "")
    EMAIL_USE_TLS = os.environ.get("SHIELD_SMTP_TLS", "yes") == "yes"
    EMAIL_TIMEOUT = 10
# The other way out: one template of GOV.UK Notify, with ((subject)) and ((body)), takes every message.
SHIELD_NOTIFY_API_KEY = os.environ.get("SHIELD_NOTIFY_API_KEY", "").strip()
SHIELD_NOTIFY_TEMPLATE = os.environ.get("SHIELD_NOTIFY_TEMPLATE", "").strip()
SHIELD_NOTIFY_REPLY_TO = os.environ.get("SHIELD_NOTIFY_REPLY_TO", "").strip()
SHIELD_NOTIFY_URL = os.environ.get("SHIELD_NOTIFY_URL", "https://api.notifications.service.gov.uk")
if SHIELD_NOTIFY_API_KEY:
    if os.environ.get("SHIELD_SMTP_HOST"):
        raise ImproperlyConfigured(
            "Choose one way out for e-mail: set SHIELD_SMTP_HOST or SHIELD_NOTIFY_API_KEY, not both."
        )
    if not SHIELD_NOTIFY_TEMPLATE:
        raise ImproperlyConfigured(
            "Name the GOV.UK Notify template in SHIELD_NOTIFY_TEMPLATE: its subject is ((subject)), its text ((body))."
        )
    EMAIL_BACKEND = "shield.kernel.notices.exchange.NotifyBackend"
DEFAULT_FROM_EMAIL = os.environ.get("SHIELD_MAIL_FROM", "shield@example.invalid")

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # A refusal is an answer, not a fault: it is no line in the log with a trace.
    "loggers": {
        "django.request": {"level": "ERROR"},
        # Its client writes down what GOV.UK Notify says, which may hold an address; notices says it in its own words.
        "notifications_python_client": {"level": "CRITICAL"},
    },
}
