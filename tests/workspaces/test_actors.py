"""Rights are computed in one place: the table of domain.md, licences, keys."""

import datetime
from typing import Any

import pytest
from django.utils import timezone

from portico.kit.errors import Denied
from portico.workspaces.actors import agent_permissions, key_actor
from portico.workspaces.choices import SYSTEM_AGENT_ROLES, SYSTEM_CLIENT_ROLES, Permission
from portico.workspaces.models import ApiKey, Role, RoleAssignment
from tests.factories.clients import make_organization, make_person
from tests.factories.keys import api_client, make_key
from tests.factories.workspaces import actor_of, make_agent

# domain.md, Permissions: what each system role may do; "*" is all, "-x" all but x.
AGENT_TABLE = """
Owner       | *
Admin       | * -erase_people
Manager     | view_clients create_clients edit_clients delete_clients manage_client_organizations
            | view_requests manage_requests view_jobs manage_jobs manage_services view_history
            | import_clients export_clients
Team member | view_clients view_requests manage_requests view_jobs
Viewer      | view_clients view_requests view_jobs view_invoices
"""
CLIENT_TABLE = """
Viewer | view_jobs view_locations
Guest  | submit_requests
Client | submit_requests view_invoices view_locations
Admin  | submit_requests view_organization_requests view_invoices view_jobs view_locations
       | manage_organization_users
"""
ALL_CODES = """
view_clients create_clients edit_clients delete_clients manage_client_organizations view_requests
manage_requests manage_request_types view_jobs manage_jobs view_invoices manage_invoices
manage_services manage_portal manage_team manage_workspace view_history import_clients
export_clients erase_people
"""
READ_ONLY = "view_clients view_requests view_jobs view_invoices view_history export_clients"


def parsed(table: str) -> dict[str, set[str]]:
    """The table as data: role to codes."""
    roles: dict[str, set[str]] = {}
    role = ""
    for line in table.strip().splitlines():
        name, _, codes = line.partition("|")
        role = name.strip() or role
        held = roles.setdefault(role, set())
        for code in codes.split():
            if code == "*":
                held |= set(ALL_CODES.split())
            elif code.startswith("-"):
                held.discard(code[1:])
            else:
                held.add(code)
    return roles


AGENT_ROLES = parsed(AGENT_TABLE)
CLIENT_ROLES = parsed(CLIENT_TABLE)


def test_the_permissions_of_agents_are_those_of_the_domain() -> None:
    assert set(Permission.values) == set(ALL_CODES.split())
    assert len(Permission.values) == 20


def test_the_system_roles_are_those_of_the_domain() -> None:
    assert {role: set(codes) for role, codes in SYSTEM_AGENT_ROLES.items()} == AGENT_ROLES
    assert {role: set(codes) for role, codes in SYSTEM_CLIENT_ROLES.items()} == CLIENT_ROLES


@pytest.mark.parametrize("role", AGENT_ROLES)
@pytest.mark.parametrize("code", ALL_CODES.split())
def test_an_agent_may_what_the_role_says_and_no_more(role: str, code: str) -> None:
    held = agent_permissions([SYSTEM_AGENT_ROLES[role]], "full")
    assert (code in held) is (code in AGENT_ROLES[role])


@pytest.mark.parametrize("role", AGENT_ROLES)
def test_a_system_role_gives_its_permissions_in_the_database_too(scope: Any, role: str) -> None:
    agent = make_agent(roles=[role])
    assert actor_of(agent).permissions == AGENT_ROLES[role]


@pytest.mark.parametrize("role", CLIENT_ROLES)
def test_a_person_may_what_their_client_role_says(acme: Any, role: str) -> None:
    actor = actor_of(make_person(organization=acme, roles=[role]))
    assert actor.permissions == CLIENT_ROLES[role]
    assert (actor.organization_id, actor.licence) == (acme.pk, None)


@pytest.mark.parametrize("role", AGENT_ROLES)
def test_a_read_only_licence_cuts_every_change_whatever_the_role(scope: Any, role: str) -> None:
    agent = make_agent(roles=[role], licence="read_only")
    assert actor_of(agent).permissions == AGENT_ROLES[role] & set(READ_ONLY.split())


@pytest.mark.parametrize(
    "code", ("create_clients", "edit_clients", "delete_clients", "manage_client_organizations")
)
def test_each_of_the_four_client_permissions_implies_seeing(scope: Any, code: str) -> None:
    assert actor_of(make_agent(permissions=[code])).permissions == {code, "view_clients"}


def test_other_permissions_imply_nothing(scope: Any) -> None:
    for code in set(Permission.values) - {
        *("create_clients", "edit_clients", "delete_clients", "manage_client_organizations"),
    }:
        assert agent_permissions([[code]], "full") == {code}


def test_roles_add_up_and_nothing_is_denied(scope: Any) -> None:
    both = make_agent(roles=["Viewer", "Team member"])
    assert actor_of(both).permissions == AGENT_ROLES["Viewer"] | AGENT_ROLES["Team member"]
    assert actor_of(make_agent("none@northstar.test", roles=[])).permissions == frozenset()


def test_a_changed_role_counts_at_once(scope: Any) -> None:
    agent = make_agent(roles=["Viewer"])
    Role.objects.filter(kind="agent", name="Viewer").update(permissions=["view_jobs"])
    assert actor_of(agent).permissions == {"view_jobs"}
    RoleAssignment.objects.filter(user=agent).delete()
    with pytest.raises(Denied):
        actor_of(agent).require("view_jobs")


def test_an_agents_role_gives_a_person_nothing(acme: Any) -> None:
    """A role of the other kind, assigned by mistake or by force, counts for nothing."""
    person = make_person(organization=acme, roles=["Guest"])
    owner_role = Role.objects.get(kind="agent", name="Owner")
    RoleAssignment.objects.create(user_id=person.pk, role=owner_role)
    assert actor_of(person).permissions == {"submit_requests"}


def test_a_person_holds_in_one_organization_what_its_membership_gives(acme: Any) -> None:
    from portico.clients.models import Membership, MembershipRole
    from portico.workspaces.actors import user_actor

    birch = make_organization("Birch")
    person = make_person(organization=acme, roles=["Guest"])
    second = Membership.objects.create(person=person, organization=birch)
    admin = Role.objects.get(kind="client", name="Admin")
    MembershipRole.objects.create(membership=second, role=admin)
    assert user_actor(person).permissions == CLIENT_ROLES["Guest"]
    chosen = user_actor(person, chosen_organization_id=birch.pk)
    assert chosen.organization_id == birch.pk
    assert chosen.permissions == CLIENT_ROLES["Admin"]
    elsewhere = user_actor(person, chosen_organization_id=make_organization("Cedar").pk)
    assert elsewhere.organization_id == acme.pk


@pytest.mark.parametrize(
    ("asked", "held"),
    (
        (None, AGENT_ROLES["Viewer"]),
        (["view_clients"], {"view_clients"}),
        (["view_clients", "erase_people", "manage_workspace"], {"view_clients"}),
        ([], set()),
    ),
)
def test_a_key_never_exceeds_its_user_nor_itself(viewer: Any, asked: Any, held: set[str]) -> None:
    make_key(viewer, permissions=asked)
    assert key_actor(ApiKey.objects.select_related("user").get()).permissions == held


def test_a_key_loses_what_its_user_loses(viewer: Any) -> None:
    make_key(viewer, permissions=["view_clients", "view_jobs"])
    Role.objects.filter(kind="agent", name="Viewer").update(permissions=["view_jobs"])
    assert key_actor(ApiKey.objects.select_related("user").get()).permissions == {"view_jobs"}


def test_a_key_of_a_read_only_agent_only_reads(scope: Any) -> None:
    make_key(make_agent(roles=["Owner"], licence="read_only"))
    key = ApiKey.objects.select_related("user").get()
    assert key_actor(key).permissions == set(READ_ONLY.split())


def ago(**time: int) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(**time)


@pytest.mark.parametrize(
    "change",
    (
        {"revoked_at": ago(seconds=1)},
        {"expires_at": ago(seconds=1)},
    ),
    ids=("revoked", "expired"),
)
def test_a_dead_key_is_nobodys_at_the_next_request(owner: Any, change: dict[str, Any]) -> None:
    api = api_client(owner)
    assert api.get("/api/v1/me").status_code == 200
    ApiKey.objects.update(**change)
    assert api.get("/api/v1/me").status_code == 401


@pytest.mark.parametrize(
    "change",
    (
        {"is_disabled": True},
        {"archived_at": ago(seconds=1)},
        {"password": "!"},
    ),
    ids=("disabled", "archived", "invited"),
)
def test_a_key_dies_with_its_user(owner: Any, change: dict[str, Any]) -> None:
    api = api_client(owner)
    assert api.get("/api/v1/me").status_code == 200
    type(owner).objects.filter(pk=owner.pk).update(**change)
    assert api.get("/api/v1/me").status_code == 401


def test_a_key_of_a_person_dies_with_the_membership(acme: Any, guest: Any) -> None:
    api = api_client(guest)
    assert api.get("/api/v1/me").json()["organization_id"] == str(acme.pk)
    type(acme).objects.update(membership_end_date=ago(days=3).date())
    assert api.get("/api/v1/me").status_code == 401


def test_a_key_counts_on_its_own_workspaces_host_only(owner: Any, other_workspace: Any) -> None:
    api = api_client(owner)
    assert api.get("/api/v1/me").status_code == 200
    assert api.get("/api/v1/me", headers={"host": "zenith.test"}).status_code == 401


@pytest.mark.parametrize(
    "header",
    (
        "",
        "Bearer",
        "Bearer portico_00000000_" + "A" * 43,
        "Basic {key}",
        "Bearer {key}x",
        "Bearer {hash}",
        "{key}",
    ),
)
def test_what_is_not_exactly_a_key_is_nobodys(client: Any, owner: Any, header: str) -> None:
    key = make_key(owner)
    sent = header.format(key=key, hash=ApiKey.objects.get().hash)
    answer = client.get("/api/v1/me", headers={"authorization": sent})
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="portico"')


def test_a_key_is_stored_only_as_a_hash(owner: Any) -> None:
    key = make_key(owner)
    row = ApiKey.objects.get()
    assert key not in {str(value) for value in vars(row).values()}
    assert key.startswith(row.prefix)


@pytest.mark.parametrize("is_agent", (True, False))
def test_the_actor_costs_one_query(
    owner: Any, guest: Any, django_assert_num_queries: Any, *, is_agent: bool
) -> None:
    from portico.workspaces.actors import user_actor

    user = type(owner).objects.get(pk=owner.pk) if is_agent else type(guest).objects.get()
    with django_assert_num_queries(1):
        user_actor(user)
