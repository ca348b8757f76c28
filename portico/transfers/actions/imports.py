"""Prepare, check, run, cancel and undo an import."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from portico.clients.models import Organization
from portico.kit.actors import Actor
from portico.kit.errors import NotThere, Refused
from portico.kit.names import name_key
from portico.kit.tenancy.scope import current_scope
from portico.operations.actions import (
    cancel_operation,
    continue_operation,
    start_operation,
    undo_operation,
)
from portico.operations.choices import OperationState
from portico.operations.models import Operation
from portico.transfers.actions.options import ImportOptions
from portico.transfers.choices import IMPORT, Existing, UnknownOrganizations
from portico.transfers.reading.cells import organization_name
from portico.transfers.reading.fields import Kind
from portico.transfers.reading.mapping import (
    changed_mapping,
    check_mapping,
    export_name,
    propose_mapping,
)
from portico.transfers.reading.table import Table, open_table
from portico.ui.words import say
from portico.workspaces.choices import Permission

SAMPLES = 3
SAMPLE_LENGTH = 60
NAME_LENGTH = 200
# Tags and custom properties of records come in a later release: nothing could be stored.
LATER_FIELDS = ("tags", "property.")


@transaction.atomic
def prepare_import(actor: Actor, kind: Kind, *, content: bytes, name: str) -> Operation:
    """Keep a file and propose what its columns mean; nothing is imported yet.

    Raises Denied, and Refused for a file that is not a table (see `reading.table.open_table`).
    """
    actor.require(Permission.IMPORT_CLIENTS)
    table = open_table(content, name=name)
    settings = current_scope().settings
    options = ImportOptions(
        kind=kind,
        mapping=_storable(propose_mapping(kind, table.header)),
        unknown_organizations=_usual_choice(actor),
        date_order=settings["date_order"],
    )
    operation = start_operation(
        actor,
        IMPORT,
        title=harmless_name(name),
        options={"asked": options.kept(), "file": _described(table, content)},
        file=ContentFile(content),
        state=OperationState.DRAFT,
    )
    operation.total = table.row_count
    operation.save(update_fields=["total"])
    return operation


@transaction.atomic
def change_mapping(
    actor: Actor,
    operation_id: UUID,
    *,
    mapping: Mapping[str, str] | None = None,
    choices: Mapping[str, Any] | None = None,
) -> Operation:
    """Change what columns mean (column to field, "" for none) and how the import behaves.

    Raises NotThere, Refused for a mapping or a choice that can't be used, and for an import that
    is under way or over.
    """
    operation = _own(actor, operation_id)
    if operation.state not in {OperationState.DRAFT, OperationState.CHECKED}:
        raise _wrong_state()
    asked = ImportOptions.of(operation)
    header = operation.options["file"]["columns"]
    changes = mapping or {}
    _refuse_later_fields(changes)
    merged = changed_mapping(asked.kind, header, mapping=asked.mapping, changes=changes)
    asked = _with_choices(replace(asked, mapping=merged), choices or {})
    options = {**operation.options, "asked": asked.kept()}
    if operation.state == OperationState.CHECKED:
        return continue_operation(actor, operation.pk, state=OperationState.DRAFT, options=options)
    operation.options = options
    operation.save(update_fields=["options"])
    return operation


@transaction.atomic
def check_import(actor: Actor, operation_id: UUID) -> Operation:
    """Let the worker make the dry run: it decides about every row as the run will.

    Raises Denied, NotThere, Refused where the mapping is not complete.
    """
    operation = _own(actor, operation_id)
    asked = ImportOptions.of(operation)
    _require_rights(actor, asked)
    check_mapping(asked.kind, operation.options["file"]["columns"], mapping=asked.mapping)
    _refuse_unknown_organization(asked)
    return continue_operation(actor, operation.pk, state=OperationState.CHECKING)


@transaction.atomic
def run_import(actor: Actor, operation_id: UUID) -> Operation:
    """Let the worker import what was checked. Raises Denied, NotThere, Refused."""
    operation = _own(actor, operation_id)
    asked = ImportOptions.of(operation)
    _require_rights(actor, asked)
    check_mapping(asked.kind, operation.options["file"]["columns"], mapping=asked.mapping)
    _refuse_unknown_organization(asked)
    return continue_operation(actor, operation.pk, state=OperationState.WAITING)


def cancel_import(actor: Actor, operation_id: UUID) -> Operation:
    """Stop an import before its next slice; rows that are in stay. Raises NotThere, Refused."""
    actor.require(Permission.IMPORT_CLIENTS)
    return cancel_operation(actor, _own(actor, operation_id).pk)


def undo_import(actor: Actor, operation_id: UUID) -> Operation:
    """Take back what an import created and nothing has touched since. Raises NotThere, Refused."""
    actor.require(Permission.IMPORT_CLIENTS)
    return undo_operation(actor, _own(actor, operation_id).pk)


def harmless_name(name: str) -> str:
    """A file's name as it may be shown: no folders, no control characters, not endless."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(character for character in last if character.isprintable()).strip()
    return shown[-NAME_LENGTH:] or _("File")


def _described(table: Table, content: bytes) -> dict[str, Any]:
    """What the pages show of the file, so that they need not open it."""
    return {
        "columns": list(table.header),
        "encoding": table.encoding,
        "delimiter": table.delimiter,
        "export": export_name(table.header),
        "sha256": hashlib.sha256(content).hexdigest(),
        "notices": [notice.message for notice in table.notices],
        "samples": _samples(table),
    }


def _samples(table: Table) -> list[list[str]]:
    """The first few filled cells of each column."""
    samples: list[list[str]] = [[] for _column in table.header]
    for seen, (_number, cells) in enumerate(table.rows()):
        for found, cell in zip(samples, cells, strict=False):
            text = " ".join(cell.split())[:SAMPLE_LENGTH]
            if text and text not in found and len(found) < SAMPLES:
                found.append(text)
        if seen >= 50 or all(len(found) == SAMPLES for found in samples):
            break
    return samples


def _own(actor: Actor, operation_id: UUID) -> Operation:
    rows = Operation.objects.visible_to(actor).filter(kind=IMPORT).select_for_update()
    operation: Operation | None = rows.filter(pk=operation_id).first()
    if operation is None:
        raise NotThere
    return operation


def _usual_choice(actor: Actor) -> str:
    may = actor.may(Permission.MANAGE_CLIENT_ORGANIZATIONS)
    return UnknownOrganizations.CREATE if may else UnknownOrganizations.REFUSE


def _with_choices(asked: ImportOptions, choices: Mapping[str, Any]) -> ImportOptions:
    changed = replace(asked, **choices)
    if changed.organization:
        if changed.kind == "organizations":
            text = say("Rows of organizations don't belong to an organization.")
            raise Refused("organization_not_used", text, field="organization")
        changed = replace(changed, organization=_clean_organization(changed.organization))
    if changed.existing not in set(Existing):
        raise Refused("unknown_choice", _("Choose one of these."), field="existing")
    if changed.unknown_organizations not in set(UnknownOrganizations):
        raise Refused("unknown_choice", _("Choose one of these."), field="unknown_organizations")
    return changed


def _clean_organization(name: str) -> str:
    try:
        return organization_name(name)
    except Refused as refused:
        raise Refused(refused.code, refused.detail, field="organization") from refused


def _storable(mapping: Mapping[str, str]) -> dict[str, str]:
    return {name: field for name, field in mapping.items() if not _is_later(field)}


def _is_later(field: str) -> bool:
    return field.startswith(LATER_FIELDS)


def _refuse_later_fields(changes: Mapping[str, str]) -> None:
    for column, field in changes.items():
        if _is_later(field.strip()):
            text = _("“%(field)s” can't be imported yet.") % {"field": field}
            raise Refused("unknown_field", text, field=column)


def _require_rights(actor: Actor, asked: ImportOptions) -> None:
    """Importing alone is not enough: the rights to do the same by hand are needed too."""
    needed = [Permission.IMPORT_CLIENTS]
    creates = asked.unknown_organizations == UnknownOrganizations.CREATE
    if asked.kind == "organizations" or (asked.names_organizations and creates):
        needed.append(Permission.MANAGE_CLIENT_ORGANIZATIONS)
    if asked.kind == "people" or asked.has_contacts:
        needed.append(Permission.CREATE_CLIENTS)
        needed.extend([Permission.EDIT_CLIENTS] if asked.updates else [])
    actor.require(*needed)


def _refuse_unknown_organization(asked: ImportOptions) -> None:
    """An organization for all rows has to be there, unless it may be created."""
    if not asked.organization or asked.unknown_organizations == UnknownOrganizations.CREATE:
        return
    if not Organization.objects.assignable().filter(name_key=name_key(asked.organization)).exists():
        text = say("There is no organization “%(name)s”.", name=asked.organization)
        raise Refused("unknown_organization", text, field="organization")


def _wrong_state() -> Refused:
    return Refused("wrong_state", _("This is under way or over already."), status=409)
