"""The search index over names and addresses."""

from django.db import migrations

from portico.kit.search import CreateSearchIndex


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_initial")]
    operations = [CreateSearchIndex("user")]
