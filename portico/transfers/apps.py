"""Import of files."""

from django.apps import AppConfig


class TransfersConfig(AppConfig):
    """The app `transfers`."""

    name = "portico.transfers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register imports as a kind of long work, and the way to one on the lists."""
        from portico.transfers import operations, panels
        from portico.transfers.exports import running
