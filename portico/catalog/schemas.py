"""The shapes of services and subscriptions in the API."""

import datetime
from typing import Literal
from uuid import UUID

from ninja import Schema

from portico.clients.schemas import StrictSchema


class ServiceCreate(StrictSchema):
    """A new service; a name alone is enough."""

    name: str
    description: str = ""
    is_active: bool = True
    for_everyone: bool = False


class ServiceChange(StrictSchema):
    """Fields to change; what is missing stays as it is."""

    name: str | None = None
    description: str | None = None
    is_active: bool | None = None
    for_everyone: bool | None = None


class ServiceOut(Schema):
    """A service as the API shows it."""

    object: Literal["service"] = "service"
    id: UUID
    version: int
    name: str
    description: str
    is_active: bool
    for_everyone: bool
    created_at: datetime.datetime
    updated_at: datetime.datetime


class ServiceList(Schema):
    """A page of services."""

    object: Literal["list"] = "list"
    items: list[ServiceOut]
    next_cursor: str | None
    previous_cursor: str | None
    has_more: bool


class SubscriptionCreate(StrictSchema):
    """A new subscription; it begins today unless `since` says otherwise."""

    organization_id: UUID
    service_id: UUID
    since: datetime.date | None = None
    until: datetime.date | None = None


class SubscriptionChange(StrictSchema):
    """The first and the last day; `until` null lets it go on."""

    since: datetime.date | None = None
    until: datetime.date | None = None


class SubscriptionEnd(StrictSchema):
    """The last day; without one it is over at once."""

    until: datetime.date | None = None


class SubscriptionOut(Schema):
    """A subscription as the API shows it; both days are included."""

    object: Literal["subscription"] = "subscription"
    id: UUID
    version: int
    organization_id: UUID
    service_id: UUID
    since: datetime.date
    until: datetime.date | None
    created_at: datetime.datetime


class SubscriptionList(Schema):
    """A page of subscriptions."""

    object: Literal["list"] = "list"
    items: list[SubscriptionOut]
    next_cursor: str | None
    previous_cursor: str | None
    has_more: bool
