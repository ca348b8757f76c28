"""The schema: brought up to date at the start, refused when it is newer."""

import pytest
from django.db.migrations.recorder import MigrationRecorder

from portico.config.schema import migrate_schema, unapplied, unknown_migrations
from portico.kit.errors import Refused


@pytest.mark.django_db
def test_a_schema_that_is_up_to_date_is_left_alone() -> None:
    assert (unapplied(), unknown_migrations()) == ([], [])
    assert migrate_schema() is False


@pytest.mark.django_db
def test_a_newer_schema_is_refused() -> None:
    MigrationRecorder.Migration.objects.create(app="history", name="0999_later")
    with pytest.raises(Refused, match="newer Portico") as refused:
        migrate_schema()
    assert refused.value.code == "newer_schema"
