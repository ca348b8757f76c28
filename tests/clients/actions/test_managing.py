"""Who looks after organizations and people."""

import pytest

from portico.clients.actions.changes import change_organizations
from portico.clients.actions.organizations import create_organization, update_organization
from portico.clients.actions.people import update_person
from portico.clients.models import AccountManager, Organization, Person
from portico.clients.reports import effective_manager, organization_managers
from portico.history.actions.undo import undo_act
from portico.history.models import Event
from portico.kit.actors import Actor
from portico.kit.errors import Refused
from tests.factories.workspaces import actor_of, make_agent


def managers(organization: Organization) -> list[tuple[str, bool]]:
    rows = organization_managers([organization.pk])[organization.pk]
    return [(row.name, row.is_first) for row in rows]


def test_s2_40_an_organization_has_any_number_of_managers_one_first(owner_actor: Actor) -> None:
    hana, tom = (make_agent(f"{n}@northstar.test", name=n) for n in ("Hana", "Tom"))
    acme = create_organization(owner_actor, {"name": "Acme", "account_managers": [tom.pk, hana.pk]})
    assert managers(acme) == [("Tom", True), ("Hana", False)]
    act = actor_of(make_agent("second@northstar.test", roles=["Owner"]))
    update_organization(act, acme.pk, {"account_managers": [str(hana.pk)]})
    assert managers(acme) == [("Hana", True)]
    event = Event.objects.filter(kind="organization.updated").get()
    assert event.changes == {"account_managers": [["Tom", "Hana"], ["Hana"]]}
    undo_act(owner_actor, act.act_id)
    assert managers(acme) == [("Tom", True), ("Hana", False)]


def test_managers_of_many_are_set_at_once(owner_actor: Actor, acme: Organization) -> None:
    hana = make_agent("hana@northstar.test", name="Hana")
    birch = create_organization(owner_actor, {"name": "Birch"})
    change_organizations(
        owner_actor, [(row.pk, {"account_managers": [hana.pk]}) for row in (acme, birch)]
    )
    assert AccountManager.objects.filter(agent=hana, is_first=True).count() == 2


@pytest.mark.parametrize("state", ("archived", "disabled", "person", "unknown"))
def test_only_a_working_agent_can_be_chosen(
    owner_actor: Actor, acme: Organization, guest: Person, state: str
) -> None:
    chosen = make_agent("hana@northstar.test", name="Hana")
    if state == "archived":
        type(chosen).objects.update(archived_at=chosen.created_at)
    if state == "disabled":
        type(chosen).objects.filter(pk=chosen.pk).update(is_disabled=True)
    key = {"person": guest.pk, "unknown": acme.pk}.get(state, chosen.pk)
    for change, field in (
        (lambda: update_organization(owner_actor, acme.pk, {"account_managers": [key]}), "s"),
        (lambda: update_person(owner_actor, guest.pk, {"account_manager": key}), ""),
    ):
        with pytest.raises(Refused) as refused:
            change()
        assert [(row.field, row.code) for row in refused.value.errors] == [
            (f"account_manager{field}", "unknown_agent")
        ]


def test_x11_the_effective_manager_is_ones_own_else_the_organizations_first(
    owner_actor: Actor, acme: Organization, guest: Person
) -> None:
    def effective() -> tuple[str, str] | None:
        guest.refresh_from_db()
        manager = effective_manager(guest)
        return (manager.name, manager.source) if manager else None

    hana, tom = (make_agent(f"{n}@northstar.test", name=n) for n in ("Hana", "Tom"))
    assert effective() is None
    update_organization(owner_actor, acme.pk, {"account_managers": [hana.pk]})
    assert effective() == ("Hana", "organization")
    act = actor_of(make_agent("second@northstar.test", roles=["Owner"]))
    update_person(act, guest.pk, {"account_manager": tom.pk})
    assert effective() == ("Tom", "own")
    type(tom).objects.filter(pk=tom.pk).update(is_disabled=True)
    assert effective() == ("Hana", "organization")
    undo_act(owner_actor, act.act_id)
    event = Event.objects.filter(kind="person.updated").earliest("id")
    assert event.changes == {"account_manager": [None, "Tom"]}
    assert guest.account_manager_id is not None
    guest.refresh_from_db()
    assert guest.account_manager_id is None
