"""An export of what the list shows: its columns, in their order, sorted as it is."""

import json
from typing import Any

import pytest
from django.test import Client

from portico.clients.actions.properties import create_property
from portico.clients.choices import PropertyKind, PropertySubject
from portico.clients.models import Organization, Person
from portico.insight.actions import ViewDraft, create_view
from portico.insight.choices import ViewSubject
from portico.kit.actors import Actor
from portico.operations.models import Operation
from portico.operations.tasks import work_off_here
from portico.workspaces.models import Agent
from tests.factories.clients import make_organization, make_person
from tests.factories.keys import api_client
from tests.transfers.test_exports import exported, imported, names, rows_of
from tests.transfers.test_exports_of_some import confirmed, started_by

COLUMNS = "people_count,name,edit,address_city,managers,active,property.staff"


@pytest.fixture
def four(owner_actor: Actor, owner: Agent) -> list[Organization]:
    fields = {"label": "Staff", "kind": PropertyKind.NUMBER}
    create_property(owner_actor, PropertySubject.ORGANIZATION, fields)
    made = []
    for name, city, staff in (("Dill", "Ulm", "7"), ("Acme", "Bonn", "30"), ("Caro", "", None)):
        values = {"staff": staff} if staff else {}
        made.append(make_organization(name, address_city=city, property_values=values))
    made.append(make_organization("Birch", is_active=False))
    make_person("lena@acme.test", name="Lena", organization=made[1])
    return made


def done(browser_or_api: Any, body: dict[str, Any], kind: str = "organizations") -> bytes:
    answer = started_by(browser_or_api, kind, body)
    assert answer.status_code == 202, answer.json()
    return content_of(Operation.objects.latest("created_at"))


def content_of(operation: Operation) -> bytes:
    with work_off_here(operation).result_file.open("rb") as file:
        content: bytes = file.read()
    return content


def test_the_order_is_that_of_the_list(owner_actor: Actor, four: list[Organization]) -> None:
    ways = ("name", "-created_at", "address_city", "-property.staff", "status")
    assert {sort: names(exported(owner_actor, "organizations", sort=sort)) for sort in ways} == {
        "name": ["Acme", "Birch", "Caro", "Dill"],
        "-created_at": ["Birch", "Caro", "Acme", "Dill"],
        "address_city": ["Acme", "Dill", "Birch", "Caro"],
        "-property.staff": ["Acme", "Dill", "Caro", "Birch"],
        "status": ["Birch", "Acme", "Caro", "Dill"],
    }
    assert names(exported(owner_actor, "organizations")) == ["Acme", "Birch", "Caro", "Dill"]
    make_organization("Alpha Caro")
    assert names(exported(owner_actor, "organizations", q="caro")) == ["Caro", "Alpha Caro"]


def test_the_columns_of_the_address_stand_in_their_order(
    owner: Agent, four: list[Organization]
) -> None:
    body = {"filter": {"columns": COLUMNS, "sort": "-name"}, "columns": "shown"}
    rows = rows_of(done(api_client(owner), body))
    assert list(rows[0]) == [
        *("people_count", "name", "address.city", "account_managers", "is_active"),
        "property.staff",
    ]
    assert [list(row.values()) for row in rows] == [
        ["0", "Dill", "Ulm", "", "yes", "7"],
        ["0", "Caro", "", "", "yes", ""],
        ["0", "Birch", "", "", "no", ""],
        ["1", "Acme", "Bonn", "", "yes", "30"],
    ]


def test_a_view_brings_its_columns_its_filter_and_its_order(
    owner: Agent, owner_actor: Actor, four: list[Organization]
) -> None:
    draft = ViewDraft(
        name="Kept", parameters={"sort": "-name", "status": "inactive"}, columns=["status", "name"]
    )
    view = create_view(owner_actor, ViewSubject.ORGANIZATIONS, draft=draft)
    body = {"filter": {"view": str(view.pk)}, "columns": "shown", "format": "json"}
    rows = json.loads(done(api_client(owner), body))
    assert [(list(row), row["status"], row["name"]) for row in rows] == [
        (["object", "id", "status", "name"], "Inactive", "Birch")
    ]


@pytest.mark.once
def test_all_columns_are_what_is_written_unless_asked_otherwise(
    owner: Agent, four: list[Organization]
) -> None:
    (row,) = rows_of(done(api_client(owner), {"filter": {"columns": "name", "q": "dill"}}))
    assert {"name", "reference", "address.city", "property.staff", "id"} <= set(row)


@pytest.mark.once
def test_one_s_own_columns_are_meant_where_nothing_else_is_said(
    owner: Agent, four: list[Organization]
) -> None:
    Agent.objects.filter(pk=owner.pk).update(list_columns={"people": ["email", "roles", "name"]})
    owner.refresh_from_db()
    (row,) = rows_of(done(api_client(owner), {"columns": "shown"}, "people"))
    assert row == {"email": "lena@acme.test", "roles": "", "name": "Lena"}


@pytest.mark.once
def test_every_column_of_both_lists_can_be_exported(owner: Agent, four: list[Organization]) -> None:
    of_lists = {
        "organizations": "name,edit,membership_end_date,people_count,location_count,active,status,"
        "tags,managers,reference,website,address_city,address_country,created_at,updated_at,"
        "last_activity_at,property.staff",
        "people": "name,email,organization,roles,position,phone,tags,managers,status,reference,"
        "created_at,updated_at,last_active_at",
    }
    for kind, columns in of_lists.items():
        for form in ("csv", "json"):
            body = {"filter": {"columns": columns}, "columns": "shown", "format": form}
            assert done(api_client(owner), body, kind)


@pytest.mark.once
def test_a_column_that_there_is_not_is_refused(owner: Agent, four: list[Organization]) -> None:
    api = api_client(owner)
    wrong: list[dict[str, Any]] = [
        {"filter": {"columns": "name,colour"}, "columns": "shown"},
        {"columns": "some"},
    ]
    assert [started_by(api, "people", body).status_code for body in wrong] == [400, 422]
    assert not Operation.objects.exists()


@pytest.mark.once
def test_what_the_list_shows_maps_back_as_far_as_it_goes(
    owner: Agent, owner_actor: Actor, four: list[Organization]
) -> None:
    for form in ("csv", "json"):
        body = {"filter": {"columns": COLUMNS}, "columns": "shown", "format": form}
        content = done(api_client(owner), body)
        Person.objects.all().delete()
        Organization.objects.all().delete()
        assert imported(owner_actor, "organizations", content, f"o.{form}").counts["created"] == 4
        assert Organization.objects.get(name="Acme").address_city == "Bonn"


@pytest.mark.once
def test_the_page_asks_which_columns_and_takes_those_of_its_list(
    owner_browser: Client, four: list[Organization]
) -> None:
    listed = owner_browser.get("/organizations/?columns=address_city,name&sort=-name")
    link = "/exports/new/?sort=-name&amp;columns=address_city%2Cname&amp;kind=organizations"
    assert link in listed.content.decode()
    address = link.replace("&amp;", "&")
    page = owner_browser.get(address).content.decode()
    token = page.split('name="form_token" value="')[1].split('"')[0]
    owner_browser.post(address, {"format": "csv", "columns": "shown", "form_token": token})
    rows = rows_of(content_of(Operation.objects.get()))
    assert [list(row.values()) for row in rows] == [
        ["Ulm", "Dill"],
        ["", "Caro"],
        ["", "Birch"],
        ["Bonn", "Acme"],
    ]


def test_ticked_rows_come_in_the_order_of_their_list(
    owner_browser: Client, four: list[Organization]
) -> None:
    sent = {
        "ids": [str(row.pk) for row in four[:3]],
        "filters": "sort=-name&columns=people_count,name",
        "columns": "shown",
    }
    confirmed(owner_browser, "/organizations/export/", sent)
    rows = rows_of(content_of(Operation.objects.get()))
    assert [list(row.values()) for row in rows] == [["0", "Dill"], ["0", "Caro"], ["1", "Acme"]]
