"""Let those be found by their telephone number who are there already."""

from collections.abc import Iterator
from typing import Any

from django.db import migrations, transaction

from portico.kit.names import search_fold
from portico.kit.phones import searched_digits

BATCH = 2000
_READ = ("name", "email", "position", "reference", "tag_text")
_WRITE = "UPDATE accounts_user SET search_text = %s WHERE id = %s"


def write_digits(apps: Any, schema_editor: Any) -> None:
    """Write the search text anew of all that have a number; what was written is written again."""
    users = apps.get_model("accounts", "User").objects.exclude(phone="")
    rows = users.values_list("pk", "phone", "phone_e164", *_READ)
    connection = schema_editor.connection
    key_of = users.model._meta.pk.get_db_prep_value
    for part in _in_slices(rows):
        texts = [
            (_text(texts, searched_digits(phone, number)), key_of(key, connection))
            for key, phone, number, *texts in part
        ]
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.executemany(_WRITE, texts)


def _in_slices(rows: Any) -> Iterator[list[Any]]:
    """By the key: each slice is read when the one before it was written."""
    ordered = rows.order_by("pk")
    part = list(ordered[:BATCH])
    while part:
        yield part
        part = list(ordered.filter(pk__gt=part[-1][0])[:BATCH])


def _text(texts: list[str], digits: str) -> str:
    return search_fold(" ".join(filter(None, (*texts, digits))))


class Migration(migrations.Migration):
    """See above."""

    # Each slice stands for itself: a million are not held back until the last one is written.
    atomic = False

    dependencies = [("accounts", "0007_account_manager_index")]

    operations = [migrations.RunPython(write_digits, migrations.RunPython.noop)]
