"""Edge cases 1 to 4: when two addresses are one, and whose it is."""

from typing import Any

import pytest
from django.utils import timezone

from portico.clients.actions.people import archive_people, create_person
from portico.clients.models import Organization, Person
from portico.invitations.actions.inviting import invite_person
from portico.kit.actors import Actor
from portico.kit.errors import Refused
from portico.workspaces.choices import Preset
from tests.factories.clients import make_person
from tests.factories.workspaces import make_agent
from tests.stories.records import nothing_changes
from tests.stories.visitor import Program, Visitor, problem_of


@pytest.fixture
def preset() -> str:
    """People need no address in this one."""
    return Preset.FIELD_SERVICE


def add(actor: Actor, acme: Organization, email: str, name: str = "Somebody") -> Person:
    return create_person(actor, {"name": name, "email": email}, organization_id=acme.pk)


def refusal(actor: Actor, acme: Organization, email: str) -> tuple[str, str | None]:
    with pytest.raises(Refused) as refused:
        add(actor, acme, email)
    assert Person.objects.filter(name="Somebody").count() == 0
    return refused.value.code, refused.value.field


@pytest.mark.parametrize(
    ("first", "second"),
    (
        ("josé@x.example", "JOSÉ@X.example"),
        ("anna@bücher.example", "anna@xn--bcher-kva.example"),
        ("straße@x.example", "STRASSE@x.example"),
    ),
)
def test_edge_case_1_letters_of_any_script_are_equal_in_either_case(
    owner_actor: Actor, acme: Organization, first: str, second: str
) -> None:
    kept = make_person(first, name="First", organization=acme)
    assert refusal(owner_actor, acme, second) == ("email_in_use", "email")
    assert Person.objects.get(pk=kept.pk).email == first


def test_edge_case_2_composed_and_decomposed_accents_are_equal(
    owner_actor: Actor, acme: Organization
) -> None:
    make_person("jos\u00e9@x.example", name="First", organization=acme)
    assert refusal(owner_actor, acme, "jose\u0301@x.example") == ("email_in_use", "email")


@pytest.mark.parametrize("other", ("anna+shop@x.example", "an.na@x.example"))
def test_edge_case_2_plus_tags_and_dots_are_addresses_of_their_own(
    owner_actor: Actor, acme: Organization, other: str
) -> None:
    make_person("anna@x.example", name="First", organization=acme)
    assert add(owner_actor, acme, other).email == other


def test_edge_case_3_people_without_an_address_are_no_duplicates_and_not_invited(
    owner_actor: Actor, acme: Organization
) -> None:
    first = add(owner_actor, acme, "", name="Ann")
    second = add(owner_actor, acme, "", name="Ben")
    assert {first.email_key, second.email_key} == {None}
    with pytest.raises(Refused) as refused:
        invite_person(owner_actor, first.pk, organization_id=acme.pk)
    assert refused.value.code == "email_missing"


@pytest.mark.parametrize("whose", ("agent", "person", "archived", "disabled", "merged"))
def test_edge_case_4_an_address_is_unique_over_everybody_whatever_their_state(
    owner_actor: Actor, acme: Organization, whose: str
) -> None:
    email = "taken@x.example"
    if whose == "agent":
        make_agent(email, name="Tom")
    else:
        person: Any = make_person(email, name="First", organization=acme)
        if whose == "archived":
            archive_people(owner_actor, Person.objects.filter(pk=person.pk))
        if whose == "disabled":
            Person.objects.filter(pk=person.pk).update(is_disabled=True)
        if whose == "merged":
            survivor = make_person("other@x.example", name="Survivor", organization=acme)
            Person.objects.filter(pk=person.pk).update(
                merged_into=survivor, archived_at=timezone.now()
            )
    assert refusal(owner_actor, acme, email) == ("email_in_use", "email")


def test_edge_case_3_two_without_an_address_are_created_and_not_invited_by_page_and_api(
    agent: Visitor, program: Program, acme: Organization
) -> None:
    agent.open("/people/new/")
    ann = agent.press("Add contact", name="Ann")
    ben = program.post("people", name="Ben", organization_id=str(acme.pk))
    assert (ann.heading, ben.status_code) == ("Ann", 201)
    assert list(Person.objects.values_list("email", flat=True)) == ["", ""]
    body = {"person_id": ben.json()["id"], "organization_id": str(acme.pk)}
    answer = program.post("invitations", **body)
    assert problem_of(answer)[:2] == (409, "email_missing")
    page = agent.open("/people/")
    assert page.row_names == ["Ann", "Ben"]


@pytest.mark.parametrize(
    ("whose", "said"),
    (
        ("agent", "This address belongs to a member. One address cannot be both."),
        ("active", "taken@x.example is in use: it belongs to First."),
        ("archived", "taken@x.example belongs to First, an archived contact. Restore them?"),
        ("merged", "taken@x.example stays kept for First, now part of Survivor."),
    ),
)
def test_edge_case_4_staff_read_whose_address_it_is_and_visitors_read_the_same_as_ever(
    agent: Visitor, program: Program, acme: Organization, whose: str, said: str
) -> None:
    if whose == "agent":
        make_agent("taken@x.example", name="Tom")
    else:
        first = make_person("taken@x.example", name="First", organization=acme)
        if whose == "archived":
            program.post(f"people/{first.pk}/archive")
        if whose == "merged":
            into = make_person("other@x.example", name="Survivor", organization=acme)
            program.post(f"people/{into.pk}/merge", source_id=str(first.pk))
    agent.open("/people/new/")
    with nothing_changes():
        page = agent.press("Add contact", name="Second", email="taken@x.example")
        answer = program.post(
            "people", name="Second", email="taken@x.example", organization_id=str(acme.pk)
        )
    assert page.errors == {"email": said}
    assert answer.json()["errors"][0]["message"] == said
    if whose != "agent":
        name = "Survivor" if whose == "merged" else "First"
        assert agent.follow(f"Open {name}").heading == name
    answers = []
    for email in ("taken@x.example", "nobody@x.example"):
        visitor = Visitor()
        visitor.open("/accounts/password/reset/")
        page = visitor.press("Send me a link", email=email)
        answers.append((page.status, page.path, page.text.replace(email, "")))
    assert answers[0] == answers[1]
