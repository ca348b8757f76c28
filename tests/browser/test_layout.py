"""Where things stand: lines that line up, and room between what does not belong together."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from portico.history.models import Event
from portico.workspaces.models import Agent
from tests.factories.clients import make_organization, make_person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenPage = Callable[..., Page]


def box_of(place: Locator) -> dict[str, float]:
    """Where it stands; the test fails where it doesn't show."""
    expect(place).to_be_visible()
    box: Any = place.bounding_box()
    return dict(box)


def test_what_a_search_found_is_underlined_and_moves_no_letter(
    open_page: OpenPage, owner: Agent
) -> None:
    make_organization("Acme Windows")
    page = open_page(owner, "/organizations/")
    before = box_of(page.get_by_role("link", name="Acme Windows"))
    page.goto("/organizations/?q=acme")
    hit = page.locator("tr[data-row] mark")
    expect(hit).to_have_text("Acme")
    expect(hit).to_have_css("text-decoration-line", "underline")
    after = box_of(page.get_by_role("link", name="Acme Windows"))
    assert after["x"] == before["x"]
    assert after["width"] == pytest.approx(before["width"], abs=0.5)


def test_entries_of_the_history_begin_in_one_line_whatever_the_hour(
    open_page: OpenPage, owner: Agent
) -> None:
    person = make_person()
    early = timezone.now().replace(hour=5, minute=22) - datetime.timedelta(days=1)
    for moment in (early, early.replace(hour=12, minute=48)):
        Event.objects.create(
            kind="person.updated",
            subject_type="person",
            subject_id=person.pk,
            subject_name=person.name,
            actor_kind="system",
            actor_name="System",
            way="page",
            at=moment,
        )
    page = open_page(owner, f"/people/{person.pk}/history/")
    bodies = page.locator(".p-history-body")
    expect(bodies).to_have_count(2)
    assert len({box_of(body)["x"] for body in bodies.all()}) == 1


def test_the_button_of_a_merge_keeps_its_distance_from_the_notice(
    open_page: OpenPage, owner: Agent
) -> None:
    one = make_person()
    other = make_person("lena.fisher@acme.example", name="Lena Fisher")
    page = open_page(owner, f"/people/{one.pk}/merge/?source={other.pk}")
    swap = box_of(page.get_by_role("link", name="Keep the other one"))
    notice = box_of(page.locator(".p-notice").first)
    assert notice["y"] - (swap["y"] + swap["height"]) >= 8


def test_choices_of_a_property_are_asked_for_only_of_a_list(
    open_page: OpenPage, owner: Agent
) -> None:
    page = open_page(owner, "/settings/properties/new/person/")
    choices = page.get_by_label("Choices")
    expect(page.get_by_label("Label")).to_be_visible()
    expect(choices).to_be_hidden()
    page.get_by_label("Kind").select_option("Several of a list")
    expect(choices).to_be_visible()


def test_rows_in_a_page_of_text_stand_under_their_head_on_the_phone(
    open_page: OpenPage, owner: Agent
) -> None:
    acme = make_organization()
    make_person(organization=acme)
    page = open_page(owner, f"/organizations/{acme.pk}/", width="phone")
    head = box_of(page.get_by_role("heading", name="Clients"))
    assert box_of(page.locator(".p-pad .p-row .p-circle").first)["x"] == head["x"]
