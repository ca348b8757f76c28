"""Events of operations that ran before acts had ids get the operation's, so undo finds them."""

from typing import Any

from django.db import migrations


def name_acts(apps: Any, schema_editor: Any) -> None:
    """Give each operation's events its id as their act."""
    operations = apps.get_model("operations", "Operation")
    events = apps.get_model("history", "Event")
    for row in operations.objects.exclude(request_id="").iterator():
        own = events.objects.filter(workspace_id=row.workspace_id, request_id=row.request_id)
        own.filter(act_id=None).update(act_id=row.pk)


class Migration(migrations.Migration):
    """See above."""

    dependencies = [
        ("operations", "0001_initial"),
        ("history", "0002_acts"),
    ]

    operations = [migrations.RunPython(name_acts, migrations.RunPython.noop)]
