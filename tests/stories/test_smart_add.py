"""Adding fast, without a browser's scripts: the server reads what was pasted (ui.md 2.1, 2.2)."""

import pytest
from django.test import Client

from portico.clients.forms.smart import likely_twins, propose_organization
from portico.clients.models import Membership, Organization, Person
from portico.kit.actors import Actor
from portico.workspaces.choices import Preset
from tests.factories.clients import make_organization, make_person
from tests.stories.records import nothing_changes
from tests.stories.visitor import Visitor


@pytest.fixture
def preset() -> str:
    """An organization reads Organization, a person Client."""
    return Preset.AGENCY


def test_s2_05_a_signature_fills_what_was_left_empty(agent: Visitor, acme: Organization) -> None:
    agent.open("/people/new/")
    text = "Ayşe Yıldız, Head of Purchasing\nayse@acme.test\nT +49 40 555 023"
    page = agent.press("Create Client", smart=text, position="Buyer")
    assert page.heading == "Ayşe Yıldız"
    person = Person.objects.get()
    assert (person.email, person.phone, person.position) == (
        "ayse@acme.test",
        "+49 40 555 023",
        "Buyer",
    )


def test_s2_06_what_looks_like_an_address_and_is_none_is_refused_at_its_field(
    agent: Visitor, acme: Organization
) -> None:
    agent.open("/people/new/")
    with nothing_changes():
        page = agent.press("Create Client", smart="Lena Fischer <a@b@c>")
    assert (page.status, set(page.errors)) == (422, {"email"})


def test_lines_are_added_as_one_act_and_the_known_are_named(
    agent: Visitor, acme: Organization
) -> None:
    make_person("lena@acme.test", organization=acme)
    agent.open("/people/new/")
    lines = (
        "Lena F <LENA@acme.test>\nTom Okafor <tom@acme.test>\nMia Berg <mia@acme.test>\nX <a@b@c>"
    )
    page = agent.press("Create Client", smart=lines, organization=str(acme.pk))
    assert page.path.startswith("/people/")
    said = "2 clients added. 1 already exists: Lena F. 1 can't be read: X."
    assert page.toasts == [said]
    assert Membership.objects.filter(organization=acme).count() == 3
    acme.refresh_from_db()
    assert acme.people_count == 3


def test_lines_of_which_none_is_new_change_nothing(agent: Visitor, acme: Organization) -> None:
    make_person("p1@acme.test", organization=acme)
    make_person("tom@acme.test", name="Tom", organization=acme)
    agent.open("/people/new/")
    with nothing_changes():
        page = agent.press("Create Client", smart="p1@acme.test\ntom@acme.test")
    assert page.status == 422
    assert "Nothing of this is new." in page.text
    preview = agent.browser.post("/people/read/", {"smart": "p1@acme.test\ntom@acme.test"})
    assert preview.content.decode().count("Already exists") == 2


def test_more_than_200_lines_are_refused(agent: Visitor, acme: Organization) -> None:
    agent.open("/people/new/")
    lines = "\n".join(f"p{number}@acme.test" for number in range(201))
    with nothing_changes():
        page = agent.press("Create Client", smart=lines)
    assert "These are 201 lines; at most 200 are added at once." in page.text


def test_s1_08_names_of_organizations_that_are_there_are_left_out(agent: Visitor) -> None:
    make_organization("Birch & Sons")
    agent.open("/organizations/new/")
    page = agent.press("Create Organization", name="", names="Isar\n birch & SONS \n\nIsar\nDune")
    assert page.toasts == ["2 organizations added. 2 already exist: birch & SONS, Isar."]
    assert sorted(Organization.objects.values_list("name", flat=True)) == [
        "Birch & Sons",
        "Dune",
        "Isar",
    ]


def test_an_organization_is_proposed_by_domain_then_by_website_never_for_free_mail(
    owner_actor: Actor, acme: Organization
) -> None:
    birch = make_organization("Birch", website="https://www.birch.test/")
    make_organization("Gone", website="https://gone.test", archived_at="2026-01-01T00:00:00Z")
    for number in range(2):
        make_person(f"p{number}@acme.test", name=f"P {number}", organization=acme)
    make_person("a@gmail.com", name="A", organization=acme)
    make_person("a@notacme.test", name="B", organization=birch)
    found = propose_organization(owner_actor, "new@ACME.test")
    assert found is not None
    assert (found.id, found.reason) == (acme.pk, "2 clients use this domain")
    found = propose_organization(owner_actor, "new@birch.test")
    assert found is not None
    assert (found.id, found.reason) == (birch.pk, "Its website has this domain")
    for email in ("new@gmail.com", "new@gone.test", "new@me.test", "new", ""):
        assert propose_organization(owner_actor, email) is None


def test_look_alikes_are_found_by_address_number_and_name(
    owner_actor: Actor, acme: Organization
) -> None:
    make_person("lena@acme.test", name="Lena Fischer", organization=acme)
    make_person("x@acme.test", name="Xaver", phone="+49 40 1234567", phone_e164="+49401234567")

    def twins(**values: str) -> list[tuple[str, str, bool]]:
        found = likely_twins(owner_actor, values, None)
        return [(twin.label, twin.reason, twin.blocks) for twin in found]

    assert twins(email="LENA@acme.test") == [("Lena Fischer", "This address is in use", True)]
    assert twins(phone="+49 (40) 123 45 67") == [("Xaver", "the same phone number", False)]
    assert twins(name="Lena Fisher") == [("Lena Fischer", "a similar name", False)]
    for name in ("Lena Okafor", "Leo Fischer", "Liam Fischer"):
        assert twins(name=name) == []
    assert twins(email="owner@northstar.test")[0][2] is True


def test_a_character_that_no_database_takes_finds_nobody_and_breaks_nothing(
    owner_browser: Client, acme: Organization
) -> None:
    make_person("lena@acme.test", name="Lena Fischer", organization=acme)
    for field in ("name", "email", "phone", "position", "smart"):
        sent = {"name": "Mia Berg", "email": "mia@berg.test", field: "Lena \x00 Okafor"}
        assert owner_browser.post("/people/read/", sent).status_code == 200
    lines = "Lena\x00 <lena\x00@acme.test>\nTom \x00 <t\x00@acme.test>"
    assert owner_browser.post("/people/read/", {"smart": lines}).status_code == 200
    names = "Acme\x00 Windows\nBirch\x00"
    assert owner_browser.post("/organizations/read/", {"names": names}).status_code == 200
