"""Rights are computed here and nowhere else, from the database, at each request."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import OuterRef

from portico.accounts.choices import Licence, UserKind
from portico.accounts.models import User
from portico.accounts.sessions import read_with_session
from portico.kit.actors import Actor, ActorKind, Way
from portico.kit.gathering import Gathered, gathered
from portico.kit.prepared import Slot, prepared
from portico.workspaces.choices import IMPLIES_VIEW_CLIENTS, READING, Permission
from portico.workspaces.guards import ClientRights, client_rights
from portico.workspaces.models import ApiKey, Role

ROLE_ROWS = "role_rows"


def role_rows() -> Gathered:
    """An annotation of whatever has a user: the roles they hold as an agent."""
    return Gathered(
        Role.objects.filter(assignments__user_id=OuterRef("user_id")), permissions="permissions"
    )


read_with_session(ROLE_ROWS, role_rows)


def user_actor(
    user: User,
    *,
    held: Any = None,
    chosen_organization_id: UUID | None = None,
    way: Way = Way.PAGE,
    request_id: str = "",
    ip: str | None = None,
) -> Actor:
    """The actor that this user is now.

    One query, for an agent and for a person alike; none for an agent whose `role_rows` were read
    just now with their session (`held`).
    """
    rights = _rights_of(user, chosen_organization_id, held=held)
    return Actor(
        kind=ActorKind.USER,
        id=user.pk,
        name=user.display_name,
        workspace_id=user.workspace_id,
        user_id=user.pk,
        user_kind=user.kind,
        licence=user.licence or None,
        organization_id=rights.organization_id,
        permissions=rights.permissions,
        request_id=request_id,
        ip=ip,
        way=way,
    )


def key_actor(key: ApiKey, *, request_id: str = "", ip: str | None = None) -> Actor:
    """The actor that this key is now: never more than its user, never more than itself."""
    user = key.user
    rights = _rights_of(user, None, held=getattr(key, ROLE_ROWS, None))
    permissions = rights.permissions
    if key.permissions is not None:
        permissions &= frozenset(key.permissions)
    return Actor(
        kind=ActorKind.KEY,
        id=key.pk,
        name=f"{key.name} ({user.display_name})",
        workspace_id=key.workspace_id,
        user_id=user.pk,
        user_kind=user.kind,
        licence=user.licence or None,
        organization_id=rights.organization_id,
        permissions=permissions,
        request_id=request_id,
        ip=ip,
        way=Way.API,
    )


def agent_permissions(roles: Iterable[Iterable[str]], licence: str) -> frozenset[str]:
    """What these roles give together, under this licence (domain.md, Permissions)."""
    permissions = frozenset(code for codes in roles for code in codes)
    if not permissions.isdisjoint(IMPLIES_VIEW_CLIENTS):
        permissions |= {Permission.VIEW_CLIENTS}
    return permissions & READING if licence == Licence.READ_ONLY else permissions


def _rights_of(user: User, chosen_organization_id: UUID | None, *, held: Any) -> ClientRights:
    if user.kind == UserKind.PERSON:
        return client_rights(user, chosen_organization_id)
    if held is None:
        roles = _roles_of_agent.ask(user=user.pk)
    else:
        roles = [gathered(role["permissions"]) for role in gathered(held)]
    return ClientRights(permissions=agent_permissions(roles, user.licence))


@prepared
def _roles_of_agent() -> Any:
    roles = Role.objects.filter(assignments__user_id=Slot("user"))
    return roles.values_list("permissions", flat=True)
