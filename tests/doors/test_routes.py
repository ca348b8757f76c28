"""Every route says what it demands; the snapshot is fresh; and the walk finds one that does not."""

import re
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import orjson
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import clear_url_caches, path
from ninja import NinjaAPI

from portico.config.openapi import openapi
from portico.kit.policies import Audience, page
from tests.doors.routes import LOCK, METHODS, all_routes, lock_of, undeclared

PROBE = "tests.doors.probe"


def test_every_route_declares_its_policy() -> None:
    assert undeclared(all_routes()) == []


def test_the_snapshot_of_the_routes_is_fresh() -> None:
    """Refresh it by the command in its head, and look at what changed."""
    assert LOCK.read_text() == lock_of(all_routes())


def test_only_known_methods_are_declared() -> None:
    declared = {method for route in all_routes() for method in route.policies}
    assert declared <= set(METHODS)


def test_a_route_that_is_open_to_anybody_says_why() -> None:
    public = [
        policy
        for route in all_routes()
        for policy in route.policies.values()
        if policy is not None and policy.audience is Audience.PUBLIC
    ]
    assert public
    assert [policy.name for policy in public if not policy.why] == []


def test_what_only_reads_takes_no_post_and_what_writes_says_so() -> None:
    """A POST that reads would slip past the read-only licence."""
    wrong = [
        f"{method} {route.pattern}"
        for route in all_routes()
        for method, policy in route.policies.items()
        if policy is not None
        and policy.audience is not Audience.PUBLIC
        and method not in {"GET", "HEAD"}
        and not policy.writes
    ]
    assert wrong == []


def test_the_description_of_the_api_holds_all_operations_and_no_other() -> None:
    document = orjson.loads(openapi(HttpRequest()).content)
    described = {
        (method.upper(), address)
        for address, operations in document["paths"].items()
        for method in operations
    }
    walked = {
        (method, re.sub(r"<\w+:(\w+)>", r"{\1}", route.pattern))
        for route in all_routes()
        if route.is_api
        for method in route.policies
    }
    assert described == walked


def silent(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("inside")


@pytest.fixture
def probe() -> Iterator[str]:
    """A root of addresses with one page and one operation that declare nothing."""
    api = NinjaAPI(urls_namespace="probe", openapi_url=None, docs_url=None)
    api.get("/operation")(lambda request: {"inside": True})
    operations, app, namespace = api.urls
    module: Any = ModuleType(PROBE)
    declared = page("probe.declared", Audience.AGENT)(lambda request: HttpResponse("inside"))
    module.urlpatterns = [
        path("page/", silent, name="page"),
        path("declared/", declared, name="declared"),
        path("api/v1/", (operations[:-1], app, namespace)),
    ]
    sys.modules[PROBE] = module
    yield PROBE
    del sys.modules[PROBE]
    clear_url_caches()


def test_a_page_and_an_operation_without_a_policy_turn_the_walk_red(probe: str) -> None:
    assert undeclared(all_routes(probe)) == [
        "GET /api/v1/operation has no policy",
        "every method of /page/ has no policy",
    ]


@pytest.mark.parametrize("address", ("/page/", "/api/v1/operation"))
def test_a_route_without_a_policy_is_not_answered(probe: str, workspace: Any, address: str) -> None:
    with override_settings(ROOT_URLCONF=probe), pytest.raises(ImproperlyConfigured):
        Client().get(address)


def test_a_changed_demand_makes_the_snapshot_stale(probe: str) -> None:
    assert lock_of(all_routes(probe)) != LOCK.read_text()
    assert "GET,HEAD /declared/ probe.declared agent body=FORM\n" in lock_of(all_routes(probe))
