"""The kit: what has no domain words."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.backends.signals import connection_created
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
        connection_created.connect(_tell_planner)


def _restore_search(*, using: str, **_signal: Any) -> None:
    from portico.kit.search import restore_triggers

    restore_triggers(connections[using])


def _tell_planner(*, connection: Any, **_signal: Any) -> None:
    """Pages are walked along indexes and looked up in them; PostgreSQL is told what that costs.

    A plan for disks that turn reads a million rows instead of a thousand, and to compile one or to
    share it out takes longer than its answer. Said here, not when connecting: poolers refuse that.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SET random_page_cost = 1.1; SET jit = off; SET max_parallel_workers_per_gather = 0"
            )
