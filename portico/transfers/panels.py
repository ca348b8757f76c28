"""What this app adds to the screens below: the way to an import, on both lists of clients."""

from django.utils.translation import gettext as _

from portico.clients.panels import ListLink, add_list_link
from portico.workspaces.choices import Permission

add_list_link(
    ListLink(
        view="imports.new",
        label=lambda: _("Import a file"),
        icon="upload",
        permission=Permission.IMPORT_CLIENTS,
    )
)
