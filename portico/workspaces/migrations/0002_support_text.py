from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workspaces", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="workspace",
            name="support_text",
            field=models.CharField(
                blank=True, default="", max_length=200, verbose_name="Support contact"
            ),
        ),
    ]
