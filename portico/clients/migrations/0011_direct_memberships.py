"""Let people who belong to nothing belong to the workspace itself, as newcomers do (decision 4).

The deletion of an organization used to leave them without any membership.
"""

from itertools import islice
from typing import Any

from django.db import migrations
from django.db.models import Exists, OuterRef

BATCH = 2000


def join_directly(apps: Any, schema_editor: Any) -> None:
    """One primary membership for each person of every workspace who has none."""
    membership = apps.get_model("clients", "Membership")
    people = apps.get_model("accounts", "User").objects.filter(kind="person", merged_into=None)
    theirs = membership.objects.filter(person_id=OuterRef("pk"))
    left = people.filter(~Exists(theirs)).values_list("workspace_id", "pk")
    rows = (
        membership(workspace_id=workspace, person_id=person, is_primary=True)
        for workspace, person in list(left)
    )
    while part := list(islice(rows, BATCH)):
        membership.objects.bulk_create(part)


class Migration(migrations.Migration):
    """See above."""

    dependencies = [
        ("clients", "0010_likeness_of_what_is_there"),
        ("accounts", "0007_account_manager_index"),
    ]

    operations = [migrations.RunPython(join_directly, migrations.RunPython.noop)]
