"""Names of organizations that the file writes otherwise than the workspace (edge case 44)."""

import re
from typing import Any

import pytest
from django.test import Client

from portico.clients.models import Organization, Person
from portico.kit.actors import Actor
from portico.kit.errors import Refused
from portico.operations.models import Operation
from portico.transfers.actions.imports import correct_import
from tests.factories.clients import make_organization
from tests.pages import text_of
from tests.transfers.imports import checked, counts_of, imported, prepared, reasons_of, work_off

FILE = (
    "name,email,organization\n"
    "Ann,ann@a.test,ACME Win\n"
    "Bob,bob@b.test,acme  win\n"
    "Cid,cid@c.test,Neu GmbH\n"
    "Dee,dee@d.test,Acme Windows\n"
)


def looked_at(actor: Actor, **choices: Any) -> Operation:
    return checked(actor, prepared(actor, "people", FILE, **choices))


def meant(actor: Actor, operation: Operation, **names: Any) -> Operation:
    correct_import(actor, operation.pk, {}, organizations=names["names"])
    work_off()
    operation.refresh_from_db()
    assert operation.state == "checked", operation.last_error
    return operation


@pytest.mark.parametrize("unknown", ["create", "refuse"])
def test_edge_case_44_a_name_is_mapped_once_for_all_rows_that_write_it(
    owner_actor: Actor, acme: Organization, unknown: str
) -> None:
    operation = looked_at(owner_actor, unknown_organizations=unknown)
    assert operation.options["unknown_names"] == ["ACME Win", "Neu GmbH"]

    operation = meant(owner_actor, operation, names={"ACME Win": " acme windows "})
    assert operation.options["unknown_names"] == ["Neu GmbH"]
    assert operation.options["asked"]["organization_names"] == {"ACME Win": "Acme Windows"}
    expected = {1: 3} if unknown == "refuse" else {0: 4}
    assert {len(reasons_of(operation)): counts_of(operation)["created"]} == expected

    imported(owner_actor, operation)
    told = Person.objects.filter(memberships__organization=acme).order_by("name")
    assert list(told.values_list("name", flat=True)) == ["Ann", "Bob", "Dee"]
    firms = ["Acme Windows"] if unknown == "refuse" else ["Acme Windows", "Neu GmbH"]
    assert sorted(Organization.objects.values_list("name", flat=True)) == firms


def test_a_name_is_mapped_to_one_that_is_there_and_can_be_taken_back(
    owner_actor: Actor, acme: Organization
) -> None:
    operation = looked_at(owner_actor)
    with pytest.raises(Refused, match="There is no organization “Nobody”"):
        correct_import(owner_actor, operation.pk, {}, organizations={"Neu GmbH": "Nobody"})
    operation = meant(owner_actor, operation, names={"Neu GmbH": "Acme Windows"})
    operation = meant(owner_actor, operation, names={"Neu GmbH": "", "Foreign": "Acme Windows"})
    assert operation.options["asked"]["organization_names"] == {}
    assert operation.options["unknown_names"] == ["ACME Win", "Neu GmbH"]


@pytest.mark.once
def test_edge_case_44_the_page_asks_for_each_name_once(
    owner_browser: Client, owner_actor: Actor, acme: Organization
) -> None:
    make_organization("Neu")
    operation = looked_at(owner_actor)
    address = f"/imports/{operation.pk}/check/"
    page = owner_browser.get(address)
    assert "2 names are not known here. Is one of them there under another one?" in text_of(page)
    fields = re.findall(r'name="(meant-\d+)" value="([^"]*)"', page.text)
    assert fields == [("meant-0", ""), ("meant-1", "")]

    correct = f"/imports/{operation.pk}/correct/"
    wrong = owner_browser.post(correct, {"meant-0": "Acme", "meant-1": ""})
    assert (wrong.status_code, "There is no organization “Acme”." in text_of(wrong)) == (422, True)
    assert re.findall(r'name="meant-0" value="([^"]*)"', wrong.text) == ["Acme"]

    owner_browser.post(correct, {"meant-0": "Acme Windows", "meant-1": "Neu"})
    work_off()
    page = owner_browser.get(address)
    assert re.findall(r'name="meant-\d" value="([^"]*)"', page.text) == ["Acme Windows", "Neu"]
    operation.refresh_from_db()
    assert counts_of(operation) == {"rows": 4, "created": 4, "people_created": 4}
