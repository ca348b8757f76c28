"""What invited colleagues will hold: nobody who holds less may touch them meanwhile."""

from collections.abc import Sequence
from uuid import UUID

from portico.invitations.choices import InvitationState
from portico.invitations.models import InvitationRole
from portico.workspaces.guards import add_promised_permissions


def permissions_promised_to(agent_ids: Sequence[UUID]) -> set[str]:
    """The permissions of the roles that pending invitations give these agents."""
    promised = InvitationRole.objects.filter(
        invitation__user__in=list(agent_ids), invitation__state=InvitationState.PENDING
    )
    return {
        code for codes in promised.values_list("role__permissions", flat=True) for code in codes
    }


add_promised_permissions(permissions_promised_to)
