"""Import of files."""

from django.apps import AppConfig


class TransfersConfig(AppConfig):
    """The app `transfers`."""

    name = "portico.transfers"
    default_auto_field = "django.db.models.BigAutoField"
