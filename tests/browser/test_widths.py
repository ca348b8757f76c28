"""At the width of a desktop no head, date or state of the shipped lists is cut."""

import datetime
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from portico.invitations.actions.inviting import invite_person
from portico.kit.actors import Actor
from portico.kit.tenancy.unscoped import unscoped
from portico.workspaces.choices import Preset
from portico.workspaces.models import Agent, Workspace
from tests.factories.clients import make_organization, make_person

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


WIDE = "name,status,tags,managers,membership_end_date,active,created,reference,website"
# What is on top at the middle of a cell: the cell itself or a part of it.
IS_ON_TOP = """(cell) => {
  const box = cell.getBoundingClientRect();
  const found = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return cell.contains(found);
}"""
OPAQUE = "(cell) => !getComputedStyle(cell).backgroundColor.startsWith('rgba(0, 0, 0, 0')"


def test_names_stay_while_a_wide_list_scrolls_sideways(
    open_page: Callable[..., Page], owner: Agent
) -> None:
    make_organization("Acme", website="https://acme.example")
    page = open_page(owner, f"/organizations/?columns={WIDE}")
    page.set_viewport_size({"width": 1000, "height": 700})
    region = page.locator(".p-region")
    name, box = page.locator("tbody .p-col-name"), page.locator("tbody .p-col-check")
    heads = page.locator("thead .p-col-name, thead .p-col-check")
    stands = [one.bounding_box() for one in (name, box, *heads.all())]
    expect(region).not_to_have_attribute("data-scrolled-aside", "")

    region.evaluate("(region) => region.scrollBy(400, 0)")

    expect(region).to_have_attribute("data-scrolled-aside", "")
    assert [one.bounding_box() for one in (name, box, *heads.all())] == stands
    for one in (name, box, *heads.all()):
        assert one.evaluate(IS_ON_TOP)
        assert one.evaluate(OPAQUE)
    box.locator("input").check()
    aside = region.evaluate("(region) => region.scrollLeft")
    page.get_by_role("link", name="Acme").focus()
    assert region.evaluate("(region) => region.scrollLeft") == aside > 200
    assert name.evaluate(OPAQUE)


def test_the_editor_of_a_far_cell_stands_beside_the_name(
    open_page: Callable[..., Page], owner: Agent
) -> None:
    ends_on = datetime.date(2030, 11, 20)
    make_organization("Acme", website="https://acme.example", membership_end_date=ends_on)
    page = open_page(owner, f"/organizations/?columns={WIDE}")
    page.set_viewport_size({"width": 1000, "height": 700})
    region, name = page.locator(".p-region"), page.locator("tbody .p-col-name")
    region.evaluate("(region) => region.scrollTo(9999, 0)")
    page.get_by_text("acme.example").dblclick()
    editor = page.get_by_role("dialog", name="Website of Acme")
    expect(editor.get_by_label("Website")).to_be_focused()
    edge = page.evaluate(
        "() => document.querySelector('tbody .p-col-name').getBoundingClientRect().right"
    )
    page.keyboard.press("Shift+Tab")
    expect(
        page.get_by_role("dialog", name="Reference of Acme").get_by_label("Reference")
    ).to_be_focused()
    page.keyboard.press("Shift+Tab")
    ends = page.get_by_role("dialog", name="Ends on of Acme")
    expect(ends.get_by_label("Ends on")).to_be_focused()
    cell = page.locator("tbody td:has(time)").first
    assert cell.evaluate("(cell) => cell.getBoundingClientRect().left") >= edge
    assert ends.evaluate("(editor) => editor.getBoundingClientRect().left") >= edge
    region.evaluate("(region) => region.scrollTo(9999, 0)")
    expect(ends).to_have_css("left", f"{edge:g}px")
    expect(name).to_be_in_viewport(ratio=1)


def test_the_bar_is_one_row_at_every_width_and_has_every_verb(
    open_page: Callable[..., Page], owner: Agent, owner_actor: Actor
) -> None:
    person = make_person("lena@acme.test", name="Lena", has_joined=False)
    invite_person(owner_actor, person.pk, organization_id=None)
    page = open_page(owner, "/people/?view=invited")
    page.get_by_label("Select Lena").check()
    bar, menu = page.get_by_role("toolbar"), page.get_by_label("More actions for the chosen rows")
    verbs = bar.get_by_role("button")
    words = [text.split("\n")[0] for text in verbs.all_inner_texts()]
    assert len(words) == 8
    for width, height in ((1200, 48), (1000, 48), (780, 48), (390, 56)):
        page.set_viewport_size({"width": width, "height": 700})
        expect(menu).to_be_visible()
        expect(page.locator("form[data-bulk-bar]")).to_have_css("height", f"{height}px")
        for control in (*verbs.all(), menu, page.get_by_label("Clear selection")):
            expect(control).to_be_in_viewport(ratio=1)
        menu.click()
        expect(verbs).to_have_text([re.compile(word) for word in words])
        for entry in verbs.all():
            expect(entry).to_be_in_viewport(ratio=1)
        page.keyboard.press("Escape")
