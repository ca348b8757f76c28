"""Settings, general: saved by its version, with both values shown when somebody was faster."""

from typing import Any

import pytest
from django.test import Client

from portico.history.models import Event
from portico.workspaces.forms.settings import values_of
from portico.workspaces.models import Workspace
from tests.conftest import sign_in


def form_of(workspace: Workspace, **changes: Any) -> dict[str, Any]:
    """What a browser posts: the present values, and those before, with some changed."""
    values = values_of(Workspace.objects.get(pk=workspace.pk))
    before = {f"before-{field}": value for field, value in values.items() if field != "version"}
    return {**values, **before, **changes}


def test_settings_are_saved_and_recorded(
    owner_browser: Client, workspace: Workspace, owner: Any
) -> None:
    changes = {
        "name": "Northstar Studio",
        "currency": "pln",
        "time_zone": "Europe/Warsaw",
        "date_order": "dmy",
        "support_contact": str(owner.pk),
    }
    answer = owner_browser.post("/settings/", form_of(workspace, **changes))
    assert (answer.status_code, answer["Location"]) == (302, "/settings/")
    saved = Workspace.objects.get()
    assert (saved.name, saved.currency, saved.time_zone) == (
        "Northstar Studio",
        "PLN",
        "Europe/Warsaw",
    )
    assert (saved.support_contact_id, saved.version) == (owner.pk, 2)
    assert Event.objects.filter(kind="workspace.updated").count() == 1


def test_saving_what_stands_there_changes_nothing(
    owner_browser: Client, workspace: Workspace
) -> None:
    assert owner_browser.post("/settings/", form_of(workspace)).status_code == 302
    assert Workspace.objects.get().version == 1
    assert not Event.objects.filter(kind="workspace.updated").exists()


def test_a_stale_save_shows_both_values_and_one_press_saves(
    owner_browser: Client, workspace: Workspace
) -> None:
    mine = form_of(workspace, name="Mine", clock="24")
    theirs = form_of(workspace, name="Theirs", time_zone="Asia/Tokyo")
    owner_browser.post("/settings/", theirs)
    answer = owner_browser.post("/settings/", mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Saved meanwhile: Theirs" in page
    assert 'value="Mine"' in page
    assert '<option value="Asia/Tokyo" selected>' in page
    assert 'name="version" value="2"' in page
    assert Workspace.objects.get().name == "Theirs"
    again = form_of(workspace, name="Mine", clock="24")
    owner_browser.post("/settings/", again)
    saved = Workspace.objects.get()
    assert (saved.name, saved.clock, saved.time_zone) == ("Mine", "24", "Asia/Tokyo")


@pytest.mark.parametrize(
    ("field", "value"),
    (
        ("name", ""),
        ("name", "x"),
        ("name", "x" * 10_000),
        ("currency", "EURO"),
        ("support_text", "x" * 201),
        ("time_zone", "Mars/Olympus"),
        ("support_contact", "nobody"),
        ("version", "one"),
    ),
)
def test_wrong_values_change_nothing(
    owner_browser: Client, workspace: Workspace, field: str, value: str
) -> None:
    answer = owner_browser.post("/settings/", form_of(workspace, **{field: value}))
    assert answer.status_code == 422
    assert Workspace.objects.get().version == 1


def test_only_who_manages_the_workspace_opens_it(viewer: Any) -> None:
    browser = sign_in(viewer)
    assert browser.get("/settings/").status_code == 403
    assert browser.post("/settings/", {"name": "Mine"}).status_code == 403
    assert Workspace.objects.get().name == "Northstar"


def test_nobody_outside_the_team_finds_it(guest: Any) -> None:
    assert sign_in(guest).get("/settings/").status_code == 404
