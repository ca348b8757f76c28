"""The table of the database cache, where the limits on sign-in attempts are counted."""

from typing import Any

from django.core.management import call_command
from django.db import migrations


def make_table(_apps: Any, schema_editor: Any) -> None:
    """Make it unless it is there (the test runner makes it by itself)."""
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    """Runs outside a transaction: the command opens its own."""

    dependencies = [("kit", "0001_initial")]
    operations = [migrations.RunPython(make_table, migrations.RunPython.noop, elidable=False)]
