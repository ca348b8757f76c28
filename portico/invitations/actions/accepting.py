"""Accept an invitation: exactly once, however many try at the same moment."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from portico.accounts.actions.passwords import as_themselves, set_first_password
from portico.accounts.models import User
from portico.accounts.passwords import checked_hash
from portico.clients.actions.counters import recount_people
from portico.clients.actions.locks import hold_organizations, hold_people, hold_places
from portico.clients.actions.primaries import settle_primaries
from portico.clients.models import Membership, MembershipRole, Organization
from portico.history.actions import record
from portico.invitations.choices import InvitationState, LinkState
from portico.invitations.models import Invitation
from portico.invitations.reports import (
    default_client_role,
    is_for_another_address,
    obstacle_of,
    standing_of_link,
)
from portico.kit.actors import Actor
from portico.kit.errors import FieldProblem, Refused
from portico.kit.names import clean_name
from portico.workspaces.models import Role, RoleAssignment


class DeadLink(Refused):
    """The link opens nothing (any more); `state` says why, for whoever holds it."""

    def __init__(self, state: LinkState, reason: str = "") -> None:
        status = 404 if state is LinkState.UNKNOWN else 410
        super().__init__(f"invitation_{state.value}", reason or _dead(state), status=status)
        self.state = state


def accept_invitation(token: str, *, password: str, name: str = "", ip: str | None = None) -> User:
    """Let the invited one choose a password and join; the caller signs them in afterwards.

    There is no actor yet: they act as themselves. The password is hashed before the write lock is
    taken. Raises DeadLink, Refused("sign_in_first") when they have a password already, Refused at
    `password` and `name`.
    """
    invitation = require_open(token)
    user = invitation.user
    if user.has_usable_password():
        raise Refused("sign_in_first", _("Sign in to accept this invitation."), status=409)
    called = _clean_own_name(name, user)
    user.name = called
    encoded = checked_hash(password, user, field="password")
    with transaction.atomic():
        taken = _take(invitation)
        row: User = User.objects.get(pk=user.pk)
        if row.has_usable_password():
            raise Refused("sign_in_first", _("Sign in to accept this invitation."), status=409)
        set_first_password(row, encoded, ip=ip)
        _rename(row, called, ip=ip)
        _join(as_themselves(row, ip=ip), taken, row)
    return row


def join_by_invitation(actor: Actor, token: str) -> Invitation:
    """Let somebody who is signed in join what they were invited to, by their own consent (X7).

    Raises DeadLink, Refused("for_somebody_else") without touching the invitation (R-C04).
    """
    invitation = require_open(token)
    if actor.user_id != invitation.user_id:
        text = _("This invitation is for somebody else.")
        raise Refused("for_somebody_else", text, status=409)
    with transaction.atomic():
        taken = _take(invitation)
        row = User.objects.get(pk=actor.user_id)
        _join(actor, taken, row)
    return taken


def require_open(token: str) -> Invitation:
    """The invitation that this token opens now; raises DeadLink with the reason."""
    standing = standing_of_link(token)
    if standing.state is not LinkState.OPEN or standing.invitation is None:
        raise DeadLink(standing.state, standing.reason)
    return standing.invitation


def _take(invitation: Invitation) -> Invitation:
    """Take it with one conditional statement; of many at the same moment one wins (R-C01).

    Everything is asked again under the locks: what changed since the link was opened counts. They
    are taken as everywhere (`clients.actions.locks`): user, organizations, then the invitation.
    """
    hold_people([invitation.user_id])
    leads_to = Invitation.objects.filter(pk=invitation.pk).values_list("organization_id", flat=True)
    place = leads_to.first()
    hold_places([invitation.user_id], place)
    now = timezone.now()
    won = Invitation.objects.filter(
        pk=invitation.pk,
        generation=invitation.generation,
        state=InvitationState.PENDING,
        expires_at__gt=now,
    ).update(
        state=InvitationState.ACCEPTED,
        is_unanswered=False,
        accepted_at=now,
        version=F("version") + 1,
    )
    if not won:
        raise DeadLink(_why_lost(invitation))
    taken: Invitation = Invitation.objects.get(pk=invitation.pk)
    if taken.organization_id != place:  # its organization was merged meanwhile
        hold_organizations([taken.organization_id])
    user = User.objects.get(pk=taken.user_id)
    organization = Organization.objects.filter(pk=taken.organization_id).first()
    if is_for_another_address(taken, user):
        raise DeadLink(LinkState.GONE)
    reason = obstacle_of(taken, user, organization=organization)
    if reason:
        raise DeadLink(LinkState.BLOCKED, reason)
    return taken


def _why_lost(invitation: Invitation) -> LinkState:
    present = Invitation.objects.filter(pk=invitation.pk).first()
    if present is None:
        return LinkState.UNKNOWN
    if present.state == InvitationState.ACCEPTED:
        return LinkState.USED
    if present.state == InvitationState.CANCELLED:
        return LinkState.CANCELLED
    is_older = present.generation != invitation.generation
    return LinkState.REPLACED if is_older else LinkState.EXPIRED


def _join(actor: Actor, invitation: Invitation, user: User) -> None:
    """Give the roles, note the activity, leave the event."""
    roles = [given.role for given in invitation.roles.select_related("role")]
    if invitation.is_for_agent:
        RoleAssignment.objects.bulk_create(
            [RoleAssignment(user=user, role=role) for role in roles], ignore_conflicts=True
        )
    else:
        _join_organization(invitation, roles)
    User.objects.filter(pk=user.pk).update(last_active_at=timezone.now(), version=F("version") + 1)
    record(actor, "invitation.accepted", [invitation])


def _join_organization(invitation: Invitation, roles: list[Role]) -> None:
    """The membership (there already, if the person was created in it) and its roles.

    Belonging directly to the workspace ends with the first organization; its roles go along
    unless others are given. The default role is for those to whom nobody gave one, neither here
    nor meanwhile (X6).
    """
    of_person = Membership.objects.filter(person_id=invitation.user_id)
    membership = of_person.filter(organization_id=invitation.organization_id).first()
    direct = of_person.filter(organization_id=None).first()
    if invitation.organization_id is not None and direct is not None:
        roles = roles or [given.role for given in direct.role_assignments.select_related("role")]
        direct.delete()
        settle_primaries([invitation.user_id])
    if membership is None:
        membership = Membership.objects.create(
            person_id=invitation.user_id,
            organization_id=invitation.organization_id,
            is_primary=not of_person.filter(is_primary=True).exists(),
        )
        if invitation.organization_id is not None:
            recount_people([invitation.organization_id])
    if not roles and not MembershipRole.objects.filter(membership=membership).exists():
        default = default_client_role()
        roles = [default] if default is not None else []
    MembershipRole.objects.bulk_create(
        [MembershipRole(membership=membership, role=role) for role in roles],
        ignore_conflicts=True,
    )


def _clean_own_name(name: str, user: User) -> str:
    """What they call themselves; nothing typed keeps what is known."""
    if not name.strip() and user.name:
        return user.name
    try:
        return clean_name(name)
    except Refused as refused:
        problem = FieldProblem("name", refused.code, refused.detail)
        raise Refused(refused.code, refused.detail, errors=[problem]) from refused


def _rename(user: User, name: str, *, ip: str | None) -> None:
    if name == user.name:
        return
    changes = {"name": [user.name, name]}
    user.name = name
    user.save(update_fields=["name"])
    record(as_themselves(user, ip=ip), f"{user.kind}.updated", [user], changes=changes)


def _dead(state: LinkState) -> str:
    return {
        LinkState.USED: _("This invitation has been used."),
        LinkState.CANCELLED: _("This invitation was cancelled."),
        LinkState.EXPIRED: _("This invitation has ended."),
        LinkState.REPLACED: _("A newer link was sent in place of this one."),
        LinkState.GONE: _("This invitation was sent to an address that is no longer yours."),
        LinkState.BLOCKED: _("This invitation can't be accepted now."),
    }.get(state, _("This link is not valid."))
