"""Change many records at once, each in its own way: what an import into existing records does."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portico.accounts.actions.access import close_until_confirmed, moves_sign_in
from portico.clients.models import Membership, Organization, Person
from portico.history.actions import record
from portico.kit.actors import Actor
from portico.kit.errors import Refused
from portico.kit.phones import e164
from portico.workspaces.choices import Permission

BATCH = 200
Change = tuple[UUID, Mapping[str, Any]]


@transaction.atomic
def change_organizations(actor: Actor, changes: Sequence[Change]) -> list[Organization]:
    """Set cleaned fields of organizations; what is so already leaves no trace.

    Takes pairs of an id and what `clean_organization` returned; warnings are the caller's. Raises
    Refused when a reference is in use. Returns the changed ones.
    """
    if not changes:
        return []
    actor.require(Permission.MANAGE_CLIENT_ORGANIZATIONS)
    return _save(actor, changes, model=Organization, kind="organization.updated")


@transaction.atomic
def change_people(actor: Actor, changes: Sequence[Change]) -> list[Person]:
    """Set cleaned fields of people; see `change_organizations`.

    With another address nobody signs in until it is confirmed (S2.23).
    """
    if not changes:
        return []
    actor.require(Permission.EDIT_CLIENTS)
    return _save(actor, changes, model=Person, kind="person.updated")


def _save(actor: Actor, changes: Sequence[Change], *, model: Any, kind: str) -> list[Any]:
    wanted = dict(changes)
    rows = list(model.objects.filter(pk__in=wanted).order_by("pk").select_for_update())
    differences = {row.pk: _difference(row, wanted[row.pk]) for row in rows}
    changed = [row for row in rows if differences[row.pk]]
    moved = [row for row in changed if model is Person and moves_sign_in(row, differences[row.pk])]
    now = timezone.now()
    for row in changed:
        _set(row, differences[row.pk])
        row.version, row.updated_at = row.version + 1, now
    _update(model, changed, fields={name for change in differences.values() for name in change})
    places = _primary_organizations(changed) if model is Person else None
    record(actor, kind, changed, changes=differences, organization_id=places)
    if moved:
        close_until_confirmed(actor, moved, changes=differences, organization_id=places or {})
    return changed


def _difference(row: Any, fields: Mapping[str, Any]) -> dict[str, list[Any]]:
    return {
        name: [getattr(row, name), value]
        for name, value in fields.items()
        if getattr(row, name) != value
    }


def _set(row: Any, difference: Mapping[str, list[Any]]) -> None:
    for name, (_old, new) in difference.items():
        setattr(row, name, new)
    if "phone" in difference:
        row.phone_e164 = e164(row.phone, "") if row.phone else ""
    row.derive_keys()


def _update(model: Any, rows: list[Any], *, fields: set[str]) -> None:
    if not rows:
        return
    derived = {"name_key", "search_text", "version", "updated_at"}
    derived |= {"email_key", "phone_e164"} if model is Person else set()
    try:
        with transaction.atomic():
            model.objects.bulk_update(rows, sorted(fields | derived), batch_size=BATCH)
    except IntegrityError as error:
        if "reference" in str(error):
            raise Refused("reference_in_use", _("This reference is in use.")) from error
        raise Refused("email_in_use", _("This address is in use.")) from error


def _primary_organizations(people: Sequence[Person]) -> dict[UUID, UUID | None]:
    keys = [person.pk for person in people]
    primary = Membership.objects.filter(person_id__in=keys, is_primary=True)
    return dict(primary.values_list("person_id", "organization_id"))
