"""First run, commands that make workspaces, example data."""

from django.apps import AppConfig


class SetupConfig(AppConfig):
    """The app `setup`."""

    name = "portico.setup"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what set-up adds to Home and to the kinds of long work."""
        from portico.setup import operations, panels
