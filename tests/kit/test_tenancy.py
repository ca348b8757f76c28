"""The fence: outside a scope every access raises, inside one the other workspace is not there."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from portico.accounts.models import User
from portico.clients.models import Membership, Organization, Person
from portico.kit.ids import new_id
from portico.kit.tenancy.models import (
    CurrentWorkspace,
    ForeignWorkspace,
    TenantManager,
    TenantModel,
)
from portico.kit.tenancy.scope import (
    OutsideScope,
    current_scope,
    current_workspace_id,
    open_scope,
    scope_or_none,
)
from portico.kit.tenancy.unscoped import unscoped
from portico.workspaces.context import scope_of
from portico.workspaces.models import Workspace
from tests.factories.clients import make_organization, make_person

Act = Callable[[Any], Any]

# What may be done with a stored organization and its person; `row` holds both.
READS: dict[str, Act] = {
    "get": lambda row: Organization.objects.get(pk=row.pk),
    "filter": lambda row: list(Organization.objects.filter(name="Acme")),
    "exclude": lambda row: list(Organization.objects.exclude(name="Birch")),
    "exists": lambda row: Organization.objects.exists(),
    "count": lambda row: Organization.objects.count(),
    "aggregate": lambda row: Organization.objects.aggregate(models.Max("people_count")),
    "iterator": lambda row: list(Organization.objects.iterator()),
    "values": lambda row: list(Organization.objects.values("name")),
    "values_list": lambda row: list(Organization.objects.values_list("name")),
    "in_bulk": lambda row: Organization.objects.in_bulk([row.pk]),
    "first": lambda row: Organization.objects.first(),
    "last": lambda row: Organization.objects.order_by("name").last(),
    "latest": lambda row: Organization.objects.latest("created_at"),
    "contains": Organization.objects.contains,
    "dates": lambda row: list(Organization.objects.dates("created_at", "day")),
    "union": lambda row: list(Organization.objects.union(Organization.objects.all())),
    "subquery": lambda row: list(
        Membership.objects.filter(organization__in=Organization.objects.all())
    ),
    "select_for_update": lambda row: list(Organization.objects.select_for_update()),
    "select_related": lambda row: list(Membership.objects.select_related("organization")),
    "prefetch": lambda row: list(Organization.objects.prefetch_related("memberships")),
    "reverse manager": lambda row: list(row.memberships.all()),
    "forward relation": lambda row: Membership(organization_id=row.pk).organization,
    "proxy": lambda row: list(Person.objects.all()),
    "base manager": lambda row: list(Organization._base_manager.all()),
    "refresh": lambda row: [row.refresh_from_db()],
    "raw": lambda row: list(Organization.objects.raw("SELECT * FROM clients_organization")),
    "raw of a queryset": lambda row: list(
        Organization.objects.all().raw("SELECT * FROM clients_organization")
    ),
}
WRITES: dict[str, Act] = {
    "create": lambda row: Organization.objects.create(name="New"),
    "get_or_create": lambda row: Organization.objects.get_or_create(name="New"),
    "update_or_create": lambda row: Organization.objects.update_or_create(name="New"),
    "bulk_create": lambda row: Organization.objects.bulk_create([Organization(name="New")]),
    "bulk_update": lambda row: Organization.objects.bulk_update([row], ["name"]),
    "save of a new row": lambda row: Organization(name="New").save(),
    "save": lambda row: row.save(),
    "update": lambda row: Organization.objects.update(name="New"),
    "update of a proxy": lambda row: Person.objects.update(position="New"),
    "delete": lambda row: row.delete(),
    "delete of a queryset": lambda row: Organization.objects.all().delete(),
    "delete past the collector": lambda row: Membership.objects.all().delete(),
    "related create": lambda row: row.memberships.create(person_id=new_id()),
    "related clear": lambda row: row.memberships.clear(),
    "cascade from the workspace": lambda row: Workspace.objects.all().delete(),
}


@pytest.fixture
def row(workspace: Workspace) -> Organization:
    """An organization of Northstar with one person; no scope is open any more."""
    with open_scope(scope_of(workspace)):
        organization = make_organization("Acme")
        make_person(organization=organization)
    return organization


def everything() -> dict[str, list[Any]]:
    """All rows of the tables that the acts above touch, past the fence."""
    return {
        model.__name__: list(unscoped(model).order_by("pk").values())
        for model in (Organization, Membership, User)
    }


@pytest.mark.parametrize("act", (READS | WRITES).values(), ids=READS | WRITES)
def test_outside_a_scope_every_access_raises(row: Organization, act: Act) -> None:
    before = everything()
    assert scope_or_none() is None
    with pytest.raises(OutsideScope), transaction.atomic():
        act(row)
    assert everything() == before


def test_a_queryset_may_be_built_anywhere_and_asks_for_the_scope_when_it_runs(
    row: Organization, workspace: Workspace, other_workspace: Workspace
) -> None:
    names = Organization.objects.order_by("name").values_list("name", flat=True)
    with open_scope(scope_of(workspace)):
        assert list(names.all()) == ["Acme"]
    with open_scope(scope_of(other_workspace)):
        assert list(names.all()) == []
    with pytest.raises(OutsideScope):
        list(names.all())


BLIND: dict[str, tuple[Act, Any]] = {
    "filter": (lambda row: list(Organization.objects.filter(pk=row.pk)), []),
    "exclude": (lambda row: list(Organization.objects.exclude(name="Birch")), []),
    "exists": (lambda row: Organization.objects.exists(), False),
    "count": (lambda row: Organization.objects.count(), 0),
    "aggregate": (
        lambda row: Organization.objects.aggregate(most=models.Max("people_count")),
        {"most": None},
    ),
    "iterator": (lambda row: list(Organization.objects.iterator()), []),
    "values": (lambda row: list(Organization.objects.values("name")), []),
    "in_bulk": (lambda row: Organization.objects.in_bulk([row.pk]), {}),
    "first": (lambda row: Organization.objects.first(), None),
    "contains": (Organization.objects.contains, False),
    "union": (lambda row: list(Organization.objects.union(Organization.objects.all())), []),
    "select_related": (lambda row: list(Membership.objects.select_related("organization")), []),
    "across a relation": (
        lambda row: list(Membership.objects.filter(organization__name="Acme")),
        [],
    ),
    "prefetch": (lambda row: list(Organization.objects.prefetch_related("memberships")), []),
    "reverse manager": (lambda row: list(row.memberships.all()), []),
    "proxy": (lambda row: list(Person.objects.all()), []),
    "base manager": (lambda row: list(Organization._base_manager.all()), []),
    "update": (lambda row: Organization.objects.update(name="Taken"), 0),
    "update of one": (lambda row: Organization.objects.filter(pk=row.pk).update(name="Taken"), 0),
    "bulk_update": (lambda row: Organization.objects.bulk_update([row], ["name"]), 0),
    "delete": (lambda row: Organization.objects.filter(pk=row.pk).delete(), (0, {})),
    "delete all": (lambda row: Membership.objects.all().delete(), (0, {})),
}


@pytest.mark.parametrize(("act", "answer"), BLIND.values(), ids=BLIND)
def test_inside_another_workspace_a_row_is_not_there(
    row: Organization, other_workspace: Workspace, act: Act, answer: Any
) -> None:
    with open_scope(scope_of(other_workspace)):
        before = everything()
        assert act(row) == answer
        assert everything() == before


@pytest.mark.parametrize(
    "act",
    (
        lambda row: Organization.objects.get(pk=row.pk),
        lambda row: row.refresh_from_db(),
        lambda row: Membership(organization_id=row.pk).organization,
    ),
    ids=("get", "refresh", "forward relation"),
)
def test_getting_a_row_of_another_workspace_answers_that_it_does_not_exist(
    row: Organization, other_workspace: Workspace, act: Act
) -> None:
    with open_scope(scope_of(other_workspace)), pytest.raises(Organization.DoesNotExist):
        act(row)


@pytest.mark.parametrize(
    "act",
    (
        lambda row: row.save(),
        lambda row: row.save(force_update=True),
        lambda row: row.delete(),
        lambda row: Organization.objects.bulk_create([row]),
        lambda row: Organization(name="New", workspace_id=row.workspace_id).save(),
        lambda row: Organization.objects.create(name="New", workspace_id=row.workspace_id),
        lambda row: Organization.objects.update(workspace_id=row.workspace_id),
        lambda row: Organization.objects.update(workspace=row.workspace),
        lambda row: Organization.objects.filter(name="x").update(workspace=row.workspace),
    ),
)
def test_a_row_can_neither_be_written_into_nor_moved_to_another_workspace(
    row: Organization, other_workspace: Workspace, act: Act
) -> None:
    before = everything()
    with open_scope(scope_of(other_workspace)), pytest.raises(ForeignWorkspace):
        act(row)
    assert everything() == before


def test_the_id_of_a_foreign_row_can_not_be_taken(
    row: Organization, other_workspace: Workspace
) -> None:
    before = everything()
    with (
        open_scope(scope_of(other_workspace)),
        pytest.raises(IntegrityError),
        transaction.atomic(),
    ):
        Organization(pk=row.pk, name="Mine").save()
    assert everything() == before


@pytest.mark.parametrize(
    "name", ("create", "get_or_create", "update_or_create", "bulk_create", "save of a new row")
)
def test_what_is_written_inside_a_scope_belongs_to_its_workspace(
    row: Organization, other_workspace: Workspace, name: str
) -> None:
    with open_scope(scope_of(other_workspace)):
        WRITES[name](row)
    (made,) = unscoped(Organization).filter(name="New")
    assert made.workspace_id == other_workspace.pk


def test_scopes_nest_and_close(workspace: Workspace, other_workspace: Workspace) -> None:
    with open_scope(scope_of(workspace)):
        with open_scope(scope_of(other_workspace)):
            assert current_workspace_id() == other_workspace.pk
        assert current_scope().slug == "northstar"
    with pytest.raises(OutsideScope):
        current_scope()


def test_a_scope_closes_when_its_block_breaks(workspace: Workspace) -> None:
    with pytest.raises(ZeroDivisionError), open_scope(scope_of(workspace)):
        raise ZeroDivisionError
    assert scope_or_none() is None


def tenant_models() -> list[Any]:
    """Every stored class with a workspace."""
    return [
        model
        for model in apps.get_models()
        if any(field.attname == "workspace_id" for field in model._meta.concrete_fields)
    ]


def test_every_table_with_a_workspace_stands_behind_the_fence() -> None:
    assert len(tenant_models()) > 15
    assert [model for model in tenant_models() if not issubclass(model, TenantModel)] == []
    for model in tenant_models():
        for manager in (model._meta.base_manager, model._meta.default_manager):
            assert isinstance(manager, TenantManager), model
            assert _is_fenced(manager), model
        assert all(isinstance(manager, TenantManager) for manager in model._meta.managers), model


def _is_fenced(manager: Any) -> bool:
    conditions = manager.get_queryset().query.where.children
    return any(isinstance(getattr(part, "rhs", None), CurrentWorkspace) for part in conditions)


def test_every_table_of_ours_but_the_workspace_has_a_workspace() -> None:
    ours = [model for model in apps.get_models() if model.__module__.startswith("portico.")]
    assert [model for model in ours if model not in tenant_models()] == [Workspace]


def test_no_foreign_key_crosses_the_fence() -> None:
    """The one way in is the workspace's support contact, set by an action that looks inside."""
    crossing = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("portico.")
        for field in model._meta.concrete_fields
        if field.is_relation
        and field.name != "workspace"
        and (model in tenant_models()) != (field.related_model in tenant_models())
    ]
    assert crossing == ["Workspace.support_contact"]


# Read by the worker's sweep over all workspaces, one after the other, or by age alone.
QUEUE_INDEXES = {
    "follow_up_due",
    "form_token_created",
    "idempotency_created",
    "operation_unfinished",
    "outgoing_mail_due",
}


def test_the_workspace_leads_every_unique_constraint_and_every_index() -> None:
    wrong = {
        index.name
        for model in tenant_models()
        for index in (*model._meta.indexes, *model._meta.constraints)
        if getattr(index, "fields", ()) and index.fields[0] != "workspace"
    }
    assert wrong == QUEUE_INDEXES


def test_no_column_of_a_tenants_table_is_unique_by_itself_but_its_key() -> None:
    alone = [
        f"{model.__name__}.{field.name}"
        for model in tenant_models()
        for field in model._meta.concrete_fields
        if field.unique and not field.primary_key
    ]
    assert alone == []


def test_relations_between_tenants_tables_have_no_hidden_link_table() -> None:
    assert [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.auto_created and model.__module__.startswith("portico.")
    ] == []
