"""The WSGI application that the server runs."""

import os

from django.core.wsgi import get_wsgi_application

from shield.project import installation

os.umask(0o077)  # what the site writes is for its owner only, whichever server runs it
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shield.project.settings.production")
installation.refuse_unfinished(installation.choose_data(None))
application = get_wsgi_application()
installation.settle()
