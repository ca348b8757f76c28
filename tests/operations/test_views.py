"""The pages of long work."""

from typing import Any

from django.core.files.base import ContentFile
from django.test import Client

from portico.kit.actors import Actor
from portico.operations.actions import start_operation
from portico.operations.models import Operation
from portico.operations.tasks import work_off_slice
from portico.workspaces.models import Role
from tests.conftest import sign_in
from tests.factories.workspaces import actor_of, make_agent


def started(actor: Actor) -> Operation:
    return start_operation(actor, "count", title="customers.csv")


def test_progress_is_polled_until_it_is_over(owner_actor: Actor, owner_browser: Client) -> None:
    operation = started(owner_actor)
    work_off_slice()
    page = owner_browser.get(f"/operations/{operation.pk}/").content.decode()
    assert "3 of 10" in page
    assert f'hx-get="/operations/{operation.pk}/progress/?stage=slices"' in page
    while work_off_slice():
        pass
    polled = owner_browser.get(f"/operations/{operation.pk}/progress/")
    assert polled.headers["HX-Refresh"] == "true"
    assert "hx-get" not in polled.content.decode()
    page = owner_browser.get(f"/operations/{operation.pk}/").content.decode()
    assert "No address" in page
    assert "Undo" in page


def test_an_undo_never_shows_more_rows_done_than_there_are(
    owner_actor: Actor, owner_browser: Client
) -> None:
    """An undo counts what it takes back: with an organization its people, too."""
    operation = started(owner_actor)
    work_off_slice()
    Operation.objects.filter(pk=operation.pk).update(done=4426, state="undoing")
    for path in ("/operations/", f"/operations/{operation.pk}/"):
        assert "10 of 10" in owner_browser.get(path).content.decode()


def test_the_list_shows_newest_first(owner_actor: Actor, owner_browser: Client) -> None:
    assert "Nothing here yet" in owner_browser.get("/operations/").content.decode()
    started(owner_actor)
    assert "customers.csv" in owner_browser.get("/operations/").content.decode()


def test_cancel_and_undo_by_page(owner_actor: Actor, owner_browser: Client) -> None:
    operation = started(owner_actor)
    work_off_slice()
    for verb, state in (("cancel", "cancelled"), ("undo", "undoing")):
        answer = owner_browser.post(f"/operations/{operation.pk}/{verb}/")
        assert answer.status_code == 302
        operation.refresh_from_db()
        assert operation.state == state


def test_what_was_cancelled_before_it_began_says_that_nothing_changed(
    owner_actor: Actor, owner_browser: Client
) -> None:
    operation = started(owner_actor)
    address = f"/operations/{operation.pk}/"
    assert "Nothing was changed." not in owner_browser.get(address).content.decode()
    owner_browser.post(f"{address}cancel/")
    work_off_slice()
    assert "Nothing was changed." in owner_browser.get(address).content.decode()


def test_what_was_cancelled_half_way_says_how_far_it_came(
    owner_actor: Actor, owner_browser: Client
) -> None:
    operation = started(owner_actor)
    work_off_slice()
    address = f"/operations/{operation.pk}/"
    owner_browser.post(f"{address}cancel/")
    page = owner_browser.get(address).content.decode()
    assert "Stopped after 3 of 10. What was done until then stays." in page


def test_the_result_is_a_download(owner_actor: Actor, owner_browser: Client) -> None:
    operation = started(owner_actor)
    assert owner_browser.get(f"/operations/{operation.pk}/file/").status_code == 404
    operation.result_file.save("failures.csv", ContentFile(b"row,reason\r\n"))
    answer: Any = owner_browser.get(f"/operations/{operation.pk}/file/")
    assert b"".join(answer.streaming_content) == b"row,reason\r\n"
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="customers-failures.csv"'
    )


def test_another_agent_s_operation_is_not_found(owner_actor: Actor) -> None:
    operation = started(owner_actor)
    browser = sign_in(make_agent("manager@northstar.test", roles=["Manager"]))
    assert browser.get(f"/operations/{operation.pk}/").status_code == 404
    assert browser.get(f"/operations/{operation.pk}/file/").status_code == 404
    assert "customers.csv" not in browser.get("/operations/").content.decode()


def test_who_lost_the_permission_reads_no_rows_and_no_file_any_more(scope: Any) -> None:
    agent = make_agent("importer@northstar.test", permissions=["import_clients", "view_clients"])
    operation = started(actor_of(agent))
    operation.result_file.save("failures.csv", ContentFile(b"row,reason\r\n"))
    browser = sign_in(agent)
    assert browser.get(f"/operations/{operation.pk}/").status_code == 200
    Role.objects.filter(assignments__user=agent).update(permissions=["view_clients"])
    for page in ("", "file/", "progress/"):
        answer = browser.get(f"/operations/{operation.pk}/{page}")
        assert answer.status_code == 403
        assert "import_clients" in answer.content.decode()
