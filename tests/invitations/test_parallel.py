"""Twenty at once: one wins. On a database in a file, and on PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.core.cache import cache
from django.db import connection
from django.test import Client

from portico.accounts.models import Session
from portico.clients.models import Membership, Person
from portico.history.models import Event
from portico.invitations.actions.inviting import invite_person
from portico.invitations.links import token_of
from portico.invitations.models import Invitation
from portico.kit.tenancy.scope import open_scope
from portico.workspaces.context import scope_of
from portico.workspaces.models import Agent
from tests.factories.clients import make_organization, make_person
from tests.factories.workspaces import actor_of, make_workspace
from tests.invitations.conftest import ACCEPT, CHOSEN

AT_ONCE = 20


def test_of_twenty_who_accept_at_once_one_joins(transactional_db: None) -> None:
    """R-C01: one success, nineteen 410; one membership, one user, one event, one session."""
    cache.clear()
    workspace = make_workspace()
    with open_scope(scope_of(workspace)):
        acme = make_organization()
        lena = make_person(organization=acme, has_joined=False)
        owner = actor_of(Agent.objects.get())
        made = invite_person(owner, lena.pk, organization_id=acme.pk)
        path = f"/invite/{token_of(made)}/"
    barrier = Barrier(AT_ONCE)

    def accept(number: int) -> tuple[int, str]:
        password = f"{CHOSEN} {number}"
        try:
            browser = Client()
            browser.get(path)
            barrier.wait(timeout=30)
            answer = browser.post(ACCEPT, {"name": "Lena Fischer", "password": password})
            return answer.status_code, password
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(accept, range(AT_ONCE)))

    assert sorted(status for status, _password in answers) == [302] + [410] * (AT_ONCE - 1)
    winner = next(password for status, password in answers if status == 302)
    with open_scope(scope_of(workspace)):
        assert Person.objects.get().check_password(winner)
        assert Membership.objects.count() == 1
        assert Session.objects.count() == 1
        assert Event.objects.filter(kind="invitation.accepted").count() == 1
        assert Invitation.objects.get().state == "accepted"
