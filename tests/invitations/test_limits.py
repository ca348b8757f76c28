"""How the limits of sending are counted: at the cost of what was sent, not of the history."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from portico.clients.models import Organization, Person
from portico.invitations.actions.inviting import invite_person
from portico.invitations.actions.many import invite_people
from portico.invitations.limits import require_room_to_send
from portico.invitations.models import Invitation
from portico.kit.actors import Actor
from portico.kit.tenancy.scope import open_scope
from portico.workspaces.context import scope_of
from portico.workspaces.models import Workspace
from tests.factories.clients import make_person
from tests.pages import text_of

FULL = "At most 2 invitations go out within an hour. Try again an hour later."


def readings_of_history(act: Callable[[], Any]) -> list[tuple[str, Any]]:
    """The statements by which the act reads events, with their parameters."""
    asked: list[tuple[str, Any]] = []

    def note(execute: Any, statement: str, parameters: Any, *rest: Any) -> Any:
        if statement.startswith("SELECT") and 'FROM "history_event"' in statement:
            asked.append((statement, parameters))
        return execute(statement, parameters, *rest)

    with connection.execute_wrapper(note):
        act()
    return asked


@pytest.mark.once
def test_sendings_to_one_person_are_found_by_their_invitations(
    owner_actor: Actor, acme: Organization
) -> None:
    """The walk along all events of the workspace took 80 ms at 72,000 of them, for each mail."""
    ann = make_person("ann@acme.test", organization=acme, has_joined=False)
    invite_person(owner_actor, ann.pk, organization_id=acme.pk)
    statement, parameters = readings_of_history(lambda: require_room_to_send(ann.pk))[0]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
        plan = " ".join(str(step[3]) for step in cursor.fetchall())
    assert "event_subject" in plan


def test_when_the_hour_is_full_the_rest_of_many_is_not_tried(
    owner_actor: Actor, workspace: Workspace, acme: Organization
) -> None:
    workspace.settings = {**workspace.settings, "invitations_per_hour": 2}
    workspace.save()
    names = ("Ann", "Ben", "Cem", "Dan", "Eva")
    for name in names:
        make_person(f"{name}@acme.test", name=name, organization=acme, has_joined=False)
    with open_scope(scope_of(workspace)):
        outcomes: list[Any] = []
        everybody = Person.objects.order_by("name")
        asked = readings_of_history(
            lambda: outcomes.append(invite_people(owner_actor, everybody, {}))
        )
    [outcome] = outcomes
    assert sorted(Invitation.objects.values_list("user__name", flat=True)) == ["Ann", "Ben"]
    assert [(one.name, one.reason) for one in outcome.skipped] == [
        (name, FULL) for name in ("Cem", "Dan", "Eva")
    ]
    assert len(asked) == 3  # for Ann, Ben, and Cem


def test_the_question_says_how_many_more_may_go_out_where_more_are_meant(
    owner_browser: Client, owner_actor: Actor, workspace: Workspace, acme: Organization
) -> None:
    workspace.settings = {**workspace.settings, "invitations_per_hour": 3}
    workspace.save()
    names = ("Ann", "Ben", "Cem", "Dan")
    people = [
        make_person(f"{name}@acme.test", name=name, organization=acme, has_joined=False)
        for name in names
    ]
    with open_scope(scope_of(workspace)):
        invite_person(owner_actor, people[0].pk, organization_id=acme.pk)

    def asked(*ids: Any) -> str:
        return text_of(owner_browser.get("/people/invite/", {"ids": [str(key) for key in ids]}))

    some, more = [person.pk for person in people[1:3]], [person.pk for person in people[1:]]
    hint = (
        "At most 3 invitations go out within an hour, 2 more now. The rest is left out and named."
    )
    assert hint not in asked(*some)
    assert hint in asked(*more)
