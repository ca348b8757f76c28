"""What this app adds to the screens below: the ways to import and export, on both lists."""

from django.utils.translation import gettext as _

from portico.clients.panels import ListLink, add_list_link
from portico.workspaces.choices import Permission

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
