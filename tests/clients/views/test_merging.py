"""The page that merges two records, the API beside it, and the page of likely duplicates."""

from typing import Any

import pytest
from django.test import Client

from portico.clients.models import Organization, Person
from portico.history.models import Act
from portico.workspaces.models import Agent
from tests.factories.clients import make_organization, make_person
from tests.factories.keys import api_client
from tests.pages import text_of


@pytest.fixture
def birch(scope: object) -> Organization:
    return make_organization("Birch", reference="B-1", membership_end_date="2099-12-31")


def address(row: Any) -> str:
    noun = "organizations" if isinstance(row, Organization) else "people"
    return f"/{noun}/{row.pk}/merge/"


def form(source: Any, survivor: Any, **more: str) -> dict[str, str]:
    return {
        "source": str(source.pk),
        "survivor_version": str(survivor.version),
        "source_version": str(source.version),
        **more,
    }


def test_the_other_record_is_asked_for_first(owner_browser: Client, acme: Organization) -> None:
    page = text_of(owner_browser.get(address(acme)))
    assert "The other organization" in page
    assert 'data-source="/organizations/choices/"' in page
    assert "Choose the other organization." not in page


@pytest.mark.parametrize("source", ["", "nobody"])
def test_comparing_without_a_choice_is_told_at_the_field(
    owner_browser: Client, acme: Organization, source: str
) -> None:
    lena = make_person(organization=acme)
    for row, said in (
        (acme, "Choose the other organization."),
        (lena, "Choose the other client."),
    ):
        answer = owner_browser.get(address(row), {"source": source})
        page = text_of(answer)
        assert (answer.status_code, said in page) == (422, True)
        assert 'id="id_source-error"' in page
        assert 'aria-invalid="true"' in page


def test_the_preview_shows_what_differs_and_changes_nothing(
    owner_browser: Client, acme: Organization, birch: Organization
) -> None:
    make_person("b@birch.test", organization=birch)
    page = text_of(owner_browser.get(f"{address(acme)}?source={birch.pk}"))
    for text in ("Merge Birch into Acme Windows", "12/31/2099", "B-1", "1 client"):
        assert text in page
    assert Organization.objects.filter(merged_into=None).count() == 2


def test_two_of_one_name_are_told_apart_by_their_addresses(
    owner_browser: Client, acme: Organization
) -> None:
    mia = make_person("mia@acme.test", name="Mia Berg", organization=acme)
    twin = make_person("berg@acme.test", name="Mia Berg", organization=acme)
    page = text_of(owner_browser.get(f"{address(mia)}?source={twin.pk}"))
    assert "Merge Mia Berg (berg@acme.test) into Mia Berg (mia@acme.test)" in page


def test_edge_case_38_a_date_that_differs_is_asked_for_at_its_field(
    owner_browser: Client, acme: Organization, birch: Organization
) -> None:
    answer = owner_browser.post(address(acme), form(birch, acme))
    assert (answer.status_code, "Choose which of the two stays." in text_of(answer)) == (422, True)
    assert Organization.objects.filter(merged_into=None).count() == 2


def test_merged_with_the_choices_and_undone_from_the_toast(
    owner_browser: Client, acme: Organization, birch: Organization
) -> None:
    chosen = {"choice.membership_end_date": "source", "choice.name": "source"}
    answer = owner_browser.post(address(acme), form(birch, acme, **chosen), follow=True)
    assert answer.redirect_chain == [(f"/organizations/{acme.pk}/", 302)]
    act = Act.objects.get()
    assert f'action="/changes/{act.pk}/undo/"' in text_of(answer)
    acme.refresh_from_db()
    assert (acme.name, str(acme.membership_end_date)) == ("Birch", "2099-12-31")
    owner_browser.post(f"/changes/{act.pk}/undo/")
    acme.refresh_from_db()
    assert (acme.name, acme.membership_end_date) == ("Acme Windows", None)


def test_what_changed_after_the_preview_is_shown_again_first(
    owner_browser: Client, acme: Organization, birch: Organization
) -> None:
    sent = form(birch, acme, **{"choice.membership_end_date": "source"})
    Organization.objects.filter(pk=birch.pk).update(version=9, reference="B-9")
    answer = owner_browser.post(address(acme), sent)
    page = text_of(answer)
    assert (answer.status_code, "was changed meanwhile" in page, "B-9" in page) == (409, True, True)


def test_edge_case_39_archived_with_active_goes_on_when_pressed_again(
    owner_browser: Client, acme: Organization
) -> None:
    old = make_organization("Acme old", archived_at="2026-01-01T00:00Z")
    asked = owner_browser.post(address(acme), form(old, acme))
    assert (asked.status_code, "Merge anyway" in text_of(asked)) == (409, True)
    done = owner_browser.post(address(acme), form(old, acme, confirm="archived_with_active"))
    assert done.status_code == 302


@pytest.mark.parametrize("source", ["self", "nobody"])
def test_edge_case_39_an_impossible_other_record_is_refused_with_the_reason(
    owner_browser: Client, acme: Organization, guest: Person, source: str
) -> None:
    key = acme.pk if source == "self" else guest.pk
    answer = owner_browser.get(f"{address(acme)}?source={key}")
    assert answer.status_code == 422
    assert "The other organization" in text_of(answer)


def test_the_address_of_the_source_leads_to_the_survivor_on_every_page(
    owner_browser: Client, owner: Agent, acme: Organization, birch: Organization
) -> None:
    chosen = {"choice.membership_end_date": "source"}
    owner_browser.post(address(acme), form(birch, acme, **chosen))
    for tail in ("", "people/", "history/", "edit/"):
        answer = owner_browser.get(f"/organizations/{birch.pk}/{tail}?q=1")
        assert (answer.status_code, answer.headers["Location"]) == (
            302,
            f"/organizations/{acme.pk}/{tail}?q=1",
        )
    key = api_client(owner)
    shown = key.get(f"/api/v1/organizations/{birch.pk}")
    assert (shown.status_code, shown.json()["id"]) == (200, str(acme.pk))
    changed = key.patch(
        f"/api/v1/organizations/{birch.pk}",
        {"name": "Back"},
        content_type="application/json",
        headers={"if-match": '"1"'},
    )
    body = changed.json()
    assert (changed.status_code, body["code"], body["survivor_id"]) == (
        409,
        "merged",
        str(acme.pk),
    )


def test_the_api_plans_and_merges_people_and_the_old_id_is_answered_by_the_survivor(
    owner: Agent, acme: Organization
) -> None:
    lena = make_person("lena@acme.test", organization=acme)
    twin = make_person("l@home.test", name="L. Fischer", phone="123")
    key, path = api_client(owner), f"/api/v1/people/{lena.pk}/merge"
    sent = {"source_id": str(twin.pk), "choices": {"email": "source"}, "dry_run": True}
    planned = key.post(path, sent, content_type="application/json").json()
    assert Person.objects.filter(merged_into=None).count() == 2
    done = key.post(path, sent | {"dry_run": False}, content_type="application/json").json()
    assert done == planned | {"dry_run": False}
    fields = {row["name"]: (row["taken"], row["result"]) for row in done["fields"]}
    assert (fields["email"], fields["phone"]) == (("source", "l@home.test"), ("source", "123"))
    shown = key.get(f"/api/v1/people/{twin.pk}").json()
    assert (shown["id"], shown["email"]) == (str(lena.pk), "l@home.test")
