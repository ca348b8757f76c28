"""Create, change, disable and archive people."""

from collections import Counter
from collections.abc import Mapping, Sequence
from secrets import token_urlsafe
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import IntegrityError, transaction
from django.db.models import Count, F
from django.utils import timezone
from django.utils.translation import gettext as _

from portico.accounts.actions.access import close_until_confirmed, moves_sign_in
from portico.accounts.choices import UserKind
from portico.accounts.models import Session, User
from portico.clients.actions.counters import move_people_counts
from portico.clients.actions.locks import held, hold_organizations, hold_places
from portico.clients.actions.parts import (
    Difference,
    columns_of,
    differences,
    give_parts,
    property_changes,
    require_managers_of_drafts,
    states_of,
    tags_of_drafts,
    write_parts,
)
from portico.clients.actions.readdressing import tell_readdressed
from portico.clients.actions.tagging import PEOPLE
from portico.clients.choices import PropertySubject
from portico.clients.cleaning import clean_person, properties_of, require_properties
from portico.clients.models import Membership, Organization, Person, missing, refuse_merged
from portico.clients.querysets import PersonQuerySet
from portico.clients.reports import primary_organizations
from portico.history.actions import record
from portico.kit.actors import Actor
from portico.kit.addresses import email_key
from portico.kit.errors import FieldProblem, Refused, Stale
from portico.kit.inserting import insert_rows
from portico.kit.making import make_rows
from portico.kit.phones import e164
from portico.kit.slices import in_slices
from portico.kit.tenancy.scope import current_scope
from portico.ui.words import say
from portico.workspaces.choices import Permission
from portico.workspaces.limits import hold_plan, require_room_for_people

FORMATS = ("date_order", "date_separator", "clock")
NAME_FIELDS = ("name", "given_name", "family_name")
# What history and the lists of results say of a person; a thousand whole ones take time to read.
NAMED_BY = ("workspace", "kind", "name", "email")


@transaction.atomic
def create_people(
    actor: Actor, drafts: Sequence[tuple[Mapping[str, Any], UUID | None]]
) -> list[Person]:
    """Insert people from cleaned fields, each with their membership and event.

    Takes pairs of what `clean_person` returned and the organization (None: directly with the
    workspace); an import also brings `is_disabled` and `archived_at`. Counters move along.
    Raises Refused("person_limit"), Refused("email_in_use").
    """
    actor.require(Permission.CREATE_CLIENTS)
    require_room_for_people(sum("archived_at" not in fields for fields, _place in drafts))
    settings = current_scope().settings
    formats = {name: settings[name] for name in FORMATS}
    now = timezone.now()
    every = [fields for fields, _organization_id in drafts]
    require_managers_of_drafts(every)
    tags, texts = tags_of_drafts(actor, every)
    rows = make_rows(
        Person,
        {"kind": UserKind.PERSON, "updated_at": now, **formats},
        each=(
            {"tag_text": text, **columns_of(fields)}
            for fields, text in zip(every, texts, strict=True)
        ),
    )
    for person in rows:
        # What set_unusable_password() does, without its 41 draws of a character for each person.
        person.password = UNUSABLE_PASSWORD_PREFIX + token_urlsafe(30)
        person.phone_e164 = e164(person.phone, "") if person.phone else ""
        person.derive_keys()
    _insert(rows)
    organization_ids = [organization_id for _fields, organization_id in drafts]
    _join(rows, organization_ids)
    give_parts(PEOPLE, rows, tags=tags)
    joined = dict(zip([person.pk for person in rows], organization_ids, strict=True))
    states = states_of(rows, ("is_disabled", "archived_at"))
    record(actor, "person.created", rows, organization_id=joined, changes=states)
    return rows


@transaction.atomic
def create_person(
    actor: Actor,
    fields: Mapping[str, Any],
    *,
    organization_id: UUID | None = None,
    is_name_required: bool = True,
) -> Person:
    """Create one person; the workspace's settings say what is required (S2.5, X3).

    Who is invited by their address alone may have no name yet.

    Raises Refused with every missing or wrong field, NotThere-like refusals at the field
    `organization` when it can't be chosen.
    """
    actor.require(Permission.CREATE_CLIENTS)
    cleaned = _required_and_clean(fields, organization_id, is_name_required=is_name_required)
    if organization_id is not None:
        hold_plan()
        hold_organizations([organization_id])
        require_assignable(actor, organization_id)
    require_free_address(cleaned.get("email", ""))
    return create_people(actor, [(cleaned, organization_id)])[0]


@transaction.atomic
def update_person(
    actor: Actor, person_id: UUID, changes: Mapping[str, Any], *, version: int | None = None
) -> Person:
    """Change fields of a person as read at `version`.

    With another address nobody signs in until it is confirmed (S2.23). Raises NotThere, Stale
    (with the present record), Refused.
    """
    actor.require(Permission.EDIT_CLIENTS)
    person = _locked(actor, person_id)
    if version is not None and version != person.version:
        raise Stale(person)
    cleaned = clean_person(changes, kept=person.property_values, person=person)
    _keep_required(person, cleaned)
    changed = differences(actor, PEOPLE, [person], wanted={person.pk: cleaned})[person.pk]
    if "email" in changed.columns and email_key(cleaned["email"]) != person.email_key:
        require_free_address(cleaned["email"])
    return _save_changed(actor, person, changed)


@transaction.atomic
def disable_people(actor: Actor, people: PersonQuerySet) -> list[Person]:
    """Switch off the sign-in of these people; their sessions end with it (S3.25)."""
    actor.require(Permission.EDIT_CLIENTS)
    return _set_disabled(actor, people, is_disabled=True)


@transaction.atomic
def enable_people(actor: Actor, people: PersonQuerySet) -> list[Person]:
    """Switch the sign-in of these people on again, with the same password and roles (S3.25)."""
    actor.require(Permission.EDIT_CLIENTS)
    return _set_disabled(actor, people, is_disabled=False)


@transaction.atomic
def archive_people(actor: Actor, people: PersonQuerySet) -> list[Person]:
    """Archive those that are active; "Delete" of a person is this (S2.26). Nothing is removed."""
    actor.require(Permission.DELETE_CLIENTS)
    leaving = list(held(people.visible_to(actor).active()).only(*NAMED_BY))
    hold_places([person.pk for person in leaving])
    archive_rows(actor, leaving)
    return leaving


@transaction.atomic
def unarchive_people(actor: Actor, people: PersonQuerySet) -> list[Person]:
    """Bring archived people back; refused whole when the plan has no room."""
    actor.require(Permission.DELETE_CLIENTS)
    hold_plan()
    gone = people.visible_to(actor).archived().filter(erased_at=None)
    back = list(held(gone).only(*NAMED_BY))
    hold_places([person.pk for person in back])
    unarchive_rows(actor, back)
    return back


def archive_rows(actor: Actor, people: Sequence[Person]) -> None:
    """Archive these people, end their sessions, move the counters, record it.

    Called by actions that have checked the permission and hold these people and where they
    belong, inside their transaction.
    """
    now = timezone.now()
    for part in in_slices(people):
        keys = [person.pk for person in part]
        User.objects.filter(pk__in=keys).update(
            archived_at=now, version=F("version") + 1, updated_at=now
        )
        Session.objects.filter(user_id__in=keys).delete()
        leaving = _places_of(keys)
        move_people_counts({key: -count for key, count in leaving.items()})
    record(actor, "person.archived", people)


def unarchive_rows(actor: Actor, people: Sequence[Person]) -> None:
    """Bring these people back and count them again; see `archive_rows`."""
    require_room_for_people(len(people))
    now = timezone.now()
    for part in in_slices(people):
        keys = [person.pk for person in part]
        User.objects.filter(pk__in=keys).update(
            archived_at=None, version=F("version") + 1, updated_at=now
        )
        move_people_counts(_places_of(keys))
    record(actor, "person.unarchived", people)


def require_free_address(email: str) -> None:
    """Refuse an address that anybody of the workspace has, in words that say whose it is (X7)."""
    if not email:
        return
    holder = User.objects.with_address(email_key(email)).first()
    if holder is None:
        return
    names = {"email": email, "name": holder.display_name}
    if holder.kind == UserKind.AGENT:
        text = say("This address belongs to an agent. One address cannot be both.")
    elif holder.merged_into is not None:
        names["survivor"] = holder.merged_into.display_name
        text = _("%(email)s stays kept for %(name)s, now part of %(survivor)s.") % names
    elif holder.archived_at is not None:
        text = say("%(email)s belongs to %(name)s, an archived person. Restore them?", **names)
    else:
        text = say("%(email)s is in use: it belongs to %(name)s.", **names)
    raise Refused("email_in_use", text, field="email")


def require_assignable(actor: Actor, organization_id: UUID) -> None:
    """Refuse an organization that nobody can be put into: unknown, archived or inactive (S2.75).

    Raises Merged at `organization` for one that became part of another (edge case 40).
    """
    if not Organization.objects.assignable().filter(pk=organization_id).exists():
        refuse_merged(actor, Organization, organization_id, field="organization")
        text = say("Choose an active organization.")
        raise Refused("organization_not_assignable", text, field="organization")


def _required_and_clean(
    fields: Mapping[str, Any], organization_id: UUID | None, *, is_name_required: bool
) -> dict[str, Any]:
    """Clean the fields; missing ones are reported together with wrong ones."""
    settings = current_scope().settings
    properties = properties_of(PropertySubject.PERSON)
    problems: list[FieldProblem] = []
    cleaned: dict[str, Any] = {}
    try:
        cleaned = clean_person(fields, properties=properties)
    except Refused as refused:
        problems.extend(refused.errors)
    wrong = {problem.field for problem in problems}
    called_by = NAME_FIELDS if is_name_required else (*NAME_FIELDS, "email")
    named = any(str(fields.get(part) or "").strip() for part in called_by)
    if not named and not wrong & set(NAME_FIELDS):
        problems.append(FieldProblem("name", "required", _("Enter a name.")))
    if settings["email_required"] and not str(fields.get("email") or "").strip():
        problems.append(FieldProblem("email", "required", _("Enter an e-mail address.")))
    if settings["organization_required"] and organization_id is None:
        text = say("Choose an organization.")
        problems.append(FieldProblem("organization", "required", text))
    if not wrong:
        given = property_changes(cleaned)
        problems += require_properties(PropertySubject.PERSON, given, properties=properties)
    if problems:
        raise Refused("invalid", problems[0].message, errors=problems)
    return cleaned


def _keep_required(person: Person, cleaned: Mapping[str, Any]) -> None:
    email = cleaned.get("email", person.email)
    if not email and (current_scope().settings["email_required"] or person.has_usable_password()):
        raise Refused("required", _("Enter an e-mail address."), field="email")
    if not cleaned.get("name", person.name) and not email:
        raise Refused("required", _("Enter a name."), field="name")


def _insert(rows: list[Person]) -> None:
    try:
        with transaction.atomic():
            insert_rows(rows)
    except IntegrityError as error:
        raise _taken(error) from error


def _join(people: Sequence[Person], organization_ids: Sequence[UUID | None]) -> None:
    """Give each new person their first, primary membership and move the counters."""
    each = [
        {"person_id": person.pk, "organization_id": organization_id}
        for person, organization_id in zip(people, organization_ids, strict=True)
    ]
    insert_rows(make_rows(Membership, {"is_primary": True}, each=each))
    joining = Counter(
        organization_id
        for person, organization_id in zip(people, organization_ids, strict=True)
        if organization_id is not None and person.archived_at is None
    )
    hold_organizations(joining)
    move_people_counts(joining)


def _locked(actor: Actor, person_id: UUID) -> Person:
    person: Person | None = held(Person.objects.visible_to(actor).filter(pk=person_id)).first()
    if person is None:
        raise missing(actor, Person, person_id)
    return person


def _save_changed(actor: Actor, person: Person, changed: Difference) -> Person:
    if not changed:
        return person
    has_moved = moves_sign_in(person, changed.changes)
    for field, new in changed.columns.items():
        setattr(person, field, new)
    if "phone" in changed.columns:
        person.phone_e164 = e164(person.phone, "") if person.phone else ""
    person.version += 1
    try:
        with transaction.atomic():
            person.save(update_fields=[*changed.columns, "phone_e164", "version"])
    except IntegrityError as error:
        raise _taken(error) from error
    write_parts(PEOPLE, {person.pk: changed})
    _record_changed(actor, person, changed)
    if has_moved:
        moves, places = {person.pk: changed.changes}, primary_organizations([person.pk])
        close_until_confirmed(actor, [person], changes=moves, organization_id=places)
    tell_readdressed(actor, {person.pk: changed.changes})
    return person


def _record_changed(actor: Actor, person: Person, changed: Difference) -> None:
    record(
        actor,
        "person.updated",
        [person],
        changes=changed.changes,
        organization_id=primary_organizations([person.pk]),
        reversal={person.pk: changed.reversal} if changed.reversal else None,
    )


def _set_disabled(actor: Actor, people: PersonQuerySet, *, is_disabled: bool) -> list[Person]:
    rows = people.visible_to(actor).filter(is_disabled=not is_disabled)
    changed = list(held(rows).only(*NAMED_BY))
    now = timezone.now()
    for part in in_slices(changed):
        keys = [person.pk for person in part]
        User.objects.filter(pk__in=keys).update(
            is_disabled=is_disabled, version=F("version") + 1, updated_at=now
        )
        if is_disabled:
            Session.objects.filter(user_id__in=keys).delete()
    record(actor, "person.disabled" if is_disabled else "person.enabled", changed)
    return changed


def _places_of(person_ids: Sequence[UUID]) -> dict[UUID, int]:
    """The organizations that these people belong to, and how many of them belong to each."""
    memberships = Membership.objects.filter(person_id__in=person_ids, organization_id__isnull=False)
    grouped = memberships.order_by().values_list("organization_id")
    return dict(grouped.annotate(n=Count("pk")))


def _taken(error: IntegrityError) -> Refused:
    """Which of the two unique values clashed at the last moment."""
    if "reference" in str(error):
        text = say("Another person has this reference.")
        return Refused("reference_in_use", text, field="reference")
    return Refused("email_in_use", _("This address is in use."), field="email")
