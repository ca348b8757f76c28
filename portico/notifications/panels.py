"""Pieces of screens below that notifications fill: pages of Settings."""

from django.utils.translation import gettext as _

from portico.workspaces.choices import Permission
from portico.workspaces.panels import SettingsPage, add_settings_page

add_settings_page(
    SettingsPage(
        view="settings.mail",
        label=lambda: _("Mail"),
        text=lambda: _("The mail server, and a test mail to yourself"),
        icon="mail",
        permission=Permission.MANAGE_WORKSPACE,
        place=40,
    )
)
add_settings_page(
    SettingsPage(
        view="settings.outbox",
        label=lambda: _("Outbox"),
        text=lambda: _("Every mail, whether it was sent, and why not"),
        icon="send",
        permission=Permission.MANAGE_WORKSPACE,
        place=41,
    )
)
