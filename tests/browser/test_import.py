"""Bringing a file in by hand: drop, map, check, run, result; and how its pages look."""

import base64
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from portico.clients.models import Person
from portico.workspaces.models import Agent
from tests.transfers.imports import bring_in, checked, prepared, work_off

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FILE = (
    "Full name,Mail,Firm\n"
    "Mikkel Sørensen,mikkel@sorensen.test,Sørensen Byg ApS\n"
    "Lena Fischer,lena.fischer@acme,Acme Windows\n"
    "Grace Birch,grace@birch.test,Birch & Sons\n"
)
DROP = """(zone, [name, content]) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], name, { type: "text/csv" }));
  zone.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true }));
}"""


def test_a_file_is_dropped_mapped_checked_and_imported(
    open_page: Callable[..., Page], owner: Agent
) -> None:
    page = open_page(owner, "/people/")
    page.goto("/imports/new/?kind=people")
    content = base64.b64encode(FILE.encode()).decode()
    page.locator(".p-drop").evaluate(DROP, ["clients.csv", content])
    page.get_by_role("button", name="Continue").click()

    page.get_by_label("Mail").select_option(label="E-mail")
    page.get_by_label("Firm").select_option(label="Organization")
    page.get_by_role("button", name="Check 3 rows").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    work_off()
    expect(page.get_by_role("button", name="Import 2 rows")).to_be_visible()
    expect(page.get_by_label("Mail, row 2")).to_have_value("lena.fischer@acme")
    assert Person.objects.count() == 0

    page.get_by_role("button", name="Import 2 rows").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    work_off()
    expect(page.get_by_text("2 rows were imported.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download 1 row to fix").click()
    assert download.value.suggested_filename == "clients-to-fix.csv"
    page.go_back()
    page.go_forward()
    page.get_by_role("link", name="Show clients").click()
    expect(page.get_by_role("link", name="Grace Birch")).to_be_visible()


@pytest.mark.parametrize("theme", ("light", "dark"))
@pytest.mark.parametrize("width", ("wide", "phone"))
def test_the_pages_of_an_import_are_without_barriers(
    open_page: Callable[..., Page],
    violations: Callable[[Page], list[str]],
    owner_actor: Any,
    owner: Agent,
    width: str,
    theme: str,
) -> None:
    mapping = {"Full name": "name", "Mail": "email", "Firm": "organization"}
    drafted = prepared(owner_actor, "people", FILE, mapping=mapping)
    check = checked(owner_actor, prepared(owner_actor, "people", FILE, mapping=mapping))
    done = bring_in(owner_actor, "people", FILE, mapping=mapping)
    page = open_page(owner, "/imports/new/", width=width, theme=theme)
    for path in (
        "new/",
        f"{drafted.pk}/mapping/",
        f"{check.pk}/check/",
        f"{check.pk}/check/?rows=",
        f"{done.pk}/",
        f"{done.pk}/undo/",
    ):
        page.goto(f"/imports/{path}")
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
