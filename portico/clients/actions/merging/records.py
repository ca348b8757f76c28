"""Merge two organizations or two people: the survivor gets everything, the source leads to it."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portico.accounts.actions.sessions import end_sessions_of
from portico.clients.actions.counters import recount_locations, recount_people
from portico.clients.actions.likeness import forget_likeness
from portico.clients.actions.locks import hold_organizations, hold_people, hold_places
from portico.clients.actions.managing import agent_names
from portico.clients.actions.merging.moving import Journal, as_json, carry_out
from portico.clients.actions.merging.plans import Ends, MergePlan, column_of, plan_merge
from portico.clients.actions.merging.sides import ORGANIZATION_SIDE, PERSON_SIDE, MergeSide
from portico.clients.actions.readdressing import follow_addresses
from portico.clients.actions.tagging import tags_of, text_of
from portico.clients.choices import PropertySubject
from portico.clients.cleaning import PROPERTY_PREFIX
from portico.clients.models import Membership, Merge, missing, refuse_merged
from portico.history.actions import record
from portico.kit.actors import Actor
from portico.kit.errors import FieldProblem, NeedsConfirmation, NotThere, Refused, Stale
from portico.kit.phones import e164
from portico.operations.models import Operation

ARCHIVED_WITH_ACTIVE = "archived_with_active"
Choices = Mapping[str, str]


def preview_organizations(
    actor: Actor, survivor_id: UUID, source_id: UUID, *, choices: Choices
) -> MergePlan:
    """What `merge_organizations` would do; raises the same, but asks for no confirmation."""
    return _preview(actor, ORGANIZATION_SIDE, (survivor_id, source_id), choices=choices)


def preview_people(
    actor: Actor, survivor_id: UUID, source_id: UUID, *, choices: Choices
) -> MergePlan:
    """What `merge_people` would do; raises the same, but asks for no confirmation."""
    return _preview(actor, PERSON_SIDE, (survivor_id, source_id), choices=choices)


@transaction.atomic
def merge_organizations(
    actor: Actor,
    survivor_id: UUID,
    source_id: UUID,
    *,
    choices: Choices,
    confirm: Collection[str] = (),
    versions: tuple[int, int] | None = None,
) -> MergePlan:
    """Make one organization of two: people, locations, tags, managers, history go over.

    `choices` as `plan_merge` takes them; `versions` are those of both records that the preview
    showed. The source is archived and its id leads to the survivor. Raises Denied, NotThere,
    Stale, NeedsConfirmation("archived_with_active"), and Refused: "same_record", "not_found" at
    `source_id`, "import_running", "choice_needed".
    """
    keys, asked = (survivor_id, source_id), (confirm, versions)
    return _merge(actor, ORGANIZATION_SIDE, keys, choices=choices, asked=asked)


@transaction.atomic
def merge_people(
    actor: Actor,
    survivor_id: UUID,
    source_id: UUID,
    *,
    choices: Choices,
    confirm: Collection[str] = (),
    versions: tuple[int, int] | None = None,
) -> MergePlan:
    """Make one person of two; see `merge_organizations`.

    Where both sign in, one address stays, with the password that was chosen for it; the other
    address stays reserved on the source, which signs in no more. Open sessions of both end.
    """
    keys, asked = (survivor_id, source_id), (confirm, versions)
    return _merge(actor, PERSON_SIDE, keys, choices=choices, asked=asked)


def _preview(
    actor: Actor, side: MergeSide, keys: tuple[UUID, UUID], *, choices: Choices
) -> MergePlan:
    actor.require(*side.permissions)
    ends = _pair(actor, side, keys, is_locked=False)
    return plan_merge(side.subject, ends, choices=choices)


def _merge(
    actor: Actor,
    side: MergeSide,
    keys: tuple[UUID, UUID],
    *,
    choices: Choices,
    asked: tuple[Collection[str], tuple[int, int] | None],
) -> MergePlan:
    actor.require(*side.permissions)
    ends = _pair(actor, side, keys, is_locked=True)
    confirm, versions = asked
    _require_unchanged(ends, versions)
    _require_confirmed(ends, confirm)
    plan = plan_merge(side.subject, ends, choices=choices)
    _require_decided(plan)
    journal = Journal()
    for rows in plan.rows:
        carry_out(rows, ends, journal=journal)
    replaced = _write(side, plan, journal=journal)
    survivor, source = ends.survivor, ends.source
    settle_counts(side, [survivor.pk, source.pk])
    forget_likeness([source.pk])
    merge = Merge.objects.create(
        subject=side.subject,
        source_id=source.pk,
        survivor_id=survivor.pk,
        moved={"rows": journal.moved},
        collapsed=[*journal.collapsed, *journal.changed],
        replaced=replaced,
        act_id=actor.act_id,
    )
    _tell(actor, side, plan, merge=merge)
    return plan


def _tell(actor: Actor, side: MergeSide, plan: MergePlan, *, merge: Merge) -> None:
    survivor = plan.survivor
    record(
        actor,
        f"{side.subject}.merged",
        [survivor],
        changes=_readable(plan),
        organization_id=_place(side, survivor.pk),
        reversal={survivor.pk: {"merge": str(merge.pk)}},
    )
    if side.subject == PropertySubject.PERSON:
        # What came over may have gone to the address that does not stay.
        follow_addresses(actor, [survivor.pk])


def settle_counts(side: MergeSide, keys: list[UUID]) -> None:
    """Make counters and texts of both records say what is there now, in this transaction."""
    if side.subject == PropertySubject.ORGANIZATION:
        recount_people(keys)
        recount_locations(keys)
    else:
        end_sessions_of(keys)
        memberships = Membership.objects.filter(person_id__in=keys, organization_id__isnull=False)
        recount_people(memberships.values_list("organization_id", flat=True))
    tags = tags_of(side.carrier, keys)
    for row in side.table.objects.filter(pk__in=keys):
        row.tag_text = text_of(tags[row.pk])
        row.save(update_fields=["tag_text"])


def write_columns(row: Any, values: Mapping[str, Any]) -> None:
    """Set columns and what is derived from them; the record is a version further."""
    for name, value in values.items():
        setattr(row, name, value)
    names = {*values, "version"}
    if "phone" in values:
        row.phone_e164 = e164(row.phone, "") if row.phone else ""
        names.add("phone_e164")
    row.version += 1
    row.save(update_fields=sorted(names))


def free_unique_values(side: MergeSide, row: Any, *, names: Collection[str]) -> None:
    """Let go of those of these values that only one record may have, until the other is written."""
    held = side.table.objects.filter(pk=row.pk)
    if "reference" in names:
        held.update(reference="")
    if "email" in names and row.email_key:
        held.update(email_key=f"{row.pk}")


def hold_ends(side: MergeSide, keys: tuple[UUID, UUID]) -> None:
    """Lock both records, and of people also the organizations they belong to (see `locks`)."""
    if side.subject == PropertySubject.ORGANIZATION:
        hold_organizations(keys)
    else:
        hold_people(keys)
        hold_places(keys)


def _pair(actor: Actor, side: MergeSide, keys: tuple[UUID, UUID], *, is_locked: bool) -> Ends:
    """Both records, locked in the order of their ids, after asking what forbids it."""
    survivor_id, source_id = keys
    if is_locked:
        hold_ends(side, keys)
    rows = {row.pk: row for row in side.model.objects.visible_to(actor).filter(pk__in=keys)}
    if survivor_id not in rows:
        raise missing(actor, side.model, survivor_id)
    if survivor_id == source_id:  # said only of what is there
        raise Refused("same_record", side.itself(), field="source_id")
    if source_id not in rows:
        refuse_merged(actor, side.model, source_id, field="source_id")
    if source_id not in rows or getattr(rows[source_id], "erased_at", None):
        raise Refused("not_found", side.unknown(), field="source_id")
    if getattr(rows[survivor_id], "erased_at", None):
        raise NotThere
    if Operation.objects.unfinished().filter(kind__startswith="import").exists():
        text = _("An import is running. Merge when it is done.")
        raise Refused("import_running", text, status=409)
    return Ends(rows[survivor_id], rows[source_id])


def _require_unchanged(ends: Ends, versions: tuple[int, int] | None) -> None:
    """What was previewed is what is done."""
    if versions is None:
        return
    for row, version in zip((ends.survivor, ends.source), versions, strict=True):
        if row.version != version:
            raise Stale(row)


def _require_confirmed(ends: Ends, confirm: Collection[str]) -> None:
    is_mixed = (ends.survivor.archived_at is None) != (ends.source.archived_at is None)
    if is_mixed and ARCHIVED_WITH_ACTIVE not in confirm:
        text = _("One of the two is archived, the other is not.")
        raise NeedsConfirmation([FieldProblem("source_id", ARCHIVED_WITH_ACTIVE, text)])


def _require_decided(plan: MergePlan) -> None:
    if not plan.undecided:
        return
    text = _("Choose which of the two stays.")
    problems = [FieldProblem(name, "choice_needed", text) for name in plan.undecided]
    raise Refused("choice_needed", text, errors=problems)


def _write(side: MergeSide, plan: MergePlan, *, journal: Journal) -> dict[str, list[Any]]:
    """Give the survivor the chosen values; the source keeps what it had and leads to it.

    A value that only one record may have changes places, so that an address stays reserved.
    Returns what the survivor's values were and are.
    """
    survivor, source = plan.survivor, plan.source
    values, replaced = _taken_values(plan)
    given: dict[str, Any] = {"merged_into_id": survivor.pk}
    if source.archived_at is None:
        given["archived_at"] = timezone.now()
    for name in ("reference", "email"):
        if name in values:
            given[name] = getattr(survivor, name)
    if given.get("email") == "" and not source.name:
        given["name"] = source.email  # Nobody is without a name and an address.
    before = as_json(side.table, {name: getattr(source, name) for name in given})
    entry = {"table": side.table._meta.label, "id": str(source.pk), "before": before}
    journal.changed.append(entry | {"after": as_json(side.table, given)})
    if plan.swaps_logins:  # kept in no journal: an undo swaps them back
        values["password"], given["password"] = source.password, survivor.password
    free_unique_values(side, source, names=values)
    write_columns(survivor, values)
    write_columns(source, given)
    return replaced


def _taken_values(plan: MergePlan) -> tuple[dict[str, Any], dict[str, list[Any]]]:
    """The survivor's new columns, and every changed field with its old and new value as JSON.

    Of a password that goes over, only the unusable one before is kept.
    """
    survivor, source = plan.survivor, plan.source
    values: dict[str, Any] = {}
    replaced: dict[str, list[Any]] = {}
    properties = dict(survivor.property_values)
    for name, field in plan.taken.items():
        if name.startswith(PROPERTY_PREFIX):
            properties[name.removeprefix(PROPERTY_PREFIX)] = field.result
            replaced[name] = [field.survivor, field.result]
        else:
            column = column_of(name)
            values[column] = field.result
            replaced[name] = [
                as_json(type(survivor), {column: side})[column]
                for side in (field.survivor, field.result)
            ]
    if properties != survivor.property_values:
        values["property_values"] = properties
    if plan.takes_login:
        values["password"] = source.password
        replaced["password"] = [survivor.password, None]
    return values, replaced


def _readable(plan: MergePlan) -> dict[str, list[Any]]:
    """The change as history shows it: whom it swallowed, and the values that were taken."""
    changes: dict[str, list[Any]] = {"merged": [None, str(plan.source)]}
    for name, field in plan.taken.items():
        if name == "account_manager":
            names = agent_names([field.survivor, field.result])
            changes[name] = [names.get(field.survivor), names.get(field.result)]
        elif name != "avatar":
            changes[name] = [field.survivor, field.result]
    return changes


def _place(side: MergeSide, key: UUID) -> UUID | None:
    if side.subject == PropertySubject.ORGANIZATION:
        return None
    primary = Membership.objects.filter(person_id=key, is_primary=True)
    place: UUID | None = primary.values_list("organization_id", flat=True).first()
    return place
