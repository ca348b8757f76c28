"""Send again, cancel, copy the link; and what all sending has in common."""

from collections.abc import Sequence
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portico.accounts.models import User
from portico.clients.actions.locks import held, hold_people
from portico.history.actions import record
from portico.invitations.choices import InvitationState, LinkState
from portico.invitations.limits import TooManyInvitations, require_room_to_send
from portico.invitations.links import link_of
from portico.invitations.models import Invitation, InvitationRole
from portico.invitations.reports import (
    expiry_from,
    is_for_another_address,
    obstacle_of,
    standing_of_link,
    was_readdressed,
)
from portico.kit.actors import Actor, Way
from portico.kit.errors import NotThere, Refused
from portico.kit.requests import current_request_id
from portico.kit.tenancy.scope import current_scope
from portico.ui.words import say
from portico.workspaces.actions.agents import archive_never_joined, require_holds
from portico.workspaces.choices import Permission
from portico.workspaces.models import Role


@transaction.atomic
def resend_invitation(actor: Actor, invitation_id: UUID) -> Invitation:
    """Send a pending invitation again, to the user's present address; the older link dies (S2.54).

    Its lifetime begins anew. In place of one that was cancelled because the address changed, a new
    one goes to the new address. Raises NotThere, Denied, Refused("not_pending"),
    TooManyInvitations.
    """
    invitation = _locked(actor, invitation_id)
    _require_may_send(actor, invitation)
    if was_readdressed(invitation):
        return _send_in_place_of(actor, invitation)
    _require_pending(invitation)
    _require_acceptable(invitation)
    return _send_anew(actor, invitation)


@transaction.atomic
def cancel_invitation(actor: Actor, invitation_id: UUID) -> Invitation:
    """Cancel a pending invitation; its link says so from now on (S2.53).

    A colleague who never joined through it leaves the team and frees the licence. Raises NotThere,
    Denied, Refused("not_pending").
    """
    invitation = _locked(actor, invitation_id)
    _require_may_send(actor, invitation)
    _require_pending(invitation)
    invitation.state = InvitationState.CANCELLED
    invitation.is_unanswered = False
    invitation.version += 1
    invitation.save(update_fields=["state", "is_unanswered", "version"])
    record(actor, "invitation.cancelled", [invitation])
    if invitation.is_for_agent:
        archive_never_joined(actor, invitation.user_id)
    return invitation


@transaction.atomic
def copy_link(actor: Actor, invitation_id: UUID) -> str:
    """The link of a pending invitation, for who may send it; leaves an event (R-C03).

    Raises NotThere, Denied (also for a higher one than oneself, R-C12), Refused("not_pending"),
    Refused("invitation_expired").
    """
    invitation = _locked(actor, invitation_id)
    _require_may_send(actor, invitation)
    _require_pending(invitation)
    _require_acceptable(invitation)
    if invitation.state_at(timezone.now()) == InvitationState.EXPIRED:
        text = _("This invitation has ended. Send it again first.")
        raise Refused("invitation_expired", text, status=409)
    record(actor, "invitation.link_copied", [invitation])
    return link_of(invitation)


@transaction.atomic
def request_new_link(token: str, *, ip: str | None = None) -> None:
    """Send a new link to the address that a dead link was sent to, when it still stands.

    Whoever holds the old link may ask; nobody is signed in, so the system acts. Says nothing about
    what it did: the caller answers the same in every case. Raises NotThere for a forged token.
    """
    standing = standing_of_link(token)
    if standing.invitation is None:
        raise NotThere
    if standing.state not in {LinkState.EXPIRED, LinkState.REPLACED}:
        return
    actor = Actor.system(current_scope().id, request_id=current_request_id(), way=Way.PAGE)
    invitation = _locked(actor, standing.invitation.pk)
    if invitation.state != InvitationState.PENDING or _obstacle(invitation):
        return
    try:
        _send_anew(actor, invitation)
    except TooManyInvitations:
        return


def require_can_be_invited(user: User) -> None:
    """Refuse users whom no mail can reach or whom nobody would let in."""
    if not user.email:
        text = say("Enter an e-mail address for this person first.")
        raise Refused("email_missing", text, field="email", status=409)
    if user.archived_at is not None:
        text = _("%(name)s is archived. Unarchive them first.") % {"name": user.display_name}
        raise Refused("archived", text, status=409)
    if user.is_disabled:
        text = _("The sign-in of %(name)s is disabled. Enable it first.")
        raise Refused("disabled", text % {"name": user.display_name}, status=409)


def chosen_roles(kind: str, role_ids: Sequence[UUID]) -> list[Role]:
    """The roles with these ids, all of this kind (X23: never one of the other kind)."""
    roles = list(Role.objects.filter(kind=kind, pk__in=list(role_ids)))
    if len(roles) != len(set(role_ids)):
        raise Refused("role_unknown", _("Choose one of the roles listed."), field="roles")
    return roles


def send(actor: Actor, invitation: Invitation, roles: Sequence[Role]) -> Invitation:
    """Store a new invitation with its roles and send it; called by the actions that invite."""
    now = timezone.now()
    invitation.sent_at = now
    invitation.sent_count = 1
    invitation.expires_at = expiry_from(now)
    invitation.role_count = len(roles)
    invitation.invited_by_id = actor.user_id
    require_room_to_send(invitation.user_id)
    invitation.save(force_insert=True)
    InvitationRole.objects.bulk_create(
        InvitationRole(invitation=invitation, role=role) for role in roles
    )
    record(actor, "invitation.sent", [invitation])
    return invitation


def _send_in_place_of(actor: Actor, void: Invitation) -> Invitation:
    """A new invitation into the same, with the same roles, to the present address."""
    _require_acceptable(void)
    require_nothing_pending(void.user_id, void.organization_id)
    fresh = Invitation(
        user=void.user,
        organization_id=void.organization_id,
        licence=void.licence,
        address=void.user.email,
    )
    roles = [given.role for given in void.roles.select_related("role")]
    return send_once(actor, fresh, roles=roles)


def require_nothing_pending(user_id: UUID, organization_id: UUID | None) -> None:
    """Let an invitation whose time is over make room for a new one; refuse while one waits.

    A part of the actions that send, which check and record.
    """
    pending = Invitation.objects.pending().filter(user_id=user_id, organization_id=organization_id)
    over = pending.filter(expires_at__lte=timezone.now())
    over.update(state=InvitationState.EXPIRED, is_unanswered=False)
    if pending.exists():
        raise _waiting()


def send_once(actor: Actor, invitation: Invitation, *, roles: Sequence[Role]) -> Invitation:
    """`send`, refused when somebody else sent one into the same at the same moment."""
    try:
        with transaction.atomic():
            return send(actor, invitation, roles)
    except IntegrityError as error:
        raise _waiting() from error


def _waiting() -> Refused:
    text = _("An invitation is waiting already. Send it again instead.")
    return Refused("invitation_pending", text, status=409)


def mail_again(actor: Actor, invitation: Invitation) -> None:
    """Mail a changed invitation once more with the link it has; called by the actions that change.

    Without effect when its time is over, when it would be for another address, or when no more
    may be sent now: what was changed stays, and the link that is out leads to it.
    """
    now = timezone.now()
    if invitation.state_at(now) != InvitationState.PENDING:
        return
    if is_for_another_address(invitation, invitation.user):
        return
    try:
        require_room_to_send(invitation.user_id)
    except TooManyInvitations:
        return
    invitation.sent_at = now
    invitation.sent_count += 1
    invitation.mail = None
    invitation.version += 1
    invitation.save(update_fields=["sent_at", "sent_count", "mail", "version"])
    record(actor, "invitation.resent", [invitation])


def _send_anew(actor: Actor, invitation: Invitation) -> Invitation:
    require_room_to_send(invitation.user_id)
    changes = {}
    if invitation.address != invitation.user.email:
        changes["address"] = [invitation.address, invitation.user.email]
    now = timezone.now()
    invitation.address = invitation.user.email
    invitation.generation += 1
    invitation.sent_at = now
    invitation.sent_count += 1
    invitation.expires_at = expiry_from(now)
    invitation.mail = None
    invitation.version += 1
    invitation.save()
    record(actor, "invitation.resent", [invitation], changes=changes)
    return invitation


def _locked(actor: Actor, invitation_id: UUID) -> Invitation:
    visible = Invitation.objects.visible_to(actor).filter(pk=invitation_id)
    hold_people(visible.values_list("user_id", flat=True))
    rows = held(Invitation.objects.filter(pk__in=visible.values("pk")))
    invitation: Invitation | None = rows.first()
    if invitation is None:
        raise NotThere
    return invitation


def _require_may_send(actor: Actor, invitation: Invitation) -> None:
    """With `create_clients` or `edit_clients`; for a colleague's: who could have sent it."""
    if not invitation.is_for_agent:
        actor.require_any(Permission.CREATE_CLIENTS, Permission.EDIT_CLIENTS)
        return
    actor.require(Permission.MANAGE_TEAM)
    require_holds(actor, [given.role for given in invitation.roles.select_related("role")])


def _require_pending(invitation: Invitation) -> None:
    if invitation.state != InvitationState.PENDING:
        text = _("This invitation is not waiting any more.")
        raise Refused("not_pending", text, status=409)


def _require_acceptable(invitation: Invitation) -> None:
    require_can_be_invited(invitation.user)
    reason = _obstacle(invitation)
    if reason:
        raise Refused("not_acceptable", reason, status=409)


def _obstacle(invitation: Invitation) -> str:
    return obstacle_of(invitation, invitation.user, organization=invitation.organization)
