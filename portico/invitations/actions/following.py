"""What becomes of a pending invitation when its person moves or leaves."""

from uuid import UUID

from django.db import transaction

from portico.clients.actions.memberships import Places
from portico.clients.models import Organization
from portico.history.actions import record
from portico.invitations.choices import InvitationState
from portico.invitations.models import Invitation
from portico.kit.actors import Actor
from portico.workspaces.choices import Permission


@transaction.atomic
def follow_person(actor: Actor, person_id: UUID, *, left: Places, joined: Places) -> None:
    """Let invitations into what a person left lead to what they joined in its place.

    Where they joined nothing in its place, or are invited there already, the invitation is
    cancelled: its link says so from now on. The link of one that follows stays as it is; what it
    leads to is asked again at acceptance (edge case 13).
    """
    actor.require(Permission.EDIT_CLIENTS)
    rows = Invitation.objects.pending().filter(user_id=person_id).select_for_update()
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


def _cancel(actor: Actor, invitation: Invitation) -> None:
    invitation.state = InvitationState.CANCELLED
    invitation.version += 1
    invitation.save(update_fields=["state", "version"])
    record(actor, "invitation.cancelled", [invitation])


def _name(organization_id: UUID | None) -> str | None:
    rows = Organization.objects.filter(pk=organization_id)
    return rows.values_list("name", flat=True).first() if organization_id else None
