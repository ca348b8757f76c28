"""Add colleagues, change their roles and licence, switch their sign-in, archive them.

Rank decides who may touch whom: nobody gives a permission they do not hold, touches somebody who
holds more than they do, or disables themselves; and one active owner always stays (domain.md,
Permissions). The row of the role Owner is the lock under which owners are counted.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from portico.accounts.actions.sessions import end_sessions_of
from portico.accounts.choices import Licence, UserKind
from portico.accounts.models import User
from portico.history.actions import record
from portico.kit.actors import Actor
from portico.kit.addresses import clean_email, email_key
from portico.kit.errors import Denied, FieldProblem, NotThere, Refused, Stale
from portico.kit.names import clean_name
from portico.kit.tenancy.scope import current_scope
from portico.ui.words import say
from portico.workspaces.choices import OWNER, Permission, RoleKind
from portico.workspaces.guards import promised_permissions
from portico.workspaces.limits import hold_plan, require_licence
from portico.workspaces.models import Agent, Role, RoleAssignment

_FORMATS = ("date_order", "date_separator", "clock")


@transaction.atomic
def add_agent(actor: Actor, email: str, *, name: str = "", licence: str = Licence.FULL) -> Agent:
    """Add a colleague without a password or roles; both come when they accept their invitation.

    One who was invited before and never joined is taken up again. Raises Denied, Refused:
    invalid_email, email_in_use, licence_unknown, licence_limit.
    """
    actor.require(Permission.MANAGE_TEAM)
    address = _cleaned("email", clean_email, text=email)
    called = _cleaned("name", clean_name, text=name) if name.strip() else ""
    _require_known_licence(licence)
    hold_plan()
    agents = Agent.objects.select_for_update(no_key=True)
    known = agents.filter(email_key=email_key(address)).first()
    if known is not None and not known.has_usable_password():
        return _take_up_again(actor, known, {"name": called or known.name, "licence": licence})
    if known is not None or User.objects.with_address(email_key(address)).exists():
        raise _address_in_use(known)
    require_licence(licence)
    settings = current_scope().settings
    agent = Agent(
        kind=UserKind.AGENT,
        email=address,
        name=called,
        licence=licence,
        **{field: settings[field] for field in _FORMATS},
    )
    agent.set_unusable_password()
    try:
        with transaction.atomic():
            agent.save(force_insert=True)
    except IntegrityError as error:
        raise _address_in_use(None) from error
    record(actor, "agent.created", [agent])
    return agent


@transaction.atomic
def change_agent(
    actor: Actor, agent_id: UUID, changes: Mapping[str, Any], *, version: int | None = None
) -> Agent:
    """Change name, licence or roles (`role_ids`) of a colleague as read at `version`.

    Works at their next request. Raises NotThere, Denied, Stale, Refused: last_owner, role_unknown,
    licence_limit.
    """
    actor.require(Permission.MANAGE_TEAM)
    if "licence" in changes:
        hold_plan()
    agents = Agent.objects.active().select_for_update(no_key=True)
    agent: Agent | None = agents.filter(pk=agent_id).first()
    if agent is None:
        raise NotThere
    _require_rank(actor, [agent])
    if version is not None and version != agent.version:
        raise Stale(agent)
    with _keeping_an_owner():
        changed = _change_fields(agent, changes)
        if "role_ids" in changes:
            changed |= _change_roles(actor, agent, changes["role_ids"])
        if not changed:
            return agent
        agent.version += 1
        agent.save(update_fields=["name", "licence", "version"])
    record(actor, "agent.updated", [agent], changes=changed)
    return agent


@transaction.atomic
def disable_agents(actor: Actor, agents: Any) -> list[Agent]:
    """Switch off the sign-in of these colleagues; sessions and keys end at the next request.

    Raises Denied, Refused("own_account"), Refused("last_owner").
    """
    rows = _touchable(actor, agents.filter(is_disabled=False))
    _require_not_oneself(actor, rows)
    with _keeping_an_owner():
        _update(rows, is_disabled=True)
    end_sessions_of([agent.pk for agent in rows])
    record(actor, "agent.disabled", rows)
    return rows


@transaction.atomic
def enable_agents(actor: Actor, agents: Any) -> list[Agent]:
    """Switch the sign-in of these colleagues on again, with the same password and roles."""
    rows = _touchable(actor, agents.filter(is_disabled=True))
    _update(rows, is_disabled=False)
    record(actor, "agent.enabled", rows)
    return rows


@transaction.atomic
def archive_agents(actor: Actor, agents: Any) -> list[Agent]:
    """Archive colleagues who left: no sign-in, licence free, everything they did stays.

    Raises Denied, Refused("own_account"), Refused("last_owner").
    """
    rows = _touchable(actor, agents.active())
    _require_not_oneself(actor, rows)
    with _keeping_an_owner():
        _archive(actor, rows)
    return rows


@transaction.atomic
def unarchive_agents(actor: Actor, agents: Any) -> list[Agent]:
    """Bring colleagues back; refused whole when there are not licences enough."""
    hold_plan()
    rows = _touchable(actor, agents.archived())
    for licence in Licence.values:
        count = sum(agent.licence == licence for agent in rows)
        if count:
            require_licence(licence, count=count)
    _update(rows, archived_at=None)
    record(actor, "agent.unarchived", rows)
    return rows


def archive_never_joined(actor: Actor, agent_id: UUID) -> None:
    """Archive a colleague whose invitation was cancelled before they ever had a password.

    Called by the action that cancels, which has checked the permission, in its transaction.
    """
    rows = Agent.objects.active().select_for_update(no_key=True).filter(pk=agent_id)
    _archive(actor, [agent for agent in rows if not agent.has_usable_password()])


def require_holds(actor: Actor, roles: Sequence[Role]) -> None:
    """Raise Denied unless the actor holds every permission of these roles (R-C12)."""
    codes = sorted({code for role in roles for code in role.permissions})
    if not actor.may(*codes):
        missing = [code for code in codes if code not in actor.permissions]
        text = _("You can't give what you don't hold yourself.")
        raise Denied(*missing, detail=text)


def _touchable(actor: Actor, agents: Any) -> list[Agent]:
    actor.require(Permission.MANAGE_TEAM)
    rows = list(agents.order_by("pk").select_for_update(no_key=True))
    _require_rank(actor, rows)
    return rows


def _require_rank(actor: Actor, agents: Sequence[Agent]) -> None:
    """Nobody touches somebody who holds more, whatever the licence leaves of it.

    What a colleague was promised and has not accepted yet counts like what they hold.
    """
    keys = [agent.pk for agent in agents]
    held = Role.objects.filter(assignments__user__in=keys)
    codes = {code for role in held for code in role.permissions} | promised_permissions(keys)
    if not actor.may(*codes):
        missing = sorted(codes - actor.permissions)
        raise Denied(*missing, detail=_("They hold more than you do."))


def _require_not_oneself(actor: Actor, agents: Sequence[Agent]) -> None:
    if any(agent.pk == actor.user_id for agent in agents):
        raise Refused("own_account", _("You can't do this to your own account."), status=409)


@contextmanager
def _keeping_an_owner() -> Iterator[None]:
    """Refuse what is done in the block when it takes away the last owner who can sign in and act.

    The row of the role is locked first, so that of two who each take one of two owners the second
    waits and then is refused.
    """
    Role.objects.select_for_update().filter(kind=RoleKind.AGENT, name=OWNER).first()
    had_an_owner = _has_an_owner()
    yield
    if had_an_owner and not _has_an_owner():
        text = _("The workspace needs one active owner. Make somebody else owner first.")
        raise Refused("last_owner", text, status=409)


def _has_an_owner() -> bool:
    owners = Agent.objects.active().filter(
        is_disabled=False,
        licence=Licence.FULL,
        role_assignments__role__name=OWNER,
        role_assignments__role__is_system=True,
    )
    return bool(owners.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX).exists())


def _change_fields(agent: Agent, changes: Mapping[str, Any]) -> dict[str, list[Any]]:
    changed: dict[str, list[Any]] = {}
    name = _cleaned("name", clean_name, text=changes["name"]) if "name" in changes else agent.name
    if name != agent.name:
        changed["name"] = [agent.name, name]
        agent.name = name
    licence = changes.get("licence", agent.licence)
    if licence != agent.licence:
        _require_known_licence(licence)
        require_licence(licence)
        changed["licence"] = [agent.licence, licence]
        agent.licence = licence
    return changed


def _change_roles(actor: Actor, agent: Agent, role_ids: Sequence[UUID]) -> dict[str, list[Any]]:
    wanted = {role.pk: role for role in Role.objects.filter(kind=RoleKind.AGENT, pk__in=role_ids)}
    if len(wanted) != len(set(role_ids)):
        raise Refused("role_unknown", _("Choose one of the roles listed."), field="role_ids")
    if not wanted:
        raise Refused("required", _("Choose at least one role."), field="role_ids")
    held = {role.pk: role for role in Role.objects.filter(assignments__user=agent)}
    added = [role for key, role in wanted.items() if key not in held]
    require_holds(actor, added)
    if wanted.keys() == held.keys():
        return {}
    RoleAssignment.objects.filter(user=agent).exclude(role__in=wanted).delete()
    RoleAssignment.objects.bulk_create(RoleAssignment(user=agent, role=role) for role in added)
    return {"roles": [_names(held.values()), _names(wanted.values())]}


def _names(roles: Any) -> list[str]:
    return sorted(role.name for role in roles)


def _take_up_again(actor: Actor, agent: Agent, fields: Mapping[str, str]) -> Agent:
    if agent.archived_at is not None or agent.licence != fields["licence"]:
        require_licence(fields["licence"])
    was_archived = agent.archived_at is not None
    agent.archived_at = None
    agent.name = fields["name"]
    agent.licence = fields["licence"]
    agent.version += 1
    agent.save()
    if was_archived:
        record(actor, "agent.unarchived", [agent])
    return agent


def _archive(actor: Actor, agents: Sequence[Agent]) -> None:
    _update(agents, archived_at=timezone.now())
    end_sessions_of([agent.pk for agent in agents])
    record(actor, "agent.archived", agents)


def _update(agents: Sequence[Agent], **fields: Any) -> None:
    rows = Agent.objects.filter(pk__in=[agent.pk for agent in agents])
    rows.update(version=F("version") + 1, updated_at=timezone.now(), **fields)


def _require_known_licence(licence: str) -> None:
    if licence not in Licence.values:
        raise Refused("licence_unknown", _("Choose one of the licences."), field="licence")


def _address_in_use(agent: Agent | None) -> Refused:
    text = say("This address is in use. One address cannot be both an agent's and a person's.")
    if agent is not None:
        text = say("%(name)s, an agent, has this address already.", name=agent.display_name)
    return Refused("email_in_use", text, field="email")


def _cleaned(field: str, clean: Any, *, text: str) -> str:
    try:
        return str(clean(text))
    except Refused as refused:
        problem = FieldProblem(field, refused.code, refused.detail)
        raise Refused(refused.code, refused.detail, errors=[problem]) from refused
