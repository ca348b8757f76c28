"""Note on each invitation whether it waits for an answer, so that lists read no others.

Of those that are there: the pending ones, and those that a change of the address cancelled.
"""

from itertools import islice
from typing import Any

from django.db import migrations, models

BATCH = 2000


def note_unanswered(apps: Any, schema_editor: Any) -> None:
    """Whatever else was cancelled, accepted or is over keeps the False of the new column."""
    invitations = apps.get_model("invitations", "Invitation").objects
    invitations.filter(state="pending").update(is_unanswered=True)
    told = apps.get_model("history", "Event").objects.filter(
        kind="invitation.cancelled", changes__has_key="address"
    )
    keys = told.values_list("subject_id", flat=True).iterator(BATCH)
    while part := list(islice(keys, BATCH)):
        invitations.filter(pk__in=part, state="cancelled").update(is_unanswered=True)


class Migration(migrations.Migration):
    """See above."""

    dependencies = [
        ("invitations", "0002_pending_index"),
        ("history", "0002_acts"),
    ]

    operations = [
        migrations.AddField(
            model_name="invitation",
            name="is_unanswered",
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(note_unanswered, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="invitation",
            name="is_unanswered",
            field=models.BooleanField(default=True),
        ),
        migrations.AddIndex(
            model_name="invitation",
            index=models.Index(
                fields=["workspace", "licence", "id"],
                condition=models.Q(is_unanswered=True),
                name="invitation_unanswered",
            ),
        ),
    ]
