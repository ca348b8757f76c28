"""Invite people into the portal and colleagues into the team."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from portico.accounts.choices import Licence
from portico.clients.actions.locks import held, hold_places
from portico.clients.actions.people import require_assignable
from portico.clients.models import Membership, Organization, Person, missing
from portico.invitations.actions.sending import (
    chosen_roles,
    require_can_be_invited,
    require_nothing_pending,
    send_once,
)
from portico.invitations.models import Invitation
from portico.invitations.reports import has_ended
from portico.kit.actors import Actor
from portico.kit.errors import Refused
from portico.kit.tenancy.scope import current_scope
from portico.ui.words import say
from portico.workspaces.actions.agents import add_agent, require_holds
from portico.workspaces.choices import Permission, RoleKind
from portico.workspaces.models import Role


@transaction.atomic
def invite_person(
    actor: Actor,
    person_id: UUID,
    *,
    organization_id: UUID | None,
    role_ids: Sequence[UUID] = (),
) -> Invitation:
    """Invite a person into the portal of an organization (None: directly with the workspace).

    No roles: the workspace's default role at the moment of acceptance (X6). Somebody who is in
    another organization already becomes a member by their own consent, not by this. Raises
    NotThere, Merged, Denied, TooManyInvitations, Refused: email_missing, archived, disabled,
    organization_not_assignable, membership_ended, already_joined, invitation_pending, role_unknown,
    role_not_choosable.
    """
    actor.require(Permission.CREATE_CLIENTS)
    person = held(Person.objects.visible_to(actor).filter(pk=person_id)).first()
    if person is None:
        raise missing(actor, Person, person_id, field="person")
    hold_places([person.pk], organization_id)
    require_can_be_invited(person)
    roles = _client_roles(role_ids)
    _require_open(actor, person, organization_id)
    if person.has_usable_password() and _is_member(person, organization_id):
        text = _("%(name)s has joined already.") % {"name": person.display_name}
        raise Refused("already_joined", text, status=409)
    require_nothing_pending(person.pk, organization_id)
    invitation = Invitation(user=person, organization_id=organization_id, address=person.email)
    return send_once(actor, invitation, roles=roles)


@transaction.atomic
def invite_agent(
    actor: Actor,
    email: str,
    *,
    name: str = "",
    role_ids: Sequence[UUID],
    licence: str = Licence.FULL,
) -> Invitation:
    """Add a colleague without a password and invite them; roles are theirs from acceptance.

    Nobody gives a permission they do not hold (R-C12); the plan's licences limit it. Raises
    Denied, TooManyInvitations, Refused: invalid_email, email_in_use, role_unknown, licence_limit.
    """
    actor.require(Permission.MANAGE_TEAM)
    roles = chosen_roles(RoleKind.AGENT, role_ids)
    if not roles:
        raise Refused("required", _("Choose at least one role."), field="roles")
    require_holds(actor, roles)
    agent = add_agent(actor, email, name=name, licence=licence)
    require_nothing_pending(agent.pk, None)
    invitation = Invitation(user=agent, licence=licence, address=agent.email)
    return send_once(actor, invitation, roles=roles)


def _client_roles(role_ids: Sequence[UUID]) -> list[Role]:
    if role_ids and not current_scope().settings["role_in_invitation"]:
        text = _("Everybody starts with the workspace's default role here.")
        raise Refused("role_not_choosable", text, field="roles")
    return chosen_roles(RoleKind.CLIENT, role_ids)


def _require_open(actor: Actor, person: Person, organization_id: UUID | None) -> None:
    """An organization that would let them in today; none only where the workspace allows it."""
    if organization_id is None:
        if current_scope().settings["organization_required"] and not _is_member(person, None):
            text = say("Choose an organization.")
            raise Refused("required", text, field="organization")
        return
    require_assignable(actor, organization_id)
    organization = Organization.objects.get(pk=organization_id)
    if has_ended(organization):
        text = say("The membership of this organization has ended. Extend it first.")
        raise Refused("membership_ended", text, field="organization", status=409)


def _is_member(person: Person, organization_id: UUID | None) -> bool:
    found = Membership.objects.filter(person_id=person.pk, organization_id=organization_id)
    return bool(found.exists())
