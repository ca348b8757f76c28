"""A form pressed twice does its work once; showing a form writes nothing."""

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.test import Client, RequestFactory

from portico.clients.models import Organization
from portico.kit.actors import Actor
from portico.kit.form_tokens import new_form_token, once
from portico.kit.models import FormToken
from tests.conftest import sign_in
from tests.factories.clients import make_organization
from tests.factories.workspaces import actor_of

FORM = {"name": "Birch Doors", "form_token": "t" * 32}


def posted(actor: Actor | None, pressed: str = "one") -> Any:
    request: Any = RequestFactory().post("/", {"form_token": pressed})
    request.actor = actor
    return request


@once
def make(request: HttpRequest) -> HttpResponse:
    """A view that makes an organization and goes to it."""
    made = make_organization("Made")
    return HttpResponseRedirect(f"/organizations/{made.pk}/")


@once
def refuse(request: HttpRequest) -> HttpResponse:
    """A view that makes something and then finds that it must not."""
    make_organization("Made")
    return HttpResponse("no", status=422)


def test_a_token_is_fresh_each_time() -> None:
    assert len({new_form_token() for _ in range(100)}) == 100


def test_the_second_press_goes_where_the_first_went_and_does_nothing(owner_actor: Actor) -> None:
    first, second = make(posted(owner_actor)), make(posted(owner_actor))
    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"]
    assert (Organization.objects.count(), FormToken.objects.count()) == (1, 1)


def test_another_token_or_another_actor_is_another_press(owner_actor: Actor, viewer: Any) -> None:
    make(posted(owner_actor))
    make(posted(owner_actor, "two"))
    make(posted(actor_of(viewer)))
    assert Organization.objects.count() == 3


def test_a_refused_form_keeps_nothing_and_may_be_sent_again(owner_actor: Actor) -> None:
    assert refuse(posted(owner_actor)).status_code == 422
    assert (Organization.objects.count(), FormToken.objects.count()) == (0, 0)
    assert make(posted(owner_actor)).status_code == 302


def test_a_view_that_breaks_keeps_no_token(owner_actor: Actor) -> None:
    @once
    def breaks(request: HttpRequest) -> HttpResponse:
        make_organization("Made")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        breaks(posted(owner_actor))
    assert (Organization.objects.count(), FormToken.objects.count()) == (0, 0)


def test_without_a_token_or_an_actor_the_view_simply_runs(owner_actor: Actor) -> None:
    assert make(posted(owner_actor, "")).status_code == 302
    assert make(posted(None)).status_code == 302
    assert (Organization.objects.count(), FormToken.objects.count()) == (2, 0)


def test_showing_a_form_stores_no_token(owner_browser: Client) -> None:
    assert b'name="form_token"' in owner_browser.get("/organizations/new/").content
    assert FormToken.objects.count() == 0


def test_a_double_click_on_create_makes_one_organization(owner: Any) -> None:
    browser = sign_in(owner)
    first, second = (browser.post("/organizations/new/", FORM) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"]
    assert [row.name for row in Organization.objects.all()] == ["Birch Doors"]


@pytest.mark.parametrize("foreign", ["\x00", "x\x00y", "a b", "t" * 65, "é", "a\n"])
def test_a_token_that_we_would_not_make_is_none_and_reaches_no_column(
    owner_actor: Actor, foreign: str
) -> None:
    assert make(posted(owner_actor, foreign)).status_code == 302
    assert FormToken.objects.count() == 0
