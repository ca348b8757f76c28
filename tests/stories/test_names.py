"""X3, X19, S3.14, S3.19, S3.20: what a person is called, and what may stay empty."""

from typing import Any

import pytest

from portico.clients.models import Organization, Person
from portico.kit.actors import Actor
from portico.kit.tenancy.scope import open_scope
from portico.workspaces.choices import Preset
from portico.workspaces.context import scope_of
from portico.workspaces.models import Workspace
from tests.factories.clients import make_person
from tests.stories.records import nothing_changes, told
from tests.stories.visitor import Program, Visitor, problem_of
from tests.transfers.imports import bring_in, counts_of
from tests.transfers.test_exports import exported, rows_of


@pytest.fixture
def preset() -> str:
    """An organization reads Company, a person Client; a company may be missing."""
    return Preset.SUPPORT_DESK


@pytest.fixture
def lena(acme: Organization) -> Person:
    return make_person("lena@acme.test", organization=acme, roles=["Client"])


@pytest.mark.parametrize("title", ("", "Head of repair"))
def test_s3_14_the_title_may_stay_empty_and_is_stored_when_given(
    agent: Visitor, program: Program, title: str
) -> None:
    agent.open("/people/new/")
    assert "Title" in [node.text.removesuffix(" optional") for node in agent.sees.root.all("label")]
    page = agent.press("Create", name="Mia Berg", email="mia@acme.test", position=title)
    assert page.heading == "Mia Berg"
    made = program.post("people", name="Tom Ng", email="tom@acme.test", position=title)
    assert (made.status_code, made.json()["position"]) == (201, title)
    stored = Person.objects.order_by("name").values_list("name", "position")
    assert list(stored) == [("Mia Berg", title), ("Tom Ng", title)]


def test_s3_14_without_a_full_name_nobody_is_created(agent: Visitor, program: Program) -> None:
    agent.open("/people/new/")
    with nothing_changes():
        page = agent.press("Create", email="mia@acme.test")
        answer = program.post("people", email="mia@acme.test")
    assert (page.status, page.errors) == (422, {"name": "Enter a name."})
    assert problem_of(answer) == (422, "invalid", [("/name", "required")])


def test_s3_19_s3_20_address_and_title_are_edited(
    agent: Visitor, program: Program, lena: Person
) -> None:
    agent.open(f"/people/{lena.pk}/")
    agent.follow("Edit")
    page = agent.press("Save changes", email="l.fischer@acme.test", position="Head of repair")
    shown = (page.properties["E-mail"], page.properties["Title"])
    assert shown == ("l.fischer@acme.test", "Head of repair")
    version = program.get(f"people/{lena.pk}").json()["version"]
    fields = {"email": "lena@acme.test", "position": "Buyer"}
    answer = program.patch(f"people/{lena.pk}", version=version, **fields)
    assert (answer.json()["email"], answer.json()["position"]) == tuple(fields.values())
    ways = [(name, way) for _kind, name, way in told("person.updated")]
    assert ways == [("Lena Fischer", "page"), ("Lena Fischer", "api")]


def bring_one_in(actor: Actor, email: str) -> dict[str, int]:
    """Import somebody without a company, under the settings that hold now."""
    with open_scope(scope_of(Workspace.objects.get())):
        return counts_of(bring_in(actor, "people", f"name,email\nImp,{email}\n"))


def test_x3_the_setting_decides_in_form_import_and_api_alike(
    agent: Visitor, program: Program, owner_actor: Actor
) -> None:
    agent.open("/people/new/")
    agent.press("Create", name="Form", email="form@acme.test")
    assert program.post("people", name="Api", email="api@acme.test").status_code == 201
    assert bring_one_in(owner_actor, "imp@acme.test")["created"] == 1
    without = Person.objects.filter(memberships__organization=None)
    assert sorted(without.values_list("name", flat=True)) == ["Api", "Form", "Imp"]
    agent.open("/settings/rules/")
    agent.press("Save settings", organization_required="yes")
    agent.open("/people/new/")
    with nothing_changes():
        page = agent.press("Create", name="Form 2", email="form2@acme.test")
        answer = program.post("people", name="Api 2", email="api2@acme.test")
    assert set(page.errors) == {"organization"}
    assert problem_of(answer) == (422, "invalid", [("/organization_id", "required")])
    assert bring_one_in(owner_actor, "imp2@acme.test") == {"rows": 1, "refused": 1}
    assert Person.objects.count() == 3


def test_x3_a_person_without_one_counts_nowhere_and_sees_nothing_of_any(
    program: Program, acme: Organization
) -> None:
    solo = make_person("solo@example.test", name="Sol Solo")
    assert program.get(f"organizations/{acme.pk}").json()["people_count"] == 0
    found = program.get("people", organization="none").json()["items"]
    assert [row["name"] for row in found] == ["Sol Solo"]
    page = Visitor(solo).open("/portal/")
    assert (page.status, "Acme Windows" in page.text) == (200, False)


@pytest.fixture
def nameless(agent: Visitor, program: Program, acme: Organization) -> Person:
    """Invited by address alone."""
    person = make_person("new@acme.test", name="", organization=acme, has_joined=False)
    sent = program.post("invitations", person_id=str(person.pk), organization_id=str(acme.pk))
    assert sent.status_code == 201
    return person


@pytest.mark.parametrize(
    "path",
    (
        "/people/",
        "/people/?q=new@acme",
        "/people/?invitation=pending",
        "/organizations/{acme}/",
        "/organizations/{acme}/people/",
        "/team/invitations/?of=people",
    ),
)
def test_x19_who_has_no_name_yet_stands_in_every_list_by_their_address(
    agent: Visitor, acme: Organization, nameless: Person, path: str
) -> None:
    assert agent.open(path.format(acme=acme.pk)).row_names == ["new@acme.test"]


def test_x19_who_has_no_name_yet_has_a_page_and_stands_in_the_api(
    agent: Visitor, program: Program, nameless: Person
) -> None:
    assert agent.open(f"/people/{nameless.pk}/").heading == "new@acme.test"
    [row] = program.get("people").json()["items"]
    assert (row["name"], row["email"]) == ("", "new@acme.test")


def test_x19_full_names_and_parts_go_round_by_import_and_export(owner_actor: Actor) -> None:
    file = (
        "name,given_name,family_name,email\n"
        "Lena Fischer,,,lena@acme.test\n"
        ",Tom,Ng,tom@acme.test\n"
        "Dr. Mia Berg,Mia,Berg,mia@acme.test\n"
    )
    assert counts_of(bring_in(owner_actor, "people", file))["created"] == 3
    content = exported(owner_actor, "people")
    names = ("name", "given_name", "family_name", "email")
    before = sorted(tuple(row[name] for name in names) for row in rows_of(content))
    assert before == [
        ("Dr. Mia Berg", "Mia", "Berg", "mia@acme.test"),
        ("Lena Fischer", "", "", "lena@acme.test"),
        ("Tom Ng", "Tom", "Ng", "tom@acme.test"),
    ]
    Person.objects.all().delete()
    assert counts_of(bring_in(owner_actor, "people", content))["created"] == 3
    again = rows_of(exported(owner_actor, "people"))
    assert sorted(tuple(row[name] for name in names) for row in again) == before


def test_x19_the_parts_give_the_name_where_none_was_typed(program: Program) -> None:
    typed: dict[str, Any] = {"given_name": "Tom", "family_name": "Ng", "email": "tom@acme.test"}
    body = program.post("people", **typed).json()
    assert (body["name"], body["given_name"], body["family_name"]) == ("Tom Ng", "Tom", "Ng")


def test_s1_40_x19_given_and_family_name_are_typed_into_the_forms(agent: Visitor) -> None:
    agent.open("/people/new/")
    agent.press("Create", given_name="Tom", family_name="Ng", email="tom@acme.test")
    person = Person.objects.get()
    assert (person.name, person.given_name, person.family_name) == ("Tom Ng", "Tom", "Ng")
    page = agent.open(f"/people/{person.pk}/")
    assert (page.properties["Given name"], page.properties["Family name"]) == ("Tom", "Ng")
    agent.open(f"/people/{person.pk}/edit/")
    agent.press("Save changes", family_name="Berg")
    person.refresh_from_db()
    assert (person.name, person.given_name, person.family_name) == ("Tom Berg", "Tom", "Berg")


@pytest.mark.parametrize(
    ("before", "changes", "after"),
    (
        (("Tom Ng", "Tom", "Ng"), {"family_name": "Berg"}, ("Tom Berg", "Tom", "Berg")),
        (("Tom Ng", "Tom", "Ng"), {"family_name": ""}, ("Tom", "Tom", "")),
        (("Dr. Tom Ng", "Tom", "Ng"), {"family_name": "Berg"}, ("Dr. Tom Ng", "Tom", "Berg")),
        (("Tom Ng", "", ""), {"given_name": "Tom"}, ("Tom Ng", "Tom", "")),
        (("Tom Ng", "Tom", "Ng"), {"name": ""}, ("Tom Ng", "Tom", "Ng")),
        (
            ("Tom Ng", "Tom", "Ng"),
            {"given_name": "", "family_name": ""},
            ("Tom Ng", "", ""),
        ),
    ),
)
def test_x19_the_name_follows_its_parts_unless_it_was_typed(
    program: Program,
    acme: Organization,
    before: tuple[str, str, str],
    changes: dict[str, str],
    after: tuple[str, str, str],
) -> None:
    name, given, family = before
    person = make_person(
        "tom@acme.test", organization=acme, name=name, given_name=given, family_name=family
    )
    answer = program.patch(f"people/{person.pk}", version=person.version, **changes)
    assert answer.status_code == 200
    body = answer.json()
    assert (body["name"], body["given_name"], body["family_name"]) == after


@pytest.mark.parametrize(
    ("name", "given", "row", "after"),
    (
        ("Tom Ng", "Tom", ",Berg", ("Tom Berg", "Tom", "Berg")),
        ("Dr. Tom Ng", "Tom", "Tom,Ng", ("Dr. Tom Ng", "Tom", "Ng")),
        ("", "", "Tom,Ng", ("Tom Ng", "Tom", "Ng")),
    ),
)
def test_x19_an_import_of_parts_leaves_a_typed_name(
    owner_actor: Actor,
    acme: Organization,
    name: str,
    given: str,
    row: str,
    after: tuple[str, str, str],
) -> None:
    family = "Ng" if given else ""
    make_person("tom@acme.test", organization=acme, name=name, given_name=given, family_name=family)
    file = f"given_name,family_name,email\n{row},tom@acme.test\n"
    bring_in(owner_actor, "people", file, existing="update")
    person = Person.objects.get()
    assert (person.name, person.given_name, person.family_name) == after


def test_x19_people_are_listed_and_sorted_by_family_name(
    agent: Visitor, program: Program, acme: Organization
) -> None:
    for given, family in (("Tom", "Ng"), ("Ada", "King"), ("Mia", "Berg")):
        name = f"{given} {family}"
        address = f"{given}@acme.test"
        make_person(address, organization=acme, name=name, given_name=given, family_name=family)
    found = program.get("people", sort="family_name").json()["items"]
    assert [row["family_name"] for row in found] == ["Berg", "King", "Ng"]
    page = agent.open("/people/?columns=name,family_name&sort=-family_name")
    assert page.row_names == ["Tom Ng", "Ada King", "Mia Berg"]


def test_x19_the_name_beside_a_part_edited_in_place_follows_at_once(
    agent: Visitor, acme: Organization
) -> None:
    person = make_person(
        "tom@acme.test", organization=acme, name="Tom Ng", given_name="Tom", family_name="Ng"
    )
    agent.open(f"/people/{person.pk}/")
    answer = agent.browser.post(
        f"/people/{person.pk}/fields/family_name/",
        {"family_name": "Berg", "version": person.version},
        headers={"hx-request": "true"},
    )
    assert answer.status_code == 200
    text = answer.content.decode()
    assert 'id="detail-name" hx-swap-oob="true"' in text
    assert text.count("Tom Berg") >= 2
