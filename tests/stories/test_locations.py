"""S4.48, S4.47: locations with area, address, position and tags, on page and API."""

from typing import Any

import pytest

from portico.clients.models import Location, Organization
from portico.workspaces.choices import Preset
from tests.factories.workspaces import make_agent
from tests.stories.records import nothing_changes
from tests.stories.visitor import Program, Visitor, problem_of


@pytest.fixture
def preset() -> str:
    """An organization reads Client account, a person User."""
    return Preset.PARTNER


def test_s4_48_a_location_has_area_address_position_and_tags_by_page_and_api(
    agent: Visitor, program: Program, acme: Organization
) -> None:
    typed = {
        "name": "Plant",
        "area": "1200.5",
        "latitude": "53.55",
        "longitude": "9.99",
        "address_street": "Am Wall 1",
        "address_city": "Hamburg",
        "tags": "Solar, Roof",
    }
    agent.open(f"/organizations/{acme.pk}/locations/new/")
    page = agent.press("Add location", **typed)
    assert page.status == 200, page.errors
    plant = Location.objects.get()
    body = program.get(f"locations/{plant.pk}").json()
    assert (body["name"], body["address"]["city"], body["tags"]) == (
        "Plant",
        "Hamburg",
        ["Roof", "Solar"],
    )
    numbers = (float(body["area"]), float(body["latitude"]), float(body["longitude"]))
    assert numbers == (1200.5, 53.55, 9.99)
    fields: dict[str, Any] = {
        "organization_id": str(acme.pk),
        "name": "Office",
        "area": 80,
        "latitude": -33.86,
        "longitude": 151.2,
        "address": {"city": "Sydney"},
        "tags": ["Roof"],
    }
    made = program.post("locations", **fields)
    assert made.status_code == 201, made.json()
    agent.open(f"/organizations/{acme.pk}/locations/")
    text = agent.sees.element("main").text
    shown = {word: word in text for word in ("Office", "Plant", "Sydney", "Hamburg")}
    assert shown == dict.fromkeys(shown, True)


@pytest.mark.parametrize(("field", "value"), (("latitude", "91"), ("area", "-1")))
def test_s4_48_an_impossible_position_or_area_is_refused_at_its_field(
    agent: Visitor, program: Program, acme: Organization, field: str, value: str
) -> None:
    whole = {"name": "Plant", "latitude": "53.55", "longitude": "9.99", field: value}
    agent.open(f"/organizations/{acme.pk}/locations/new/")
    with nothing_changes():
        page = agent.press("Add location", **whole)
        answer = program.post("locations", organization_id=str(acme.pk), **whole)
    assert (page.status, set(page.errors), Location.objects.count()) == (422, {field}, 0)
    assert [pointer for pointer, _code in problem_of(answer)[2]] == [f"/{field}"]


def test_s4_48_who_may_only_look_adds_none(acme: Organization) -> None:
    looker = make_agent("v@northstar.test", permissions=["view_clients"])
    visitor, program = Visitor(looker), Program(looker)
    with nothing_changes():
        page = visitor.send(f"/organizations/{acme.pk}/locations/new/", {"name": "Plant"})
        answer = program.post("locations", organization_id=str(acme.pk), name="Plant")
    assert (page.status, problem_of(answer)[:2]) == (403, (403, "permission_denied"))
    assert Location.objects.count() == 0
