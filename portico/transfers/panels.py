"""What this app adds to the screens below: the ways to import and export, on both lists."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from portico.clients.forms.bulk import BulkQuestion, read_nothing
from portico.clients.panels import ListLink, add_list_link
from portico.clients.views.bulk import BulkVerb, add_bulk_verb
from portico.kit.actors import Actor
from portico.kit.selection import Selection
from portico.operations.models import Operation
from portico.transfers.actions.exports import start_export
from portico.transfers.reading.fields import Kind
from portico.ui.words import say_n
from portico.workspaces.choices import Permission

_EXPORTING = (Permission.EXPORT_CLIENTS, Permission.VIEW_CLIENTS)
_FORMAT = BulkQuestion(
    template="transfers/exports/format.html",
    read=lambda sent: {"format": sent.get("format", "csv")},
    shown=read_nothing,
)


def _export_organizations(
    actor: Actor, selection: Selection, arguments: Mapping[str, Any]
) -> Operation:
    return _export(actor, "organizations", selection=selection, form=arguments["format"])


def _export_people(actor: Actor, selection: Selection, arguments: Mapping[str, Any]) -> Operation:
    return _export(actor, "people", selection=selection, form=arguments["format"])


def _export(actor: Actor, kind: Kind, *, selection: Selection, form: Any) -> Operation:
    if selection.is_all:
        return start_export(actor, kind, filters=selection.filters, form=form)
    return start_export(actor, kind, ids=selection.ids, form=form)


add_list_link(
    ListLink(
        view="imports.new",
        label=lambda: _("Import a file"),
        icon="upload",
        permission=Permission.IMPORT_CLIENTS,
        starts_a_list=True,
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
