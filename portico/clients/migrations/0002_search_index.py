"""The search index over names and addresses."""

from django.db import migrations

from portico.kit.search import CreateSearchIndex


class Migration(migrations.Migration):
    dependencies = [("clients", "0001_initial")]
    operations = [CreateSearchIndex("organization")]
