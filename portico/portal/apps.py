"""What people of the client side see."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The app `portal`."""

    name = "portico.portal"
    default_auto_field = "django.db.models.BigAutoField"
