"""What a person sees of themselves and of those who serve them."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from portico.accounts.models import User
from portico.catalog.choices import Reason
from portico.catalog.models import Service
from portico.catalog.reports import SERVICES, Decision, services_for_person
from portico.clients.choices import MembershipStatus
from portico.clients.models import AccountManager, Organization
from portico.clients.reports import Standing, standings_of
from portico.invitations.choices import InvitationState
from portico.invitations.models import Invitation
from portico.kit.actors import Actor
from portico.kit.dates import today_in
from portico.kit.tenancy.scope import current_scope

NOON, EVENING = 12, 18


@dataclass(frozen=True)
class MembershipNotice:
    """When access ends, if that is soon."""

    ends_on: datetime.date
    days_left: int


def greeting(user: User) -> str:
    """A greeting by the reader's own time of day and name."""
    zone = ZoneInfo(user.time_zone or current_scope().time_zone)
    hour = timezone.now().astimezone(zone).hour
    name = user.given_name or user.name
    if hour < NOON:
        return _("Good morning, %(name)s") % {"name": name} if name else _("Good morning")
    if hour < EVENING:
        return _("Good afternoon, %(name)s") % {"name": name} if name else _("Good afternoon")
    return _("Good evening, %(name)s") % {"name": name} if name else _("Good evening")


def open_organizations(user: User) -> list[Standing]:
    """The organizations this person may act in today; the switcher appears from two on."""
    return [row for row in standings_of(user) if row.is_open and row.organization_id is not None]


def contact_of(user: User, organization_id: UUID | None) -> User | None:
    """Whom this person may turn to: the first of these who is still there.

    Their own account manager, the organization's (the first one first), the workspace's support
    contact, whoever invited them.
    """
    candidates = list(_candidates(user, organization_id))
    agents = User.objects.agents().active().filter(is_disabled=False).in_bulk(candidates)
    return next((agents[key] for key in candidates if key in agents), None)


def membership_notice(organization: Organization | None) -> MembershipNotice | None:
    """When access ends, from 30 days before on."""
    if organization is None or organization.membership_end_date is None:
        return None
    today = today_in(current_scope().time_zone)
    if organization.membership_status(today) is not MembershipStatus.ENDING:
        return None
    end = organization.membership_end_date
    return MembershipNotice(end, (end - today).days)


def ended_organization_id(user: User) -> UUID | None:
    """The organization whose ended membership keeps this person out."""
    ended = (row.organization_id for row in standings_of(user) if row.ended_on is not None)
    return next(ended, None)


@dataclass(frozen=True, kw_only=True)
class ServicesBlock:
    """What a person may ask for, what they may ask for soon (with words), or why for nothing."""

    offered: list[Service]
    coming: list[tuple[Service, str]]
    reason: str = ""


def services_block(user: User, actor: Actor) -> ServicesBlock | None:
    """The services of this person where they act; None where the workspace has no services.

    A service that is not offered to them is not named, nor is why (S2.37).
    """
    if not current_scope().has_module(SERVICES):
        return None
    offers = services_for_person(user, actor)
    if not offers:
        return None
    offered = [row.service for row in offers if row.decision.is_allowed]
    coming = [
        (row.service, row.decision.own_sentence)
        for row in offers
        if row.decision.reason is Reason.NOT_BEGUN
    ]
    reason = "" if offered or coming else _why_nothing([row.decision for row in offers])
    return ServicesBlock(offered=offered, coming=coming, reason=reason)


def _why_nothing(decisions: list[Decision]) -> str:
    """The reason that holds for all services alike, else that none is offered."""
    for decision in decisions:
        if decision.reason in {Reason.NO_PERMISSION, Reason.NO_ORGANIZATION}:
            return decision.own_sentence
    return _("No service is offered to your team at the moment.")


def _candidates(user: User, organization_id: UUID | None) -> Iterator[Any]:
    if user.account_manager_id is not None:
        yield user.account_manager_id
    if organization_id is not None:
        managers = AccountManager.objects.filter(organization_id=organization_id)
        yield from managers.order_by("-is_first", "id").values_list("agent_id", flat=True)
    support_contact_id = current_scope().settings.get("support_contact_id")
    if support_contact_id is not None:
        yield support_contact_id
    accepted = Invitation.objects.filter(user_id=user.pk, state=InvitationState.ACCEPTED)
    inviters = accepted.exclude(invited_by=None).order_by("-accepted_at")
    yield from inviters.values_list("invited_by_id", flat=True)[:5]
