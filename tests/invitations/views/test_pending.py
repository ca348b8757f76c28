"""Team > Invitations: who has not answered, and what the page reads to know it."""

from functools import partial
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from portico.clients.actions.people import update_person
from portico.invitations.actions.accepting import accept_invitation
from portico.invitations.actions.inviting import invite_agent, invite_person
from portico.invitations.actions.sending import cancel_invitation, resend_invitation
from portico.invitations.links import token_of
from portico.invitations.models import Invitation
from portico.kit.actors import Actor
from portico.workspaces.models import Role
from tests.clients.plans import IS_SQLITE, plans_of
from tests.factories.clients import make_person
from tests.invitations.conftest import CHOSEN
from tests.pages import text_of

PEOPLE, COLLEAGUES = "/team/invitations/?of=people", "/team/invitations/?of=agents"


def every_fate(actor: Actor, acme: Any) -> dict[str, Invitation]:
    """One invitation of each fate, by its name."""

    def sent(name: str) -> Invitation:
        person = make_person(f"{name}@acme.test", name=name, organization=acme, has_joined=False)
        return invite_person(actor, person.pk, organization_id=acme.pk)

    names = ("waiting", "cancelled", "accepted", "moved", "moved_and_sent")
    made = {name: sent(name) for name in names}
    cancel_invitation(actor, made["cancelled"].pk)
    accept_invitation(token_of(made["accepted"]), password=CHOSEN)
    for name in ("moved", "moved_and_sent"):
        update_person(actor, made[name].user_id, {"email": f"{name}@birch.test"})
    made["fresh"] = resend_invitation(actor, made["moved_and_sent"].pk)
    role = Role.objects.get(kind="agent", name="Viewer")
    made["colleague"] = invite_agent(actor, "new@northstar.test", role_ids=[role.pk])
    return made


def test_the_page_lists_and_counts_what_waits_for_an_answer(
    owner_browser: Client, owner_actor: Actor, acme: Any
) -> None:
    made = every_fate(owner_actor, acme)
    people, colleagues = (text_of(owner_browser.get(path)) for path in (PEOPLE, COLLEAGUES))
    listed = [name for name, row in made.items() if f"{row.pk}/resend/" in people + colleagues]
    assert listed == ["waiting", "moved", "fresh", "colleague"]
    assert "3 invitations not answered" in people
    assert "1 invitation not answered" in colleagues


@pytest.mark.skipif(not IS_SQLITE, reason="PostgreSQL takes any index of so small a table")
def test_the_page_reads_nothing_but_what_waits(
    owner_browser: Client, owner_actor: Actor, acme: Any
) -> None:
    every_fate(owner_actor, acme)
    for path in (PEOPLE, COLLEAGUES):
        plans = plans_of(partial(owner_browser.get, path))
        reading = [plan for plan in plans if "invitation_unanswered" in plan]
        assert len(reading) >= 3, plans
        others = ("SCAN invitations_invitation", "invitation_state")
        assert [plan for plan in plans if any(word in plan for word in others)] == []


def test_the_migration_notes_the_same_as_the_actions(owner_actor: Actor, acme: Any) -> None:
    every_fate(owner_actor, acme)
    kept = dict(Invitation.objects.values_list("pk", "is_unanswered"))
    Invitation.objects.update(is_unanswered=False)
    migration = import_module("portico.invitations.migrations.0003_unanswered")
    migration.note_unanswered(apps, None)
    assert dict(Invitation.objects.values_list("pk", "is_unanswered")) == kept
