"""What screens are made of."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """The app `ui`."""

    name = "portico.ui"
    default_auto_field = "django.db.models.BigAutoField"
