"""The tenant, its team and its rules."""

from django.apps import AppConfig


class WorkspacesConfig(AppConfig):
    """Workspaces, agents, roles, keys."""

    name = "portico.workspaces"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the menu entries and the open lists of Home and Settings."""
        from portico.workspaces import panels, reversals
