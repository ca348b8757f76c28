"""Recent changes tells an act, its undo and what took that back by one line."""

import datetime
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portico.clients.actions.organizations import archive_organizations, update_organization
from portico.clients.models import Organization
from portico.history.actions.undo import undo_act
from portico.history.models import Act
from portico.kit.actors import Actor
from portico.workspaces.models import Agent
from tests.factories.clients import make_organization
from tests.factories.workspaces import actor_of, make_agent
from tests.pages import text_of


@pytest.fixture
def archived(owner: Agent, acme: Organization) -> Actor:
    """Who has just archived Acme Windows."""
    actor = actor_of(owner)
    archive_organizations(actor, Organization.objects.filter(pk=acme.pk))
    return actor


def lines_of(browser: Client) -> list[tuple[str, str]]:
    """What each line says, and what its button is called."""
    page = text_of(browser.get("/changes/"))
    lines = re.findall(r'<li class="p-act">.*?</li>', page, re.DOTALL)
    said = [re.findall(r"<p>(.*?)</p>", line, re.DOTALL) for line in lines]
    named = [re.findall(r'aria-label="([^"]*)"', line) for line in lines]
    return [
        (re.sub("<[^>]*>", "", what[0]), "".join(names))
        for what, names in zip(said, named, strict=True)
    ]


ARCHIVED = "archived the organization Acme Windows"


def test_an_act_and_its_undo_are_one_line_that_offers_to_do_it_again(
    owner_browser: Client, owner: Agent, archived: Actor
) -> None:
    assert lines_of(owner_browser) == [(ARCHIVED, f"Undo: {ARCHIVED}")]
    undo_act(actor_of(owner), archived.act_id)
    assert lines_of(owner_browser) == [(f"{ARCHIVED} · undone", f"Do it again: {ARCHIVED}")]
    today = timezone.now().strftime("%m/%d/%Y")
    assert f"Undone on {today}." in text_of(owner_browser.get("/changes/"))


def test_what_was_done_again_can_be_undone_again_in_the_same_line(
    owner_browser: Client, owner: Agent, acme: Organization, archived: Actor
) -> None:
    undo_act(actor_of(owner), archived.act_id)
    page = owner_browser.get("/changes/")
    address = re.search(r"/changes/[0-9a-f-]{36}/undo/", text_of(page))
    assert address is not None
    told = text_of(owner_browser.post(address[0], follow=True))
    assert f"Done again: {ARCHIVED}." in told
    assert "Done again on" in told
    acme.refresh_from_db()
    assert acme.archived_at is not None
    assert lines_of(owner_browser) == [(ARCHIVED, f"Undo: {ARCHIVED}")]
    undo_act(actor_of(owner), Act.objects.order_by("-id")[0].pk)
    assert lines_of(owner_browser) == [(f"{ARCHIVED} · undone", f"Do it again: {ARCHIVED}")]


def test_the_line_stays_where_it_was_among_the_others(
    owner_browser: Client, owner: Agent, archived: Actor
) -> None:
    birch = make_organization("Birch")
    update_organization(actor_of(owner), birch.pk, {"website": "https://birch.test"})
    undo_act(actor_of(owner), archived.act_id)
    changed = "changed the organization Birch: Website"
    assert [what for what, _name in lines_of(owner_browser)] == [changed, f"{ARCHIVED} · undone"]


def test_the_undo_of_what_somebody_else_did_is_a_line_of_its_own(
    owner_browser: Client, owner: Agent, acme: Organization
) -> None:
    tom = actor_of(make_agent("tom@northstar.test", name="Tom Okafor", roles=["Admin"]))
    archive_organizations(tom, Organization.objects.filter(pk=acme.pk))
    undo_act(actor_of(owner), tom.act_id)
    back = "unarchived the organization Acme Windows"
    assert lines_of(owner_browser) == [(back, f"Undo: {back}")]


def test_what_somebody_else_undid_is_told_and_not_offered(
    owner_browser: Client, archived: Actor
) -> None:
    tom = actor_of(make_agent("tom@northstar.test", name="Tom Okafor", roles=["Admin"]))
    undo_act(tom, archived.act_id)
    assert lines_of(owner_browser) == [(f"{ARCHIVED} · undone", "")]


def test_after_thirty_days_an_undo_is_not_taken_back(
    owner_browser: Client, owner: Agent, archived: Actor
) -> None:
    undo_act(actor_of(owner), archived.act_id)
    Act.objects.update(at=timezone.now() - datetime.timedelta(days=31))
    assert lines_of(owner_browser) == [(f"{ARCHIVED} · undone", "")]


def test_undone_acts_cost_no_statement_each(owner_browser: Client, owner: Agent) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            owner_browser.get("/changes/")
        return len(captured)

    def change_and_undo() -> Any:
        actor = actor_of(owner)
        update_organization(actor, make_organization().pk, {"name": "New"})
        return undo_act(actor_of(owner), actor.act_id)

    change_and_undo()
    once = statements()
    change_and_undo()
    assert statements() == once
