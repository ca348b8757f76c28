"""Users, sign-in, sessions, preferences."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Sign-in identities."""

    name = "portico.accounts"
    default_auto_field = "django.db.models.BigAutoField"
