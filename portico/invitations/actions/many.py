"""Invite many people, send invitations again or cancel them; each has its own outcome (case 17)."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Prefetch
from django.utils.translation import gettext as _

from portico.clients.actions.bulk import Outcome, Skipped, outcome_of
from portico.clients.actions.locks import held, hold_people, hold_places
from portico.clients.models import Membership
from portico.history.actions import record
from portico.invitations.actions.inviting import invite_person
from portico.invitations.actions.sending import resend_invitation
from portico.invitations.choices import InvitationState
from portico.invitations.limits import TooManyInvitations
from portico.invitations.models import Invitation
from portico.kit.actors import Actor
from portico.kit.errors import Refused
from portico.workspaces.choices import Permission


@transaction.atomic
def invite_people(actor: Actor, people: Any, _arguments: Mapping[str, Any]) -> Outcome:
    """Invite these people into their first organization, with the usual role.

    Who can't be invited (no address, joined already, invited already, disabled) stays and is
    named, as are those beyond what may be sent in an hour; repeating it sends nothing twice.
    Raises Denied.
    """
    actor.require(Permission.CREATE_CLIENTS)
    primary = Prefetch(
        "memberships", Membership.objects.filter(is_primary=True), to_attr="primary_memberships"
    )

    def invite(person: Any) -> None:
        found = person.primary_memberships
        organization_id = found[0].organization_id if found else None
        invite_person(actor, person.pk, organization_id=organization_id)

    rows = people.visible_to(actor)
    hold_people(rows.values_list("pk", flat=True))
    hold_places(rows.values_list("pk", flat=True))
    return _each(rows.prefetch_related(primary), invite)


@transaction.atomic
def resend_to_people(actor: Actor, people: Any, _arguments: Mapping[str, Any]) -> Outcome:
    """Send the pending invitations of these people again; who has none stays and is named."""
    actor.require_any(Permission.CREATE_CLIENTS, Permission.EDIT_CLIENTS)
    rows = people.visible_to(actor)
    hold_people(rows.values_list("pk", flat=True))
    waiting: dict[UUID, list[UUID]] = {}
    pending = Invitation.objects.pending().filter(user_id__in=rows.values("pk"))
    for key, person_id in pending.values_list("pk", "user_id"):
        waiting.setdefault(person_id, []).append(key)

    def resend(person: Any) -> None:
        for invitation_id in waiting[person.pk]:
            resend_invitation(actor, invitation_id)

    return _each(rows.filter(pk__in=list(waiting)), resend)


@transaction.atomic
def cancel_of_people(actor: Actor, people: Any, _arguments: Mapping[str, Any]) -> Outcome:
    """Cancel the pending invitations of these people; their links say so from now on.

    Who has none stays and is named. Raises Denied.
    """
    actor.require_any(Permission.CREATE_CLIENTS, Permission.EDIT_CLIENTS)
    rows = people.visible_to(actor)
    hold_people(rows.values_list("pk", flat=True))
    # Read before anything changes: "all that are invited" are nobody afterwards.
    chosen = list(rows)
    invited = Invitation.objects.pending().filter(user_id__in=[person.pk for person in chosen])
    pending = list(held(invited))
    Invitation.objects.filter(pk__in=[row.pk for row in pending]).update(
        state=InvitationState.CANCELLED, is_unanswered=False, version=F("version") + 1
    )
    record(actor, "invitation.cancelled", pending)
    waited = {row.user_id for row in pending}
    none = _("No invitation is waiting.")
    skipped = [_skipped(person, none) for person in chosen if person.pk not in waited]
    return outcome_of([row for row in chosen if row.pk in waited], skipped=skipped)


def _each(people: Any, act: Callable[[Any], None]) -> Outcome:
    """Each by itself; once the hour of the workspace is full, the rest is not tried."""
    done, skipped, full = [], [], ""
    for person in people:
        if full:
            skipped.append(_skipped(person, full))
            continue
        try:
            with transaction.atomic():
                act(person)
            done.append(person)
        except Refused as refused:
            skipped.append(_skipped(person, refused.detail))
            is_full = isinstance(refused, TooManyInvitations) and refused.is_everybodys
            full = refused.detail if is_full else ""
    return outcome_of(done, skipped=skipped)


def _skipped(person: Any, reason: str) -> Skipped:
    return Skipped(id=person.pk, name=person.display_name, reason=reason)
