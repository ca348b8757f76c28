"""The WSGI application that granian serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from portico.config.access_log import AccessLog

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portico.config.settings")

application = AccessLog(get_wsgi_application())

# Views and operations too, before `serve` forks: what all processes share is in memory once.
_patterns = get_resolver().url_patterns

# What is loaded now stays: the collector need not look through it, nor at each few objects of a
# page (measured: a twentieth of every page).
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
