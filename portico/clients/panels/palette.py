"""What the palette finds and offers of this app: organizations, people, and adding them."""

from typing import Any
from uuid import UUID

from django.db.models import Case, IntegerField, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.clients.models import Membership, Organization, Person
from portico.kit.actors import Actor
from portico.kit.names import search_fold
from portico.kit.search import is_walked
from portico.ui.palette import (
    Found,
    Hit,
    PaletteAction,
    SearchSource,
    add_palette_action,
    add_search_source,
)
from portico.ui.words import say, say_n
from portico.workspaces.choices import Permission, Preset

SHOWN = 6
SHOWN_ARCHIVED = 3
# What C creates where a page creates nothing itself: the first kind of the preset's menu.
_PEOPLE_FIRST: dict[str, int] = {Preset.SUPPORT_DESK: 10, Preset.AGENCY: 10}
_ORGANIZATION_FIELDS = ("id", "workspace_id", "name", "people_count")
_PERSON_FIELDS = ("id", "workspace_id", "kind", "name", "email", "position")


def find_organizations(actor: Actor, text: str) -> Found:
    """The first organizations that fit; three queries."""
    rows = Organization.objects.visible_to(actor).search(text).only(*_ORGANIZATION_FIELDS)
    return Found(
        active=[_organization_hit(row) for row in _first(rows.active(), text, number=SHOWN)],
        archived=[
            _organization_hit(row) for row in _first(rows.archived(), text, number=SHOWN_ARCHIVED)
        ],
    )


def find_people(actor: Actor, text: str) -> Found:
    """The first people that fit, each with where they belong; four queries."""
    rows = Person.objects.visible_to(actor).search(text).only(*_PERSON_FIELDS)
    active = _first(rows.active(), text, number=SHOWN)
    archived = _first(rows.archived(), text, number=SHOWN_ARCHIVED)
    places = _places([row.pk for row in (*active, *archived)])
    return Found(
        active=[_person_hit(row, places) for row in active],
        archived=[_person_hit(row, places) for row in archived],
    )


def _first(rows: Any, text: str, *, number: int) -> list[Any]:
    """The first of them: names that begin with the text before others, as far as few fit.

    Of a common word the first by name are taken, which a walk along the index meets at once.
    """
    if is_walked(rows):
        return list(rows.order_by("name_key", "pk")[:number])
    begins = When(search_text__startswith=search_fold(text), then=Value(0))
    rank = Case(begins, default=Value(1), output_field=IntegerField())
    return list(rows.annotate(rank=rank).order_by("rank", "name_key", "pk")[:number])


def _organization_hit(row: Organization) -> Hit:
    return Hit(
        id=str(row.pk),
        label=row.name,
        url=reverse("organizations.show", kwargs={"id": row.pk}),
        shape="arch",
        note=say_n("%(n)s person", "%(n)s people", row.people_count) if row.people_count else "",
    )


def _person_hit(row: Person, places: dict[UUID, str]) -> Hit:
    notes = (row.position, places.get(row.pk) or (row.email if row.name else ""))
    return Hit(
        id=str(row.pk),
        label=row.display_name,
        url=reverse("people.show", kwargs={"id": row.pk}),
        shape="circle",
        note=" · ".join(filter(None, notes)),
    )


def _places(person_ids: list[UUID]) -> dict[UUID, str]:
    held = Membership.objects.filter(person_id__in=person_ids, organization_id__isnull=False)
    rows = held.order_by("is_primary", "pk").values_list("person_id", "organization__name")
    return dict(rows)


add_search_source(
    SearchSource(
        name="people",
        label=lambda: say("People"),
        permission=Permission.VIEW_CLIENTS,
        find=find_people,
        archived_view="people.list",
        place=10,
    )
)
add_search_source(
    SearchSource(
        name="organizations",
        label=lambda: say("Organizations"),
        permission=Permission.VIEW_CLIENTS,
        find=find_organizations,
        archived_view="organizations.list",
        place=20,
    )
)
add_palette_action(
    PaletteAction(
        name="organizations.new",
        view="organizations.new",
        label=lambda: say("Create organization"),
        icon="building-arch",
        permissions=(Permission.VIEW_CLIENTS, Permission.MANAGE_CLIENT_ORGANIZATIONS),
        key="C",
        place=20,
        opens_dialog=True,
        label_for=lambda text: say("Add “%(name)s” as an organization", name=text),
        text_parameter="name",
    )
)
add_palette_action(
    PaletteAction(
        name="people.new",
        view="people.new",
        label=lambda: say("Create person"),
        icon="user-plus",
        permissions=(Permission.VIEW_CLIENTS, Permission.CREATE_CLIENTS),
        key="C",
        place=30,
        places=_PEOPLE_FIRST,
        opens_dialog=True,
        label_for=lambda text: say("Add “%(name)s” as a person", name=text),
        text_parameter="smart",
    )
)
add_palette_action(
    PaletteAction(
        name="duplicates.list",
        view="duplicates.list",
        label=lambda: _("Duplicates"),
        icon="arrows-join",
        permissions=(Permission.VIEW_CLIENTS,),
        place=70,
    )
)
