"""What this app adds to the screens below: the ways to import and export, on both lists."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from portico.clients.forms.bulk import BulkQuestion, read_nothing
from portico.clients.panels import ListLink, add_list_link
from portico.clients.views.bulk import BulkVerb, add_bulk_verb
from portico.kit.actors import Actor
from portico.kit.selection import Selection
from portico.operations.models import Operation
from portico.transfers.actions.exports import start_export
from portico.transfers.filters import COLUMNS, SHOWN, shown_headings, sorted_ids
from portico.transfers.reading.fields import Kind
from portico.ui.palette import PaletteAction, add_palette_action
from portico.ui.words import say_n
from portico.workspaces.choices import Permission

_EXPORTING = (Permission.EXPORT_CLIENTS, Permission.VIEW_CLIENTS)
_FORMAT = BulkQuestion(
    template="transfers/exports/format.html",
    read=lambda sent: {
        "format": sent.get("format", "csv"),
        "columns": sent.get("columns", "all"),
        "list": sent.get("filters", ""),
    },
    shown=read_nothing,
)


def _export_organizations(
    actor: Actor, selection: Selection, arguments: Mapping[str, Any]
) -> Operation:
    return _export(actor, "organizations", selection=selection, arguments=arguments)


def _export_people(actor: Actor, selection: Selection, arguments: Mapping[str, Any]) -> Operation:
    return _export(actor, "people", selection=selection, arguments=arguments)


def _export(
    actor: Actor, kind: Kind, *, selection: Selection, arguments: Mapping[str, Any]
) -> Operation:
    """The bar sends the address of its list: the columns and the order that it had."""
    form, query = arguments["format"], QueryDict(arguments["list"]).dict()
    is_shown = arguments[COLUMNS] == SHOWN
    headings = shown_headings(actor, kind, query) if is_shown else ()
    if selection.is_all:
        filters = selection.filters
        return start_export(actor, kind, filters=filters, form=form, headings=headings)
    ids = sorted_ids(actor, kind, selection.ids, query=query)
    return start_export(actor, kind, ids=ids, form=form, headings=headings)


add_list_link(
    ListLink(
        view="imports.new",
        label=lambda: _("Import a file"),
        icon="upload",
        permission=Permission.IMPORT_CLIENTS,
        starts_a_list=True,
    )
)
add_palette_action(
    PaletteAction(
        name="imports.new",
        view="imports.new",
        label=lambda: _("Import a file"),
        icon="upload",
        permissions=(Permission.VIEW_CLIENTS, Permission.IMPORT_CLIENTS),
        place=60,
    )
)
add_list_link(
    ListLink(
        view="exports.new",
        label=lambda: _("Export"),
        icon="download",
        permission=Permission.EXPORT_CLIENTS,
        keeps_filters=True,
    )
)
add_bulk_verb(
    BulkVerb(
        name="organizations.export",
        permissions=_EXPORTING,
        label=lambda: _("Export"),
        icon="download",
        question=_FORMAT,
        title=lambda n: say_n("Export %(n)s organization", "Export %(n)s organizations", n),
        verb=lambda n: say_n("Export %(n)s organization", "Export %(n)s organizations", n),
        start=_export_organizations,
        is_for_archived=None,
    )
)
add_bulk_verb(
    BulkVerb(
        name="people.export",
        permissions=_EXPORTING,
        label=lambda: _("Export"),
        icon="download",
        question=_FORMAT,
        title=lambda n: say_n("Export %(n)s person", "Export %(n)s people", n),
        verb=lambda n: say_n("Export %(n)s person", "Export %(n)s people", n),
        start=_export_people,
        is_for_archived=None,
    )
)
