"""The WSGI application that granian serves."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from portico.config.access_log import AccessLog
from portico.config.collector import spare_what_is_loaded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portico.config.settings")

application = AccessLog(get_wsgi_application())

# Views and operations too, before `serve` forks: what all processes share is in memory once.
_patterns = get_resolver().url_patterns

spare_what_is_loaded()
