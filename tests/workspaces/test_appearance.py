"""The workspace's own colour, on its pages and as a stylesheet."""

import pytest
from django.test import Client

from portico.workspaces.models import Workspace


def test_the_own_colour_is_a_sheet_of_its_own_on_every_page(owner_browser: Client) -> None:
    assert "/accent/" not in owner_browser.get("/").content.decode()
    answer = owner_browser.post("/settings/appearance/", {"accent": "#F28C28", "version": 1})
    assert answer.status_code == 302
    assert Workspace.objects.get().accent == "#f28c28"
    assert 'href="/accent/f28c28.css"' in owner_browser.get("/").content.decode()
    sheet = Client().get("/accent/f28c28.css")
    assert sheet["Content-Type"] == "text/css"
    assert sheet["Cache-Control"] == "public, max-age=31536000, immutable"
    assert sheet.content.decode().startswith(":root{--accent:light-dark(#b16000,")


def test_the_preview_says_what_is_darkened_and_changes_nothing(owner_browser: Client) -> None:
    block = owner_browser.get("/settings/appearance/preview/", {"accent": "#f28c28"})
    assert "It is darkened to #b16000" in block.content.decode()
    assert "?preview" in block.content.decode()
    assert Workspace.objects.get().version == 1


@pytest.mark.parametrize(
    ("typed", "meant"), [("f28c28", "#f28c28"), ("#ABC", "#aabbcc"), (" #0D5F69 ", "#0d5f69")]
)
def test_a_colour_is_understood_as_people_write_it(
    owner_browser: Client, typed: str, meant: str
) -> None:
    block = owner_browser.get("/settings/appearance/preview/", {"accent": typed})
    assert f"/accent/{meant[1:]}.css?preview" in block.content.decode()
    owner_browser.post("/settings/appearance/", {"accent": typed, "version": 1})
    assert Workspace.objects.get().accent == meant


def test_the_preview_of_what_is_no_colour_says_so(owner_browser: Client) -> None:
    block = owner_browser.get("/settings/appearance/preview/", {"accent": "red"}).content.decode()
    assert "This is no colour yet" in block
    assert "White text on it has a contrast" not in block


@pytest.mark.parametrize("typed", ["red", "#12", "#gggggg", "url(x)", "", "#0d5f68;}"])
def test_what_is_no_colour_is_refused(owner_browser: Client, typed: str) -> None:
    answer = owner_browser.post("/settings/appearance/", {"accent": typed, "version": 1})
    assert answer.status_code == 422
    assert Workspace.objects.get().accent == "#0d5f68"


@pytest.mark.parametrize("name", ["red", "0d5f6", "0D5F68", "0d5f68%7D"])
def test_a_sheet_of_no_colour_is_not_found(owner_browser: Client, name: str) -> None:
    assert owner_browser.get(f"/accent/{name}.css").status_code == 404
