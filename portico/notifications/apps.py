"""What is sent because of an event."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Outgoing mails."""

    name = "portico.notifications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what follows from events, and the kinds of mail of this app."""
        from portico.notifications import mails, panels, receivers
