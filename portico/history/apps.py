"""The event log."""

from django.apps import AppConfig


class HistoryConfig(AppConfig):
    """Who did what, when."""

    name = "portico.history"
    default_auto_field = "django.db.models.BigAutoField"
