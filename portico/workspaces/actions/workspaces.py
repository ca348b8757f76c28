"""Make a workspace and change its settings."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from portico.accounts.choices import Licence, UserKind
from portico.accounts.models import User
from portico.history.actions import record
from portico.kit.actors import Actor
from portico.kit.addresses import clean_email
from portico.kit.errors import FieldProblem, NotThere, Refused, Stale
from portico.kit.names import clean_name
from portico.kit.tenancy.scope import current_scope, open_scope
from portico.workspaces.choices import (
    OWNER,
    SYSTEM_AGENT_ROLES,
    SYSTEM_CLIENT_ROLES,
    Permission,
    Preset,
    RoleKind,
)
from portico.workspaces.cleaning import TEXT_FIELDS, clean_field, clean_settings
from portico.workspaces.context import host_name, scope_of
from portico.workspaces.models import Agent, Plan, Role, RoleAssignment, Workspace
from portico.workspaces.presets import effective_settings


def create_workspace(
    *, name: str, preset: str = Preset.AGENCY, hostname: str = "", time_zone: str = "UTC"
) -> Workspace:
    """Make a workspace with its system roles and an unlimited plan.

    There is no actor yet: called by first run, `init` and `demo` only. Raises Refused when the
    preset is unknown, the host name is taken, or a second workspace has none.
    """
    name = clean_name(name)
    if preset not in Preset.values:
        raise Refused("unknown_preset", _("Choose one of the four presets."), field="preset")
    try:
        with transaction.atomic():
            workspace = Workspace.objects.create(
                name=name,
                slug=_free_slug(name),
                preset=preset,
                hostname=host_name(hostname),
                time_zone=time_zone,
            )
            with open_scope(scope_of(workspace)):
                _fill(workspace)
    except IntegrityError as error:
        raise _taken(hostname) from error
    return workspace


@transaction.atomic
def make_owner(*, email: str, name: str, password: str = "") -> Agent:
    """Give the present workspace its first agent, who holds the role Owner and is support contact.

    `password` is already hashed (hashing takes longer than a write lock should be held); without
    one the owner chooses it through a one-time link. There is no actor yet: called by first run,
    `init` and `demo` only. Raises Refused when the address is none.
    """
    scope = current_scope()
    chosen = {key: scope.settings[key] for key in ("date_order", "date_separator", "clock")}
    owner = Agent(
        kind=UserKind.AGENT,
        licence=Licence.FULL,
        email=clean_email(email),
        name=clean_name(name),
        password=password or make_password(None),
        **chosen,
    )
    owner.save()
    role = Role.objects.get(kind=RoleKind.AGENT, name=OWNER)
    RoleAssignment.objects.create(user=owner, role=role)
    Workspace.objects.filter(pk=scope.id).update(support_contact_id=owner.pk)
    record(Actor.system(scope.id), "agent.created", [owner])
    return owner


@transaction.atomic
def update_workspace(
    actor: Actor, changes: Mapping[str, Any], *, version: int | None = None
) -> Workspace:
    """Change name, words, formats, look or settings of the present workspace.

    `changes` holds fields of Workspace and, under `settings`, single settings to set; None there
    takes the preset's value from now on. Raises Denied, Stale, and Refused at each wrong field.
    """
    actor.require(Permission.MANAGE_WORKSPACE)
    workspace = Workspace.objects.select_for_update().get(pk=actor.workspace_id)
    if version is not None and version != workspace.version:
        raise Stale(workspace)
    before = _values_of(workspace)
    _set_fields(workspace, changes)
    after = _values_of(workspace)
    changed = {name: [old, after[name]] for name, old in before.items() if old != after[name]}
    if changed:
        workspace.version += 1
        workspace.save()
        readable = _readable_changes(before, after)
        kept = {workspace.pk: changed}
        record(actor, "workspace.updated", [workspace], changes=readable, reversal=kept)
    return workspace


def _set_fields(workspace: Workspace, changes: Mapping[str, Any]) -> None:
    problems: list[FieldProblem] = []
    for name, value in changes.items():
        try:
            if name == "settings":
                own = {**workspace.settings, **clean_settings(value)}
                workspace.settings = {key: kept for key, kept in own.items() if kept is not None}
            else:
                setattr(workspace, name, clean_field(name, value))
        except Refused as refused:
            problems.extend(refused.errors)
    if problems:
        raise Refused(problems[0].code, problems[0].message, errors=problems)


def _values_of(workspace: Workspace) -> dict[str, Any]:
    """Everything that may be changed, as JSON takes it."""
    values = {name: getattr(workspace, name) for name in TEXT_FIELDS}
    contact = workspace.support_contact_id
    return {
        **values,
        "support_contact": str(contact) if contact else None,
        "settings": dict(workspace.settings),
    }


def _readable_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What history shows: single settings as they worked before and after, an agent by name."""
    old, new = _shown_values(before), _shown_values(after)
    names = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    return {name: [old.get(name), new.get(name)] for name in names}


def _shown_values(values: Mapping[str, Any]) -> dict[str, Any]:
    contact = User.objects.filter(pk=values["support_contact"]).first()
    own = {name: value for name, value in values.items() if name != "settings"}
    settings = effective_settings(values["preset"], values["settings"])
    return {
        **own,
        "support_contact": contact.display_name if contact else "",
        **{name: _as_list(value) for name, value in settings.items()},
    }


def _as_list(value: Any) -> Any:
    return [str(part) for part in value] if isinstance(value, list | tuple) else value


@transaction.atomic
def set_support_contact(actor: Actor, agent_id: Any) -> Workspace:
    """Name the agent whom people are told to ask when nobody else is responsible for them."""
    actor.require(Permission.MANAGE_WORKSPACE)
    agent = User.objects.agents().active().filter(pk=agent_id).first()
    if agent is None:
        raise NotThere
    return update_workspace(actor, {"support_contact": agent})


def _fill(workspace: Workspace) -> None:
    Plan.objects.create()
    Role.objects.bulk_create(
        Role(kind=kind, name=name, permissions=sorted(permissions), is_system=True)
        for kind, roles in (
            (RoleKind.AGENT, SYSTEM_AGENT_ROLES),
            (RoleKind.CLIENT, SYSTEM_CLIENT_ROLES),
        )
        for name, permissions in roles.items()
    )
    record(Actor.system(workspace.pk), "workspace.created", [workspace])


def _free_slug(name: str) -> str:
    wanted = slugify(name)[:40] or "workspace"
    taken = set(Workspace.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    number = 1
    slug = wanted
    while slug in taken:
        number += 1
        slug = f"{wanted}-{number}"
    return slug


def _taken(hostname: str) -> Refused:
    if hostname:
        detail = _("Another workspace has the host name %(hostname)s.") % {"hostname": hostname}
        return Refused("hostname_in_use", detail, field="hostname")
    detail = _("There is a workspace without a host name already; give this one a host name.")
    return Refused("hostname_needed", detail, field="hostname")
