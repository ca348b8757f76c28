"""Saved views over the lists of the apps below."""

from django.apps import AppConfig


class InsightConfig(AppConfig):
    """Saved views."""

    name = "portico.insight"
    default_auto_field = "django.db.models.BigAutoField"
