"""Undo creation: take back what one request or import created (domain.md, The verbs)."""

import datetime
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portico.accounts.models import User
from portico.clients.actions.counters import recount_people
from portico.clients.actions.likeness import forget_likeness
from portico.clients.actions.locks import held, hold_places
from portico.clients.guards import tags_in_use
from portico.clients.models import (
    AccountManager,
    Membership,
    Organization,
    OrganizationTag,
    Person,
    PersonTag,
    Tag,
)
from portico.history.actions import record
from portico.history.models import Event
from portico.kit.actors import Actor
from portico.kit.errors import Refused
from portico.kit.slices import in_slices
from portico.workspaces.choices import Permission

CREATIONS = ("organization.created", "person.created")
MAY_CREATE = (
    Permission.CREATE_CLIENTS,
    Permission.MANAGE_CLIENT_ORGANIZATIONS,
    Permission.IMPORT_CLIENTS,
)
UNDO_FOR = datetime.timedelta(days=30)
# These come and go with the record they belong to; anything else that points at it has touched it.
OWN_PARTS = (Membership, AccountManager, OrganizationTag, PersonTag)


@dataclass(frozen=True, kw_only=True)
class Undone:
    """How many records were removed for good, and the names of those that stay because touched."""

    organizations: int
    people: int
    kept: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Part:
    """What one slice took back, its last event, and whether it was the last slice."""

    undone: Undone
    last: UUID | None
    is_last: bool


@transaction.atomic
def undo_creation(actor: Actor, act_id: UUID, *, subject: models.Model | None = None) -> Undone:
    """Remove for good what was created by this act and nothing has touched since.

    A row is touched when another act left an event about it or raised its version, or when
    anything but its own parts points at it (an invitation, a session, a person of somebody
    else's). Touched rows stay and are named. Addresses and references are free again; counters
    follow; one event about `subject` (else about the first removed record) remains. Creations of
    others need the right to delete. Raises Denied, Refused("undo_expired"), and Refused
    ("nothing_to_undo") for an unknown act.
    """
    actor.require_any(*MAY_CREATE)
    undone, rows = _take_back(act_id, _creations(actor, act_id))
    about = subject or next(iter(rows), None)
    if about is not None:
        tell_undone(actor, about, undone)
    return undone


@transaction.atomic
def take_back_some(actor: Actor, act_id: UUID, *, before: UUID | None, most: int) -> Part:
    """The next part of `undo_creation`, newest first, for work in slices; leaves no event of it.

    People come before organizations, which are touched while anybody belongs to them. `before` is
    the last event of the part before. Raises as `undo_creation`.
    """
    actor.require_any(*MAY_CREATE)
    created = list(_newest_first(act_id, before)[: most + 1])
    part = created[:most]
    _require_may(actor, part)
    undone, _rows = _take_back(act_id, part)
    is_last = len(created) <= most
    return Part(undone=undone, last=part[-1].pk, is_last=is_last)


def _newest_first(act_id: UUID, before: UUID | None) -> models.QuerySet[Event]:
    """The creations of an act after this one: people, then organizations (by the kinds' names)."""
    created: models.QuerySet[Event] = Event.objects.filter(act_id=act_id, kind__in=CREATIONS)
    created = created.order_by("-kind", "-id")
    if before is None:
        return created
    last = Event.objects.get(pk=before)
    same = models.Q(kind=last.kind, id__lt=last.pk)
    return created.filter(same | models.Q(kind__lt=last.kind))


@transaction.atomic
def take_back_tags(actor: Actor, act_id: UUID) -> None:
    """Remove the tags that this act created, where nothing carries, names or has changed them.

    Called at the end, when the records of the act are as they were before it.
    """
    actor.require_any(*MAY_CREATE)
    created = Event.objects.filter(act_id=act_id, kind="tag.created")
    keys = list(created.values_list("subject_id", flat=True))
    # Whoever assigns one at this moment is waited for, and their tag stays.
    created_tags = Tag.objects.order_by("pk").select_for_update()
    tags = [tag for part in in_slices(sorted(keys)) for tag in created_tags.filter(pk__in=part)]
    staying = _touched_by_events(tags, act_id) | _pointed_at(Tag, tags)
    unused = [tag for tag in tags if tag.pk not in staying]
    in_use = tags_in_use(unused)
    leaving = [tag for tag in unused if tag not in in_use]
    record(actor, "tag.deleted", leaving)
    for part in in_slices([tag.pk for tag in leaving]):
        Tag.objects.filter(pk__in=part).delete()


def tell_undone(actor: Actor, subject: models.Model, undone: Undone) -> None:
    """Leave the one event of a creation that was taken back."""
    changes: dict[str, list[Any]] = {
        "organizations_removed": [None, undone.organizations],
        "people_removed": [None, undone.people],
        "kept": [None, sorted(undone.kept)],
    }
    record(actor, "creation.undone", [subject], changes=changes)


def _take_back(act_id: UUID, created: Sequence[Event]) -> tuple[Undone, Sequence[models.Model]]:
    """Remove the untouched among these; answer what was done, and the rows that are gone."""
    people = _rows(Person, created)
    hold_places([row.pk for row in people], *_keys(Organization, created))
    people = _untouched_people(people, act_id)
    organizations = _untouched_organizations(
        _rows(Organization, created), leaving=people, act_id=act_id
    )
    removed = {row.pk for row in (*people, *organizations)}
    kept = [event.subject_name for event in created if event.subject_id not in removed]
    undone = Undone(organizations=len(organizations), people=len(people), kept=tuple(kept))
    _remove(people, organizations)
    return undone, (*organizations, *people)


def _creations(actor: Actor, act_id: UUID) -> list[Event]:
    """The events of what was created, after asking who may take it back, and whether still."""
    created = list(Event.objects.filter(act_id=act_id, kind__in=CREATIONS).order_by("id"))
    _require_may(actor, created)
    return created


def _require_may(actor: Actor, created: Sequence[Event]) -> None:
    if not created:
        raise Refused("nothing_to_undo", _("There is nothing to undo."))
    if any(event.actor_id != actor.id for event in created):
        actor.require(Permission.DELETE_CLIENTS, Permission.MANAGE_CLIENT_ORGANIZATIONS)
    if min(event.at for event in created) < timezone.now() - UNDO_FOR:
        raise Refused("undo_expired", _("This can be undone for 30 days; they are over."))


def _rows(model: Any, created: Sequence[Event]) -> list[Any]:
    """What is still there of the created records of this kind, locked."""
    parts = in_slices(sorted(_keys(model, created)))
    return [row for part in parts for row in held(model.objects.filter(pk__in=part))]


def _keys(model: Any, created: Sequence[Event]) -> list[UUID]:
    return [event.subject_id for event in created if event.subject_type == model.record_type]


def _untouched_people(people: Sequence[Person], act_id: UUID) -> list[Person]:
    touched = _touched_by_events(people, act_id) | _pointed_at(User, people)
    keys = [person.pk for person in people]
    memberships: dict[UUID, UUID] = {}
    for part in in_slices(keys):
        rows = Membership.objects.filter(person_id__in=part)
        memberships.update(rows.values_list("pk", "person_id"))
    for key in _changed_elsewhere(list(memberships), act_id):
        touched.add(memberships[key])
    return [person for person in people if person.pk not in touched and not _is_in_use(person)]


def _untouched_organizations(
    organizations: Sequence[Organization], *, leaving: Sequence[Person], act_id: UUID
) -> list[Organization]:
    """Those that nothing has touched and nobody but the leaving people belongs to."""
    touched = _touched_by_events(organizations, act_id)
    touched |= _pointed_at(Organization, organizations)
    gone = {person.pk for person in leaving}
    for part in in_slices([row.pk for row in organizations]):
        members = Membership.objects.filter(organization_id__in=part)
        touched |= {
            organization_id
            for organization_id, person_id in members.values_list("organization_id", "person_id")
            if person_id not in gone
        }
    return [row for row in organizations if row.pk not in touched]


def _is_in_use(person: Person) -> bool:
    return person.last_active_at is not None or person.has_usable_password()


def _touched_by_events(rows: Sequence[Any], act_id: UUID) -> set[UUID]:
    """Rows with an event of another act, or with more versions than own events explain."""
    touched = _changed_elsewhere([row.pk for row in rows], act_id)
    for part in in_slices(rows):
        keys = [row.pk for row in part]
        own = Event.objects.filter(subject_id__in=keys, act_id=act_id)
        counted = own.order_by().values("subject_id").annotate(n=models.Count("pk"))
        events = {line["subject_id"]: line["n"] for line in counted}
        touched |= {row.pk for row in part if row.version > events.get(row.pk, 1)}
    return touched


def _changed_elsewhere(keys: Sequence[UUID], act_id: UUID) -> set[UUID]:
    """Those of the records about which another act left an event."""
    found: set[UUID] = set()
    for part in in_slices(keys):
        others = Event.objects.filter(subject_id__in=part).exclude(act_id=act_id)
        found.update(others.values_list("subject_id", flat=True))
    return found


def _pointed_at(model: type[models.Model], rows: Sequence[Any]) -> set[UUID]:
    """Those of the rows that a foreign key of another table names, whichever app it belongs to."""
    found: set[UUID] = set()
    for source, column in _foreign_keys_to(model):
        for part in in_slices(rows):
            pointing = source._default_manager.filter(**{f"{column}__in": [row.pk for row in part]})
            found.update(pointing.values_list(column, flat=True))
    return found


def _foreign_keys_to(model: type[models.Model]) -> Iterable[tuple[type[models.Model], str]]:
    for relation in model._meta.get_fields(include_hidden=True):
        if not relation.auto_created or relation.concrete or not relation.is_relation:
            continue
        source: Any = relation.related_model
        column = relation.field.attname  # type: ignore[union-attr]
        is_own_part = source in OWN_PARTS and column in {"person_id", "organization_id"}
        if not is_own_part:
            yield source, column


def _remove(people: Collection[Person], organizations: Collection[Organization]) -> None:
    """Delete people first: their memberships go with them; then recount who lost some."""
    shrunk: set[UUID] = set()
    for part in in_slices([person.pk for person in people]):
        memberships = Membership.objects.filter(person_id__in=part, organization_id__isnull=False)
        shrunk.update(memberships.values_list("organization_id", flat=True))
        Person.objects.filter(pk__in=part).delete()
    gone = [row.pk for row in organizations]
    for part in in_slices(gone):
        Organization.objects.filter(pk__in=part).delete()
    forget_likeness([*gone, *(person.pk for person in people)])
    recount_people(shrunk.difference(gone))
