"""Avatars and switches in a real browser: the dialog's upload, the image itself, the switch."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from portico.catalog.models import Subscription
from portico.clients.models import Organization, Person
from portico.workspaces.models import Agent
from tests.factories.catalog import make_service
from tests.factories.images import image


def test_an_avatar_chosen_in_the_dialog_is_shown_on_the_page(
    owner: Agent, acme: Organization, open_page: Callable[..., Page]
) -> None:
    page = open_page(owner, "/people/")
    page.keyboard.press("c")
    page.fill("dialog #id_name", "Lena Fischer")
    page.fill("dialog #id_email", "lena@acme.test")
    face: Any = {"name": "face.png", "mimeType": "image/png", "buffer": image(size=(300, 200))}
    page.set_input_files("dialog #id_avatar", face)
    page.click("dialog footer .p-button-primary")
    mark = page.locator("main img.p-circle")
    expect(mark).to_be_visible()
    expect(mark).to_have_js_property("complete", True)
    assert mark.evaluate("image => [image.naturalWidth, image.naturalHeight]") == [300, 200]
    assert Person.objects.get(email="lena@acme.test").avatar is not None


# The colour at the middle of what is drawn.
MIDDLE = "(canvas) => [...canvas.getContext('2d').getImageData(66, 66, 1, 1).data]"


def test_a_chosen_picture_is_shown_before_it_is_saved(
    owner: Agent, open_page: Callable[..., Page]
) -> None:
    page = open_page(owner, "/account/")
    present = page.locator(".p-avatar-field > .p-mark:not(canvas)")
    preview = page.get_by_role("img", name="Preview of the chosen picture")
    expect(present).to_be_visible()
    expect(preview).to_be_hidden()

    face: Any = {"name": "face.png", "mimeType": "image/png", "buffer": image(colour=(9, 8, 7))}
    page.set_input_files("#id_avatar", face)
    expect(preview).to_be_visible()
    expect(present).to_be_hidden()
    assert preview.evaluate(MIDDLE) == [9, 8, 7, 255]

    broken: Any = {**face, "buffer": b"no picture"}
    page.set_input_files("#id_avatar", broken)
    expect(present).to_be_visible()
    expect(preview).to_be_hidden()


def test_a_wrong_file_is_told_in_the_dialog_and_what_was_typed_stays(
    owner: Agent, acme: Organization, open_page: Callable[..., Page]
) -> None:
    page = open_page(owner, "/people/")
    page.keyboard.press("c")
    page.fill("dialog #id_name", "Lena Fischer")
    page.fill("dialog #id_email", "lena@acme.test")
    face: Any = {"name": "face.png", "mimeType": "image/png", "buffer": image("GIF")}
    page.set_input_files("dialog #id_avatar", face)
    page.click("dialog footer .p-button-primary")
    error = page.locator("dialog #id_avatar-error")
    expect(error).to_have_text("This file is GIF; choose a JPG or PNG image.")
    assert page.input_value("dialog #id_name") == "Lena Fischer"


def test_a_file_over_the_limit_is_told_before_anything_is_sent(
    owner: Agent, acme: Organization, open_page: Callable[..., Page]
) -> None:
    page = open_page(owner, "/people/")
    page.keyboard.press("c")
    page.fill("dialog #id_name", "Lena Fischer")
    page.locator("dialog").get_by_text("More fields").click()
    face: Any = {"name": "face.png", "mimeType": "image/png", "buffer": bytes(6 * 1024 * 1024)}
    page.set_input_files("dialog #id_avatar", face)
    refusal = page.locator("dialog").get_by_role("alert")
    expect(refusal).to_have_text("face.png was not taken: 6.0 MB, the limit is 5 MB.")
    expect(page.locator("dialog #id_avatar")).to_have_value("")

    face["buffer"] = image()
    page.set_input_files("dialog #id_avatar", face)
    expect(refusal).to_be_hidden()
    assert page.input_value("dialog #id_name") == "Lena Fischer"


def test_a_service_is_switched_on_by_the_keyboard(
    owner: Agent, acme: Organization, open_page: Callable[..., Page]
) -> None:
    make_service("Web design")
    page = open_page(owner, f"/organizations/{acme.pk}/services/")
    switch = page.get_by_role("switch", name="Web design")
    expect(switch).to_have_attribute("aria-checked", "false")
    switch.focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("switch", name="Web design")).to_have_attribute("aria-checked", "true")
    assert Subscription.objects.filter(until=None).count() == 1
