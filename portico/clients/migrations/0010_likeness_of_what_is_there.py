"""Write what likely duplicates are found by for the records that are there already."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db import migrations

from portico.kit.similarity import words_of_name
from portico.kit.websites import host_of

BATCH = 2000


def write_keys(apps: Any, schema_editor: Any) -> None:
    """A row for each key of each active record of every workspace."""
    keys = apps.get_model("clients", "LikenessKey")
    rows = (
        keys(workspace_id=workspace, subject=subject, kind=kind, key=key, record_id=record)
        for workspace, subject, kind, key, record in _keys_of_all(apps)
        if key
    )
    while part := list(islice(rows, BATCH)):
        keys.objects.bulk_create(part)


def _keys_of_all(apps: Any) -> Iterator[tuple[Any, str, str, str, Any]]:
    active = {"archived_at": None, "merged_into": None}
    organizations = apps.get_model("clients", "Organization").objects.filter(**active)
    for workspace, record, name, website in organizations.values_list(
        *("workspace_id", "pk", "name", "website")
    ).iterator(BATCH):
        yield workspace, "organization", "name", words_of_name(name)[:254], record
        yield workspace, "organization", "website", host_of(website)[:254], record
    people = apps.get_model("accounts", "User").objects.filter(kind="person", **active)
    for workspace, record, name in people.values_list("workspace_id", "pk", "name").iterator(BATCH):
        yield workspace, "person", "name", words_of_name(name)[:254], record


class Migration(migrations.Migration):
    """See above."""

    dependencies = [
        ("clients", "0009_likeness_and_distinctions"),
        ("accounts", "0007_account_manager_index"),
    ]

    operations = [migrations.RunPython(write_keys, migrations.RunPython.noop)]
