"""The list of disabled people, found without walking all the others."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_list_of_all")]
    operations = [
        migrations.AddIndex(
            model_name="user",
            index=models.Index(
                fields=["workspace", "kind", "name_key", "id"],
                condition=models.Q(("archived_at__isnull", True), ("is_disabled", True)),
                name="user_disabled",
            ),
        ),
    ]
