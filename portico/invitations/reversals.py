"""How a cancelled invitation is taken back: by a fresh one, since the old link stays dead.

One that was cancelled because the address changed stays so: who changes it back invites anew.
"""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from portico.history.models import Event
from portico.history.reversals import Kept, add_reversal
from portico.invitations.actions.inviting import invite_person
from portico.invitations.models import Invitation
from portico.kit.actors import Actor
from portico.kit.errors import NotThere, Refused
from portico.workspaces.choices import Permission


def _invite_again(actor: Actor, events: Sequence[Event]) -> list[Kept]:
    kept = []
    for event in events:
        reason = _reason_to_stay(actor, event)
        if reason:
            kept.append(Kept(name=event.subject_name, reason=reason, subject_id=event.subject_id))
    return kept


def _reason_to_stay(actor: Actor, event: Event) -> str:
    invitation = Invitation.objects.filter(pk=event.subject_id).select_related("user").first()
    if invitation is None:
        return _("It is no longer there.")
    if invitation.is_for_agent:
        return _("Who left the team is invited anew, from Team.")
    if "address" in event.changes:
        return _("It went to an address that changed. Invite anew.")
    roles = invitation.roles.values_list("role_id", flat=True)
    try:
        invite_person(
            actor,
            invitation.user_id,
            organization_id=invitation.organization_id,
            role_ids=list(roles),
        )
    except (NotThere, Refused) as refused:
        return refused.detail or _("It is no longer there.")
    return ""


add_reversal(
    "invitation.cancelled", reverse=_invite_again, permissions=(Permission.CREATE_CLIENTS,)
)
