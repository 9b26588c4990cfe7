"""The WSGI application that the server runs."""

import os

from django.core.wsgi import get_wsgi_application

os.umask(0o077)  # what the site writes is for its owner only, whichever server runs it
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shield.project.settings.production")
application = get_wsgi_application()
