"""The only place that knows everything."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Settings, addresses, middleware, commands."""

    name = "portico.config"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the start-up checks."""
        from portico.config import checks
