"""From long work that is over to the records that it made or changed."""

from typing import Any

from django.test import Client

from portico.clients.actions.bulk import start_bulk_change
from portico.clients.actions.organizations import update_organization
from portico.clients.models import Organization
from portico.kit.actors import Actor
from portico.operations.tasks import work_off_here
from portico.transfers.actions.imports import undo_import
from tests.factories.clients import make_organization, make_person
from tests.factories.workspaces import actor_of, make_agent
from tests.transfers.imports import bring_in, work_off


def listed(browser: Client, address: str) -> list[str]:
    page = browser.get(address).content.decode()
    return [name for name in ("Acme", "Birch", "Cedar", "Lena") if f">{name}<" in page]


def links_of(browser: Client, address: str) -> list[str]:
    page = browser.get(address).content.decode()
    parts = page.replace("&amp;", "&").split('href="')[1:]
    return list(dict.fromkeys(part.split('"')[0] for part in parts if "act=" in part.split('"')[0]))


def test_an_import_leads_to_what_it_made(owner_actor: Actor, owner_browser: Client) -> None:
    cedar = make_organization("Cedar")
    make_person("old@cedar.test", name="Cedar", organization=cedar)
    done = bring_in(
        owner_actor,
        "people",
        "name,email,organization\nLena,lena@acme.test,Acme\nMax,max@birch.test,Birch\n",
    )
    organizations = f"/organizations/?act={done.pk}&state=all"
    people = f"/people/?act={done.pk}&state=all"
    assert links_of(owner_browser, f"/imports/{done.pk}/") == [people, organizations]
    assert links_of(owner_browser, f"/operations/{done.pk}/") == [people, organizations]
    assert listed(owner_browser, organizations) == ["Acme", "Birch"]
    assert listed(owner_browser, people) == ["Acme", "Birch", "Lena"]


def test_an_undone_import_leads_to_what_it_left_alone(
    owner_actor: Actor, owner_browser: Client
) -> None:
    undone = bring_in(owner_actor, "people", "name,email,organization\nLena,lena@acme.test,Acme\n")
    kept = bring_in(owner_actor, "people", "name,email,organization\nMax,max@birch.test,Birch\n")
    birch = Organization.objects.get(name="Birch")
    tom = actor_of(make_agent("tom@northstar.test", roles=["Admin"]))
    update_organization(tom, birch.pk, {"website": "b.test"})
    for operation in (undone, kept):
        undo_import(owner_actor, operation.pk)
    work_off()
    assert links_of(owner_browser, f"/imports/{undone.pk}/") == []
    [address] = links_of(owner_browser, f"/imports/{kept.pk}/")
    assert address == f"/organizations/?act={kept.pk}&state=all"
    assert listed(owner_browser, address) == ["Birch"]


def test_an_undone_import_does_not_lead_to_what_it_gave_back(
    owner_actor: Actor, owner_browser: Client
) -> None:
    make_person("lena@acme.test", name="Lena")
    file = "name,email,position\nLena,lena@acme.test,Boss\n"
    changed = bring_in(owner_actor, "people", file, existing="update")
    address = f"/people/?act={changed.pk}&state=all"
    assert links_of(owner_browser, f"/imports/{changed.pk}/") == [address]
    undo_import(owner_actor, changed.pk)
    work_off()
    assert links_of(owner_browser, f"/imports/{changed.pk}/") == []


def test_a_change_of_many_leads_to_what_it_changed(
    owner_actor: Actor, owner_browser: Client
) -> None:
    for name in ("Acme", "Birch", "Cedar"):
        make_organization(name)
    rows: Any = Organization.objects.exclude(name="Cedar")
    operation = start_bulk_change(
        owner_actor, "organizations.archive", rows, title="Archive 2", arguments={}
    )
    assert links_of(owner_browser, f"/operations/{operation.pk}/") == []
    work_off_here(operation)
    [address] = links_of(owner_browser, f"/operations/{operation.pk}/")
    assert address == f"/organizations/?act={operation.pk}&state=all"
    assert listed(owner_browser, address) == ["Acme", "Birch"]
