"""Wrong rows are repaired on the page, in a real browser."""

from typing import Any

import pytest
from playwright.sync_api import expect

from portico.clients.models import Person
from tests.transfers.imports import checked, prepared, work_off
from tests.transfers.reading.workbooks import workbook

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FILE = (
    "name,email,phone,organization\nAnn,ann@a.test,1,Alpha\nBob,bob at b.test,2,Alpha\n"
    "Cid,,3,Beta\nDee,ann@a.test,4,Beta\n"
)


def test_wrong_cells_are_corrected_where_they_stand(
    open_page: Any, owner: Any, owner_actor: Any
) -> None:
    operation = checked(owner_actor, prepared(owner_actor, "people", FILE))
    page = open_page(owner, f"/imports/{operation.pk}/check/")
    bob = page.get_by_label("email, row 2")
    assert bob.get_attribute("aria-invalid") == "true"
    bob.fill("bob@b.test")
    page.get_by_role("button", name="Save and check again").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    work_off()

    expect(page.get_by_label("email, row 3")).to_be_visible()
    expect(page.get_by_label("email, row 2")).to_have_count(0)
    page.get_by_role("button", name="Import 2 rows").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    work_off()
    assert sorted(Person.objects.values_list("email", flat=True)) == ["ann@a.test", "bob@b.test"]


def test_another_sheet_of_a_workbook_is_read(open_page: Any, owner: Any, owner_actor: Any) -> None:
    content = workbook({"Team": [("name", "email")], "Old": [("title", "who"), ("Dr.", "Bo")]})
    operation = prepared(owner_actor, "people", content)
    page = open_page(owner, f"/imports/{operation.pk}/mapping/")
    page.get_by_label("Sheet").select_option("Old")
    page.get_by_role("button", name="Read this sheet").click()

    expect(page.locator("label").get_by_text("who", exact=True)).to_have_count(1)
