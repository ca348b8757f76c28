"""The database's schema: is it ours, older, or newer; and bringing it up to date, one at a time."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from portico.config.backups.unfinished import refuse_unfinished_restore
from portico.kit.errors import Refused

_ADVISORY_LOCK = 7_306_086_967_163_810  # any number, the same in every process


def migrate_schema() -> bool:
    """Bring the schema up to date; two processes at once wait for each other.

    Returns whether anything was to be done. Raises Refused("newer_schema") where a newer Portico
    has been at work: what it wrote may not be understood here; Refused("unfinished_restore")
    where a restore is, or was interrupted.
    """
    refuse_unfinished_restore()
    with _alone():
        refuse_newer_schema()
        if not unapplied():
            return False
        call_command("migrate", verbosity=0, interactive=False)
    return True


def refuse_newer_schema() -> None:
    """Raise Refused when migrations are recorded that this Portico does not know."""
    unknown = unknown_migrations()
    if unknown:
        detail = _("This database was used by a newer Portico (%(names)s). Install that one again.")
        raise Refused("newer_schema", detail % {"names": ", ".join(unknown[:3])})


def unknown_migrations() -> list[str]:
    """Recorded migrations that this Portico does not have, a squashed one's parts left aside."""
    loader = MigrationExecutor(connection).loader
    known_apps = loader.migrated_apps
    known = set(loader.disk_migrations)
    for migration in loader.disk_migrations.values():
        known.update(migration.replaces)
    recorded = loader.applied_migrations or {}
    return sorted(
        f"{app}.{name}" for app, name in recorded if app in known_apps and (app, name) not in known
    )


def unapplied() -> list[str]:
    """Migrations that are still to be applied."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


@contextmanager
def _alone() -> Iterator[None]:
    """Hold the lock that all processes of an installation share."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_ADVISORY_LOCK])
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_ADVISORY_LOCK])
        return
    folder = Path(settings.PORTICO_DATA_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "migrate.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
