"""Moments come out of the database as they went in, in UTC."""

import datetime

import pytest
from django.db import connection

from portico.clients.models import Organization
from tests.factories.clients import make_organization

MOMENTS = [
    datetime.datetime(2026, 3, 29, 1, 30, tzinfo=datetime.UTC),
    datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC),
    datetime.datetime(2026, 12, 31, 23, 59, 59, 999999, tzinfo=datetime.UTC),
    datetime.datetime(
        2026, 7, 1, 0, 30, tzinfo=datetime.timezone(datetime.timedelta(hours=5, minutes=30))
    ),
]


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_moment_is_read_as_it_was_written_in_utc(
    scope: object, moment: datetime.datetime
) -> None:
    organization = make_organization("Acme", archived_at=moment)
    read = Organization.objects.values_list("archived_at", flat=True).get(pk=organization.pk)
    assert read == moment
    assert read.tzinfo is datetime.UTC
    assert read.utcoffset() == datetime.timedelta(0)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has a reader of its own")
def test_postgresql_reads_moments_with_the_compiled_reader(db: object) -> None:
    import psycopg
    from psycopg.pq import Format

    oid = psycopg.adapters.types["timestamptz"].oid
    connection.ensure_connection()
    given = connection.connection.adapters.get_loader(oid, Format.TEXT)
    assert type(given(oid)) is psycopg.adapters.get_loader(oid, Format.TEXT)
