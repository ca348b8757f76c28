"""Create, rename, colour, merge and delete tags; put them on many records and take them off."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from portico.clients.actions.locks import (
    held,
    hold_organizations,
    hold_people,
    hold_rows,
)
from portico.clients.actions.tagging import (
    CARRIERS,
    ORGANIZATIONS,
    PEOPLE,
    Tags,
    respell,
    retag,
    tags_named,
    tags_with,
)
from portico.clients.choices import TagColour
from portico.clients.cleaning import clean_tag_name, clean_tags
from portico.clients.models import (
    Location,
    LocationTag,
    Organization,
    OrganizationTag,
    Person,
    PersonTag,
    Tag,
)
from portico.clients.querysets import OrganizationQuerySet, PersonQuerySet
from portico.history.actions import record
from portico.kit.actors import Actor
from portico.kit.errors import FieldProblem, NotThere, Refused, Stale
from portico.kit.names import name_key
from portico.kit.slices import in_slices
from portico.workspaces.choices import Permission

BATCH = 500
ATTEMPTS = 10


@transaction.atomic
def create_tag(actor: Actor, *, name: str, colour: str = TagColour.GREY) -> Tag:
    """Create a tag that nothing carries yet. Raises Refused("tag_in_use") for a name taken."""
    actor.require(Permission.MANAGE_WORKSPACE)
    tag = Tag(**_clean({"name": name, "colour": colour}))
    _save(tag, adding=True)
    record(actor, "tag.created", [tag])
    return tag


@transaction.atomic
def update_tag(
    actor: Actor, tag_id: UUID, changes: Mapping[str, Any], *, version: int | None = None
) -> Tag:
    """Change name or colour of a tag, once for every record that carries it (S2.69).

    Raises NotThere, Stale, Refused("tag_in_use": merge them instead).
    """
    actor.require(Permission.MANAGE_WORKSPACE)
    if "name" in changes:
        _hold_with_carriers([tag_id])
    tag = _locked(tag_id)
    if version is not None and version != tag.version:
        raise Stale(tag)
    cleaned = _clean(changes)
    changed = {
        name: [getattr(tag, name), value]
        for name, value in cleaned.items()
        if getattr(tag, name) != value
    }
    if not changed:
        return tag
    for name, (_old, new) in changed.items():
        setattr(tag, name, new)
    tag.version += 1
    _save(tag)
    if "name" in changed:
        for carrier in CARRIERS:
            respell(carrier, tag)
    record(actor, "tag.updated", [tag], changes=changed)
    return tag


@transaction.atomic
def merge_tags(actor: Actor, *, target_id: UUID, source_ids: Collection[UUID]) -> Tag:
    """Make several tags one: what carries a source carries the target, each once (edge case 37).

    The sources are gone afterwards; each changed record has its own line in history. Raises
    NotThere, Refused("nothing_to_merge").
    """
    actor.require(Permission.MANAGE_WORKSPACE)
    _hold_with_carriers({*source_ids, target_id})
    target = _locked(target_id)
    sources = [_locked(key) for key in sorted(set(source_ids) - {target_id})]
    if not sources:
        raise Refused("nothing_to_merge", _("Choose at least one other tag."), field="sources")
    merged = [[tag.name for tag in sources], target.name]
    back = {target.pk: {"tags": [_kept(tag) for tag in sources]}}
    record(actor, "tag.merged", [target], changes={"merged": merged}, reversal=back)
    _remove(actor, sources, instead=target)
    return target


@transaction.atomic
def delete_tag(actor: Actor, tag_id: UUID, *, version: int | None = None) -> None:
    """Take a tag off everything and out of the list. Raises NotThere, Stale."""
    actor.require(Permission.MANAGE_WORKSPACE)
    _hold_with_carriers([tag_id])
    tag = _locked(tag_id)
    if version is not None and version != tag.version:
        raise Stale(tag)
    record(actor, "tag.deleted", [tag], reversal={tag.pk: {"tags": [_kept(tag)]}})
    _remove(actor, [tag], instead=None)


@transaction.atomic
def restore_tags(actor: Actor, kept: Iterable[Mapping[str, Any]]) -> None:
    """Bring back tags that were merged or deleted, with their colour and their locations.

    Organizations and people get theirs back from their own events.
    """
    actor.require(Permission.MANAGE_WORKSPACE)
    for told in kept:
        tag = tags_named(actor, [told["name"]])[name_key(told["name"])]
        Tag.objects.filter(pk=tag.pk).update(colour=told["colour"])
        places = Location.objects.filter(pk__in=told["locations"]).values_list("pk", flat=True)
        _add_locations(tag, list(places))


@transaction.atomic
def tag_organizations(
    actor: Actor,
    organizations: OrganizationQuerySet,
    *,
    add: Collection[UUID] = (),
    remove: Collection[UUID] = (),
    names: Collection[str] = (),
) -> list[Organization]:
    """Put tags on organizations and take others off; returns those that changed.

    `names` are tags to add that may not be there yet: they are created. Raises
    Refused("unknown_tag").
    """
    actor.require(Permission.MANAGE_CLIENT_ORGANIZATIONS)
    wanted = _plus_minus(actor, add=add, remove=remove, names=names)
    return retag(actor, ORGANIZATIONS, organizations.visible_to(actor), wanted=wanted)


@transaction.atomic
def tag_people(
    actor: Actor,
    people: PersonQuerySet,
    *,
    add: Collection[UUID] = (),
    remove: Collection[UUID] = (),
    names: Collection[str] = (),
) -> list[Person]:
    """Put tags on people and take others off; see `tag_organizations`."""
    actor.require(Permission.EDIT_CLIENTS)
    wanted = _plus_minus(actor, add=add, remove=remove, names=names)
    return retag(actor, PEOPLE, people.visible_to(actor), wanted=wanted)


@transaction.atomic
def set_tags_of_organizations(
    actor: Actor, names: Mapping[UUID, Sequence[str]]
) -> list[Organization]:
    """Give each of these organizations exactly the tags of these names."""
    actor.require(Permission.MANAGE_CLIENT_ORGANIZATIONS)
    rows = Organization.objects.visible_to(actor).filter(pk__in=list(names))
    return retag(actor, ORGANIZATIONS, rows, wanted=_exactly(actor, names))


@transaction.atomic
def set_tags_of_people(actor: Actor, names: Mapping[UUID, Sequence[str]]) -> list[Person]:
    """Give each of these people exactly the tags of these names."""
    actor.require(Permission.EDIT_CLIENTS)
    rows = Person.objects.visible_to(actor).filter(pk__in=list(names))
    return retag(actor, PEOPLE, rows, wanted=_exactly(actor, names))


def _plus_minus(
    actor: Actor, *, add: Collection[UUID], remove: Collection[UUID], names: Collection[str]
) -> Callable[[UUID, Tags], list[Tag]]:
    created = tags_named(actor, clean_tags(list(names))).values() if names else ()
    adding = [*tags_with(add), *created]
    leaving = {tag.pk for tag in tags_with(remove)} - {tag.pk for tag in adding}

    def wanted(_key: UUID, tags: Tags) -> list[Tag]:
        return [*(tag for tag in tags if tag.pk not in leaving), *adding]

    return wanted


def _exactly(
    actor: Actor, names: Mapping[UUID, Sequence[str]]
) -> Callable[[UUID, Tags], list[Tag]]:
    cleaned = {key: clean_tags(list(part)) for key, part in names.items()}
    known = tags_named(actor, sorted({name for part in cleaned.values() for name in part}))

    def wanted(key: UUID, _tags: Tags) -> list[Tag]:
        return [known[name_key(name)] for name in cleaned[key]]

    return wanted


def _remove(actor: Actor, tags: Sequence[Tag], *, instead: Tag | None) -> None:
    """Take the tags off every record, put the other one on, and delete them."""
    keys = {tag.pk for tag in tags}

    def wanted(_key: UUID, present: Tags) -> list[Tag]:
        staying = [tag for tag in present if tag.pk not in keys]
        return [*staying, instead] if instead else staying

    for carrier in CARRIERS:
        carried = carrier.assignment.objects.filter(tag_id__in=keys).values(carrier.column)
        retag(actor, carrier, carrier.model.objects.filter(pk__in=carried), wanted=wanted)
    places = LocationTag.objects.filter(tag_id__in=keys).values_list("location_id", flat=True)
    touched = list(places.distinct())
    if instead is not None:
        _add_locations(instead, touched)
    for part in in_slices(touched):
        Location.objects.filter(pk__in=part).update(version=F("version") + 1)
    Tag.objects.filter(pk__in=keys).delete()


def _add_locations(tag: Tag, location_ids: Sequence[UUID]) -> None:
    LocationTag.objects.bulk_create(
        [LocationTag(location_id=key, tag=tag) for key in location_ids],
        batch_size=BATCH,
        ignore_conflicts=True,
    )


def _kept(tag: Tag) -> dict[str, Any]:
    """What of a tag is told nowhere else once it is gone."""
    places = LocationTag.objects.filter(tag=tag).values_list("location_id", flat=True)
    return {"name": tag.name, "colour": tag.colour, "locations": [str(key) for key in places]}


class _Overtaken(Exception):
    """Something got the tag while its lock was waited for."""


def _hold_with_carriers(tag_ids: Collection[UUID]) -> None:
    """Lock whatever carries these tags, then the tags, so that nobody can assign them any more.

    Who assigned one while its lock was waited for has made a carrier that is not locked: then all
    is let go of and locked anew, since a record is never locked after a tag (see `locks`).
    """
    if not connection.features.has_select_for_update:
        return
    for _attempt in range(ATTEMPTS):
        with suppress(_Overtaken), transaction.atomic():
            carriers = _carriers_of(tag_ids)
            hold_people(carriers[PersonTag])
            places = Location.objects.filter(pk__in=carriers[LocationTag])
            hold_organizations(
                {*carriers[OrganizationTag], *places.values_list("organization_id", flat=True)}
            )
            hold_rows(Location, carriers[LocationTag])
            tags = Tag.objects.filter(pk__in=list(tag_ids)).order_by("pk")
            list(tags.select_for_update(of=("self",)).values_list("pk", flat=True))
            if any(not now <= carriers[model] for model, now in _carriers_of(tag_ids).items()):
                raise _Overtaken
            return
    text = _("This tag is being assigned at this moment. Try again.")
    raise Refused("tag_in_demand", text, status=409)


def _carriers_of(tag_ids: Collection[UUID]) -> dict[Any, set[UUID]]:
    """The ids of what carries one of these tags, by the model of the assignment."""
    return {
        model: set(model.objects.filter(tag_id__in=list(tag_ids)).values_list(column, flat=True))
        for model, column in (
            (PersonTag, "person_id"),
            (OrganizationTag, "organization_id"),
            (LocationTag, "location_id"),
        )
    }


def _locked(tag_id: UUID) -> Tag:
    tag: Tag | None = held(Tag.objects.filter(pk=tag_id)).first()
    if tag is None:
        raise NotThere
    return tag


def _clean(fields: Mapping[str, Any]) -> dict[str, Any]:
    cleaned: dict[str, Any] = {}
    problems = []
    for name, value in fields.items():
        try:
            if name == "name":
                cleaned[name] = clean_tag_name(value)
            elif name != "colour":
                raise Refused("unknown_field", _("There is no such field."))
            elif value not in TagColour.values:
                raise Refused("unknown_colour", _("Choose from the list."))
            else:
                cleaned[name] = str(value)
        except Refused as refused:
            problems.append(FieldProblem(name, refused.code, refused.detail))
    if problems:
        raise Refused("invalid", problems[0].message, errors=problems)
    return cleaned


def _save(tag: Tag, *, adding: bool = False) -> None:
    try:
        with transaction.atomic():
            tag.save(force_insert=adding)
    except IntegrityError as error:
        text = _("There is a tag of this name already. Merge the two instead.")
        raise Refused("tag_in_use", text, field="name") from error
