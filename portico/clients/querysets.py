"""Questions about organizations and people."""

import datetime
from typing import Any, Self
from uuid import UUID

from django.db.models import Q

from portico.accounts.querysets import ARCHIVED_OR_NOT, SORTED_APART, UserQuerySet
from portico.clients.choices import ENDING_WITHIN_DAYS
from portico.kit.actors import Actor
from portico.kit.names import name_key
from portico.kit.orders import Order, SortColumn
from portico.kit.search import searched
from portico.kit.selection import Selection
from portico.kit.tenancy.models import TenantQuerySet
from portico.workspaces.presets import uses_membership_ends

VIEW_CLIENTS = "view_clients"
VIEW_LOCATIONS = "view_locations"


def sorted_apart(rows: Any) -> Any:
    """The same rows, read along an index that is there for one sort alone."""
    return rows.filter(SORTED_APART)


_BY_LAST_CHANGE = Order("updated_at", (SortColumn("updated_at"),), valued=sorted_apart)

ORGANIZATION_ORDERS = {
    "name": Order("name", (SortColumn("name_key"),)),
    "created_at": Order("created_at", (SortColumn("created_at"),)),
    "people_count": Order("people_count", (SortColumn("people_count"), SortColumn("name_key"))),
    "location_count": Order(
        "location_count", (SortColumn("location_count"), SortColumn("name_key"))
    ),
    "membership_end_date": Order(
        "membership_end_date", (SortColumn("membership_end_date", is_nullable=True),)
    ),
    "last_activity_at": Order(
        "last_activity_at", (SortColumn("last_activity_at", is_nullable=True),)
    ),
    "updated_at": _BY_LAST_CHANGE,
}
# The texts that organizations are sorted by besides names, by the columns that show them.
SORTED_TEXTS_OF_ORGANIZATIONS = {
    "tags": "tag_text",
    "reference": "reference",
    "website": "website",
    "address_city": "address_city",
    "address_country": "address_country",
}

PERSON_ORDERS = {
    "name": Order("name", (SortColumn("name_key"),)),
    "email": Order("email", (SortColumn("email_key", is_nullable=True),)),
    "created_at": Order("created_at", (SortColumn("created_at"),)),
    "last_active_at": Order("last_active_at", (SortColumn("last_active_at", is_nullable=True),)),
    "updated_at": _BY_LAST_CHANGE,
}

TAG_ORDER = Order("name", (SortColumn("name_key"),))
# The one order in which the index of locations holds them; memberships come as they were made.
LOCATION_ORDER = Order("place", (SortColumn("organization_id"), SortColumn("name_key")))
MEMBERSHIP_ORDER = Order("id", (SortColumn("id"),))


def sees_all(actor: Actor) -> bool:
    """Whether every record of the client side that was not merged away is visible to the actor."""
    return not actor.is_person and actor.may(VIEW_CLIENTS)


class OrganizationQuerySet(TenantQuerySet[Any]):
    """Organizations of the present workspace."""

    def visible_to(self, actor: Actor) -> Self:
        """All of them for those who see clients; a person sees only the one they act in."""
        if actor.is_person:
            return self.filter(pk=actor.organization_id) if actor.organization_id else self.none()
        return self.unmerged() if sees_all(actor) else self.none()

    def unmerged(self) -> Self:
        """Those that have not become part of another (a merged one answers with its survivor)."""
        return self.filter(merged_into__isnull=True)

    def active(self) -> Self:
        """Those not archived: the daily list."""
        return self.filter(archived_at__isnull=True)

    def archived(self) -> Self:
        """Those archived."""
        return self.filter(archived_at__isnull=False)

    def archived_or_not(self) -> Self:
        """All of them, in a list that pages through both."""
        return self.filter(ARCHIVED_OR_NOT)

    def assignable(self) -> Self:
        """Those that people and work can be put into: neither archived nor inactive (S2.75)."""
        return self.active().filter(is_active=True)

    def named(self, name: str) -> Self:
        """Those of this name; case and spaces do not matter (S1.8)."""
        return self.filter(name_key=name_key(name))

    def ended(self, today: datetime.date) -> Self:
        """Those whose last day of access lies before today (the workspace's own date)."""
        if not uses_membership_ends():
            return self.none()
        return self.filter(membership_end_date__lt=today)

    def ending(self, today: datetime.date) -> Self:
        """Those whose membership ends today or within 30 days."""
        if not uses_membership_ends():
            return self.none()
        last = today + datetime.timedelta(days=ENDING_WITHIN_DAYS)
        return self.filter(membership_end_date__gte=today, membership_end_date__lte=last)

    def search(self, text: str, *, is_common: bool = False) -> Self:
        """Those whose name or reference holds every word of the text."""
        return searched(self, text, is_common=is_common)


class PersonQuerySet(UserQuerySet):
    """People of the client side of the present workspace."""

    def visible_to(self, actor: Actor) -> Self:
        """All of them for those who see clients; a person sees only themselves here."""
        if actor.is_person:
            return self.filter(pk=actor.user_id)
        return self.unmerged() if sees_all(actor) else self.none()

    def unmerged(self) -> Self:
        """Those that have not become part of another (a merged one answers with its survivor)."""
        return self.filter(merged_into__isnull=True)

    def of_organization(self, organization_id: UUID) -> Self:
        """Those with a membership in this organization."""
        return self.filter(memberships__organization_id=organization_id)

    def without_other_open_membership(self, organization_ids: list[UUID]) -> Self:
        """Those who belong to nothing else that is not archived."""
        elsewhere = Q(memberships__organization__archived_at__isnull=True) & ~Q(
            memberships__organization_id__in=organization_ids
        )
        staying = self.model.objects.filter(elsewhere).values("pk")
        return self.exclude(pk__in=staying)


class MembershipQuerySet(TenantQuerySet[Any]):
    """Memberships of people in the present workspace."""

    def visible_to(self, actor: Actor) -> Self:
        """All of them for those who see clients; a person sees their own."""
        if actor.is_person:
            return self.filter(person_id=actor.user_id)
        return self if actor.may(VIEW_CLIENTS) else self.none()


class LocationQuerySet(TenantQuerySet[Any]):
    """Locations of the present workspace."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of the organizations the actor sees; a person needs `view_locations` too."""
        if actor.is_person and not actor.may(VIEW_LOCATIONS):
            return self.none()
        if actor.is_person:
            return self.filter(organization_id=actor.organization_id)
        return self if actor.may(VIEW_CLIENTS) else self.none()

    def open(self) -> Self:
        """Those not closed: what counts and what is offered (X12)."""
        return self.filter(archived_at__isnull=True)

    def closed(self) -> Self:
        """Those closed: kept, no longer offered."""
        return self.filter(archived_at__isnull=False)


def chosen(rows: Any, selection: Selection) -> Any:
    """The rows that a selection names; the caller has applied the filters of "all"."""
    return rows if selection.is_all else rows.filter(pk__in=list(selection.ids))
