"""Undo of what was done to custom properties."""

import pytest

from portico.clients.actions.organizations import update_organization
from portico.clients.actions.properties import (
    archive_properties,
    create_property,
    move_property,
    unarchive_properties,
    update_property,
)
from portico.clients.models import CustomProperty, Organization
from portico.history.actions.undo import undo_act
from portico.kit.actors import Actor
from portico.kit.errors import Refused
from tests.factories.workspaces import actor_of, make_agent


@pytest.fixture
def colleague(owner_actor: Actor) -> Actor:
    """Somebody else with an act of their own."""
    return actor_of(make_agent("second@northstar.test", roles=["Owner"]))


def labels() -> list[str]:
    rows = CustomProperty.objects.filter(archived_at__isnull=True).order_by("place")
    return list(rows.values_list("label", flat=True))


def test_a_new_property_goes_again_while_nobody_has_a_value(
    owner_actor: Actor, colleague: Actor
) -> None:
    create_property(colleague, "organization", {"label": "Size"})
    undo_act(owner_actor, colleague.act_id)
    assert labels() == []


def test_a_property_with_values_stays(
    owner_actor: Actor, colleague: Actor, acme: Organization
) -> None:
    create_property(colleague, "organization", {"label": "Size"})
    update_organization(owner_actor, acme.pk, {"property.size": "L"})
    with pytest.raises(Refused) as refused:
        undo_act(owner_actor, colleague.act_id)
    assert refused.value.code == "changed_since"
    assert labels() == ["Size"]


def test_archiving_and_unarchiving_are_undone(owner_actor: Actor, colleague: Actor) -> None:
    size = create_property(owner_actor, "organization", {"label": "Size"})
    archive_properties(colleague, [size.pk])
    undo_act(owner_actor, colleague.act_id)
    assert labels() == ["Size"]
    archive_properties(owner_actor, [size.pk])
    again = actor_of(make_agent("third@northstar.test", roles=["Owner"]))
    unarchive_properties(again, [size.pk])
    undo_act(owner_actor, again.act_id)
    assert labels() == []


def test_a_move_is_undone_unless_it_was_moved_again(owner_actor: Actor, colleague: Actor) -> None:
    rows = [create_property(owner_actor, "organization", {"label": name}) for name in "ABC"]
    move_property(colleague, rows[0].pk, by=2)
    assert labels() == ["B", "C", "A"]
    undo_act(owner_actor, colleague.act_id)
    assert labels() == ["A", "B", "C"]
    again = actor_of(make_agent("third@northstar.test", roles=["Owner"]))
    move_property(again, rows[0].pk, by=1)
    move_property(owner_actor, rows[0].pk, by=1)
    with pytest.raises(Refused):
        undo_act(owner_actor, again.act_id)
    assert labels() == ["B", "C", "A"]


def test_a_change_is_undone(owner_actor: Actor, colleague: Actor) -> None:
    size = create_property(owner_actor, "organization", {"label": "Size"})
    update_property(colleague, size.pk, {"label": "Extent", "kind": "number"})
    undo_act(owner_actor, colleague.act_id)
    size.refresh_from_db()
    assert (size.label, size.kind) == ("Size", "text")
