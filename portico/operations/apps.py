"""Long work with progress and undo."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """Operations."""

    name = "portico.operations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell history which acts have a page of their own."""
        from portico.history.reports import add_act_places
        from portico.operations.reports import pages_of_acts

        add_act_places(pages_of_acts)
