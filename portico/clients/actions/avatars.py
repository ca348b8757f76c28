"""The avatar of a person."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from portico.accounts.actions.avatars import avatar_of, put_avatar
from portico.clients.actions.locks import held
from portico.clients.models import Membership, Person
from portico.files.models import StoredFile
from portico.files.reports import stored_file
from portico.history.models import Event
from portico.kit.actors import Actor
from portico.kit.errors import NotThere, Refused, Stale
from portico.workspaces.choices import Permission


@transaction.atomic
def change_avatar(
    actor: Actor, person_id: UUID, content: bytes | None, *, version: int | None = None
) -> Person:
    """Give a person another avatar, or none (`content` is None), as read at `version` (S2.9).

    Whoever created the person by the same act needs no permission to edit. Raises NotThere, Stale,
    Refused for what is no JPG or PNG.
    """
    person = _locked(actor, person_id)
    if version is not None and version != person.version:
        raise Stale(person)
    _put(actor, person, avatar_of(content))
    return person


@transaction.atomic
def restore_avatar(actor: Actor, person_id: UUID, file_id: UUID | None) -> Person:
    """Give a person the avatar back that they had; refused when it is gone for good."""
    person = _locked(actor, person_id)
    file = stored_file(file_id) if file_id else None
    if file_id is not None and file is None:
        raise Refused("file_gone", _("The earlier picture is no longer there."))
    _put(actor, person, file)
    return person


def _locked(actor: Actor, person_id: UUID) -> Person:
    actor.require(Permission.VIEW_CLIENTS)
    if not actor.may(Permission.EDIT_CLIENTS) and not _is_own_creation(actor, person_id):
        actor.require(Permission.EDIT_CLIENTS)
    person: Person | None = held(Person.objects.visible_to(actor).filter(pk=person_id)).first()
    if person is None:
        raise NotThere
    return person


def _is_own_creation(actor: Actor, person_id: UUID) -> bool:
    created = Event.objects.filter(subject_id=person_id, kind="person.created")
    return actor.may(Permission.CREATE_CLIENTS) and created.filter(act_id=actor.act_id).exists()


def _put(actor: Actor, person: Person, file: StoredFile | None) -> None:
    places = Membership.objects.filter(person_id=person.pk, is_primary=True)
    place = places.values_list("organization_id", flat=True).first()
    put_avatar(actor, person, file, organization_id=place)
