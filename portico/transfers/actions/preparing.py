"""Keep a file and say what is in it: the beginning of an import."""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from portico.clients.cleaning import PROPERTY_PREFIX
from portico.clients.models import CustomProperty
from portico.kit.actors import Actor
from portico.kit.errors import Refused
from portico.kit.tenancy.scope import current_scope
from portico.operations.actions import start_operation
from portico.operations.choices import OperationState
from portico.operations.models import Operation
from portico.transfers.actions.options import ImportOptions
from portico.transfers.choices import IMPORT, UnknownOrganizations
from portico.transfers.reading.dates import likely_order
from portico.transfers.reading.fields import Kind
from portico.transfers.reading.headings import heading_key
from portico.transfers.reading.mapping import export_name, propose_mapping
from portico.transfers.reading.table import Table, open_table
from portico.transfers.reports import active_properties, date_fields, is_used
from portico.ui.words import say
from portico.workspaces.choices import Permission

SAMPLES = 3
SAMPLE_LENGTH = 60
NAME_LENGTH = 200
USED = (OperationState.WAITING, OperationState.RUNNING, OperationState.DONE)
"""States of an import whose mapping somebody stood by."""


@transaction.atomic
def prepare_import(
    actor: Actor, kind: Kind, *, content: bytes, name: str, sheet: str = ""
) -> Operation:
    """Keep a file and propose what its columns mean; nothing is imported yet.

    Columns that were imported before mean what they meant then, and records that are there already
    are changed if they were then, found by the same key. Raises Denied, and Refused for a
    file that can't be read (see `reading.table.open_table`), or with "cards_hold_people".
    """
    actor.require(Permission.IMPORT_CLIENTS)
    table = open_table(content, name=name, sheet=sheet)
    if table.form == "vcard" and kind != "people":
        raise Refused("cards_hold_people", say("Address-book cards hold people. Choose People."))
    options = ImportOptions(
        kind=kind,
        unknown_organizations=_usual_choice(actor),
        date_order=current_scope().settings["date_order"],
    )
    options, file = described(actor, options, table, content=content)
    operation = start_operation(
        actor,
        IMPORT,
        title=harmless_name(name),
        options={"asked": options.kept(), "file": file},
        file=ContentFile(content),
        state=OperationState.DRAFT,
    )
    operation.total = table.row_count
    operation.save(update_fields=["total"])
    return operation


def described(
    actor: Actor, options: ImportOptions, table: Table, *, content: bytes
) -> tuple[ImportOptions, dict[str, Any]]:
    """The options with the sheet and mapping of a table, and what the pages show of the file.

    Who may not change people is not led to it by what a colleague chose.
    """
    properties = active_properties(options.kind)
    proposed = _with_properties(
        propose_mapping(options.kind, table.header), table, properties=properties
    )
    key = _header_key(table)
    earlier = _last_with(options.kind, key)
    mapping = proposed if earlier is None else _remembered(earlier, table, properties=properties)
    is_remembered = earlier is not None and mapping != proposed
    choices = _choices_of(earlier) if actor.may(Permission.EDIT_CLIENTS) else {}
    file = {
        "form": table.form,
        "sheets": list(table.sheets),
        "sheet": table.sheet,
        "columns": list(table.header),
        "encoding": table.encoding,
        "delimiter": table.delimiter,
        "export": export_name(table.header),
        "sha256": hashlib.sha256(content).hexdigest(),
        "header": key,
        "mapping_of": _told(earlier) if earlier is not None and is_remembered else None,
        "choices_of": _told(earlier) | choices if earlier is not None and choices else None,
        "notices": [notice.message for notice in table.notices],
        "samples": _samples(table),
    }
    order = likely_order(_dates(table, mapping, properties=properties), usual=options.date_order)
    options = replace(options, mapping=mapping, sheet=table.sheet, date_order=order, **choices)
    return options, file


def harmless_name(name: str) -> str:
    """A file's name as it may be shown: no folders, no control characters, not endless."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(character for character in last if character.isprintable()).strip()
    return shown[-NAME_LENGTH:] or _("File")


def _with_properties(
    mapping: Mapping[str, str], table: Table, *, properties: Mapping[str, CustomProperty]
) -> dict[str, str]:
    """The proposal without unknown properties, and with those that a heading names."""
    known = {column: field for column, field in mapping.items() if _is_known(field, properties)}
    taken = set(known.values())
    for row in properties.values():
        field = f"{PROPERTY_PREFIX}{row.key}"
        names = {heading_key(row.label), heading_key(row.key)} - {""}
        for column in table.header:
            if field not in taken and column not in known and heading_key(column) in names:
                known[column] = field
                taken.add(field)
    return {column: known[column] for column in table.header if column in known}


def _is_known(field: str, properties: Collection[str]) -> bool:
    if not field.startswith(PROPERTY_PREFIX):
        return is_used(field)
    return field[len(PROPERTY_PREFIX) :] in properties


def _header_key(table: Table) -> str:
    """The same for files with the same columns, in whatever order."""
    return hashlib.sha256("\n".join(sorted(table.header)).encode()).hexdigest()


def _last_with(kind: Kind, key: str) -> Operation | None:
    """The last import of this workspace that was run with these columns."""
    same = Operation.objects.filter(
        kind=IMPORT, state__in=USED, options__asked__kind=kind, options__file__header=key
    )
    found: Operation | None = same.order_by("-created_at").first()
    return found


def _remembered(earlier: Operation, table: Table, *, properties: Collection[str]) -> dict[str, str]:
    mapping = ImportOptions.of(earlier).mapping
    return {
        column: mapping[column]
        for column in table.header
        if column in mapping and _is_known(mapping[column], properties)
    }


def _choices_of(earlier: Operation | None) -> dict[str, Any]:
    """How an import changed records that were there already; nothing where it left them alone."""
    if earlier is None or not (asked := ImportOptions.of(earlier)).updates:
        return {}
    return {"existing": asked.existing, "match": asked.match}


def _told(earlier: Operation) -> dict[str, str]:
    return {"id": str(earlier.pk), "title": earlier.title, "at": earlier.created_at.isoformat()}


def _dates(
    table: Table, mapping: Mapping[str, str], *, properties: Mapping[str, CustomProperty]
) -> Iterator[str]:
    """The filled cells of the columns that hold dates."""
    fields = set(date_fields(properties))
    places = [place for place, name in enumerate(table.header) if mapping.get(name) in fields]
    if not places:
        return
    for _number, cells in table.rows():
        for place in places:
            if place < len(cells) and cells[place].strip():
                yield cells[place]


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


def _usual_choice(actor: Actor) -> str:
    may = actor.may(Permission.MANAGE_CLIENT_ORGANIZATIONS)
    return UnknownOrganizations.CREATE if may else UnknownOrganizations.REFUSE
