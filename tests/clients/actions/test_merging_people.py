"""Two people become one: memberships, sign-ins, addresses, and all of it back."""

import pytest
from django.contrib.auth.hashers import check_password, make_password

from portico.accounts.guards import entry_refusal
from portico.accounts.models import Session, User
from portico.clients.actions.counters import recount_people
from portico.clients.actions.merging import merge_people, preview_people
from portico.clients.actions.people import require_free_address
from portico.clients.models import Membership, Merge, Organization, Person
from portico.history.actions.undo import undo_act
from portico.kit.errors import NotThere, Refused
from portico.kit.ids import new_id
from portico.workspaces.models import Agent, Plan
from tests.clients.actions.test_merging import everything, merge, tag
from tests.conftest import sign_in
from tests.factories.clients import make_organization, make_person
from tests.factories.workspaces import PASSWORD, actor_of


@pytest.fixture
def lena(acme: Organization) -> Person:
    """Lena at Acme, who signs in."""
    return make_person("lena@acme.test", name="Lena Fischer", organization=acme, roles=["Guest"])


@pytest.fixture
def twin(acme: Organization) -> Person:
    """Lena once more, with another address, at Acme and at Birch."""
    birch = make_organization("Birch")
    person = make_person(
        "lena@home.test",
        name="L. Fischer",
        organization=birch,
        phone="+41 44 668 18 00",
        reference="L-2",
    )
    second = Membership.objects.create(person=person, organization=acme)
    admin = make_person("a@acme.test", name="A", organization=acme, roles=["Admin"])
    role = admin.memberships.get().role_assignments.get().role
    second.role_assignments.create(role=role)
    recount_people([acme.pk, birch.pk])
    return person


def test_edge_case_37_a_membership_on_both_sides_collapses_with_the_roles_of_both(
    owner: Agent, lena: Person, twin: Person
) -> None:
    merge(owner, lena, twin)
    found = {
        str(row.organization): (
            row.is_primary,
            sorted(row.role_assignments.values_list("role__name", flat=True)),
        )
        for row in lena.memberships.select_related("organization")
    }
    assert found == {"Acme Windows": (True, ["Admin", "Guest"]), "Birch": (False, [])}
    counts = Organization.objects.order_by("name").values_list("name", "people_count")
    assert list(counts) == [("Acme Windows", 2), ("Birch", 1)]
    assert (lena.phone, lena.reference) == ("+41 44 668 18 00", "L-2")


def test_edge_case_36_one_address_stays_the_other_stays_reserved_and_signs_in_no_more(
    owner: Agent, lena: Person, twin: Person
) -> None:
    sign_in(lena), sign_in(twin)
    merge(owner, lena, twin, email="source")
    assert (lena.email, twin.email) == ("lena@home.test", "lena@acme.test")
    assert (lena.email_key, twin.email_key) == ("lena@home.test", "lena@acme.test")
    assert Session.objects.count() == 0
    refusal = entry_refusal(twin)
    assert (entry_refusal(lena), refusal and refusal.code) == (None, "merged")
    assert check_password(PASSWORD, lena.password)
    with pytest.raises(Refused) as taken:
        require_free_address("lena@acme.test")
    assert taken.value.code == "email_in_use"


def test_r_c28_a_password_opens_only_the_address_it_was_chosen_for(
    owner: Agent, lena: Person, twin: Person
) -> None:
    """Else a merge would let the one who knows the one password in with the other's address."""
    User.objects.filter(pk=lena.pk).update(password=make_password("known to the attacker"))
    before = everything()
    act = merge(owner, lena, twin, email="source")
    assert (lena.email, check_password(PASSWORD, lena.password)) == ("lena@home.test", True)
    assert not check_password("known to the attacker", lena.password)
    kept = str(Merge.objects.values("replaced", "collapsed", "moved").get())
    assert ("argon2" in kept, "pbkdf2" in kept, lena.password in kept) == (False, False, False)
    undo_act(actor_of(owner), act.act_id)
    assert everything() == before


@pytest.mark.parametrize("email", ["source", "survivor"])
def test_edge_case_36_undo_gives_everything_back_exactly(
    owner: Agent, lena: Person, twin: Person, email: str
) -> None:
    tag("VIP", lena, twin)
    tag("Retainer", twin)
    before = everything()
    act = merge(owner, lena, twin, email=email, name="source", reference="source")
    assert lena.tag_text == "Retainer\nVIP"
    undo_act(actor_of(owner), act.act_id)
    assert everything() == before
    assert sign_in(Person.objects.get(pk=twin.pk)).get("/portal/").status_code == 200


def test_the_only_sign_in_goes_over_with_its_address_and_back(
    owner: Agent, acme: Organization, twin: Person
) -> None:
    contact = make_person("", name="Lena F.", organization=acme, has_joined=False)
    before = everything()
    plan = preview_people(actor_of(owner), contact.pk, twin.pk, choices={"email": "survivor"})
    email = next(field for field in plan.fields if field.name == "email")
    assert (email.result, email.is_fixed, plan.takes_login) == ("lena@home.test", True, True)
    act = merge(owner, contact, twin)
    assert entry_refusal(contact) is None
    undo_act(actor_of(owner), act.act_id)
    assert everything() == before


def test_with_the_sign_in_that_went_over_one_comes_in(
    owner: Agent, acme: Organization, twin: Person
) -> None:
    contact = make_person("", name="Lena F.", organization=acme, has_joined=False)
    merge(owner, contact, twin)
    assert sign_in(contact).get("/portal/").status_code == 200


def test_an_unproved_address_never_gets_a_sign_in_that_was_another_addresss(
    owner: Agent, lena: Person, acme: Organization
) -> None:
    contact = make_person("new@acme.test", name="L", organization=acme, has_joined=False)
    merge(owner, lena, contact, email="source")
    assert (lena.email, lena.has_usable_password()) == ("lena@acme.test", True)


def test_one_with_only_an_address_and_one_with_only_a_name_become_one_and_two_again(
    owner: Agent, acme: Organization
) -> None:
    named = make_person("", name="Nora", organization=acme, has_joined=False)
    addressed = make_person("nora@acme.test", name="", has_joined=False)
    before = everything()
    act = merge(owner, named, addressed)
    assert (named.name, named.email) == ("Nora", "nora@acme.test")
    undo_act(actor_of(owner), act.act_id)
    assert everything() == before


def test_undo_is_refused_whole_when_the_plan_has_no_room_for_two(
    owner: Agent, lena: Person, twin: Person
) -> None:
    act = merge(owner, lena, twin)
    Plan.objects.update(person_limit=2)
    with pytest.raises(Refused) as refused:
        undo_act(actor_of(owner), act.act_id)
    assert refused.value.code == "person_limit"
    assert Person.objects.get(pk=twin.pk).merged_into_id == lena.pk


def test_nobody_is_merged_with_themselves_or_with_an_erased_person(
    owner: Agent, lena: Person, twin: Person
) -> None:
    Person.objects.filter(pk=twin.pk).update(erased_at="2026-01-01T00:00Z")
    codes = []
    for key in (lena.pk, twin.pk):
        with pytest.raises(Refused) as refused:
            merge_people(actor_of(owner), lena.pk, key, choices={})
        codes.append(refused.value.code)
    assert codes == ["same_record", "not_found"]


def test_the_manager_of_the_other_is_taken_and_given_back(
    owner: Agent, lena: Person, twin: Person
) -> None:
    Person.objects.filter(pk=twin.pk).update(account_manager=owner)
    act = merge(owner, lena, twin)
    assert lena.account_manager_id == owner.pk
    undo_act(actor_of(owner), act.act_id)
    lena.refresh_from_db()
    assert lena.account_manager_id is None


def test_an_id_that_never_existed_is_not_there_even_beside_itself(owner: Agent) -> None:
    key = new_id()
    with pytest.raises(NotThere):
        preview_people(actor_of(owner), key, key, choices={})
