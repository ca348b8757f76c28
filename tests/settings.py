"""The product's settings with a fast password hasher, plain static files and no log on a stream."""

import os
import tempfile
from typing import Any

os.environ.setdefault("PORTICO_DATA_DIR", tempfile.mkdtemp(prefix="portico-test-"))
os.environ.setdefault("PORTICO_ALLOWED_HOSTS", "testserver")
os.environ.setdefault("PORTICO_SECRET_KEY", "only-for-tests-" + "k" * 40)

from portico.config import settings as product
from portico.config.settings import *  # noqa: F403
from tools.words import TEST_CATALOG, compile_stale

compile_stale()
# The preset of nonsense nouns, under which no noun of the four may be seen.
LOCALE_PATHS = [*LOCALE_PATHS, TEST_CATALOG.parents[2]]  # noqa: F405

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":  # noqa: F405
    # A file as the product has it. In memory the threads of a served workspace share one connection
    # and whole tables are locked, so that a request meeting another one now and then failed.
    DATABASES["default"]["TEST"] = {"NAME": str(PORTICO_DATA_DIR / "test.sqlite3")}  # noqa: F405

# What is logged reaches the report by pytest's own handlers. A stream would be pytest's as well,
# and closed while threads of the served workspace still write.
_HANDLERS: Any = product.LOGGING["handlers"]
LOGGING = {
    **product.LOGGING,
    "handlers": {"console": {**_HANDLERS["console"], "class": "logging.NullHandler"}},
    "loggers": {"django": {"handlers": []}, "django.server": {"handlers": [], "propagate": True}},
}
