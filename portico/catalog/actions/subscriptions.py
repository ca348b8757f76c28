"""Begin, end and change the subscriptions of organizations."""

import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from portico.catalog.models import Service, Subscription
from portico.clients.actions.locks import held
from portico.clients.models import Organization, missing
from portico.history.actions import record
from portico.kit.actors import Actor
from portico.kit.dates import today_in
from portico.kit.errors import NotThere, Refused, Stale
from portico.kit.tenancy.scope import current_scope
from portico.ui.words import say
from portico.workspaces.choices import Permission

ONE_DAY = datetime.timedelta(days=1)


@transaction.atomic
def subscribe_organization(
    actor: Actor,
    organization_id: UUID,
    service_id: UUID,
    *,
    since: datetime.date | None = None,
    until: datetime.date | None = None,
) -> Subscription:
    """Let an organization ask for a service from `since` (today, in the workspace's zone) on.

    Raises NotThere, Merged, Refused("organization_archived", "service_inactive",
    "already_subscribed", "ends_before_begin").
    """
    actor.require(Permission.MANAGE_CLIENT_ORGANIZATIONS)
    organization = _locked_organization(actor, organization_id)
    service: Service | None = Service.objects.filter(pk=service_id).first()
    if service is None:
        raise NotThere
    if organization.archived_at is not None:
        text = say("This organization is archived. Unarchive it first.")
        raise Refused("organization_archived", text, field="organization")
    if not service.is_active:
        text = _("%(service)s is not active.") % {"service": service.name}
        raise Refused("service_inactive", text, field="service")
    row = Subscription(
        organization=organization, service=service, since=since or _today(), until=until
    )
    _require_order(row)
    _require_no_other(row)
    row.save()
    record(actor, "subscription.created", [row])
    return row


@transaction.atomic
def end_subscription(
    actor: Actor,
    subscription_id: UUID,
    *,
    until: datetime.date | None = None,
    version: int | None = None,
) -> Subscription:
    """End a subscription; `until` is its last day, yesterday unless named: over at once (S2.38).

    One that ends earlier already is left as it is. Raises NotThere, Stale, Refused.
    """
    row = _locked(actor, subscription_id, version=version)
    last = until or _today() - ONE_DAY
    if row.until is not None and row.until <= last:
        return row
    if until is not None:
        _require_order(Subscription(since=row.since, until=until))
    return _change(actor, row, {"until": last}, kind="subscription.ended")


@transaction.atomic
def update_subscription(
    actor: Actor, subscription_id: UUID, changes: dict[str, Any], *, version: int | None = None
) -> Subscription:
    """Change the first and the last day of a subscription; no last day: it goes on.

    Raises NotThere, Stale, Refused("ends_before_begin", "already_subscribed").
    """
    row = _locked(actor, subscription_id, version=version)
    wanted = Subscription(
        pk=row.pk,
        organization=row.organization,
        service=row.service,
        since=changes.get("since") or row.since,
        until=changes.get("until", row.until),
    )
    _require_order(wanted)
    _require_no_other(wanted)
    days = {"since": wanted.since, "until": wanted.until}
    return _change(actor, row, days, kind="subscription.updated")


def _change(actor: Actor, row: Subscription, days: dict[str, Any], *, kind: str) -> Subscription:
    changed = {
        field: [getattr(row, field), day]
        for field, day in days.items()
        if getattr(row, field) != day
    }
    if changed:
        for field, day in days.items():
            setattr(row, field, day)
        row.version += 1
        row.save()
        record(actor, kind, [row], changes=changed)
    return row


def _locked(actor: Actor, subscription_id: UUID, *, version: int | None) -> Subscription:
    """The subscription, with its organization locked: one change of it at a time."""
    actor.require(Permission.MANAGE_CLIENT_ORGANIZATIONS)
    rows = Subscription.objects.visible_to(actor).select_related("organization", "service")
    row: Subscription | None = rows.filter(pk=subscription_id).first()
    if row is None:
        raise NotThere
    _locked_organization(actor, row.organization_id)
    row = rows.filter(pk=subscription_id).first()
    if row is None:
        raise NotThere
    if version is not None and version != row.version:
        raise Stale(row)
    return row


def _locked_organization(actor: Actor, organization_id: UUID) -> Organization:
    rows = held(Organization.objects.visible_to(actor).filter(pk=organization_id))
    organization: Organization | None = rows.first()
    if organization is None:
        raise missing(actor, Organization, organization_id, field="organization")
    return organization


def _require_order(row: Subscription) -> None:
    if row.until is not None and row.until < row.since:
        text = _("The last day lies before the first.")
        raise Refused("ends_before_begin", text, field="until")


def _require_no_other(row: Subscription) -> None:
    """Refuse a period that another subscription to the same service already covers in part."""
    others = Subscription.objects.of(row.organization_id, row.service_id).exclude(pk=row.pk)
    others = others.not_over_on(row.since)
    if row.until is not None:
        others = others.filter(Q(since__lte=row.until))
    if others.exists():
        names = {"organization": row.organization.name, "service": row.service.name}
        text = _("%(organization)s has %(service)s already.") % names
        raise Refused("already_subscribed", text, field="service")


def _today() -> datetime.date:
    return today_in(current_scope().time_zone)
