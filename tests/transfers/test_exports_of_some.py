"""Exports of a view, and of ticked records: the same rows by page and by API."""

import datetime
import json
from typing import Any

import pytest
from django.test import Client

from portico.clients.models import Organization
from portico.insight.actions import ViewDraft, create_view
from portico.insight.choices import ViewSubject
from portico.insight.models import View
from portico.kit.actors import Actor
from portico.kit.errors import NotThere, Refused
from portico.kit.tenancy.scope import WorkspaceScope
from portico.operations.models import Operation
from portico.operations.tasks import work_off_here
from portico.transfers.actions.exports import start_export
from portico.workspaces.models import Agent, Role
from tests.conftest import sign_in
from tests.factories.clients import make_organization, make_person
from tests.factories.keys import api_client
from tests.factories.workspaces import make_agent
from tests.transfers.test_exports import names

TODAY = datetime.datetime.now(datetime.UTC).date()


@pytest.fixture
def three() -> list[Organization]:
    """One that ends soon, one that does not, one that is archived."""
    return [
        make_organization("Acme", membership_end_date=TODAY + datetime.timedelta(days=9)),
        make_organization("Birch"),
        make_organization("Cedar", archived_at=datetime.datetime.now(datetime.UTC)),
    ]


def written(operation: Operation) -> list[str]:
    done = work_off_here(operation)
    with done.result_file.open("rb") as file:
        return sorted(names(file.read()))


def saved(actor: Actor, **parameters: str) -> View:
    draft = ViewDraft(name="Kept", parameters=parameters)
    return create_view(actor, ViewSubject.ORGANIZATIONS, draft=draft)


def started_by(api: Client, kind: str, body: dict[str, Any]) -> Any:
    address = f"/api/v1/{kind}/export"
    return api.post(address, json.dumps(body), content_type="application/json")


def test_a_shipped_view_exports_its_rows_by_the_api(
    owner: Agent, three: list[Organization]
) -> None:
    answer = started_by(api_client(owner), "organizations", {"filter": {"view": "ending"}})
    assert answer.status_code == 202
    assert written(Operation.objects.get()) == ["Acme"]


def test_what_stands_beside_the_view_comes_on_top(
    owner_actor: Actor, three: list[Organization]
) -> None:
    view = saved(owner_actor, q="birch")
    taken_away = {"view": str(view.pk), "q": "", "state": "all"}
    exports = [
        written(start_export(owner_actor, "organizations", filters=filters))
        for filters in ({"view": str(view.pk)}, taken_away)
    ]
    assert exports == [["Birch"], ["Acme", "Birch", "Cedar"]]


def test_a_view_means_what_it_was_when_the_export_began(
    owner_actor: Actor, three: list[Organization]
) -> None:
    view = saved(owner_actor, q="birch")
    operation = start_export(owner_actor, "organizations", filters={"view": str(view.pk)})
    view.delete()
    assert written(operation) == ["Birch"]


def test_an_unknown_view_exports_nothing(owner_actor: Actor, three: list[Organization]) -> None:
    with pytest.raises(Refused):
        start_export(owner_actor, "organizations", filters={"view": "no-such"})
    assert not Operation.objects.exists()


def test_ids_export_these_records_archived_ones_too(
    owner: Agent, three: list[Organization]
) -> None:
    ids = [str(three[0].pk), str(three[2].pk)]
    answer = started_by(api_client(owner), "organizations", {"ids": ids, "format": "csv"})
    assert answer.status_code == 202
    assert written(Operation.objects.get()) == ["Acme", "Cedar"]


def test_an_id_that_is_not_there_exports_nothing(
    owner_actor: Actor, three: list[Organization]
) -> None:
    stranger = make_person("lena@acme.test", name="Lena")
    with pytest.raises(NotThere):
        start_export(owner_actor, "organizations", ids=[three[0].pk, stranger.pk])
    assert not Operation.objects.exists()


def test_ids_and_a_filter_together_are_refused(owner: Agent, three: list[Organization]) -> None:
    body = {"ids": [str(three[0].pk)], "filter": {}}
    assert started_by(api_client(owner), "organizations", body).status_code == 422
    assert started_by(api_client(owner), "organizations", {"ids": []}).status_code == 422


def confirmed(browser: Client, address: str, sent: dict[str, Any]) -> Any:
    """Ask, and say yes, as the bar under a list does."""
    question = browser.post(address, sent).content.decode()
    token = question.split('name="form_token" value="')[1].split('"')[0]
    answer = {**sent, "confirmed": "1", "format": "csv", "form_token": token}
    return question, browser.post(address, answer)


def test_ticked_rows_are_exported_from_the_bar(
    owner_browser: Client, three: list[Organization]
) -> None:
    page = owner_browser.get("/organizations/").content.decode()
    assert 'formaction="/organizations/export/"' in page
    sent = {"ids": [str(three[0].pk), str(three[1].pk)]}
    question, answer = confirmed(owner_browser, "/organizations/export/", sent)
    operation = Operation.objects.get()
    assert "Export 2 organizations" in question
    assert answer["Location"] == f"/operations/{operation.pk}/"
    assert written(operation) == ["Acme", "Birch"]


def test_all_that_match_are_exported_from_the_bar(owner_browser: Client) -> None:
    for name in ("Lena", "Lea", "Tom"):
        make_person(f"{name}@acme.test".lower(), name=name)
    sent = {"all": "1", "filters": "q=le&sort=-name"}
    confirmed(owner_browser, "/people/export/", sent)
    assert written(Operation.objects.get()) == ["Lea", "Lena"]


def test_archived_rows_can_be_exported_too(
    owner_browser: Client, three: list[Organization]
) -> None:
    page = owner_browser.get("/organizations/?state=archived").content.decode()
    assert 'formaction="/organizations/export/"' in page


def test_the_bar_offers_it_only_to_who_may_export(
    owner: Agent, scope: WorkspaceScope, three: list[Organization]
) -> None:
    member = make_agent("t@northstar.test", name="Tea", roles=["Team member"])
    browser = sign_in(member)
    assert "/organizations/export/" not in browser.get("/organizations/").content.decode()
    answer = browser.post("/organizations/export/", {"ids": [str(three[0].pk)]})
    assert answer.status_code == 403
    assert not Operation.objects.exists()


def test_who_may_export_and_nothing_else_can_tick_rows(
    owner: Agent, scope: WorkspaceScope, three: list[Organization]
) -> None:
    role = Role.objects.create(
        kind="agent", name="Reporter", permissions=["view_clients", "export_clients"]
    )
    reporter = make_agent("r@northstar.test", name="Rae", roles=[role.name])
    page = sign_in(reporter).get("/organizations/").content.decode()
    assert "/organizations/export/" in page
    assert "/organizations/tag/" not in page
    assert 'form="bulk"' in page
