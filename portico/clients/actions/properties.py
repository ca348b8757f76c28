"""Define the custom properties of organizations and people: create, change, order, archive."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.fields.json import KeyTextTransform
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from portico.clients.choices import PropertyKind, PropertySubject
from portico.clients.models import CustomProperty, Organization, Person
from portico.history.actions import record
from portico.kit.actors import Actor
from portico.kit.errors import FieldProblem, NotThere, Refused, Stale
from portico.kit.names import clean_name, name_key, search_fold
from portico.workspaces.choices import Permission

LONGEST_KEY = 45
MOST_CHOICES = 200
MOST_PROPERTIES = 100
WITH_CHOICES = frozenset({PropertyKind.CHOICE, PropertyKind.CHOICES})
FLAGS = ("is_required", "is_visible_to_clients")


@transaction.atomic
def create_property(
    actor: Actor, subject: PropertySubject | str, fields: Mapping[str, Any]
) -> CustomProperty:
    """Add a property at the end of the list; its key comes from its label and stays for ever.

    Takes `label`, `kind`, `choices`, `is_required`, `is_visible_to_clients`. Raises Refused,
    "property_in_use" for a label taken.
    """
    actor.require(Permission.MANAGE_WORKSPACE)
    if subject not in PropertySubject.values:
        raise Refused("unknown_subject", _("Choose from the list."), field="subject")
    cleaned = _clean({"label": "", "kind": PropertyKind.TEXT, **fields})
    _require_choices(cleaned["kind"], cleaned.get("choices", []))
    _require_free_label(str(subject), cleaned["label"])
    present = list(CustomProperty.objects.filter(subject=subject).values_list("key", "place"))
    if len(present) >= MOST_PROPERTIES:
        text = _("There are %(limit)s properties already.") % {"limit": MOST_PROPERTIES}
        raise Refused("too_many", text)
    definition = CustomProperty(
        subject=subject,
        key=_free_key(cleaned["label"], taken={key for key, _place in present}),
        place=max((place for _key, place in present), default=0) + 1,
        **cleaned,
    )
    definition.save(force_insert=True)
    record(actor, "property.created", [definition])
    return definition


@transaction.atomic
def update_property(
    actor: Actor, property_id: UUID, changes: Mapping[str, Any], *, version: int | None = None
) -> CustomProperty:
    """Change a property. Values stay as they are, also those of choices taken off the list.

    Raises NotThere, Stale, and Refused("kind_in_use") for another kind while values exist.
    """
    actor.require(Permission.MANAGE_WORKSPACE)
    definition = _locked(property_id)
    if version is not None and version != definition.version:
        raise Stale(definition)
    cleaned = _clean(changes)
    changed = {
        name: [getattr(definition, name), value]
        for name, value in cleaned.items()
        if getattr(definition, name) != value
    }
    if "kind" in changed and values_count(definition):
        text = _("Records have values of this property, so its kind stays.")
        raise Refused("kind_in_use", text, field="kind")
    for name, (_old, new) in changed.items():
        setattr(definition, name, new)
    _require_choices(definition.kind, definition.choices)
    if "label" in changed:
        _require_free_label(definition.subject, definition.label, but=definition.pk)
    if changed:
        definition.version += 1
        definition.save(update_fields=[*changed, "version"])
        record(actor, "property.updated", [definition], changes=changed)
    return definition


@transaction.atomic
def archive_properties(actor: Actor, ids: Collection[UUID]) -> list[CustomProperty]:
    """Take properties out of forms, pages and filters; every value is kept (S2.45)."""
    actor.require(Permission.MANAGE_WORKSPACE)
    return _set_archived(actor, ids, is_archived=True)


@transaction.atomic
def unarchive_properties(actor: Actor, ids: Collection[UUID]) -> list[CustomProperty]:
    """Bring properties back with the values that were kept."""
    actor.require(Permission.MANAGE_WORKSPACE)
    return _set_archived(actor, ids, is_archived=False)


@transaction.atomic
def move_property(actor: Actor, property_id: UUID, *, by: int) -> CustomProperty:
    """Move a property up (-1) or down (+1) among those of its subject that are not archived."""
    actor.require(Permission.MANAGE_WORKSPACE)
    definition = _locked(property_id)
    rows = CustomProperty.objects.filter(subject=definition.subject, archived_at__isnull=True)
    ordered = list(rows.order_by("place", "created_at", "id").select_for_update())
    keys = [row.pk for row in ordered]
    if definition.pk not in keys:
        raise NotThere
    old = keys.index(definition.pk)
    new = min(max(old + by, 0), len(keys) - 1)
    if new == old:
        return definition
    ordered.insert(new, ordered.pop(old))
    for place, row in enumerate(ordered, start=1):
        row.place = place
    CustomProperty.objects.bulk_update(ordered, ["place"])
    record(actor, "property.moved", [definition], changes={"place": [old + 1, new + 1]})
    return _locked(property_id)


@transaction.atomic
def undo_creation_of_properties(actor: Actor, ids: Collection[UUID]) -> list[CustomProperty]:
    """Remove properties that no record has a value of; returns those that stay because one has."""
    actor.require(Permission.MANAGE_WORKSPACE)
    staying = []
    for definition in CustomProperty.objects.filter(pk__in=list(ids)).select_for_update():
        if values_count(definition):
            staying.append(definition)
            continue
        record(actor, "property.removed", [definition])
        definition.delete()
    return staying


def values_count(definition: CustomProperty) -> int:
    """How many records have a value of this property, archived records included."""
    model = Organization if definition.subject == PropertySubject.ORGANIZATION else Person
    value = KeyTextTransform(definition.key, "property_values")
    found: int = model.objects.alias(value=value).filter(value__isnull=False).count()
    return found


def _set_archived(
    actor: Actor, ids: Collection[UUID], *, is_archived: bool
) -> list[CustomProperty]:
    rows = CustomProperty.objects.filter(pk__in=list(ids), archived_at__isnull=is_archived)
    changed = list(rows.select_for_update())
    now = timezone.now() if is_archived else None
    keys = [row.pk for row in changed]
    CustomProperty.objects.filter(pk__in=keys).update(archived_at=now, version=F("version") + 1)
    record(actor, "property.archived" if is_archived else "property.unarchived", changed)
    return changed


def _locked(property_id: UUID) -> CustomProperty:
    rows = CustomProperty.objects.filter(pk=property_id).select_for_update()
    definition: CustomProperty | None = rows.first()
    if definition is None:
        raise NotThere
    return definition


def _require_free_label(subject: str, label: str, *, but: UUID | None = None) -> None:
    """Two of one label could not be told apart in forms, filters, columns and files."""
    others = CustomProperty.objects.filter(subject=subject, archived_at__isnull=True)
    if any(name_key(label) == name_key(other.label) for other in others if other.pk != but):
        text = _("There is a property %(label)s already.") % {"label": label}
        raise Refused("property_in_use", text, field="label")


def _free_key(label: str, *, taken: Collection[str]) -> str:
    """A key out of the label: Latin letters, digits, single underscores; numbered when taken."""
    words = slugify(search_fold(label)).replace("-", "_")
    base = "_".join(filter(None, words.split("_")))[:LONGEST_KEY].strip("_") or "property"
    if base[0].isdigit():
        base = f"n{base}"
    key, number = base, 2
    while key in taken:
        key, number = f"{base}_{number}", number + 1
    return key


def _clean(fields: Mapping[str, Any]) -> dict[str, Any]:
    cleaned: dict[str, Any] = {}
    problems = []
    for name, value in fields.items():
        try:
            cleaned[name] = _clean_field(name, value)
        except Refused as refused:
            problems.append(FieldProblem(name, refused.code, refused.detail))
    if problems:
        raise Refused("invalid", problems[0].message, errors=problems)
    return cleaned


def _clean_field(name: str, value: Any) -> Any:
    if name == "label":
        return clean_name(value if isinstance(value, str) else "", minimum=1, maximum=100)
    if name == "kind":
        if value not in PropertyKind.values:
            raise Refused("unknown_kind", _("Choose from the list."))
        return str(value)
    if name == "choices":
        return _clean_choices(value)
    if name in FLAGS:
        if not isinstance(value, bool):
            raise Refused("not_a_flag", _("Choose yes or no."))
        return value
    raise Refused("unknown_field", _("There is no such field."))


def _clean_choices(value: Any) -> list[str]:
    """Choices from a list, or from a text with one on each line; each once, case ignored."""
    parts: Sequence[Any] = value.splitlines() if isinstance(value, str) else (value or [])
    choices: dict[str, str] = {}
    for part in parts:
        if not isinstance(part, str):
            raise Refused("not_text", _("Enter text."))
        if part.strip():
            choice = clean_name(part, minimum=1, maximum=200)
            if ";" in choice:
                raise Refused("separator", _("A choice has no semicolon."))
            choices.setdefault(name_key(choice), choice)
    if len(choices) > MOST_CHOICES:
        text = _("At most %(limit)s choices fit.") % {"limit": MOST_CHOICES}
        raise Refused("too_many", text)
    return list(choices.values())


def _require_choices(kind: str, choices: Sequence[str]) -> None:
    if kind in WITH_CHOICES and not choices:
        raise Refused("required", _("Enter at least one choice."), field="choices")
