"""The WSGI application that granian serves."""

import os

from django.core.wsgi import get_wsgi_application

from portico.config.access_log import AccessLog

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portico.config.settings")

application = AccessLog(get_wsgi_application())
