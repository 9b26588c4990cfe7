"""Just enough of Django to look at the design room's pages without the rest of the project.

python -m tests.design.look /tmp/look      (renders, takes pictures, runs axe)
"""

from pathlib import Path

SECRET_KEY = "only for looking at pages"
DEBUG = False
USE_TZ = True
TIME_ZONE = "Europe/London"
LANGUAGE_CODE = "en-gb"
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "shield.kernel.design",
]
MIDDLEWARE: list[str] = []
ROOT_URLCONF = "tests.design.settings_design"
urlpatterns: list[object] = []
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
STATIC_URL = "/static/"
STATIC_ROOT = Path("/tmp/shield-design-static")
