"""Who may ask for which service, and why not: one decision, shown on both sides."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from portico.accounts.models import User
from portico.catalog.choices import ALLOWING, Reason
from portico.catalog.models import Service, Subscription
from portico.clients.choices import ClientPermission, MembershipStatus
from portico.clients.models import Membership, Organization
from portico.clients.reports import Standing, standings_of
from portico.kit.actors import Actor
from portico.kit.dates import today_in
from portico.kit.tenancy.scope import current_scope
from portico.ui.formats import format_date
from portico.ui.words import say
from portico.workspaces.choices import RoleKind
from portico.workspaces.models import Role

SERVICES = "services"


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Whether a service may be asked for, and the fact that decides; `day` is the one it names."""

    reason: Reason
    day: datetime.date | None = None

    @property
    def is_allowed(self) -> bool:
        """Whether it may."""
        return self.reason in ALLOWING

    @property
    def sentence(self) -> str:
        """The reason, as an agent reads it on the organization's page."""
        return _SENTENCES[self.reason]() % {"date": format_date(self.day)}

    @property
    def own_sentence(self) -> str:
        """The reason, as the person themselves reads it in the portal."""
        return _OWN_SENTENCES[self.reason]() % {"date": format_date(self.day)}


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A service with the decision about it, and the subscription that decides, if one does."""

    service: Service
    decision: Decision
    subscription: Subscription | None = None


def may_request(
    standing: Standing | None,
    service: Service,
    *,
    today: datetime.date,
    subscriptions: Iterable[Subscription],
    may_submit: bool = True,
) -> Decision:
    """Decide whether the service may be asked for on this day (S2.37, S2.38).

    Takes the membership somebody acts in, or an organization's own standing; None: in no
    organization. `subscriptions` are those of that organization to this service, past ones too;
    `may_submit` is whether their roles let them send requests at all. The strictest fact decides.
    """
    closed = _closed_because(standing)
    if not service.is_active:
        return Decision(reason=Reason.SERVICE_INACTIVE)
    if closed is not None:
        return closed
    if not may_submit:
        return Decision(reason=Reason.NO_PERMISSION)
    if service.for_everyone:
        return Decision(reason=Reason.FOR_EVERYONE)
    if standing is None or standing.organization_id is None:
        return Decision(reason=Reason.NO_ORGANIZATION)
    return _by_subscription(list(subscriptions), today)


def standing_of(organization: Organization, today: datetime.date) -> Standing:
    """How an organization itself stands on this day, whoever belongs to it."""
    has_ended = organization.membership_status(today) is MembershipStatus.ENDED
    return Standing(
        organization_id=organization.pk,
        organization_name=organization.name,
        is_primary=True,
        is_archived=organization.archived_at is not None,
        is_active=organization.is_active,
        ended_on=organization.membership_end_date if has_ended else None,
        permissions=frozenset(),
    )


def services_of_organization(organization: Organization) -> list[Offer]:
    """Every service that this organization has or could have, by name; two queries.

    A service that is not active is among them only while a subscription to it lasts.
    """
    today = _today()
    standing = standing_of(organization, today)
    kept = _by_service(Subscription.objects.filter(organization_id=organization.pk))
    rows = Service.objects.filter(Q(is_active=True) | Q(pk__in=list(kept))).order_by("name_key")
    offers = [
        _offer(service, kept.get(service.pk, ()), standing=standing, today=today)
        for service in rows
    ]
    return [offer for offer in offers if offer.service.is_active or offer.subscription]


def services_for_person(user: User, actor: Actor) -> list[Offer]:
    """Every active service with what is decided for this person where they act; two queries."""
    today = _today()
    standing = next(
        (
            row
            for row in standings_of(user)
            if actor.organization_id and row.organization_id == actor.organization_id
        ),
        None,
    )
    kept: dict[UUID, list[Subscription]] = {}
    if standing is not None:
        rows = Subscription.objects.filter(organization_id=standing.organization_id)
        kept = _by_service(rows)
    may_submit = actor.may(ClientPermission.SUBMIT_REQUESTS)
    services = Service.objects.active().order_by("name_key")
    return [
        _offer(row, kept.get(row.pk, ()), standing=standing, today=today, may_submit=may_submit)
        for row in services
    ]


def requestable_services(actor: Actor) -> list[UUID]:
    """The services that this person may ask for now."""
    user = User.objects.get(pk=actor.user_id)
    offers = services_for_person(user, actor)
    return [offer.service.pk for offer in offers if offer.decision.is_allowed]


def askers_of(organization: Organization) -> int:
    """How many people of an organization may send requests: they sign in, and a role lets them."""
    roles = Role.objects.filter(kind=RoleKind.CLIENT).values_list("pk", "permissions")
    sending = [key for key, held in roles if ClientPermission.SUBMIT_REQUESTS in held]
    members = Membership.objects.filter(
        organization_id=organization.pk,
        person__archived_at__isnull=True,
        person__is_disabled=False,
        role_assignments__role_id__in=sending,
    )
    return int(members.values("person_id").distinct().count())


def _offer(
    service: Service,
    subscriptions: Sequence[Subscription],
    *,
    standing: Standing | None,
    today: datetime.date,
    may_submit: bool = True,
) -> Offer:
    decision = may_request(
        standing, service, today=today, subscriptions=subscriptions, may_submit=may_submit
    )
    lasting = [row for row in subscriptions if _lasts(row, today)]
    return Offer(service=service, decision=decision, subscription=next(iter(lasting), None))


def _closed_because(standing: Standing | None) -> Decision | None:
    """What closes the organization itself, the strictest fact first."""
    if standing is None or standing.is_open:
        return None
    if standing.is_archived:
        return Decision(reason=Reason.ORGANIZATION_ARCHIVED)
    if not standing.is_active:
        return Decision(reason=Reason.ORGANIZATION_INACTIVE)
    return Decision(reason=Reason.MEMBERSHIP_ENDED, day=standing.ended_on)


def _by_subscription(subscriptions: Sequence[Subscription], today: datetime.date) -> Decision:
    lasting = [row for row in subscriptions if _lasts(row, today)]
    if any(row.since <= today for row in lasting):
        return Decision(reason=Reason.SUBSCRIBED)
    if lasting:
        return Decision(reason=Reason.NOT_BEGUN, day=min(row.since for row in lasting))
    if subscriptions:
        days = [row.until for row in subscriptions if row.until is not None]
        return Decision(reason=Reason.OVER, day=max(days))
    return Decision(reason=Reason.NOT_SUBSCRIBED)


def _lasts(subscription: Subscription, today: datetime.date) -> bool:
    """Whether it holds now or later; one that ended before it began never holds."""
    until = subscription.until
    return until is None or until >= max(today, subscription.since)


def _by_service(rows: Any) -> dict[UUID, list[Subscription]]:
    found: dict[UUID, list[Subscription]] = {}
    for row in rows.order_by("since", "pk"):
        found.setdefault(row.service_id, []).append(row)
    return found


def _today() -> datetime.date:
    return today_in(current_scope().time_zone)


_SENTENCES = {
    Reason.SUBSCRIBED: lambda: _("Can be asked for."),
    Reason.FOR_EVERYONE: lambda: _("Offered to everyone."),
    Reason.SERVICE_INACTIVE: lambda: _("Nobody can ask for it: the service is not active."),
    Reason.ORGANIZATION_ARCHIVED: lambda: say("Nobody can ask: the organization is archived."),
    Reason.ORGANIZATION_INACTIVE: lambda: say("Nobody can ask: the organization is inactive."),
    Reason.MEMBERSHIP_ENDED: lambda: _("Nobody can ask: the membership ended on %(date)s."),
    Reason.NO_PERMISSION: lambda: _("No role lets them send requests."),
    Reason.NO_ORGANIZATION: lambda: say("Only people of an organization can ask for it."),
    Reason.NOT_SUBSCRIBED: lambda: _("Nobody here can ask for it."),
    Reason.NOT_BEGUN: lambda: _("Can be asked for from %(date)s on."),
    Reason.OVER: lambda: _("Nobody here can ask for it any more; it ended on %(date)s."),
}
_OWN_SENTENCES = {
    Reason.SUBSCRIBED: lambda: _("You can ask for it."),
    Reason.FOR_EVERYONE: lambda: _("You can ask for it."),
    Reason.SERVICE_INACTIVE: lambda: _("It is not offered at the moment."),
    Reason.ORGANIZATION_ARCHIVED: lambda: _("The portal of your team is closed."),
    Reason.ORGANIZATION_INACTIVE: lambda: _("The portal of your team is switched off."),
    Reason.MEMBERSHIP_ENDED: lambda: _("The membership of your team ended on %(date)s."),
    Reason.NO_PERMISSION: lambda: _("Your role does not let you ask for services."),
    Reason.NO_ORGANIZATION: lambda: _("You belong to no team that services are offered to."),
    Reason.NOT_SUBSCRIBED: lambda: _("It is not offered to your team."),
    Reason.NOT_BEGUN: lambda: _("You can ask for it from %(date)s on."),
    Reason.OVER: lambda: _("It was offered to your team until %(date)s."),
}
