"""Change many records at once, each in its own way: what an import into existing records does."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portico.accounts.actions.access import close_until_confirmed, moves_sign_in
from portico.clients.actions.locks import held
from portico.clients.actions.parts import differences, write_parts
from portico.clients.actions.readdressing import tell_readdressed
from portico.clients.actions.tagging import ORGANIZATIONS, PEOPLE, Carrier
from portico.clients.models import Organization, Person
from portico.clients.reports import primary_organizations
from portico.history.actions import record
from portico.kit.actors import Actor
from portico.kit.errors import Refused
from portico.kit.phones import e164
from portico.kit.writing import write_columns
from portico.workspaces.choices import Permission

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
    return _change(actor, changes, ORGANIZATIONS)


@transaction.atomic
def change_people(actor: Actor, changes: Sequence[Change]) -> list[Person]:
    """Set cleaned fields of people; see `change_organizations`.

    With another address nobody signs in until it is confirmed (S2.23).
    """
    if not changes:
        return []
    actor.require(Permission.EDIT_CLIENTS)
    return _change(actor, changes, PEOPLE)


def _change(actor: Actor, changes: Sequence[Change], carrier: Carrier) -> list[Any]:
    wanted = dict(changes)
    rows = list(held(carrier.model.objects.filter(pk__in=wanted)))
    found = differences(actor, carrier, rows, wanted=wanted)
    changed = [row for row in rows if found[row.pk]]
    told = {row.pk: found[row.pk].changes for row in changed}
    moved = [row for row in changed if carrier is PEOPLE and moves_sign_in(row, told[row.pk])]
    now = timezone.now()
    for row in changed:
        _set(row, found[row.pk].columns)
        row.version, row.updated_at = row.version + 1, now
    _update(carrier, changed, fields={name for row in changed for name in found[row.pk].columns})
    write_parts(carrier, {row.pk: found[row.pk] for row in changed})
    places = primary_organizations(list(told)) if carrier is PEOPLE else None
    back = {key: found[key].reversal for key in told if found[key].reversal}
    record(actor, carrier.kind, changed, changes=told, organization_id=places, reversal=back)
    if moved:
        close_until_confirmed(actor, moved, changes=told, organization_id=places or {})
    if carrier is PEOPLE:
        tell_readdressed(actor, told)
    return changed


def _set(row: Any, columns: Mapping[str, Any]) -> None:
    for name, new in columns.items():
        setattr(row, name, new)
    if "phone" in columns:
        row.phone_e164 = e164(row.phone, "") if row.phone else ""
    row.derive_keys()


def _update(carrier: Carrier, rows: list[Any], *, fields: set[str]) -> None:
    if not rows:
        return
    derived = {"name_key", "search_text", "version", "updated_at"}
    derived |= {"email_key", "phone_e164"} if carrier is PEOPLE else set()
    try:
        with transaction.atomic():
            write_columns(rows, sorted(fields | derived))
    except IntegrityError as error:
        if "reference" in str(error):
            raise Refused("reference_in_use", _("This reference is in use.")) from error
        raise Refused("email_in_use", _("This address is in use.")) from error
