"""Organizations, people, memberships."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class ClientsConfig(AppConfig):
    """The client side."""

    name = "portico.clients"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Add what memberships say about entry and rights to the open lists below."""
        from portico.accounts.guards import add_entry_guard
        from portico.clients import operations, panels, receivers, reports, reversals
        from portico.clients.models import Organization, Person, merged_ids
        from portico.clients.panels import managing, marking, palette, rules
        from portico.history.querysets import add_related_subjects, add_told
        from portico.workspaces.guards import add_client_rights

        add_entry_guard(reports.entry_refusal_of_person)
        add_client_rights(reports.rights_of_person)
        add_related_subjects(merged_ids)
        add_told(Organization, Person)
        post_migrate.connect(_restore_values, sender=self)


def _restore_values(*, using: str, **_signal: Any) -> None:
    from portico.clients.models import KEPT_VALUES
    from portico.kit.json_values import restore_values

    restore_values(connections[using], KEPT_VALUES)
