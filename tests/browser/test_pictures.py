"""The pictures of README and docs, taken of the example data; `PORTICO_PICTURES=1` writes them."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from portico.clients.models import Person
from portico.setup.actions import create_example_data
from portico.transfers.reading.fields import Kind
from portico.workspaces.models import Agent
from tests.factories.workspaces import PASSWORD, actor_of
from tests.transfers.imports import checked, prepared

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
expect.set_options(timeout=30_000)

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
MOST_BYTES = 150_000
KIND: Kind = "people"
FILE = (
    "Full name,Mail,Job,Firm\n"
    "Mikkel Sørensen,mikkel@sorensen.example,Director,Sørensen Byg ApS\n"
    "Grace Okafor,grace@okafor.example,Site lead,Okafor Joinery\n"
    "Lena Fischer,lena.fischer@,Accounts,Fischer Fenster\n"
    "Tomás Vidal,tomas@vidal.example,Buyer,Vidal e Hijos\n"
    "Grace Okafor,grace@okafor.example,Site lead,Okafor Joinery\n"
    "Aoife Byrne,aoife@byrne.example,Owner,Byrne Glass\n"
)
MAPPING = {"Full name": "name", "Mail": "email", "Job": "position", "Firm": "organization"}

OpenPage = Callable[..., Page]


@pytest.fixture
def filled(owner: Agent) -> Agent:
    """The owner of a workspace with the example data."""
    create_example_data(actor_of(owner))
    return owner


def take(page: Page, name: str) -> None:
    """Write the picture if pictures are asked for; README and docs show it."""
    page.evaluate("document.fonts.ready")
    if os.environ.get("PORTICO_PICTURES") == "1":
        FOLDER.mkdir(exist_ok=True)
        page.screenshot(path=FOLDER / f"{name}.png", animations="disabled")
    assert (FOLDER / f"{name}.png").stat().st_size < MOST_BYTES


def test_a_picture_of_the_list_of_organizations(open_page: OpenPage, filled: Agent) -> None:
    page = open_page(filled, "/organizations/")
    expect(page.locator("tbody [data-row]")).not_to_have_count(0)
    page.locator("tbody .p-check-target").nth(1).click()
    page.locator("tbody .p-check-target").nth(3).click()
    expect(page.get_by_role("form", name="Chosen rows")).to_contain_text("2 selected")
    take(page, "organizations")


def test_a_picture_of_a_person(open_page: OpenPage, filled: Agent) -> None:
    eleanor = Person.objects.get(email="eleanor@birchandsons.example")
    page = open_page(filled, f"/people/{eleanor.pk}/")
    expect(page.get_by_role("heading", level=1, name="Eleanor Birch")).to_be_visible()
    take(page, "person")


def test_a_picture_of_the_portal(open_page: OpenPage, filled: Agent) -> None:
    eleanor = Person.objects.get(email="eleanor@birchandsons.example")
    eleanor.account_manager = filled
    eleanor.set_password(PASSWORD)
    eleanor.save()
    page = open_page(eleanor, "/portal/")
    expect(page.get_by_text("Your contact at Northstar")).to_be_visible()
    take(page, "portal")


def test_a_picture_of_the_check_of_an_import(open_page: OpenPage, filled: Agent) -> None:
    actor: Any = actor_of(filled)
    operation = checked(actor, prepared(actor, KIND, FILE, mapping=MAPPING))
    page = open_page(filled, f"/imports/{operation.pk}/check/?rows=")
    expect(page.get_by_role("button", name="Import")).to_be_visible()
    take(page, "import")
