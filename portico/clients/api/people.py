"""/api/v1/people."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Router, Status

from portico.clients.actions.people import (
    archive_people,
    create_person,
    disable_people,
    enable_people,
    unarchive_people,
    update_person,
)
from portico.clients.choices import PropertySubject
from portico.clients.cleaning import PROPERTY_PREFIX, property_fields
from portico.clients.filters import asked_pages, people_meant
from portico.clients.models import Person, missing, survivor_id_of
from portico.clients.querysets import PersonQuerySet
from portico.clients.reports import (
    EffectiveManager,
    effective_managers,
    places_of,
    property_keys,
    tag_names,
)
from portico.clients.schemas import (
    PersonChange,
    PersonCreate,
    PersonList,
    PersonOut,
)
from portico.kit.endpoints import (
    answer_list,
    endpoint,
    offered_version,
    required_version,
    with_etag,
)
from portico.kit.errors import Stale
from portico.kit.pagination import DEFAULT_LIMIT, keyset_page
from portico.kit.tenancy.scope import current_scope
from portico.workspaces.choices import Permission

# The columns behind PersonOut, which says of the password only whether there is one.
READ = (
    *("kind", "version", "name", "given_name", "family_name", "email", "position", "phone"),
    *("reference", "is_disabled", "password", "avatar_id", "archived_at", "created_at"),
    *("updated_at", "last_active_at", "account_manager_id", "property_values", "tag_text"),
)
router = Router(tags=["people"])


@router.get("/people", response=PersonList)
@endpoint("people.list", parameters=None, permissions=(Permission.VIEW_CLIENTS,))
def list_people(
    request: Any, *, cursor: str | None = None, limit: int = DEFAULT_LIMIT
) -> HttpResponse:
    """List people: `q`, `state`, `status`, `organization`, `sort`, `cursor`, `limit`."""
    chosen = people_meant(request.actor, request.GET)
    read = [*READ, *chosen.order.fields]
    page = keyset_page(
        asked_pages(request.actor, chosen, read),
        chosen.order,
        cursor=cursor,
        limit=limit,
        context=chosen.fingerprint,
    )
    return answer_list(person_bodies(page.items), page)


@router.post("/people", response={201: PersonOut})
@endpoint(
    "people.create",
    permissions=(Permission.CREATE_CLIENTS,),
    writes=True,
    members={"organization": "organization_id", PROPERTY_PREFIX: "properties/"},
)
def create(request: Any, response: HttpResponse, body: PersonCreate) -> Any:
    """Create a person; invite them with POST /invitations."""
    fields = body.dict(exclude={"organization_id", "properties"})
    fields |= property_fields(body.properties)
    person = create_person(request.actor, fields, organization_id=body.organization_id)
    return Status(201, answer_person(response, person))


@router.get("/people/{uuid:person_id}", response=PersonOut)
@endpoint("people.show", permissions=(Permission.VIEW_CLIENTS,))
def show(request: Any, response: HttpResponse, person_id: UUID) -> Any:
    """One person, with their version as ETag; a merged one is answered by their survivor."""
    survivor_id = survivor_id_of(Person, person_id)
    return answer_person(response, found_person(request, survivor_id or person_id))


@router.patch("/people/{uuid:person_id}", response=PersonOut)
@endpoint(
    "people.edit",
    permissions=(Permission.EDIT_CLIENTS,),
    writes=True,
    members={PROPERTY_PREFIX: "properties/"},
)
def change(request: Any, response: HttpResponse, person_id: UUID, body: PersonChange) -> Any:
    """Change the fields that are sent; needs If-Match."""
    version = required_version(request)
    changes = body.dict(exclude_unset=True, exclude={"properties"})
    changes |= property_fields(body.properties or {})
    return answer_person(
        response, update_person(request.actor, person_id, changes, version=version)
    )


@router.delete("/people/{uuid:person_id}", response=PersonOut)
@endpoint("people.delete", permissions=(Permission.DELETE_CLIENTS,), writes=True)
def delete(request: Any, response: HttpResponse, person_id: UUID) -> Any:
    """Delete of a person is archive (S2.26); needs If-Match."""
    required_version(request)
    archive_people(request.actor, _one(request, person_id))
    return answer_person(response, found_person(request, person_id))


@router.post("/people/{uuid:person_id}/archive", response=PersonOut)
@endpoint("people.archive_one", permissions=(Permission.DELETE_CLIENTS,), writes=True)
def archive_one(request: Any, response: HttpResponse, person_id: UUID) -> Any:
    """Archive one; If-Match is honoured when sent."""
    archive_people(request.actor, _one(request, person_id))
    return answer_person(response, found_person(request, person_id))


@router.post("/people/{uuid:person_id}/unarchive", response=PersonOut)
@endpoint("people.unarchive_one", permissions=(Permission.DELETE_CLIENTS,), writes=True)
def unarchive_one(request: Any, response: HttpResponse, person_id: UUID) -> Any:
    """Bring one back; If-Match is honoured when sent."""
    unarchive_people(request.actor, _one(request, person_id))
    return answer_person(response, found_person(request, person_id))


@router.post("/people/{uuid:person_id}/disable", response=PersonOut)
@endpoint("people.disable", permissions=(Permission.EDIT_CLIENTS,), writes=True)
def disable(request: Any, response: HttpResponse, person_id: UUID) -> Any:
    """Switch off their sign-in; sessions and keys end at the next request."""
    disable_people(request.actor, _one(request, person_id))
    return answer_person(response, found_person(request, person_id))


@router.post("/people/{uuid:person_id}/enable", response=PersonOut)
@endpoint("people.enable", permissions=(Permission.EDIT_CLIENTS,), writes=True)
def enable(request: Any, response: HttpResponse, person_id: UUID) -> Any:
    """Switch their sign-in on again."""
    enable_people(request.actor, _one(request, person_id))
    return answer_person(response, found_person(request, person_id))


def person_bodies(people: Sequence[Person]) -> list[dict[str, Any]]:
    """The people's fields as PersonOut has them, with their organizations in one query for all."""
    belongings: dict[UUID, list[dict[str, Any]]] = {person.pk: [] for person in people}
    places = places_of(list(belongings))
    for person_id, organization_id, name, is_primary in places:
        belongings[person_id].append(
            {"id": organization_id, "name": name, "is_primary": is_primary}
        )
    managers = effective_managers(people, places)
    keys = property_keys(PropertySubject.PERSON) if people else []
    return [
        {
            **_body(person, belongings[person.pk]),
            "tags": tag_names(person),
            "account_manager": person.account_manager_id,
            "effective_manager": _manager_body(managers[person.pk]),
            "properties": {key: person.property_values.get(key) for key in keys},
        }
        for person in people
    ]


def _manager_body(manager: EffectiveManager | None) -> dict[str, Any] | None:
    if manager is None:
        return None
    shown = ("id", "name", "email", "source")
    return {name: getattr(manager, name) for name in shown}


def _body(person: Person, organizations: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "object": "person",
        "id": person.pk,
        "version": person.version,
        "name": person.name,
        "given_name": person.given_name,
        "family_name": person.family_name,
        "email": person.email,
        "position": person.position,
        "phone": person.phone,
        "reference": person.reference,
        "is_disabled": person.is_disabled,
        "has_joined": person.has_usable_password(),
        "organizations": organizations,
        "avatar_url": _avatar_url(person),
        "archived_at": person.archived_at,
        "created_at": person.created_at,
        "updated_at": person.updated_at,
        "last_active_at": person.last_active_at,
    }


def _avatar_url(person: Person) -> str | None:
    """Where a program reads the avatar, with the same key; None where there is none."""
    if person.avatar_id is None:
        return None
    return f"{current_scope().base_url}/api/v1/people/{person.pk}/avatar"


def answer_person(response: HttpResponse, person: Person) -> dict[str, Any]:
    """One person as the answer of an operation, with their version as ETag."""
    with_etag(response, person.version)
    return person_bodies([person])[0]


def found_person(request: Any, person_id: UUID) -> Person:
    """The person; raises NotThere, or Merged for one that became part of another."""
    found: Person | None = Person.objects.visible_to(request.actor).filter(pk=person_id).first()
    if found is None:
        raise missing(request.actor, Person, person_id)
    return found


def _one(request: Any, person_id: UUID) -> PersonQuerySet:
    """The one named row as a queryset, after its version was compared where one was sent."""
    person = found_person(request, person_id)
    version = offered_version(request)
    if version is not None and version != person.version:
        raise Stale(person)
    rows: PersonQuerySet = Person.objects.filter(pk=person_id, version=person.version)
    return rows
