"""Whatever the lists are sorted by, a page of them walks an index; see test_plans."""

import re
from typing import Any

import pytest

from portico.clients.filters import OrganizationFilter, PersonFilter, whole_list
from portico.clients.models import Organization, Person
from portico.kit.pagination import keyset_page
from tests.clients.plans import (
    IS_SQLITE,
    ORGANIZATION_SORTS,
    ORGANIZATION_TEXTS,
    PERSON_SORTS,
    PERSON_TEXTS,
    STATES,
    assert_walks,
    plans_of,
    turn_pages,
)
from tests.factories.workspaces import make_agent


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("direction", ["", "-"])
@pytest.mark.parametrize("sort", PERSON_SORTS)
def test_every_page_of_people_walks_its_index(
    six_people: Any, sort: str, direction: str, state: str
) -> None:
    chosen = PersonFilter.read({"state": state, "sort": direction + sort})
    index = f"{PERSON_SORTS[sort]}_{state}"
    for plan in plans_of(lambda: turn_pages(chosen.of(Person.objects.all()), chosen.order)):
        assert_walks(plan, table="accounts_user", index=index)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("direction", ["", "-"])
@pytest.mark.parametrize("sort", ORGANIZATION_SORTS)
def test_every_page_of_organizations_walks_its_index(
    five_organizations: Any, sort: str, direction: str, state: str, today: Any
) -> None:
    chosen = OrganizationFilter.read({"state": state, "sort": direction + sort})
    index = f"{ORGANIZATION_SORTS[sort]}_{state}"
    for plan in plans_of(lambda: turn_pages(chosen.of(Organization.objects.all()), chosen.order)):
        assert_walks(plan, table="clients_organization", index=index)


@pytest.mark.parametrize("direction", ["", "-"])
@pytest.mark.parametrize("column", [*PERSON_TEXTS, "updated"])
def test_the_active_people_are_sorted_by_an_index_of_their_own(
    six_people: Any, column: str, direction: str
) -> None:
    Person.objects.filter(pk__in=[row.pk for row in six_people[:3]]).update(position="P", phone="1")
    chosen = PersonFilter.read({"sort": direction + sort_by(column)})
    index = "user_updated_active" if column == "updated" else f"user_by_{column}"
    for plan in plans_of(lambda: turn_pages(chosen.of(Person.objects.all()), chosen.order)):
        assert_walks(plan, table="accounts_user", index=index)


@pytest.mark.parametrize("direction", ["", "-"])
@pytest.mark.parametrize("column", [*ORGANIZATION_TEXTS, "updated"])
def test_the_active_organizations_are_sorted_by_an_index_of_their_own(
    five_organizations: Any, column: str, direction: str
) -> None:
    named = [row.pk for row in five_organizations[:3]]
    Organization.objects.filter(pk__in=named).update(address_city="Bonn", website="a.example")
    chosen = OrganizationFilter.read({"sort": direction + sort_by(column)})
    index = "org_updated_active" if column == "updated" else f"org_by_{column}"
    for plan in plans_of(lambda: turn_pages(chosen.of(Organization.objects.all()), chosen.order)):
        assert_walks(plan, table="clients_organization", index=index)


def sort_by(column: str) -> str:
    return {"tag_text": "tags", "updated": "updated_at"}.get(column, column)


@pytest.mark.parametrize("direction", ["", "-"])
@pytest.mark.parametrize(
    ("filters", "model", "sorts"),
    [(PersonFilter, Person, PERSON_SORTS), (OrganizationFilter, Organization, ORGANIZATION_SORTS)],
)
def test_a_page_of_all_is_put_together_of_a_page_of_each_state(
    six_people: Any, five_organizations: Any, filters: Any, model: Any, sorts: Any, direction: str
) -> None:
    for sort, index in sorts.items():
        chosen = filters.read({"state": "all", "sort": direction + sort})
        for plan in plans_of(lambda: turn_pages(chosen.of(model.objects.all()), chosen.order)):  # noqa: B023
            for state in STATES:
                assert f"{index}_{state}" in plan, plan
            assert not re.search(r"Seq Scan|\bSCAN (U0|accounts|clients)", plan), plan
            assert len(re.findall(r"TEMP B-TREE|\bSort\b  ", plan)) == 1, plan


def test_a_rank_of_the_status_walks_an_index_of_its_own(five_organizations: Any) -> None:
    first, second, *_others = five_organizations
    Organization.objects.filter(pk=first.pk).update(is_active=False)
    Organization.objects.filter(pk=second.pk).update(membership_end_date="2020-01-01")
    chosen = OrganizationFilter.read({"sort": "status"})
    plans = plans_of(
        lambda: keyset_page(chosen.of(Organization.objects.all()), chosen.order, limit=5)
    )
    for plan, index in zip(
        plans, ("org_inactive", "org_membership_active", "org_name_key_active"), strict=True
    ):
        assert_walks(plan, table="clients_organization", index=index)


@pytest.mark.skipif(not IS_SQLITE, reason="PostgreSQL has statistics")
def test_an_index_made_for_a_sort_is_taken_for_nothing_else(six_people: Any) -> None:
    agent = make_agent("hana@northstar.test")
    of_agent = Person.objects.active().filter(account_manager_id=agent.pk)
    (plan,) = plans_of(of_agent.values("pk")[:10].count)
    assert "INDEX user_account_manager (workspace_id=? AND account_manager_id=?)" in plan


@pytest.mark.parametrize("narrowed", [{}, {"position.has": "dev"}])
def test_all_are_counted_along_an_index_of_their_workspace(
    six_people: Any, owner_actor: Any, narrowed: dict[str, str]
) -> None:
    chosen = PersonFilter.read_strictly({"state": "all", **narrowed})
    whole = whole_list(owner_actor, chosen)

    def count() -> None:
        if whole is not None:
            whole.count(10)
        else:
            chosen.counted(10, Person.objects.unmerged())

    plan = plans_of(count)[0]
    assert re.search(r"user_name_key_all\b", plan), plan
    assert not re.search(r"Seq Scan|\bSCAN accounts_user", plan), plan
