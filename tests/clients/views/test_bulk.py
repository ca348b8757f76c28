"""Change many records in one way: tags, managers, ends; at once or in the background."""

import datetime
import re
from typing import Any

import pytest
from django.test import Client

from portico.clients import operations as bulk_operations
from portico.clients.actions.bulk import start_bulk_change
from portico.clients.models import AccountManager, Organization, Person, Tag
from portico.history.actions.undo import undo_act
from portico.history.models import Act, Event
from portico.kit.actors import Actor
from portico.kit.errors import Denied, Refused
from portico.operations.actions import cancel_operation, undo_operation
from portico.operations.choices import OperationState
from portico.operations.models import Operation
from portico.operations.tasks import work_off_slice
from portico.workspaces.models import Agent, RoleAssignment
from tests.conftest import sign_in
from tests.factories.clients import make_organization, make_person
from tests.factories.workspaces import actor_of, make_agent
from tests.pages import text_of

BULK_TAG = "/organizations/tag/"


def tags_of(organization: Organization) -> list[str]:
    """The names of its tags, by name."""
    names = organization.tag_assignments.order_by("tag__name_key")
    return list(names.values_list("tag__name", flat=True))


@pytest.fixture
def firms(scope: Any) -> list[Organization]:
    return [
        make_organization("Acme", membership_end_date=datetime.date(2027, 1, 31)),
        make_organization("Birch", membership_end_date=datetime.date(2024, 2, 29)),
        make_organization("Cedar"),
    ]


def test_s2_46_tags_are_put_on_the_chosen_rows_and_taken_off(
    owner_browser: Client, firms: list[Organization]
) -> None:
    acme, birch, cedar = firms
    sent = {"ids": [str(acme.pk), str(birch.pk)], "filters": "q=c", "add": "EU, key"}
    asked = owner_browser.post(BULK_TAG, sent)
    assert "Tag 2 organizations" in text_of(asked)
    assert tags_of(acme) == []
    done = owner_browser.post(BULK_TAG, sent | {"confirmed": "1"}, follow=True)
    assert done.redirect_chain == [("/organizations/?q=c", 302)]
    assert "2 organizations tagged." in text_of(done)
    assert [tags_of(row) for row in firms] == [["EU", "key"], ["EU", "key"], []]
    off = {"ids": str(acme.pk), "filters": "", "remove": str(Tag.objects.get(name="EU").pk)}
    owner_browser.post(BULK_TAG, off | {"confirmed": "1"})
    assert [tags_of(row) for row in (acme, birch, cedar)] == [["key"], ["EU", "key"], []]


def test_nothing_chosen_to_tag_with_is_said_at_once_and_the_selection_is_kept(
    owner_browser: Client, firms: list[Organization]
) -> None:
    key = str(firms[0].pk)
    answer = owner_browser.post(BULK_TAG, {"ids": key, "filters": "", "confirmed": "1"})
    assert answer.status_code == 422
    page = text_of(answer)
    assert "Choose a tag to put on or to take off." in page
    assert f'name="ids" value="{key}"' in page


def test_oneself_is_proposed_as_the_manager_and_not_nobody(
    owner_browser: Client, owner: Agent, acme: Organization
) -> None:
    address = f"/organizations/assign/?ids={acme.pk}"
    assert f'<option value="{owner.pk}" selected>' in owner_browser.get(address).content.decode()


def test_s2_40_a_manager_is_assigned_to_many_instead_of_or_beside_the_others(
    owner_browser: Client, firms: list[Organization], owner: Agent, viewer: Agent
) -> None:
    acme, birch, _cedar = firms
    AccountManager.objects.create(organization=acme, agent=viewer, is_first=True)
    ids = [str(acme.pk), str(birch.pk)]
    sent = {"ids": ids, "filters": "", "agent": str(owner.pk), "confirmed": "1"}
    owner_browser.post("/organizations/assign/", sent | {"others": "keep"})
    rows = AccountManager.objects.order_by("organization__name", "-is_first")
    assert list(rows.values_list("organization__name", "agent__email", "is_first")) == [
        ("Acme", owner.email, True),
        ("Acme", viewer.email, False),
        ("Birch", owner.email, True),
    ]
    owner_browser.post("/organizations/assign/", sent | {"agent": "", "others": "replace"})
    assert AccountManager.objects.count() == 0


def test_s2_40_a_manager_of_their_own_is_assigned_to_many_people_and_taken_back(
    owner_browser: Client, owner: Agent, acme: Organization
) -> None:
    people = [make_person(f"p{n}@acme.test", name=f"P{n}", organization=acme) for n in range(3)]
    ids = [str(person.pk) for person in people[:2]]
    asked = owner_browser.get(f"/people/assign/?ids={ids[0]}").content.decode()
    assert f'<option value="{owner.pk}" selected>' in asked
    sent = {"ids": ids, "filters": "", "confirmed": "1"}
    owner_browser.post("/people/assign/", sent | {"agent": str(owner.pk)})
    managers = Person.objects.order_by("name").values_list("account_manager_id", flat=True)
    assert list(managers) == [owner.pk, owner.pk, None]
    told = Event.objects.filter(kind="person.updated").values_list("changes", flat=True)
    assert [list(changes) for changes in told] == [["account_manager"]] * 2
    undo_act(actor_of(owner), Event.objects.filter(kind="person.updated")[0].act_id)
    assert list(managers.all()) == [None, None, None]


def test_nobody_of_the_team_is_no_manager_of_people(
    owner_browser: Client, owner: Agent, acme: Organization
) -> None:
    person = make_person("p@acme.test", organization=acme)
    sent = {"ids": [str(person.pk)], "filters": "", "confirmed": "1", "agent": str(person.pk)}
    answer = owner_browser.post("/people/assign/", sent)
    assert (answer.status_code, "Choose somebody of the team." in text_of(answer)) == (422, True)


def test_edge_case_20_extending_counts_from_the_old_end_and_shows_old_and_new_first(
    owner_browser: Client, firms: list[Organization]
) -> None:
    sent = {"ids": [str(row.pk) for row in firms], "filters": "", "by": "12"}
    shown = text_of(owner_browser.post("/organizations/extend/", sent | {"confirmed": "preview"}))
    days = re.findall(r'<time datetime="(20[^"]+)"', shown)
    assert days == ["2024-02-29", "2025-02-28", "2027-01-31", "2028-01-31"]
    assert Organization.objects.get(name="Acme").membership_end_date == datetime.date(2027, 1, 31)
    done = owner_browser.post("/organizations/extend/", sent | {"confirmed": "1"}, follow=True)
    assert "2 memberships extended. Cedar: The membership has no end." in text_of(done)
    ends = Organization.objects.order_by("name").values_list("membership_end_date", flat=True)
    assert list(ends) == [datetime.date(2028, 1, 31), datetime.date(2025, 2, 28), None]


def test_the_preview_stands_there_at_once_and_comes_again_when_another_length_is_sent(
    owner_browser: Client, firms: list[Organization]
) -> None:
    sent: dict[str, Any] = {"ids": [str(firms[0].pk)], "filters": ""}
    shown = text_of(owner_browser.post("/organizations/extend/", sent))
    assert re.findall(r'<time datetime="(20[^"]+)"', shown) == ["2027-01-31", "2028-01-31"]
    sent |= {"confirmed": "1", "previewed": '{"months":12}'}
    other = text_of(owner_browser.post("/organizations/extend/", sent | {"by": "24"}))
    assert re.findall(r'<time datetime="(20[^"]+)"', other) == ["2027-01-31", "2029-01-31"]
    assert Organization.objects.get(name="Acme").membership_end_date == datetime.date(2027, 1, 31)
    owner_browser.post("/organizations/extend/", sent | {"by": "12"})
    assert Organization.objects.get(name="Acme").membership_end_date == datetime.date(2028, 1, 31)


def test_one_press_takes_a_change_of_many_back(
    owner_browser: Client, owner_actor: Actor, firms: list[Organization]
) -> None:
    ids = [str(row.pk) for row in firms[:2]]
    sent = {"ids": ids, "filters": "", "by": "12", "confirmed": "1"}
    owner_browser.post("/organizations/extend/", sent)
    undo_act(owner_actor, Act.objects.latest("id").pk)
    ends = Organization.objects.order_by("name").values_list("membership_end_date", flat=True)
    assert list(ends) == [datetime.date(2027, 1, 31), datetime.date(2024, 2, 29), None]


def test_who_may_only_look_changes_nothing(viewer: Agent, firms: list[Organization]) -> None:
    browser = sign_in(viewer)
    for verb in ("tag", "assign", "extend"):
        sent = {"ids": str(firms[0].pk), "filters": "", "confirmed": "1", "add": "x"}
        assert browser.post(f"/organizations/{verb}/", sent).status_code == 403
    assert Tag.objects.count() == 0


def test_edge_case_52_above_500_the_rows_of_that_moment_change_in_the_background(
    owner_browser: Client, scope: Any, owner: Agent
) -> None:
    Organization.objects.bulk_create(_drafts(501))
    sent = {"all": "1", "filters": "", "confirmed": "1"}
    answer = owner_browser.post("/organizations/archive/", sent)
    operation = Operation.objects.get()
    assert answer.headers["Location"] == f"/operations/{operation.pk}/"
    make_organization("Later one")
    while work_off_slice():
        pass
    operation.refresh_from_db()
    assert (operation.state, operation.counts) == (
        OperationState.DONE,
        {"changed": 501, "same": 0, "skipped": 0, "missing": 0},
    )
    assert Organization.objects.active().count() == 1
    act = Act.objects.get(pk=operation.pk)
    assert (act.records, act.user_id) == (501, owner.pk)


def test_edge_case_54_what_was_done_before_cancel_stays_and_can_be_undone(
    owner_actor: Actor, scope: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_operations, "SLICE", 2)
    Organization.objects.bulk_create(_drafts(5))
    rows = Organization.objects.all()
    operation = start_bulk_change(
        owner_actor, "organizations.archive", rows, title="Archive", arguments={}
    )
    work_off_slice()
    cancel_operation(owner_actor, operation.pk)
    while work_off_slice():
        pass
    assert Organization.objects.archived().count() == 2
    undo_operation(owner_actor, operation.pk)
    while work_off_slice():
        pass
    assert Organization.objects.archived().count() == 0


def test_undoing_in_slices_is_one_act(
    owner_actor: Actor, scope: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_operations, "SLICE", 2)
    Organization.objects.bulk_create(_drafts(5))
    rows = Organization.objects.all()
    operation = start_bulk_change(
        owner_actor, "organizations.archive", rows, title="Archive", arguments={}
    )
    while work_off_slice():
        pass
    undo_operation(owner_actor, operation.pk)
    while work_off_slice():
        pass
    acts = Act.objects.exclude(pk=operation.pk).values_list("records", "kind")
    assert list(acts) == [(5, "organization.unarchived")]
    assert Act.objects.get(pk=operation.pk).undone_at is not None


def test_an_extension_in_the_background_names_each_that_stayed(
    owner_actor: Actor, firms: list[Organization]
) -> None:
    operation = start_bulk_change(
        owner_actor,
        "organizations.extend",
        Organization.objects.all(),
        title="Extend",
        arguments={"months": 1},
    )
    work_off_slice()
    operation.refresh_from_db()
    assert operation.counts == {"changed": 2, "same": 0, "skipped": 1, "missing": 0}
    assert list(operation.rows.values_list("reason", flat=True)) == [
        "Cedar: The membership has no end."
    ]


def test_edge_case_54_a_link_leads_to_those_that_stayed_each_with_its_reason(
    owner_browser: Client, firms: list[Organization]
) -> None:
    denim = make_organization("Denim")
    ids = [str(row.pk) for row in (*firms, denim)]
    sent = {"ids": ids, "filters": "", "by": "12", "confirmed": "1"}
    page = owner_browser.post("/organizations/extend/", sent, follow=True)
    assert "2 memberships extended." in text_of(page)
    kept = Operation.objects.get()
    assert (kept.state, kept.done, kept.total, kept.undo_until) == ("done", 4, 4, None)
    assert kept.counts == {"changed": 2, "same": 0, "skipped": 2, "missing": 0}
    assert re.findall(r'href="([^"]+)">Show the 2<', page.text) == [f"/operations/{kept.pk}/"]
    shown = owner_browser.get(f"/operations/{kept.pk}/")
    for row in (firms[2], denim):
        assert f'href="/organizations/{row.pk}/"' in shown.text
        assert f"{row.name}: The membership has no end." in text_of(shown)
    denim.delete()
    shown = owner_browser.get(f"/operations/{kept.pk}/")
    assert f'href="/organizations/{denim.pk}/"' not in shown.text
    act = Act.objects.get()
    changed = owner_browser.get(f"/organizations/?act={act.pk}&state=all").text
    assert [row.name for row in firms if f"/organizations/{row.pk}/" in changed] == [
        "Acme",
        "Birch",
    ]
    assert f"act={act.pk}" in shown.text


def test_edge_case_54_the_only_one_that_stayed_is_named_and_led_to(
    owner_browser: Client, firms: list[Organization]
) -> None:
    sent = {"ids": [str(row.pk) for row in firms], "filters": "", "by": "12", "confirmed": "1"}
    page = owner_browser.post("/organizations/extend/", sent, follow=True)
    assert "Cedar: The membership has no end." in text_of(page)
    assert re.findall(r'href="([^"]+)">Show Cedar<', page.text) == [
        f"/organizations/{firms[2].pk}/"
    ]
    assert not Operation.objects.exists()


def _drafts(number: int) -> list[Organization]:
    rows = [Organization(name=f"Firm {place}") for place in range(number)]
    for row in rows:
        row.derive_keys()
    return rows


def test_a_change_of_others_is_undone_only_by_who_could_have_made_it(
    owner_actor: Actor, firms: list[Organization]
) -> None:
    """The worker undoes with the rights of the starter, so managing the workspace is not enough."""
    operation = start_bulk_change(
        owner_actor,
        "organizations.archive",
        Organization.objects.all(),
        title="Archive",
        arguments={},
    )
    while work_off_slice():
        pass
    clerk = make_agent("clerk@northstar.test", permissions=["manage_workspace", "view_clients"])
    with pytest.raises(Denied):
        undo_operation(actor_of(clerk), operation.pk)
    operation.refresh_from_db()
    assert operation.state == OperationState.DONE
    assert Organization.objects.archived().count() == 3


def test_who_may_see_clients_no_more_reads_no_rows_of_a_change(firms: list[Organization]) -> None:
    agent = make_agent("clerk@northstar.test", permissions=["manage_client_organizations"])
    operation = start_bulk_change(
        actor_of(agent),
        "organizations.extend",
        Organization.objects.all(),
        title="Extend",
        arguments={"months": 1},
    )
    while work_off_slice():
        pass
    browser = sign_in(agent)
    address = f"/operations/{operation.pk}/"
    assert "Cedar" in browser.get(address).content.decode()
    RoleAssignment.objects.filter(user=agent).delete()
    answer = browser.get(address)
    assert (answer.status_code, "Cedar" in answer.content.decode()) == (403, False)


@pytest.mark.parametrize("name", ("a\x00b", "x" * 300))
def test_a_tag_that_can_not_be_is_refused_before_the_worker_begins(
    owner_actor: Actor, firms: list[Organization], name: str
) -> None:
    with pytest.raises(Refused):
        start_bulk_change(
            owner_actor,
            "organizations.tag",
            Organization.objects.all(),
            title="Tag",
            arguments={"add": [name]},
        )
    assert Operation.objects.count() == 0
