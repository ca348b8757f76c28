"""The tenant, its team and its rules."""

from django.apps import AppConfig


class WorkspacesConfig(AppConfig):
    """Workspaces, agents, roles, keys."""

    name = "portico.workspaces"
    default_auto_field = "django.db.models.BigAutoField"
