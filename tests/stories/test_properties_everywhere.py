"""S2.44 to S2.46, S1.40, X14: one definition holds in form, API, list, export and import."""

from typing import Any

import pytest

from portico.clients.actions.properties import create_property
from portico.clients.models import Organization, Person
from portico.clients.reports import tag_names
from portico.kit.actors import Actor
from portico.workspaces.choices import Preset
from tests.factories.clients import make_organization, make_person
from tests.stories.records import nothing_changes
from tests.stories.visitor import Program, Visitor, problem_of
from tests.transfers.imports import bring_in, reasons_of
from tests.transfers.test_exports import exported, rows_of


@pytest.fixture
def preset() -> str:
    """An organization reads Client, a person Contact."""
    return Preset.FIELD_SERVICE


@pytest.mark.parametrize("kind", ("organization", "person"))
def test_s2_44_a_field_is_a_column_a_filter_and_in_the_export_of_both_lists(
    agent: Visitor, program: Program, owner_actor: Actor, acme: Organization, kind: str
) -> None:
    create_property(owner_actor, kind, {"label": "Size", "kind": "choice", "choices": "S\nL"})
    lena = make_person("lena@acme.test", organization=acme)
    record: Any = acme if kind == "organization" else lena
    records: Any = "organizations" if kind == "organization" else "people"
    agent.open(f"/{records}/{record.pk}/edit/")
    agent.press("Save Changes", **{"property.size": "L"})
    make_person("mia@acme.test", name="Mia", organization=make_organization("Birch"))
    for page in (f"/{records}/?property.size=L", f"/{records}/?columns=name,property.size"):
        [row] = [row for row in agent.open(page).rows if row["name"] == record.name]
        assert row.get("Size", "L") == "L"
    assert "Size" in agent.sees.rows[0]
    assert agent.open(f"/{records}/?property.size=L").row_names == [record.name]
    assert agent.open(f"/{records}/?property.size=S").row_names == []
    assert program.get(f"{records}/{record.pk}").json()["properties"] == {"size": "L"}
    lines = {row["name"]: row["property.size"] for row in rows_of(exported(owner_actor, records))}
    assert sorted(lines.values()) == ["", "L"]
    assert lines[record.name] == "L"


WRONG = (
    ("number", "many"),
    ("date", "soon"),
    ("yes_no", "perhaps"),
    ("choice", "XXL"),
    ("choices", "S; XXL"),
    ("url", "not an address"),
    ("email", "nobody"),
)


@pytest.mark.parametrize(("kind", "wrong"), WRONG)
def test_s2_45_a_wrong_value_of_each_kind_is_refused_by_form_api_and_import(
    agent: Visitor, program: Program, owner_actor: Actor, kind: str, wrong: str
) -> None:
    choices = {"choices": "S\nL"} if kind in {"choice", "choices"} else {}
    create_property(owner_actor, "organization", {"label": "Field", "kind": kind, **choices})
    agent.open("/organizations/new/")
    typed: Any = wrong.split("; ") if kind == "choices" else wrong
    with nothing_changes():
        page = agent.press("Add Client", name="Acme", **{"property.field": typed})
        answer = program.post("organizations", name="Acme", properties={"field": typed})
    assert (page.status, set(page.errors)) == (422, {"property.field"})
    assert [pointer for pointer, _code in problem_of(answer)[2]] == ["/properties/field"]
    assert answer.json()["errors"][0]["message"] == page.errors["property.field"]
    done = bring_in(owner_actor, "organizations", f'name,property.field\nAcme,"{wrong}"\n')
    of_files = {"date": "Enter a date as YYYY-MM-DD."}
    assert reasons_of(done) == {1: of_files.get(kind, page.errors["property.field"])}
    assert Organization.objects.count() == 0


def test_s2_45_an_archived_field_keeps_its_values_and_comes_back_with_them(
    agent: Visitor, program: Program, owner_actor: Actor, acme: Organization
) -> None:
    field = create_property(owner_actor, "organization", {"label": "Size"})
    path = f"organizations/{acme.pk}"
    program.patch(path, version=1, properties={"size": "L"})
    agent.open(f"/settings/properties/{field.pk}/archive/")
    agent.press("Archive property")
    assert program.get(path).json()["properties"] == {}
    page = agent.open(f"/organizations/{acme.pk}/edit/")
    assert "property.size" not in page.fields(page.form_of(page.button("Save Changes")))
    agent.press("Save Changes", name="Acme Doors")
    agent.browser.post(f"/settings/properties/{field.pk}/unarchive/")
    assert program.get(path).json()["properties"] == {"size": "L"}


def test_s2_46_tags_are_added_and_removed_by_page_and_api(
    agent: Visitor, program: Program, acme: Organization
) -> None:
    path = f"organizations/{acme.pk}"
    assert program.patch(path, version=1, tags=["Shop", "Small"]).json()["tags"] == [
        "Shop",
        "Small",
    ]
    assert "Shop" in agent.open(f"/organizations/{acme.pk}/").text
    agent.open(f"/organizations/{acme.pk}/edit/")
    agent.press("Save Changes", tags="Small")
    body = program.get(path).json()
    assert body["tags"] == ["Small"]
    program.patch(path, version=body["version"], tags=[])
    acme.refresh_from_db()
    assert tag_names(acme) == []


def test_s1_40_add_contact_stores_names_phone_and_address_and_a_saved_change_shows(
    agent: Visitor, program: Program, acme: Organization
) -> None:
    agent.open(f"/organizations/{acme.pk}/")
    page = agent.follow("+ Add contact")
    assert page.chosen("organization") == str(acme.pk)
    typed = {"name": "Lena Fischer", "phone": "+49 40 1", "email": "lena@acme.test"}
    page = agent.press("Add contact", **typed)
    lena = Person.objects.get()
    shown = (page.heading, page.properties["Phone"], page.properties["E-mail"])
    assert shown == tuple(typed.values())
    agent.open(f"/organizations/{acme.pk}/")
    agent.follow("Lena Fischer")
    agent.follow("Edit")
    assert agent.press("Save Changes", phone="+49 40 2").properties["Phone"] == "+49 40 2"
    parts = {"given_name": "Tom", "family_name": "Ng", "phone": "+49 40 3"}
    made = program.post("people", **parts, organization_id=str(acme.pk)).json()
    assert {name: made[name] for name in parts} == parts
    answer = program.patch(f"people/{lena.pk}", version=2, phone="+49 40 4")
    assert answer.json()["phone"] == "+49 40 4"
    assert agent.open(f"/people/{lena.pk}/").properties["Phone"] == "+49 40 4"


def test_x14_one_client_is_archived_from_its_own_menu_and_many_from_the_list(
    agent: Visitor, program: Program, acme: Organization
) -> None:
    birch = make_organization("Birch")
    agent.open(f"/organizations/{acme.pk}/")
    agent.choose("More actions", "Archive")
    page = agent.press("Archive")
    assert (page.path, page.toasts) == (f"/organizations/{acme.pk}/", ["Acme Windows archived."])
    agent.open("/organizations/")
    agent.press("Archive", ids=[str(birch.pk)])
    assert agent.press("Archive").path == "/organizations/"
    found = program.get("organizations", state="archived").json()["items"]
    assert [row["name"] for row in found] == ["Acme Windows", "Birch"]


def test_s2_66_equal_names_are_warned_of_and_likely_duplicates_listed(
    agent: Visitor, program: Program, acme: Organization
) -> None:
    agent.open("/organizations/new/")
    page = agent.press("Add Client", name="acme windows")
    assert (page.status, page.offers("Create anyway")) == (409, True)
    agent.press("Create anyway")
    assert "acme windows" in agent.open("/duplicates/").text.casefold()
    page = agent.open(f"/organizations/{acme.pk}/")
    body = program.get(f"organizations/{acme.pk}").json()
    assert (page.properties["Last changed"] != "", body["updated_at"] != "") == (True, True)
