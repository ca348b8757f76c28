"""Long work with progress and undo."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """Operations."""

    name = "portico.operations"
    default_auto_field = "django.db.models.BigAutoField"
