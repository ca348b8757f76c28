"""At the width of a desktop no head, date or state of the shipped lists is cut."""

import datetime
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from portico.kit.tenancy.unscoped import unscoped
from portico.workspaces.choices import Preset
from portico.workspaces.models import Agent, Workspace
from tests.factories.clients import make_organization

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# What is wider than its cell, names apart, which may be cut.
CUT = """() => [...document.querySelectorAll('th[scope=col], td')]
  .filter((cell) => !cell.matches('.p-col-check, .p-col-tags, .p-col-person'))
  .filter((cell) => [cell, ...cell.querySelectorAll('*')].some((part) =>
    part.clientWidth > 1 && part.scrollWidth > part.clientWidth + 1 &&
    getComputedStyle(part).overflow !== 'visible'))
  .map((cell) => cell.textContent.trim())"""


@pytest.mark.parametrize("preset", [Preset.AGENCY, Preset.PARTNER])
def test_nothing_but_a_long_name_is_cut(
    open_page: Callable[..., Page], owner: Agent, preset: Preset
) -> None:
    unscoped(Workspace).filter(pk=owner.workspace_id).update(preset=preset)
    make_organization("Acme", membership_end_date=datetime.date(2020, 11, 20))
    page = open_page(owner, "/organizations/")
    assert "11/20/2020" in page.locator("tbody tr").inner_text()
    assert page.evaluate(CUT) == []
