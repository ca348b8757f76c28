"""The two lists as they are opened most: their SQL is kept, their answer is what is there now."""

import re
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from portico.clients.actions.people import archive_people
from portico.clients.filters import OrganizationFilter, PersonFilter, whole_list
from portico.clients.models import Organization, Person
from portico.clients.reports import read_organization, read_person
from portico.clients.schemas import OrganizationList, PersonList
from portico.history.actions.undo import undo_act
from portico.kit.ids import new_id
from portico.kit.pagination import KINDS_OF_PAGES_KEPT, keyset_page
from tests.clients.actions.test_merging import merge
from tests.clients.plans import IS_SQLITE, plans_of
from tests.factories.clients import make_organization, make_person
from tests.factories.keys import api_client
from tests.factories.workspaces import actor_of

LISTS = {
    "organizations": (OrganizationFilter, Organization),
    "people": (PersonFilter, Person),
}
GROWING = "accounts_user|clients_organization|clients_membership|invitations_invitation"


@pytest.fixture
def records(scope: Any) -> None:
    """Seven of each, every third archived, with holes in what they are sorted by."""
    for number in range(7):
        state: dict[str, Any] = {"archived_at": "2026-02-01T00:00:00Z"} if number % 3 == 2 else {}
        seen = f"2026-01-0{number + 1}T00:00:00Z" if number % 2 else None
        organization = make_organization(
            f"Organization {number}",
            membership_end_date=f"2030-01-0{number + 1}" if number % 2 else None,
            last_activity_at=seen,
            **state,
        )
        make_person(
            f"p{number}@acme.test",
            name=f"Person {number}",
            organization=organization,
            last_active_at=seen,
            **state,
        )


def pages(source: Any, chosen: Any) -> list[list[Any]]:
    """All pages of two rows, forwards and then backwards again."""
    found, cursor = [], None
    while True:
        page = keyset_page(source, chosen.order, cursor=cursor, limit=2)
        found.append([row.pk for row in page.items])
        if page.next_cursor is None:
            break
        cursor = page.next_cursor
    while page.previous_cursor is not None:
        page = keyset_page(source, chosen.order, cursor=page.previous_cursor, limit=2)
        found.append([row.pk for row in page.items])
    return found


@pytest.mark.parametrize("state", ["active", "archived", "all"])
@pytest.mark.parametrize("direction", ["", "-"])
@pytest.mark.parametrize(
    ("kind", "sort"),
    [(kind, sort) for kind, (read, _model) in LISTS.items() for sort in read.orders],
)
def test_kept_pages_are_those_of_the_queryset(
    records: None, owner_actor: Any, kind: str, sort: str, direction: str, state: str
) -> None:
    filters, model = LISTS[kind]
    chosen = filters.read({"sort": direction + sort, "state": state})
    kept = whole_list(owner_actor, chosen)
    rows = chosen.of(model.objects.visible_to(owner_actor))
    assert kept is not None
    assert pages(kept, chosen) == pages(rows, chosen)
    assert kept.count(100) == rows.count()
    assert kept.count(2) == 2


def test_a_kept_list_sees_what_happened_meanwhile(records: None, owner_actor: Any) -> None:
    kept = whole_list(owner_actor, PersonFilter.read({}))
    assert kept is not None
    before = kept.count(100)
    archive_people(owner_actor, Person.objects.filter(name="Person 0"))
    assert kept.count(100) == before - 1


def test_limits_of_the_callers_own_do_not_pile_up(owner_actor: Any, records: None) -> None:
    chosen = PersonFilter.read({})
    kept = whole_list(owner_actor, chosen)
    assert kept is not None
    for limit in range(1, 2 * KINDS_OF_PAGES_KEPT):
        keyset_page(kept, chosen.order, limit=limit)
    assert kept._cut.cache_info().currsize == KINDS_OF_PAGES_KEPT


def test_a_list_beyond_the_count_is_believed_to_be_so_for_a_minute(
    owner: Any, records: None, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    now = [1000.0]
    monkeypatch.setattr("portico.kit.counts.time.monotonic", lambda: now[0])
    kept = whole_list(actor_of(owner), PersonFilter())
    assert kept is not None
    with django_assert_num_queries(1):
        assert [kept.count(3), kept.count(3)] == [3, 3]
    archive_people(actor_of(owner), Person.objects.filter(name__in=["Person 0", "Person 1"]))
    archive_people(actor_of(owner), Person.objects.filter(name="Person 3"))
    assert [kept.count(3), kept.count(3, anew=True)] == [3, 2]
    assert kept.count(2) == 2
    now[0] += 61
    assert kept.count(3) == 2


def test_who_was_merged_away_stays_out_of_list_and_count_whatever_is_undone(
    owner: Any, acme: Any
) -> None:
    """The active ones are counted without a look at merges: a merged one is never active."""
    stays = make_person("stays@acme.test", name="Stays", organization=acme)
    goes = make_person("goes@acme.test", name="Goes", organization=acme)
    archiving = replace(actor_of(owner), act_id=new_id())
    archive_people(archiving, Person.objects.filter(pk__in=[stays.pk, goes.pk]))
    merge(owner, stays, goes)
    undo_act(replace(actor_of(owner), act_id=new_id()), archiving.act_id)
    kept = whole_list(actor_of(owner), PersonFilter.read({}))
    assert kept is not None
    assert pages(kept, PersonFilter.read({})) == [[stays.pk]]
    assert kept.count(100) == 1


def test_what_is_narrowed_or_not_all_visible_is_no_whole_list(owner_actor: Any, guest: Any) -> None:
    assert whole_list(owner_actor, PersonFilter.read({"q": "anna"})) is None
    assert whole_list(owner_actor, PersonFilter.read({"status": "disabled"})) is None
    assert (
        whole_list(owner_actor, OrganizationFilter.read({"membership_end_date.lt": "+30d"})) is None
    )
    assert whole_list(actor_of(guest), PersonFilter.read({})) is None


@pytest.mark.parametrize("path", ["/organizations/", "/people/"])
def test_a_page_of_a_list_looks_up_what_belongs_to_its_rows(
    records: None, owner_browser: Client, path: str
) -> None:
    owner_browser.get(path)
    for plan in plans_of(lambda: owner_browser.get(path)):
        assert_looked_up(plan)


@pytest.mark.parametrize("path", ["/api/v1/organizations", "/api/v1/people"])
def test_a_list_of_the_api_looks_up_what_belongs_to_its_rows(
    records: None, owner: Any, path: str
) -> None:
    client = api_client(owner)
    client.get(path)
    for plan in plans_of(lambda: client.get(path)):
        assert_looked_up(plan)


def assert_looked_up(plan: str) -> None:
    """No table that grows with the number of clients is read through, in whole or by workspace."""
    assert not re.search(rf"(SCAN|Seq Scan on) ({GROWING})\b", plan), plan
    if IS_SQLITE:
        for step in re.findall(r"SEARCH clients_membership .*", plan):
            assert re.search(r"(person_id|organization_id|\bid)=\?", step), plan


@pytest.mark.parametrize(
    ("path", "schema"), [("people", PersonList), ("organizations", OrganizationList)]
)
def test_the_lists_of_the_api_answer_what_their_schema_says(
    records: None, owner: Any, path: str, schema: Any
) -> None:
    """They are written out without being validated row by row; so that is done here."""
    answer = api_client(owner).get(f"/api/v1/{path}?state=all")
    body = answer.json()
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert len(body["items"]) == 7
    again = schema.model_validate(body).model_dump(mode="json")
    assert sorted(again) == sorted(body)
    for ours, theirs in zip(body["items"], again["items"], strict=True):
        assert sorted(ours) == sorted(theirs)
        assert {
            name for name in ours if not name.endswith("_at") and ours[name] != theirs[name]
        } == set()


def test_a_record_looks_up_what_belongs_to_it(owner_actor: Any, guest: Any, acme: Any) -> None:
    """One table is read whole: the custom properties, of which a workspace has a dozen."""
    read_person(owner_actor, guest.pk)
    read_organization(owner_actor, acme.pk)
    for read, key in ((read_person, guest.pk), (read_organization, acme.pk)):
        [plan] = plans_of(lambda read=read, key=key: read(owner_actor, key))  # type: ignore[misc]
        assert len(re.findall(r"^SCAN ", plan, re.MULTILINE)) == int(IS_SQLITE), plan
        assert "Seq Scan on" not in plan, plan
