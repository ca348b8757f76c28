"""Saved views over the lists of the apps below."""

from django.apps import AppConfig


class InsightConfig(AppConfig):
    """Saved views."""

    name = "portico.insight"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Add the views to the lists."""
        from portico.insight import panels

        panels.__name__  # noqa: B018 - importing is what adds them
