"""Delete an organization for good; what "delete" means for a person."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from portico.clients import guards
from portico.clients.models import Organization, Person
from portico.history.models import Event
from portico.workspaces.models import Agent
from tests.conftest import sign_in
from tests.pages import text_of


def test_the_page_says_what_goes_and_what_stays(
    owner_browser: Client, acme: Organization, guest: Any
) -> None:
    page = text_of(owner_browser.get(f"/organizations/{acme.pk}/delete/"))
    assert "Delete Acme Windows permanently?" in page
    assert "1 client with no other organization" in page
    assert "Type DELETE to confirm" in page


@pytest.mark.parametrize("word", ("", "delete", "DELET", "DELETE!", "D E L E T E"))
def test_any_other_word_deletes_nothing_and_is_named_at_its_field(
    owner_browser: Client, acme: Organization, word: str
) -> None:
    answer = owner_browser.post(f"/organizations/{acme.pk}/delete/", {"word": word})
    assert (answer.status_code, Organization.objects.count()) == (422, 1)
    assert 'id="id_word-error"' in text_of(answer)


def test_with_the_word_it_is_in_no_list_and_its_people_are_archived(
    owner_browser: Client, acme: Organization, guest: Any
) -> None:
    path = f"/organizations/{acme.pk}/delete/"
    answer = owner_browser.post(path, {"word": "DELETE"}, follow=True)
    assert answer.redirect_chain == [("/organizations/", 302)]
    assert "Acme Windows deleted permanently." in text_of(answer)
    assert owner_browser.get(f"/organizations/{acme.pk}/").status_code == 404
    assert Person.objects.get().archived_at is not None
    assert Event.objects.filter(kind="organization.deleted").get().subject_name == "Acme Windows"


def test_what_blocks_it_is_named_and_leaves_no_field_to_type_into(
    owner_browser: Client, acme: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guards, "_guards", [lambda _organization: ["Job 1182 is active."]])
    path = f"/organizations/{acme.pk}/delete/"
    page = text_of(owner_browser.get(path))
    assert "Acme Windows cannot be deleted yet" in page
    assert "Job 1182 is active." in page
    assert 'name="word"' not in page
    assert owner_browser.post(path, {"word": "DELETE"}).status_code == 409
    assert Organization.objects.count() == 1


def test_deleting_a_person_offers_archive_and_disable(owner_browser: Client, guest: Any) -> None:
    page = text_of(owner_browser.get(f"/people/{guest.pk}/delete/"))
    assert 'action="/people/archive/"' in page
    assert 'formaction="/people/disable/"' in page
    assert Person.objects.active().count() == 1


def test_a_deleted_person_is_archived_out_of_the_list_and_signed_out(
    owner_browser: Client, guest: Any
) -> None:
    theirs = sign_in(guest)
    owner_browser.post("/people/archive/", {"ids": str(guest.pk), "confirmed": "1"})
    archived_at = Person.objects.get().archived_at
    assert archived_at is not None
    assert archived_at <= timezone.now()
    assert "Gina Guest" not in text_of(owner_browser.get("/people/?sort=name")).split("p-toast")[0]
    assert theirs.get("/portal/").headers["Location"].startswith("/accounts/login/")


def test_without_the_permission_delete_is_neither_offered_nor_possible(
    viewer: Agent, acme: Organization, guest: Any
) -> None:
    browser = sign_in(viewer)
    assert "/delete/" not in text_of(browser.get(f"/people/{guest.pk}/"))
    assert browser.get(f"/people/{guest.pk}/delete/").status_code == 403
    answer = browser.post(f"/organizations/{acme.pk}/delete/", {"word": "DELETE"})
    assert (answer.status_code, Organization.objects.count()) == (403, 1)
