"""Forms that come back with errors keep to the content policy: no style is set by an attribute.

`open_page` fails a test whose page logs a breach.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from portico.clients.models import Organization, Person
from portico.workspaces.models import Agent

pytestmark = pytest.mark.browser
OpenPage = Callable[..., Page]
# What a reader's hand does at the corner of a text field, and a password manager to any field.
RESIZED = "fields => fields.forEach(field => { field.style.height = '120px' })"


@pytest.mark.parametrize("is_resized", [False, True])
def test_the_form_of_a_person_comes_back_with_errors(
    owner: Agent, acme: Organization, open_page: OpenPage, *, is_resized: bool
) -> None:
    page = open_page(owner, "/people/")
    page.keyboard.press("c")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Name, e-mail or a whole signature")).to_be_focused()
    if is_resized:
        dialog.locator("input, textarea, select").evaluate_all(RESIZED)
    dialog.get_by_label("E-mail", exact=True).fill("lena@")
    page.keyboard.press("Control+Enter")
    expect(dialog.get_by_label("E-mail", exact=True)).to_have_attribute("aria-invalid", "true")
    assert Person.objects.count() == 0
