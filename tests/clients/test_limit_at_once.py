"""Fifty who add people at once never pass the plan's limit (S2.4, X10), whatever the door.

On a database in a file, and on PostgreSQL.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from portico.clients.actions.people import create_people, unarchive_people
from portico.clients.cleaning import clean_person
from portico.clients.models import Organization, Person
from portico.kit.actors import Actor
from portico.kit.errors import Refused
from portico.kit.tenancy.scope import WorkspaceScope, open_scope
from portico.workspaces.context import scope_of
from portico.workspaces.models import Agent, Plan
from tests.conftest import sign_in
from tests.factories.clients import make_organization, make_person
from tests.factories.keys import api_client
from tests.factories.workspaces import actor_of, make_workspace

AT_ONCE = 50
LIMIT = 10
USED = 4


class Doors:
    """The four ways in which somebody more is counted; each answers whether it succeeded."""

    def __init__(self, scope: WorkspaceScope) -> None:
        self.scope = scope
        owner = Agent.objects.get()
        self.actor: Actor = actor_of(owner)
        self.acme: Organization = make_organization()
        for number in range(USED):
            make_person(f"there{number}@acme.test", organization=self.acme)
        self.archived = [
            make_person(
                f"old{number}@acme.test", organization=self.acme, archived_at=timezone.now()
            )
            for number in range(AT_ONCE)
        ]
        self.browsers = [sign_in(owner) for _number in range(3)]
        self.program = api_client(owner)

    def by_page(self, number: int) -> bool:
        fields = {
            "name": f"Page {number}",
            "email": f"page{number}@acme.test",
            "organization": str(self.acme.pk),
        }
        browser = self.browsers[number % len(self.browsers)]
        return bool(browser.post("/people/new/", fields).status_code == 302)

    def by_api(self, number: int) -> bool:
        body = {
            "name": f"Api {number}",
            "email": f"api{number}@acme.test",
            "organization_id": str(self.acme.pk),
        }
        answer = self.program.post("/api/v1/people", body, content_type="application/json")
        return bool(answer.status_code == 201)

    def by_import(self, number: int) -> bool:
        """What an import calls for a slice of two rows."""
        drafts = [
            (clean_person({"name": f"Row {n}", "email": f"row{n}@acme.test"}), self.acme.pk)
            for n in (number, number + 1000)
        ]
        return self._is_done(lambda: create_people(self.actor, drafts))

    def by_unarchiving(self, number: int) -> bool:
        rows = Person.objects.filter(pk=self.archived[number].pk)
        return self._is_done(lambda: unarchive_people(self.actor, rows))

    def _is_done(self, act: Callable[[], Any]) -> bool:
        try:
            act()
        except Refused as refused:
            if refused.code != "person_limit":
                raise
            return False
        else:
            return True


def test_s2_4_of_fifty_at_once_by_every_door_only_the_free_places_are_taken(
    transactional_db: None,
) -> None:
    cache.clear()
    workspace = make_workspace()
    scope = scope_of(workspace)
    with open_scope(scope):
        doors = Doors(scope)
        Plan.objects.update(person_limit=LIMIT)
    ways = (doors.by_page, doors.by_api, doors.by_import, doors.by_unarchiving)
    barrier = Barrier(AT_ONCE)

    def act(number: int) -> bool:
        try:
            barrier.wait(timeout=60)
            with open_scope(scope):
                return ways[number % len(ways)](number)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        done = list(pool.map(act, range(AT_ONCE)))

    with open_scope(scope):
        assert Person.objects.active().count() == LIMIT
        assert Organization.objects.get().people_count == LIMIT
    assert 3 <= sum(done) <= LIMIT - USED
