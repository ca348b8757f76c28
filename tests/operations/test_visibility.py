"""Who sees an operation: its title and counts tell of records, so its kind's permissions count."""

from typing import Any

import pytest
from django.test import Client

from portico.kit.errors import Denied, NotThere
from portico.operations.actions import cancel_operation, start_operation
from portico.operations.models import Operation
from tests.conftest import sign_in
from tests.factories.keys import make_key
from tests.factories.workspaces import actor_of, make_agent

ADDRESSES = ("", "/file", "/cancel")


@pytest.fixture
def importer(scope: Any) -> Any:
    held = ("import_clients", "view_clients")
    return make_agent("imp@northstar.test", name="Imp", permissions=held, roles=())


@pytest.fixture
def operation(importer: Any) -> Operation:
    operation = start_operation(actor_of(importer), "count", title="clients.csv")
    Operation.objects.filter(pk=operation.pk).update(counts={"created": 3})
    return operation


def asked(agent: Any, address: str) -> Any:
    headers = {"authorization": f"Bearer {make_key(agent)}"}
    program = Client(headers=headers)
    path = f"/api/v1/operations/{address}".rstrip("/")
    return program.post(path) if address.endswith("/cancel") else program.get(path)


@pytest.mark.parametrize("part", ADDRESSES)
def test_ones_own_is_denied_without_the_right_to_do_such_work(
    operation: Operation, importer: Any, part: str
) -> None:
    assert asked(importer, f"{operation.pk}").json()["counts"] == {"created": 3}
    importer.role_assignments.all().delete()
    answer = asked(importer, f"{operation.pk}{part}")
    assert answer.status_code == 403
    assert "clients.csv" not in answer.content.decode()


@pytest.mark.parametrize("part", ADDRESSES)
def test_somebody_elses_is_unknown_without_the_right_to_do_such_work(
    operation: Operation, part: str
) -> None:
    boss = make_agent("b@northstar.test", name="Bo", permissions=("manage_workspace",), roles=())
    other = make_agent("m@northstar.test", name="Mo", roles=["Manager"])
    for agent in (boss, other):
        assert asked(agent, f"{operation.pk}{part}").status_code == 404
    assert asked(boss, "").json()["items"] == []
    browser = sign_in(boss)
    assert browser.get(f"/operations/{operation.pk}/").status_code == 404
    assert "clients.csv" not in browser.get("/operations/").content.decode()


def test_nobody_stops_what_they_may_not_see(operation: Operation, importer: Any) -> None:
    boss = make_agent("b@northstar.test", name="Bo", permissions=("manage_workspace",), roles=())
    with pytest.raises(NotThere):
        cancel_operation(actor_of(boss), operation.pk)
    importer.role_assignments.all().delete()
    with pytest.raises(Denied):
        cancel_operation(actor_of(importer), operation.pk)
