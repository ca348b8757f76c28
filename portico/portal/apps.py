"""What people of the client side see."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The app `portal`."""

    name = "portico.portal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Add the portal's menu entries."""
        from portico.portal import panels
