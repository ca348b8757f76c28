"""What set-up puts on Home and Settings: the first steps, example data, the list of pages."""

from typing import Any

from django.utils.translation import gettext as _

from portico.accounts.choices import UserKind
from portico.invitations.models import Invitation
from portico.kit.actors import Actor
from portico.kit.tenancy.scope import current_workspace_id
from portico.setup.reports import example_data, has_own_clients
from portico.ui.words import say
from portico.workspaces.choices import Permission
from portico.workspaces.models import Agent, Workspace
from portico.workspaces.panels import (
    FirstStep,
    HomePanel,
    SettingsPage,
    add_first_step,
    add_home_panel,
    add_settings_page,
)


def has_invited_person() -> bool:
    """Whether any person was ever invited."""
    return bool(Invitation.objects.filter(user__kind=UserKind.PERSON).exists())


def has_colleague() -> bool:
    """Whether there is a second agent, invited ones included."""
    return bool(Agent.objects.count() > 1)


def has_mail() -> bool:
    """Whether a mail server has ever accepted a mail of ours."""
    return Workspace.objects.filter(
        pk=current_workspace_id(), mail_accepted_at__isnull=False
    ).exists()


def example_data_notice(_actor: Actor) -> dict[str, Any] | None:
    """The counts of the example data; None when there is none."""
    found = example_data()
    return {"found": found} if found else None


add_first_step(
    FirstStep(
        code="clients",
        place=10,
        view="imports.new",
        permissions=(Permission.IMPORT_CLIENTS,),
        label=lambda: say("Bring in your organizations and people"),
        text=lambda: _("From a file: a table of another system, or one you keep yourself."),
        is_done=has_own_clients,
    )
)
add_first_step(
    FirstStep(
        code="person",
        place=20,
        view="people.new",
        permissions=(Permission.CREATE_CLIENTS,),
        label=lambda: say("Invite a person"),
        text=lambda: say("They open a link, choose a password, and stand in your portal."),
        is_done=has_invited_person,
    )
)
add_first_step(
    FirstStep(
        code="colleague",
        place=30,
        view="agents.invite",
        permissions=(Permission.MANAGE_TEAM,),
        label=lambda: _("Invite a colleague"),
        text=lambda: _("Somebody who works here with you."),
        is_done=has_colleague,
    )
)
add_first_step(
    FirstStep(
        code="mail",
        place=40,
        view="settings.mail",
        permissions=(Permission.MANAGE_WORKSPACE,),
        label=lambda: _("Set up mail"),
        text=lambda: _("Until then, invitations are links that you copy and send yourself."),
        is_done=has_mail,
    )
)
add_home_panel(
    HomePanel(
        permission=Permission.MANAGE_CLIENT_ORGANIZATIONS,
        template="setup/example_data_notice.html",
        context=example_data_notice,
        place=10,
    )
)
add_settings_page(
    SettingsPage(
        view="settings.mail",
        label=lambda: _("Mail"),
        text=lambda: _("The mail server, and a test mail."),
        icon="mail",
        permission=Permission.MANAGE_WORKSPACE,
        place=10,
    )
)
add_settings_page(
    SettingsPage(
        view="settings.outbox",
        label=lambda: _("Outbox"),
        text=lambda: _("What was sent, what waits, and what could not be delivered."),
        icon="send",
        permission=Permission.MANAGE_WORKSPACE,
        place=20,
    )
)
add_settings_page(
    SettingsPage(
        view="agents.list",
        label=lambda: say("Team"),
        text=lambda: _("Who works here, with which roles and licences."),
        icon="id-badge-2",
        permission=Permission.MANAGE_TEAM,
        place=30,
    )
)
add_settings_page(
    SettingsPage(
        view="operations.list",
        label=lambda: _("Long work"),
        text=lambda: _("Imports and other work that takes a while: progress, results, undo."),
        icon="list-check",
        permission=Permission.IMPORT_CLIENTS,
        place=40,
    )
)
