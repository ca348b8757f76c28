"""Choices that hold a comma: exported, imported, typed, and read in the list as they are."""

import html
from typing import Any

import pytest
from django.test import Client

from portico.clients.actions.organizations import update_organization
from portico.clients.actions.properties import create_property
from portico.clients.choices import PropertyKind, PropertySubject
from portico.clients.models import Organization
from portico.kit.actors import Actor
from portico.kit.parting import listed, parted
from tests.factories.clients import make_organization
from tests.transfers.test_exports import exported, imported

CHOICES = ["Doors, windows", "Roofs", "Doors", "Gates, fences, rails"]
HELD: dict[str, dict[str, Any]] = {
    "Acme": {"trades": ["Doors, windows", "Roofs"], "main": "Doors, windows"},
    "Birch": {"trades": ["Gates, fences, rails"], "main": "Roofs"},
    "Caro": {"trades": ["Doors, windows", "Doors", "Gates, fences, rails"]},
    "Dill": {"trades": ["Doors", "Roofs"]},
}


@pytest.fixture
def trades(owner_actor: Actor, scope: Any) -> None:
    kinds = {"Trades": PropertyKind.CHOICES, "Main": PropertyKind.CHOICE}
    for label, kind in kinds.items():
        fields = {"label": label, "kind": kind, "choices": CHOICES}
        create_property(owner_actor, PropertySubject.ORGANIZATION, fields)


@pytest.fixture
def four(trades: None) -> None:
    for name, values in HELD.items():
        ordered = dict(values, trades=[one for one in CHOICES if one in values["trades"]])
        make_organization(name, property_values=ordered)


def held() -> dict[str, Any]:
    values = dict(Organization.objects.values_list("name", "property_values"))
    return {
        name: {**found, "trades": sorted(found["trades"])} if "trades" in found else found
        for name, found in values.items()
    }


@pytest.mark.once
@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_an_export_comes_back_with_the_same_choices(
    owner_actor: Actor, four: None, form: Any
) -> None:
    before = held()
    content = exported(owner_actor, "organizations", form)
    Organization.objects.all().delete()
    done = imported(owner_actor, "organizations", content, f"o.{form}")
    assert (done.counts["created"], list(done.rows.values_list("reason"))) == (4, [])
    assert held() == before


@pytest.mark.once
def test_a_list_typed_with_commas_finds_the_choices_that_hold_some(
    owner_actor: Actor, trades: None
) -> None:
    acme = make_organization("Acme")
    typed = {
        "Doors, windows, Roofs": ["Doors, windows", "Roofs"],
        "roofs,doors,windows": ["Doors, windows", "Roofs"],
        "Doors, Roofs": ["Roofs", "Doors"],
        "Doors, Gates, fences, rails": ["Doors", "Gates, fences, rails"],
        "doors, windows": ["Doors, windows"],
        "Doors, windows; Doors": ["Doors, windows", "Doors"],
    }
    for text, choices in typed.items():
        row = update_organization(owner_actor, acme.pk, {"property.trades": text})
        assert row.property_values["trades"] == choices, text


@pytest.mark.once
def test_the_list_and_the_record_show_where_a_choice_ends(
    owner_browser: Client, four: None
) -> None:
    page = owner_browser.get("/organizations/?columns=name,property.trades").content.decode()
    text = html.unescape(page)
    assert "Doors, windows; Roofs" in text
    assert "Roofs, Doors" in text
    assert "Doors, windows; Doors; Gates, fences, rails" in text
    acme = Organization.objects.get(name="Acme")
    shown = html.unescape(owner_browser.get(f"/organizations/{acme.pk}/").content.decode())
    assert "Doors, windows; Roofs" in shown


def test_parting_and_listing() -> None:
    assert listed(["a", "b"]) == "a, b"
    assert listed(["a, b", "c"]) == "a, b; c"
    assert listed(["a, b"]) == "a, b"
    assert parted("A , B,c", ["a, b"]) == ["a, b", "c"]
    assert parted("x,,y", []) == ["x", "y"]
