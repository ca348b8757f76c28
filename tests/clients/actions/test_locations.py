"""Places of organizations: created, changed, closed, reopened, taken back."""

from decimal import Decimal
from typing import Any

import pytest

from portico.clients.actions.locations import (
    close_locations,
    create_location,
    reopen_locations,
    update_location,
)
from portico.clients.models import Location, Organization
from portico.history.actions.undo import undo_act
from portico.history.models import Event
from portico.kit.actors import Actor
from portico.kit.errors import Denied, NotThere, Refused, Stale
from portico.kit.ids import new_id
from tests.factories.clients import make_organization
from tests.factories.workspaces import actor_of


@pytest.fixture
def acting(owner: Any) -> Any:
    """A fresh actor of the owner for each act."""
    return lambda: actor_of(owner)


def count_of(organization: Organization) -> int:
    counted = Organization.objects.values_list("location_count", flat=True)
    number: int = counted.get(pk=organization.pk)
    return number


def told(*kinds: str) -> list[tuple[str, str]]:
    rows = Event.objects.filter(kind__startswith="location.").order_by("id")
    return list(rows.values_list("kind", "subject_name"))


def test_x12_only_open_locations_count(acting: Any, acme: Organization) -> None:
    first = create_location(acting(), acme.pk, {"name": "Plant"})
    create_location(acting(), acme.pk, {"name": "Office"})
    assert count_of(acme) == 2
    close_locations(acting(), Location.objects.filter(pk=first.pk))
    assert count_of(acme) == 1
    reopen_locations(acting(), Location.objects.filter(pk=first.pk))
    assert count_of(acme) == 2
    assert told() == [
        ("location.created", "Plant"),
        ("location.created", "Office"),
        ("location.closed", "Plant"),
        ("location.reopened", "Plant"),
    ]
    events = Event.objects.filter(kind__startswith="location.")
    assert set(events.values_list("organization_id", flat=True)) == {acme.pk}


def test_s4_48_a_location_has_area_address_position_and_tags(
    acting: Any, acme: Organization
) -> None:
    fields = {
        "name": "Plant",
        "address_country": "Germany",
        "area": "1250,5",
        "latitude": "53.5510846",
        "longitude": -9,
        "tags": ["Roof", "roof", "Gate"],
    }
    location = create_location(acting(), acme.pk, fields)
    location.refresh_from_db()
    assert (location.area, location.latitude, location.longitude) == (
        Decimal("1250.50"),
        Decimal("53.551085"),
        Decimal("-9.000000"),
    )
    assert location.address_country == "DE"
    held = location.tag_assignments.order_by("tag__name_key").values_list("tag__name", flat=True)
    assert list(held) == ["Gate", "Roof"]


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"name": " "}, "name", "blank"),
        ({"area": "-1"}, "area", "out_of_range"),
        ({"area": "wide"}, "area", "not_a_number"),
        ({"latitude": "90.1", "longitude": "0"}, "latitude", "out_of_range"),
        ({"latitude": "0", "longitude": "-180.5"}, "longitude", "out_of_range"),
        ({"latitude": "10"}, "longitude", "incomplete_position"),
        ({"longitude": "10"}, "latitude", "incomplete_position"),
        ({"version": 7}, "version", "unknown_field"),
    ],
)
def test_what_is_wrong_with_a_location_is_said_at_its_field(
    owner_actor: Actor, acme: Organization, fields: dict[str, Any], field: str, code: str
) -> None:
    with pytest.raises(Refused) as caught:
        create_location(owner_actor, acme.pk, {"name": "Plant", **fields})
    assert [(row.field, row.code) for row in caught.value.errors] == [(field, code)]
    assert (Location.objects.count(), count_of(acme)) == (0, 0)


def test_an_archived_organization_gets_no_location(owner_actor: Actor) -> None:
    gone = make_organization("Gone", archived_at="2026-01-01T00:00:00Z")
    with pytest.raises(Refused) as caught:
        create_location(owner_actor, gone.pk, {"name": "Plant"})
    assert caught.value.code == "organization_archived"
    with pytest.raises(NotThere):
        create_location(owner_actor, new_id(), {"name": "Plant"})


def test_an_update_tells_what_changed_and_refuses_an_old_version(
    acting: Any, acme: Organization
) -> None:
    location = create_location(acting(), acme.pk, {"name": "Plant", "area": "10"})
    update_location(acting(), location.pk, {"name": "Plant", "area": "10"}, version=1)
    changed = update_location(acting(), location.pk, {"area": "12", "tags": ["Roof"]}, version=1)
    assert changed.version == 2
    event = Event.objects.get(kind="location.updated")
    assert event.changes == {"area": ["10.00", "12.00"], "tags": [[], ["Roof"]]}
    with pytest.raises(Stale):
        update_location(acting(), location.pk, {"area": "13"}, version=1)


def test_each_change_of_a_location_is_undone_by_its_act(acting: Any, acme: Organization) -> None:
    act = acting()
    location = create_location(act, acme.pk, {"name": "Plant", "tags": ["Roof"]})
    changing = acting()
    update_location(changing, location.pk, {"name": "Works", "tags": []})
    undo_act(acting(), changing.act_id)
    location.refresh_from_db()
    assert (location.name, location.tag_assignments.count()) == ("Plant", 1)
    closing = acting()
    close_locations(closing, Location.objects.filter(pk=location.pk))
    undo_act(acting(), closing.act_id)
    assert count_of(acme) == 1
    with pytest.raises(Refused) as caught:
        undo_act(acting(), act.act_id)
    assert caught.value.code == "changed_since"


def test_an_untouched_location_is_taken_back_whole(acting: Any, acme: Organization) -> None:
    act = acting()
    create_location(act, acme.pk, {"name": "Plant"})
    undo_act(acting(), act.act_id)
    assert (Location.objects.count(), count_of(acme)) == (0, 0)
    assert told()[-1] == ("location.removed", "Plant")


def test_who_only_looks_changes_no_location(viewer: Any, owner_actor: Actor, acme: Any) -> None:
    location = create_location(owner_actor, acme.pk, {"name": "Plant"})
    actor = actor_of(viewer)
    rows = Location.objects.filter(pk=location.pk)
    for act in (
        lambda: create_location(actor, acme.pk, {"name": "Plant"}),
        lambda: update_location(actor, location.pk, {"name": "Works"}),
        lambda: close_locations(actor, rows),
        lambda: reopen_locations(actor, rows),
    ):
        with pytest.raises(Denied):
            act()
    assert told() == [("location.created", "Plant")]
