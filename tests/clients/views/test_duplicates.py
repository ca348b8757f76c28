"""The page of likely duplicates, its answer "Not a duplicate", and the API beside it."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portico.clients.actions.likeness import refresh_likeness
from portico.clients.choices import PropertySubject
from portico.clients.models import Distinction, Organization, Person
from portico.history.models import Act
from portico.workspaces.models import Agent
from tests.conftest import sign_in
from tests.factories.clients import make_organization, make_person
from tests.factories.keys import api_client
from tests.pages import text_of


def note_all() -> None:
    """What the worker does after records were made."""
    for subject, model in (
        (PropertySubject.ORGANIZATION, Organization),
        (PropertySubject.PERSON, Person),
    ):
        refresh_likeness(subject, list(model.objects.values_list("pk", flat=True)))


@pytest.fixture
def firms(scope: object) -> tuple[Organization, Organization]:
    return make_organization("Acme Windows"), make_organization("ACME  windows")


@pytest.fixture
def twins(scope: object) -> tuple[Person, Person]:
    return make_person("a@x.test", name="Anna Lang"), make_person("b@x.test", name="Anna Lang")


def apart(browser: Client, first: Any, second: Any) -> Any:
    noun = "organizations" if isinstance(first, Organization) else "people"
    return browser.post(f"/{noun}/{first.pk}/not-a-duplicate/", {"other": str(second.pk)})


def test_likely_duplicates_stand_with_their_reason_and_lead_to_the_merge(
    owner_browser: Client,
) -> None:
    first = make_organization("Acme Windows", website="https://www.acme.test/shop")
    second = make_organization("ACME  windows")
    make_organization("Windows Acme GmbH")
    make_organization("Else", website="http://acme.test")
    make_person("a@x.test", name="Anna Lang", phone="1", phone_e164="+41446681800")
    make_person("b@x.test", name="Bert Kurz", phone="1", phone_e164="+41446681800")
    note_all()
    page = text_of(owner_browser.get("/duplicates/"))
    for reason in ("Same name", "Same website", "Similar name", "Same phone"):
        assert page.count(reason) == 1, reason
    assert f"/organizations/{first.pk}/merge/?source={second.pk}" in page


def test_without_duplicates_the_page_says_so_and_a_viewer_gets_nothing_to_press(
    owner_browser: Client, viewer: Agent
) -> None:
    assert "No likely duplicates." in text_of(owner_browser.get("/duplicates/"))
    make_organization("Acme"), make_organization("Acme")
    page = text_of(sign_in(viewer).get("/duplicates/"))
    assert ("/merge/" in page, "not-a-duplicate" in page) == (False, False)


def test_the_page_of_duplicates_takes_the_same_number_of_statements_however_many_there_are(
    owner_browser: Client,
) -> None:
    counts = []
    for number in range(4):
        for _twice in range(3):
            make_organization(f"Firm {number}")
            make_person(f"{number}.{_twice}@x.test", name=f"Person {number}")
        note_all()
        with CaptureQueriesContext(connection) as captured:
            owner_browser.get("/duplicates/")
        counts.append(len(captured))
    assert len(set(counts)) == 1


@pytest.mark.parametrize("records", ["firms", "twins"])
def test_a_pair_that_is_none_is_gone_for_good_and_back_by_undo(
    owner_browser: Client, request: pytest.FixtureRequest, records: str
) -> None:
    first, second = request.getfixturevalue(records)
    answer = apart(owner_browser, second, first)  # whichever of the two is named first
    assert (answer.status_code, answer.headers["Location"]) == (302, "/duplicates/")
    page = text_of(owner_browser.get("/duplicates/"))
    assert ("No likely duplicates." in page, "not proposed again" in page) == (True, True)
    act = Act.objects.get()
    owner_browser.post(f"/changes/{act.pk}/undo/")
    assert Distinction.objects.count() == 0
    assert "Same name" in text_of(owner_browser.get("/duplicates/"))


def test_who_only_sees_clients_tells_none_apart(
    viewer: Agent, firms: tuple[Organization, Organization]
) -> None:
    assert apart(sign_in(viewer), *firms).status_code == 403
    assert Distinction.objects.count() == 0


def test_the_api_tells_two_apart(owner: Agent, twins: tuple[Person, Person]) -> None:
    first, second = twins
    key, path = api_client(owner), f"/api/v1/people/{second.pk}/not-a-duplicate"
    done = key.post(path, {"other_id": str(first.pk)}, content_type="application/json")
    assert (done.status_code, done.json()) == (
        200,
        {
            "object": "distinction",
            "subject": "person",
            "first_id": str(first.pk),
            "second_id": str(second.pk),
        },
    )
    itself = key.post(path, {"other_id": str(second.pk)}, content_type="application/json")
    unknown = key.post(path, {"other_id": str(owner.pk)}, content_type="application/json")
    assert (itself.json()["code"], unknown.json()["code"]) == ("same_record", "not_found")
