"""Every address and operation as every member of the cast: who gets in, and what they learn."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db.models import QuerySet

from portico.clients.filters import whole
from portico.clients.models import Organization
from portico.clients.querysets import OrganizationQuerySet
from tests.doors.cast import ANONYMOUS, CAST, OWNER, STRANGER, Member
from tests.doors.ledger import changed, digest
from tests.doors.routes import Route, all_routes
from tests.doors.stage import Stage, build_stage
from tests.doors.walk import Walk

NAMES = [member.name for member in CAST]
SOMEBODY = (ANONYMOUS, OWNER)


@pytest.fixture
def stage(db: Any) -> Iterator[Stage]:
    """Both workspaces, and silence: the walk is refused thousands of times."""
    cache.clear()
    logging.disable(logging.CRITICAL)
    yield build_stage()
    logging.disable(logging.NOTSET)


def pages() -> list[Route]:
    return [route for route in all_routes() if not route.is_api]


def operations() -> list[Route]:
    return [route for route in all_routes() if route.is_api]


@pytest.mark.parametrize("member", CAST, ids=NAMES)
def test_pages_let_in_whom_their_policy_names_and_tell_nobody_else_anything(
    stage: Stage, member: Member
) -> None:
    walk = Walk(stage, member, stage.browser(member), by_key=False)
    assert walk.past(pages()) == []
    assert walk.answered > len(pages())


@pytest.mark.parametrize("member", CAST, ids=NAMES)
def test_operations_let_in_whom_their_policy_names_and_tell_nobody_else_anything(
    stage: Stage, member: Member
) -> None:
    walk = Walk(stage, member, stage.program(member), by_key=True)
    assert walk.past(operations()) == []
    assert walk.answered > len(operations())


@pytest.mark.parametrize("member", SOMEBODY, ids=[member.name for member in SOMEBODY])
def test_a_method_that_no_policy_names_is_not_allowed_to_anybody(
    stage: Stage, member: Member
) -> None:
    browser = Walk(stage, member, stage.browser(member), by_key=False)
    program = Walk(stage, member, stage.program(member), by_key=True)
    assert browser.past_closed_methods(pages()) == []
    assert program.past_closed_methods(operations()) == []


@pytest.mark.parametrize("member", SOMEBODY, ids=[member.name for member in SOMEBODY])
def test_what_is_no_id_is_not_there(stage: Stage, member: Member) -> None:
    browser = Walk(stage, member, stage.browser(member), by_key=False)
    program = Walk(stage, member, stage.program(member), by_key=True)
    assert browser.past_malformed_ids(pages()) == []
    assert program.past_malformed_ids(operations()) == []


def test_a_cookie_opens_no_operation(stage: Stage) -> None:
    nobody = Member(name=OWNER.name, standing=ANONYMOUS.standing)
    walk = Walk(stage, nobody, stage.browser(OWNER), by_key=False)
    assert walk.past(operations()) == []


def test_a_key_opens_no_page(stage: Stage) -> None:
    stage.cookies.pop(OWNER.name)
    nobody = Member(name=OWNER.name, standing=ANONYMOUS.standing)
    walk = Walk(stage, nobody, stage.program(OWNER), by_key=False)
    assert walk.past(pages()) == []


def test_another_workspaces_cookie_and_key_are_nobodys_here(stage: Stage) -> None:
    """Cookies are host-only; one presented on another workspace's host finds no session."""
    nobody = Member(name=STRANGER.name, standing=ANONYMOUS.standing)
    browser = Walk(stage, nobody, stage.browser(nobody), by_key=False)
    program = Walk(stage, nobody, stage.program(nobody), by_key=True)
    assert browser.past(pages()) == []
    assert program.past(operations()) == []


def test_the_ledger_sees_a_change_of_one_row(stage: Stage) -> None:
    before = digest()
    assert changed(before, digest()) == set()
    owner = stage.users[OWNER.name]
    QuerySet(type(owner)).filter(pk=owner.pk).update(position="Founder")
    workspace = str(stage.workspaces["northstar"])
    assert changed(before, digest()) == {("accounts.User", workspace)}


def test_a_planted_leak_is_found(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its filter by workspace, the manager of organizations tells another's names."""
    from portico.kit.tenancy.unscoped import unscoped

    manager: Any = Organization.objects
    monkeypatch.setattr(type(manager), "get_queryset", lambda _: _all(unscoped(Organization)))
    monkeypatch.setattr(whole, "_kept", whole._kept.__wrapped__)
    routes = [route for route in operations() if route.pattern == "/api/v1/organizations"]
    found = Walk(stage, OWNER, stage.program(OWNER), by_key=True).past(routes)
    assert "GET /api/v1/organizations (own) (200) tells CANARYZENITH" in found


def _all(rows: Any) -> Any:
    """The same rows as a queryset of the product's own class."""
    queryset = OrganizationQuerySet(Organization)
    queryset.query = rows.query
    return queryset
