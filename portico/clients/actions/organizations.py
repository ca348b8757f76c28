"""Create, change, archive and delete organizations."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from portico.clients.actions.counters import recount_people
from portico.clients.actions.locks import held, hold_members, hold_places
from portico.clients.actions.parts import (
    MANAGERS,
    Difference,
    columns_of,
    differences,
    give_parts,
    require_given,
    require_managers_of_drafts,
    states_of,
    tags_of_drafts,
    write_parts,
)
from portico.clients.actions.people import NAMED_BY, archive_rows, unarchive_rows
from portico.clients.actions.primaries import join_directly, settle_primaries
from portico.clients.actions.tagging import ORGANIZATIONS
from portico.clients.choices import MembershipStatus, PropertySubject
from portico.clients.cleaning import clean_organization, properties_of
from portico.clients.guards import deletion_blockers
from portico.clients.models import Membership, Organization, Person, missing
from portico.clients.querysets import OrganizationQuerySet
from portico.history.actions import record
from portico.kit.actors import Actor
from portico.kit.dates import today_in
from portico.kit.errors import FieldProblem, NeedsConfirmation, Refused, Stale
from portico.kit.inserting import insert_rows
from portico.kit.making import make_rows
from portico.kit.slices import in_slices
from portico.kit.tenancy.scope import current_scope
from portico.ui.words import say
from portico.workspaces.choices import Permission
from portico.workspaces.limits import hold_plan
from portico.workspaces.presets import REQUIRED

CONFIRMATION_WORD = "DELETE"


@transaction.atomic
def create_organizations(actor: Actor, drafts: Sequence[Mapping[str, Any]]) -> list[Organization]:
    """Insert organizations from cleaned fields, each with its event; warnings are the caller's.

    Takes what `clean_organization` returned, from an import also `archived_at`. Raises Refused
    when a reference is in use.
    """
    actor.require(Permission.MANAGE_CLIENT_ORGANIZATIONS)
    now = timezone.now()
    require_managers_of_drafts(drafts)
    tags, texts = tags_of_drafts(actor, drafts)
    each = (
        {"tag_text": text, **columns_of(draft)} for draft, text in zip(drafts, texts, strict=True)
    )
    rows = make_rows(Organization, {"updated_at": now}, each=each)
    for row in rows:
        row.derive_keys()
    try:
        with transaction.atomic():
            insert_rows(rows)
    except IntegrityError as error:
        raise _reference_in_use() from error
    managers = [draft.get(MANAGERS) or [] for draft in drafts]
    give_parts(ORGANIZATIONS, rows, tags=tags, managers=managers)
    states = states_of(rows, ("archived_at",))
    record(actor, "organization.created", rows, changes=states)
    return rows


@transaction.atomic
def create_organization(
    actor: Actor, fields: Mapping[str, Any], *, confirm: Collection[str] = ()
) -> Organization:
    """Create one organization; a name alone is enough (S1.5).

    An equal name and an end date in the past go through only when confirmed (`equal_name`,
    `past_date`); the preset may demand an end date (S4.3). Raises Refused, NeedsConfirmation.
    """
    actor.require(Permission.MANAGE_CLIENT_ORGANIZATIONS)
    properties = properties_of(PropertySubject.ORGANIZATION)
    cleaned = clean_organization({"name": "", **fields}, properties=properties)
    _require_end_date(cleaned)
    require_given(PropertySubject.ORGANIZATION, cleaned, properties=properties)
    _warn(cleaned, confirm, own=None)
    return create_organizations(actor, [cleaned])[0]


@transaction.atomic
def update_organization(
    actor: Actor,
    organization_id: UUID,
    changes: Mapping[str, Any],
    *,
    version: int | None = None,
    confirm: Collection[str] = (),
) -> Organization:
    """Change fields of an organization as read at `version`; what stays the same leaves no trace.

    Raises NotThere, Stale (with the present record), Refused, NeedsConfirmation.
    """
    actor.require(Permission.MANAGE_CLIENT_ORGANIZATIONS)
    organization = _locked(actor, organization_id)
    if version is not None and version != organization.version:
        raise Stale(organization)
    cleaned = clean_organization(changes, kept=organization.property_values)
    if "membership_end_date" in cleaned:
        _require_end_date(cleaned)
    wanted = {organization.pk: cleaned}
    changed = differences(actor, ORGANIZATIONS, [organization], wanted=wanted)[organization.pk]
    _warn(changed.columns, confirm, own=organization)
    return _save_changed(actor, organization, changed)


@transaction.atomic
def archive_organizations(actor: Actor, organizations: OrganizationQuerySet) -> list[Organization]:
    """Archive those that are active, and those of their people who have no other open membership.

    One already archived is left as it is and leaves no event. Returns the archived ones.
    """
    actor.require(Permission.DELETE_CLIENTS, Permission.MANAGE_CLIENT_ORGANIZATIONS)
    archived = _held_with_members(organizations.visible_to(actor).active())
    record(actor, "organization.archived", archived)
    now = timezone.now()
    for part in in_slices(archived):
        keys = [row.pk for row in part]
        _archive_people_of(actor, keys)
        Organization.objects.filter(pk__in=keys).update(
            archived_at=now, version=F("version") + 1, updated_at=now
        )
    return archived


@transaction.atomic
def unarchive_organizations(
    actor: Actor, organizations: OrganizationQuerySet
) -> list[Organization]:
    """Bring back archived ones with exactly the people archived with them, or refuse the whole.

    Raises Refused("person_limit") when the plan has no room (S1.29).
    """
    actor.require(Permission.DELETE_CLIENTS, Permission.MANAGE_CLIENT_ORGANIZATIONS)
    hold_plan()
    back = _held_with_members(organizations.visible_to(actor).archived())
    record(actor, "organization.unarchived", back)
    now = timezone.now()
    for part in in_slices(back):
        keys = [row.pk for row in part]
        Organization.objects.filter(pk__in=keys).update(
            archived_at=None, version=F("version") + 1, updated_at=now
        )
        _unarchive_people_of(actor, keys)
    return back


@transaction.atomic
def delete_organization(
    actor: Actor, organization_id: UUID, *, confirmation: str, version: int | None = None
) -> None:
    """Delete an organization for good after DELETE was typed (S1.13); what blocks it is asked now.

    People with no other membership are archived; history stays with the name as it was. Raises
    NotThere, Stale, Refused("confirmation_needed"), Refused("deletion_blocked").
    """
    actor.require(Permission.DELETE_CLIENTS, Permission.MANAGE_CLIENT_ORGANIZATIONS)
    hold_members([organization_id])
    organization = _locked(actor, organization_id)
    if version is not None and version != organization.version:
        raise Stale(organization)
    if confirmation.strip() != CONFIRMATION_WORD:
        raise Refused(
            "confirmation_needed",
            _("Type %(word)s in capital letters to confirm.") % {"word": CONFIRMATION_WORD},
            field="confirmation",
        )
    blockers = deletion_blockers(organization)
    if blockers:
        raise Refused("deletion_blocked", " ".join(blockers), status=409)
    _archive_people_of(actor, [organization.pk])
    rows = Membership.objects.filter(organization=organization)
    members = list(rows.values_list("person_id", "is_primary"))
    rows.delete()
    settle_primaries([person_id for person_id, is_primary in members if is_primary])
    join_directly([person_id for person_id, _is_primary in members])
    record(actor, "organization.deleted", [organization])
    organization.delete()


def _locked(actor: Actor, organization_id: UUID) -> Organization:
    rows = held(Organization.objects.visible_to(actor).filter(pk=organization_id))
    organization: Organization | None = rows.first()
    if organization is None:
        raise missing(actor, Organization, organization_id)
    return organization


def _held_with_members(organizations: OrganizationQuerySet) -> list[Organization]:
    """These organizations, locked after the people who belong to them."""
    hold_members(organizations.values_list("pk", flat=True))
    return list(held(organizations))


def _save_changed(actor: Actor, organization: Organization, changed: Difference) -> Organization:
    if not changed:
        return organization
    for field, new in changed.columns.items():
        setattr(organization, field, new)
    organization.version += 1
    try:
        with transaction.atomic():
            organization.save(update_fields=[*changed.columns, "version"])
    except IntegrityError as error:
        raise _reference_in_use() from error
    key = organization.pk
    write_parts(ORGANIZATIONS, {key: changed})
    reversal = {key: changed.reversal} if changed.reversal else None
    record(
        actor, "organization.updated", [organization], changes=changed.changes, reversal=reversal
    )
    return organization


def _archive_people_of(actor: Actor, organization_ids: list[UUID]) -> None:
    """Archive who belongs to nothing else that is open, marked as archived with it."""
    people = (
        Person.objects.active()
        .filter(memberships__organization_id__in=organization_ids)
        .without_other_open_membership(organization_ids)
        .distinct()
    )
    leaving = list(people.only(*NAMED_BY))
    hold_places([person.pk for person in leaving])
    for part in in_slices(leaving):
        Membership.objects.filter(
            organization_id__in=organization_ids, person__in=[row.pk for row in part]
        ).update(archived_with_organization=True)
    archive_rows(actor, leaving)


def _unarchive_people_of(actor: Actor, organization_ids: list[UUID]) -> None:
    marked = Membership.objects.filter(
        organization_id__in=organization_ids, archived_with_organization=True
    )
    people = Person.objects.archived().filter(pk__in=marked.values("person_id"), erased_at=None)
    back = list(people.only(*NAMED_BY))
    hold_places([person.pk for person in back])
    unarchive_rows(actor, back)
    marked.update(archived_with_organization=False)
    recount_people(organization_ids)


def _require_end_date(cleaned: Mapping[str, Any]) -> None:
    demanded = current_scope().settings["membership_end"] == REQUIRED
    if demanded and cleaned.get("membership_end_date") is None:
        raise Refused("required", _("Enter the membership end date."), field="membership_end_date")


def _warn(
    cleaned: Mapping[str, Any], confirm: Collection[str], *, own: Organization | None
) -> None:
    """Raise what somebody should look at first, unless they have (S1.8, S4.3)."""
    warnings = []
    is_named = "name" in cleaned and "equal_name" not in confirm
    if is_named and (text := _equal_name(cleaned["name"], own)):
        warnings.append(FieldProblem("name", "equal_name", text))
    end = cleaned.get("membership_end_date")
    if end is not None and "past_date" not in confirm:
        status = Organization(membership_end_date=end).membership_status(
            today_in(current_scope().time_zone)
        )
        if status is MembershipStatus.ENDED:
            text = _("This date is in the past: access ends at once.")
            warnings.append(FieldProblem("membership_end_date", "past_date", text))
    if warnings:
        raise NeedsConfirmation(warnings)


def _equal_name(name: str, own: Organization | None) -> str:
    """What to say about another one of this name, also an archived one (edge case 31); or ""."""
    named = Organization.objects.unmerged().named(name)
    equals = named.exclude(pk=own.pk if own else None)
    if equals.active().exists():
        return say("There is an organization of this name already.")
    return say("An archived organization has this name.") if equals.archived().exists() else ""


def _reference_in_use() -> Refused:
    text = say("Another organization has this reference.")
    return Refused("reference_in_use", text, field="reference")
