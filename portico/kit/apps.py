"""The kit: what has no domain words."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class KitConfig(AppConfig):
    """Tables against double work, the fence, and the search index."""

    name = "portico.kit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Look many ids up as one list; look after the search index once migrations have run."""
        from portico.kit.keys import register_keys
        from portico.kit.timestamps import register_timestamps

        register_keys()
        register_timestamps()
        post_migrate.connect(_restore_search, sender=self)


def _restore_search(*, using: str, **_signal: Any) -> None:
    from portico.kit.search import restore_triggers

    restore_triggers(connections[using])
