"""The yardstick: the plainest Django page over the same rows, served by the same server.

No session, no rights, no layout, nothing kept: the ORM, Django's own templates, fifty people with
their organizations. The goals were set on a machine where such a list took 10.1 ms and such a
record 2.4; what they take here says what the goals mean here.

A project of its own: imported by the server alone, with the database and the workspace in the
environment.
"""

# ruff: noqa: DJ008 - nobody prints these rows

import os
from typing import Any
from uuid import UUID

import dj_database_url
import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

LIST = """<!doctype html><title>People</title><table>{% for person in people %}<tr>
<td><a href="/people/{{ person.pk }}/">{{ person.name }}</a></td><td>{{ person.email }}</td>
<td>{{ person.position }}</td><td>{{ person.phone }}</td>
<td>{% for each in person.memberships.all %}{{ each.organization.name }}{% endfor %}</td>
<td>{{ person.created_at|date:"d.m.Y" }}</td><td>{{ person.last_active_at|timesince }}</td>
</tr>{% endfor %}</table>"""
ONE = """<!doctype html><title>{{ person.name }}</title><h1>{{ person.name }}</h1>
<p>{{ person.email }}</p><p>{{ person.position }}</p><p>{{ person.phone }}</p>
{% for each in person.memberships.all %}<p>{{ each.organization.name }}</p>{% endfor %}"""
LOADER = "django.template.loaders.locmem.Loader"
ENGINE = "django.template.backends.django.DjangoTemplates"

settings.configure(
    ALLOWED_HOSTS=["*"],
    DATABASES={"default": dj_database_url.parse(os.environ["PLAIN_DATABASE"], conn_max_age=None)},
    ROOT_URLCONF=__name__,
    SECRET_KEY="only-for-measuring",
    TEMPLATES=[
        {
            "BACKEND": ENGINE,
            "OPTIONS": {"loaders": [(LOADER, {"list.html": LIST, "one.html": ONE})]},
        }
    ],
    USE_TZ=True,
)
django.setup()


class Organization(models.Model):
    """A client organization."""

    id = models.UUIDField(primary_key=True)
    name = models.TextField()

    class Meta:
        app_label, managed, db_table = "plain", False, "clients_organization"


class Person(models.Model):
    """A person, with the columns that the pages show."""

    id = models.UUIDField(primary_key=True)
    workspace_id = models.UUIDField()
    kind = models.TextField()
    name = models.TextField()
    name_key = models.TextField()
    email = models.TextField()
    position = models.TextField()
    phone = models.TextField()
    created_at = models.DateTimeField()
    last_active_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        app_label, managed, db_table = "plain", False, "accounts_user"


class Membership(models.Model):
    """What a person belongs to."""

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    organization = models.ForeignKey(Organization, models.CASCADE, null=True)

    class Meta:
        app_label, managed, db_table = "plain", False, "clients_membership"


def people() -> Any:
    """Those of the workspace with what they belong to."""
    rows: Any = Person._default_manager.prefetch_related("memberships__organization")
    return rows.filter(workspace_id=os.environ["PLAIN_WORKSPACE"], kind="person")


def listed(request: HttpRequest) -> HttpResponse:
    """The first fifty by name."""
    rows = people().filter(archived_at=None).order_by("name_key", "id")[:51]
    return render(request, "list.html", {"people": rows})


def opened(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """One of them."""
    return render(request, "one.html", {"person": people().get(pk=person_id)})


urlpatterns = [path("people/", listed), path("people/<uuid:person_id>/", opened)]
application = get_wsgi_application()
