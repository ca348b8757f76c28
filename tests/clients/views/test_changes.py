"""Archive, unarchive, disable and enable: one or many, all or none."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from portico.clients.models import Organization, Person
from portico.history.models import Event
from portico.workspaces.models import Agent, Plan
from tests.conftest import sign_in
from tests.factories.clients import make_organization, make_person
from tests.factories.workspaces import make_agent
from tests.pages import text_of


def active_names() -> list[str]:
    return list(Organization.objects.active().order_by("name").values_list("name", flat=True))


def make_three() -> list[Organization]:
    return [make_organization(name) for name in ("Acme", "Birch", "Cedar")]


def test_the_question_names_the_number_and_changes_nothing(owner_browser: Client) -> None:
    keys = [str(row.pk) for row in make_three()[:2]]
    asked = owner_browser.post("/organizations/archive/", {"ids": keys, "filters": "q=a"})
    assert asked.status_code == 200
    assert "Archive 2 organizations?" in text_of(asked)
    assert active_names() == ["Acme", "Birch", "Cedar"]


def test_the_question_comes_as_a_dialog_by_htmx(owner_browser: Client) -> None:
    sent = {"ids": [str(row.pk) for row in make_three()], "filters": ""}
    headers = {"HX-Request": "true"}
    asked = owner_browser.post("/organizations/archive/", sent, headers=headers)
    assert text_of(asked).lstrip().startswith("<dialog")
    done = owner_browser.post("/organizations/archive/", sent | {"confirmed": "1"}, headers=headers)
    assert (done.status_code, done.headers["HX-Redirect"]) == (204, "/organizations/")
    assert active_names() == []


def test_confirmed_the_rows_leave_the_list_with_all_their_data(owner_browser: Client) -> None:
    acme, birch, _cedar = make_three()
    sent = {"ids": [str(acme.pk), str(birch.pk)], "filters": "q=c&cursor=x", "confirmed": "1"}
    answer = owner_browser.post("/organizations/archive/", sent, follow=True)
    assert answer.redirect_chain == [("/organizations/?q=c", 302)]
    assert "2 organizations archived." in text_of(answer)
    assert active_names() == ["Cedar"]
    assert Organization.objects.count() == 3


def test_all_that_match_applies_the_filters_of_the_list_again(owner_browser: Client) -> None:
    for number in range(60):
        make_organization(f"Match {number}")
    make_three()
    sent = {"all": "1", "filters": "q=match&sort=-name", "ids": str(uuid4())}
    asked = owner_browser.post("/organizations/archive/", sent)
    assert "Archive 60 organizations?" in text_of(asked)
    owner_browser.post("/organizations/archive/", sent | {"confirmed": "1"})
    assert active_names() == ["Acme", "Birch", "Cedar"]
    assert Event.objects.filter(kind="organization.archived").count() == 60


@pytest.mark.parametrize("filters", ("property.gone=x", "status=late", "people_count.gte=many"))
def test_a_filter_that_means_nothing_any_more_widens_no_selection(
    owner_browser: Client, filters: str
) -> None:
    make_three()
    sent = {"all": "1", "filters": filters, "confirmed": "1"}
    assert owner_browser.post("/organizations/archive/", sent).status_code == 400
    assert active_names() == ["Acme", "Birch", "Cedar"]


@pytest.mark.parametrize("wrong", ("", "abc", "1", "01900000-0000-7000-8000-000000000000"))
def test_one_id_that_is_not_there_refuses_the_whole_selection(
    owner_browser: Client, wrong: str
) -> None:
    keys = [str(row.pk) for row in make_three()]
    sent = {"ids": [*keys, wrong], "filters": "", "confirmed": "1"}
    assert owner_browser.post("/organizations/archive/", sent).status_code == 404
    assert active_names() == ["Acme", "Birch", "Cedar"]


def test_an_empty_selection_is_refused(owner_browser: Client) -> None:
    make_three()
    assert owner_browser.post("/organizations/archive/", {"confirmed": "1"}).status_code == 404
    assert len(active_names()) == 3


def test_unarchived_it_is_back_equal_in_every_field(owner_browser: Client) -> None:
    acme = make_organization("Acme", reference="K-1", website="https://acme.test/")
    before = Organization.objects.filter(pk=acme.pk).values().get()
    sent = {"ids": str(acme.pk), "confirmed": "1"}
    owner_browser.post("/organizations/archive/", sent)
    owner_browser.post("/organizations/unarchive/", sent)
    after = Organization.objects.filter(pk=acme.pk).values().get()
    moving = {"version", "updated_at"}
    assert {k: v for k, v in after.items() if k not in moving} == {
        k: v for k, v in before.items() if k not in moving
    }


def test_from_a_records_own_menu_one_returns_to_the_record(owner_browser: Client) -> None:
    acme = make_organization("Acme")
    sent = {"ids": str(acme.pk), "confirmed": "1"}
    answer = owner_browser.post("/organizations/archive/", sent, follow=True)
    assert answer.redirect_chain == [(f"/organizations/{acme.pk}/", 302)]
    page = text_of(answer)
    assert "Acme archived." in page
    assert re.search(r"Archived on \d\d/\d\d/\d{4} by Olga Owner\.", page)


def test_without_room_in_the_plan_unarchiving_is_refused_whole_and_says_so(
    owner_browser: Client,
) -> None:
    for number in range(3):
        make_person(f"p{number}@acme.test", archived_at=timezone.now())
    Plan.objects.update(person_limit=2)
    keys = [str(key) for key in Person.objects.values_list("pk", flat=True)]
    sent = {"ids": keys, "filters": "", "confirmed": "1"}
    answer = owner_browser.post("/people/unarchive/", sent)
    assert (answer.status_code, Person.objects.active().count()) == (409, 0)
    assert "0 of 2" in text_of(answer)


def test_a_double_click_archives_once(owner_browser: Client) -> None:
    acme = make_organization("Acme")
    sent = {"ids": str(acme.pk), "confirmed": "1", "form_token": "t" * 20}
    owner_browser.post("/organizations/archive/", sent)
    assert owner_browser.post("/organizations/archive/", sent).status_code == 302
    assert Event.objects.filter(kind="organization.archived").count() == 1


def test_disabled_people_are_signed_out_and_enabled_again_they_may_return(
    owner_browser: Client, guest: Any
) -> None:
    theirs = sign_in(guest)
    sent = {"ids": str(guest.pk), "confirmed": "1"}
    owner_browser.post("/people/disable/", sent)
    assert theirs.get("/portal/").headers["Location"].startswith("/accounts/login/")
    owner_browser.post("/people/enable/", sent)
    assert Person.objects.get().is_disabled is False


@pytest.mark.parametrize(
    "path",
    (
        "/organizations/archive/",
        "/organizations/unarchive/",
        "/people/archive/",
        "/people/unarchive/",
        "/people/disable/",
        "/people/enable/",
    ),
)
def test_who_may_only_look_changes_no_state(
    viewer: Agent, acme: Organization, guest: Any, path: str
) -> None:
    browser = sign_in(viewer)
    key = acme.pk if "organizations" in path else guest.pk
    answer = browser.post(path, {"ids": str(key), "confirmed": "1"})
    assert (answer.status_code, Event.objects.filter(subject_id=key).count()) == (403, 0)


def test_a_read_only_licence_changes_no_state(owner: Agent, acme: Organization) -> None:
    reader = make_agent("reader@northstar.test", roles=["Owner"], licence="read_only")
    sent = {"ids": str(acme.pk), "confirmed": "1"}
    assert sign_in(reader).post("/organizations/archive/", sent).status_code == 403
    assert active_names() == ["Acme Windows"]


def test_who_does_not_want_to_be_asked_archives_at_once_with_undo(
    owner_browser: Client, owner: Agent
) -> None:
    acme, birch, _cedar = make_three()
    sent = {"ids": str(acme.pk), "filters": "", "confirmed": "1", "stop_asking": "1"}
    owner_browser.post("/organizations/archive/", sent)
    owner.refresh_from_db()
    assert owner.asks_before_archiving is False
    answer = owner_browser.post(
        "/organizations/archive/", {"ids": str(birch.pk), "filters": ""}, follow=True
    )
    assert "Birch archived." in text_of(answer)
    assert active_names() == ["Cedar"]


def test_looking_at_the_question_archives_nothing_even_for_who_is_not_asked(
    owner_browser: Client, owner: Agent
) -> None:
    Agent.objects.filter(pk=owner.pk).update(asks_before_archiving=False)
    acme = make_three()[0]
    owner_browser.get(f"/organizations/archive/?ids={acme.pk}&confirmed=1")
    assert active_names() == ["Acme", "Birch", "Cedar"]


def test_disabling_a_sign_in_always_asks(owner_browser: Client, owner: Agent) -> None:
    Agent.objects.filter(pk=owner.pk).update(asks_before_archiving=False)
    person = make_person()
    asked = owner_browser.post("/people/disable/", {"ids": str(person.pk), "stop_asking": "1"})
    assert "Disable the sign-in of 1 client?" in text_of(asked)
    assert "stop_asking" not in text_of(asked)
