"""Create, change and take back services."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portico.catalog.cleaning import clean_service
from portico.catalog.models import Service, Subscription
from portico.history.actions import record
from portico.kit.actors import Actor
from portico.kit.errors import NotThere, Refused, Stale
from portico.workspaces.choices import Permission


@transaction.atomic
def create_service(actor: Actor, fields: Mapping[str, Any]) -> Service:
    """Create a service; a name is enough. Raises Refused with every wrong field."""
    actor.require(Permission.MANAGE_SERVICES)
    service = Service(**clean_service({"name": "", **fields}))
    _save(service)
    record(actor, "service.created", [service])
    return service


@transaction.atomic
def update_service(
    actor: Actor, service_id: UUID, changes: Mapping[str, Any], *, version: int | None = None
) -> Service:
    """Change a service as read at `version`; `is_active` takes it out of every portal at once.

    Raises NotThere, Stale, Refused.
    """
    actor.require(Permission.MANAGE_SERVICES)
    service: Service | None = Service.objects.filter(pk=service_id).select_for_update().first()
    if service is None:
        raise NotThere
    if version is not None and version != service.version:
        raise Stale(service)
    changed = {
        field: [getattr(service, field), value]
        for field, value in clean_service(changes).items()
        if getattr(service, field) != value
    }
    if changed:
        for field, (_old, new) in changed.items():
            setattr(service, field, new)
        service.version += 1
        _save(service)
        record(actor, "service.updated", [service], changes=changed)
    return service


@transaction.atomic
def remove_unused_services(actor: Actor, service_ids: Collection[UUID]) -> list[Service]:
    """Take back the creation of services that nobody was ever subscribed to; returns those."""
    actor.require(Permission.MANAGE_SERVICES)
    used = Subscription.objects.filter(service_id__in=service_ids).values("service_id")
    unused = Service.objects.filter(pk__in=service_ids, version=1).exclude(pk__in=used)
    removed = list(unused.select_for_update())
    Service.objects.filter(pk__in=[service.pk for service in removed]).delete()
    record(actor, "service.removed", removed)
    return removed


def _save(service: Service) -> None:
    try:
        with transaction.atomic():
            service.save()
    except IntegrityError as error:
        text = _("There is a service of this name already.")
        raise Refused("service_in_use", text, field="name") from error
