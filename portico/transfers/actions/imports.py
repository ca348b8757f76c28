"""Change, check, correct, run, cancel and undo an import."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from portico.clients.models import Organization
from portico.kit.actors import Actor
from portico.kit.errors import NotThere, Refused
from portico.kit.names import name_key
from portico.operations.actions import cancel_operation, continue_operation, undo_operation
from portico.operations.choices import OperationState
from portico.operations.models import Operation
from portico.transfers.actions.options import ImportOptions
from portico.transfers.actions.preparing import described
from portico.transfers.choices import IMPORT, MATCHES, Existing, Match, UnknownOrganizations
from portico.transfers.reading.cells import organization_name
from portico.transfers.reading.mapping import changed_mapping, check_mapping
from portico.transfers.reading.table import open_table
from portico.transfers.reports import active_properties, import_of
from portico.ui.words import say
from portico.workspaces.choices import Permission

EDITABLE = (OperationState.DRAFT, OperationState.CHECKED)
LONGEST_CORRECTION = 10_000


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
    if operation.state not in EDITABLE:
        raise _wrong_state()
    asked = ImportOptions.of(operation)
    header = operation.options["file"]["columns"]
    merged = changed_mapping(asked.kind, header, mapping=asked.mapping, changes=mapping or {})
    keys = active_properties(asked.kind)
    check_mapping(asked.kind, header, mapping=merged, property_keys=keys, complete=False)
    asked = _with_choices(replace(asked, mapping=merged), choices or {})
    return _redrafted(actor, operation, options={**operation.options, "asked": asked.kept()})


@transaction.atomic
def choose_sheet(actor: Actor, operation_id: UUID, *, sheet: str) -> Operation:
    """Read another sheet of the workbook; its columns, and what was remembered, are proposed anew.

    Raises NotThere, Refused for a sheet that is not there or empty, and for an import that is
    under way or over.
    """
    operation = _own(actor, operation_id)
    if operation.state not in EDITABLE:
        raise _wrong_state()
    with operation.file.open("rb") as file:
        content = file.read()
    table = open_table(content, name=operation.title, sheet=sheet)
    asked = ImportOptions.of(operation)
    if operation.options["file"].get("choices_of"):
        asked = replace(asked, existing=Existing.SKIP, match=Match.AUTO)
    asked, described_file = described(actor, asked, table, content=content)
    operation.total = table.row_count
    operation.save(update_fields=["total"])
    options = {"asked": asked.kept(), "file": described_file}
    return _redrafted(actor, operation, options=options)


@transaction.atomic
def correct_import(
    actor: Actor,
    operation_id: UUID,
    cells: Mapping[int, Mapping[str, str]],
    *,
    organizations: Mapping[str, str] | None = None,
) -> Operation:
    """Put other texts into cells of refused rows (row number to column to text), and check again.

    `organizations` tells which one is meant by a name that none has; "" takes it back. One that is
    not there is refused with that name as the field.

    The file stays as it is; check and run read the corrected cells in its place. Cells of rows
    that are not refused and columns that fill no field are left alone. Raises NotThere, Refused.
    """
    operation = _own(actor, operation_id)
    if operation.state != OperationState.CHECKED:
        raise _wrong_state()
    shown = {row["row"]: row["cells"] for row in operation.options.get("to_fix", [])}
    kept = {**operation.options.get("corrections", {})}
    for number, texts in cells.items():
        own = {
            column: text[:LONGEST_CORRECTION]
            for column, text in texts.items()
            if text != shown.get(number, {}).get(column, text)
        }
        if own:
            kept[str(number)] = {**kept.get(str(number), {}), **own}
    asked = _with_names(operation, organizations or {})
    _require_rights(actor, asked)
    options = {**operation.options, "corrections": kept, "asked": asked.kept()}
    return continue_operation(actor, operation.pk, state=OperationState.CHECKING, options=options)


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
    return cancel_operation(actor, import_of(actor, operation_id).pk)


def undo_import(actor: Actor, operation_id: UUID) -> Operation:
    """Take back what an import created and nothing has touched since. Raises NotThere, Refused."""
    actor.require(Permission.IMPORT_CLIENTS)
    return undo_operation(actor, import_of(actor, operation_id).pk)


def _with_names(operation: Operation, names: Mapping[str, str]) -> ImportOptions:
    """The options with these names mapped to organizations. Raises Refused for one not there."""
    asked = ImportOptions.of(operation)
    meant = dict(asked.organization_names)
    for name in [*meant, *operation.options.get("unknown_names", [])]:
        if name not in names:
            continue
        meant.pop(name, None)
        if names[name].strip():
            meant[name] = _name_there(names[name], field=name)
    return replace(asked, organization_names=meant)


def _name_there(name: str, *, field: str) -> str:
    rows = Organization.objects.assignable().filter(name_key=name_key(name))
    found: str | None = rows.values_list("name", flat=True).first()
    if found is None:
        text = say("There is no organization “%(name)s”.", name=name)
        raise Refused("unknown_organization", text, field=field)
    return found


def _own(actor: Actor, operation_id: UUID) -> Operation:
    rows = Operation.objects.visible_to(actor).filter(kind=IMPORT).select_for_update()
    operation: Operation | None = rows.filter(pk=operation_id).first()
    if operation is None:
        raise NotThere
    return operation


def _with_choices(asked: ImportOptions, choices: Mapping[str, Any]) -> ImportOptions:
    changed = replace(asked, **choices)
    if changed.organization:
        if changed.kind == "organizations":
            text = say("Rows of organizations don't belong to an organization.")
            raise Refused("organization_not_used", text, field="organization")
        changed = replace(changed, organization=_clean_organization(changed.organization))
    if changed.match not in MATCHES[changed.kind]:
        raise Refused("unknown_choice", _("Choose one of these."), field="match")
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


def _redrafted(actor: Actor, operation: Operation, *, options: Mapping[str, Any]) -> Operation:
    """The import with these options, to be checked anew."""
    if operation.state == OperationState.CHECKED:
        return continue_operation(actor, operation.pk, state=OperationState.DRAFT, options=options)
    operation.options = dict(options)
    operation.save(update_fields=["options"])
    return operation


def _wrong_state() -> Refused:
    return Refused("wrong_state", _("This is under way or over already."), status=409)
