"""The kit: what has no domain words."""

from django.apps import AppConfig


class KitConfig(AppConfig):
    """Tables against double work, and the fence."""

    name = "portico.kit"
    default_auto_field = "django.db.models.BigAutoField"
