"""What becomes of a pending invitation when its person moves, leaves, or gets another address."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from portico.clients.actions.locks import held
from portico.clients.actions.memberships import Places
from portico.clients.models import Organization
from portico.history.actions import record
from portico.invitations.actions.sending import mail_again
from portico.invitations.choices import InvitationState
from portico.invitations.models import Invitation
from portico.invitations.reports import is_for_another_address
from portico.kit.actors import Actor
from portico.kit.slices import in_slices
from portico.workspaces.choices import Permission


@transaction.atomic
def follow_person(actor: Actor, person_id: UUID, *, left: Places, joined: Places) -> None:
    """Let invitations into what a person left lead to what they joined in its place.

    Where they joined nothing in its place, or are invited there already, the invitation is
    cancelled: its link says so from now on. The link of one that follows stays as it is, so that
    the mail that is out still works; a fresh mail with the same link names the new organization.
    What it leads to is asked again at acceptance (edge case 13).
    """
    actor.require(Permission.EDIT_CLIENTS)
    rows = held(Invitation.objects.pending().filter(user_id=person_id))
    pending = {row.organization_id: row for row in rows}
    target = next(iter(joined), None)
    for invitation in [pending[key] for key in left if key in pending]:
        if len(joined) != 1 or target in pending:
            _cancel(actor, invitation)
        else:
            _lead_to(actor, invitation, target)
            pending[target] = invitation


def _lead_to(actor: Actor, invitation: Invitation, organization_id: UUID | None) -> None:
    names = [_name(key) for key in (invitation.organization_id, organization_id)]
    invitation.organization_id = organization_id
    invitation.version += 1
    invitation.save(update_fields=["organization", "version"])
    record(actor, "invitation.moved", [invitation], changes={"organization": names})
    mail_again(actor, invitation)


@transaction.atomic
def void_of_readdressed(actor: Actor, person_ids: Sequence[UUID]) -> None:
    """Cancel what was sent to an address that these people no longer have (edge cases 5 and 12).

    Whoever reads the old mailbox gets in by it no more, not even when the address is given back.
    The event says from which address to which; `resend_invitation` sends a new one in its place.
    """
    actor.require(Permission.EDIT_CLIENTS)
    for part in in_slices(person_ids):
        rows = held(Invitation.objects.pending().filter(user_id__in=part))
        for invitation in rows.select_related("user"):
            if is_for_another_address(invitation, invitation.user):
                _cancel(actor, invitation, address=invitation.user.email)


def _cancel(actor: Actor, invitation: Invitation, *, address: str | None = None) -> None:
    invitation.state = InvitationState.CANCELLED
    invitation.is_unanswered = address is not None
    invitation.version += 1
    invitation.save(update_fields=["state", "is_unanswered", "version"])
    changes = {} if address is None else {"address": [invitation.address, address]}
    record(actor, "invitation.cancelled", [invitation], changes=changes)


def _name(organization_id: UUID | None) -> str | None:
    rows = Organization.objects.filter(pk=organization_id)
    return rows.values_list("name", flat=True).first() if organization_id else None
