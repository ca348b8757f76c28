"""Let an index lead from the value of a custom property to its records (decision 15)."""

import django.db.models.deletion
from django.db import migrations, models

from portico.clients.models.properties import KEPT_VALUES
from portico.kit.json_values import KeepValues


class Migration(migrations.Migration):
    """See above; the values that are there are written in one statement for each table."""

    dependencies = [
        ("accounts", "0007_account_manager_index"),
        ("clients", "0011_direct_memberships"),
        ("workspaces", "0002_support_text"),
    ]

    operations = [
        migrations.CreateModel(
            name="PropertyValue",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "record_id",
                        "key",
                        "form",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "subject",
                    models.CharField(
                        choices=[("organization", "Organization"), ("person", "Person")],
                        max_length=12,
                    ),
                ),
                ("record_id", models.UUIDField()),
                ("key", models.CharField(max_length=50)),
                ("form", models.CharField(max_length=100)),
                ("number", models.DecimalField(decimal_places=30, max_digits=60, null=True)),
                (
                    "workspace",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="workspaces.workspace",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
                "indexes": [
                    models.Index(
                        fields=["workspace", "subject", "key", "form", "record_id"],
                        name="property_value",
                    ),
                    models.Index(
                        condition=models.Q(("number__isnull", False)),
                        fields=["workspace", "subject", "key", "number", "record_id"],
                        name="property_number",
                    ),
                ],
            },
        ),
        *(KeepValues(values) for values in KEPT_VALUES),
    ]
