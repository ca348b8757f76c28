"""Django's settings, all derived from the environment."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF

from portico.config.env import load_environment

ENVIRONMENT = load_environment()
PACKAGE_DIR = Path(__file__).resolve().parent.parent

SECRET_KEY = ENVIRONMENT.effective_secret_key
DEBUG = False
PORTICO_BASE_URL = ENVIRONMENT.effective_base_url
PORTICO_ALLOWED_HOSTS = ENVIRONMENT.allowed_hosts
PORTICO_EMAIL_URL = ENVIRONMENT.email_url
PORTICO_DATA_DIR = ENVIRONMENT.data_dir
# Which hosts are answered depends on the workspaces; ScopeMiddleware decides.
ALLOWED_HOSTS = ["*"]
USE_X_FORWARDED_HOST = False
IS_SECURE = urlsplit(PORTICO_BASE_URL).scheme == "https"
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.trusted_proxies else None
)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "csp",
    "django_htmx",
    "portico.kit",
    "portico.ui",
    "portico.history",
    "portico.files",
    "portico.accounts",
    "portico.workspaces",
    "portico.operations",
    "portico.notifications",
    "portico.clients",
    "portico.catalog",
    "portico.invitations",
    "portico.insight",
    "portico.portal",
    "portico.transfers",
    "portico.setup",
    "portico.config",
]

MIDDLEWARE = [
    "portico.config.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "portico.config.middleware.HealthMiddleware",
    "portico.workspaces.middleware.ScopeMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "portico.workspaces.middleware.SessionUserMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portico.workspaces.middleware.ActorMiddleware",
    "portico.config.middleware.RepeatMiddleware",
    "portico.config.middleware.ApiMiddleware",
    "portico.config.middleware.PolicyMiddleware",
]

ROOT_URLCONF = "portico.config.urls"
WSGI_APPLICATION = "portico.config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "portico.ui.jinja.environment",
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "portico.config.context.shell",
            ],
        },
    }
]
TEMPLATES[0]["DIRS"] = sorted(PACKAGE_DIR.glob("*/templates"))

DATABASES = {
    "default": dj_database_url.parse(ENVIRONMENT.effective_database_url, conn_max_age=None)
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # FULL: with NORMAL a power cut loses acknowledged rows. IMMEDIATE: writers queue instead of
    # failing. portico.config.checks refuses anything weaker. Each thread of each process has a
    # connection with a cache of its own: 2 MiB each, the system caches the rest for all. With 8
    # no page and no import was faster (at a million people), and each process was larger by 12.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
            "PRAGMA cache_size=-2048; PRAGMA mmap_size=67108864; PRAGMA temp_store=MEMORY;"
        ),
    }
else:
    DATABASES["default"]["ENGINE"] = "portico.kit.postgresql"
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True
    # A statement that comes again is planned once by each connection.
    DATABASES["default"]["OPTIONS"] = {
        "server_side_binding": True,
        "prepare_threshold": 3,
        **DATABASES["default"].get("OPTIONS", {}),
    }

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portico_cache",
        # The default of 300 entries would forget a locked-out address after 400 others.
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    }
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["portico.accounts.backends.WorkspaceBackend"]
SESSION_ENGINE = "portico.accounts.sessions"
SESSION_COOKIE_NAME = "portico_session"
SESSION_COOKIE_AGE = 60 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = IS_SECURE
CSRF_COOKIE_NAME = "portico_csrf"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = IS_SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "portico.config.views.csrf_failure"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/accounts/login/"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "portico.accounts.passwords.LengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "portico.accounts.passwords.StrengthValidator"},
]
PASSWORD_RESET_TIMEOUT = 24 * 3600

ACCOUNT_ADAPTER = "portico.accounts.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "portico.accounts.forms.LoginForm",
    "reauthenticate": "portico.accounts.forms.ReauthenticateForm",
    "reset_password": "portico.accounts.forms.ResetPasswordForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105 - a class
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ALLAUTH_TRUSTED_PROXY_COUNT = ENVIRONMENT.trusted_proxies

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
LOCALE_PATHS = [PACKAGE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = PACKAGE_DIR / "static_root"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": str(ENVIRONMENT.data_dir / "files"),
            "file_permissions_mode": 0o600,
        },
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
        "manifest-src": [SELF],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if IS_SECURE else 0
X_FRAME_OPTIONS = "DENY"

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS: list[str] = []

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "request_id": {"()": "portico.config.logs.RequestIdFilter"},
        "links": {"()": "portico.config.logs.LinkFilter"},
    },
    "formatters": {
        "text": {
            "()": "portico.config.logs.TextFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s",
        },
        "json": {"()": "portico.config.logs.JsonFormatter"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["request_id", "links"],
            "formatter": ENVIRONMENT.log_format,
        }
    },
    "root": {"handlers": ["console"], "level": "INFO"},
}
