"""`portico signin-link`: one one-time link to choose a password, for who is locked out."""

import argparse

from django.db import transaction
from django.utils.translation import gettext as _

from portico.accounts.reports import choose_password_link
from portico.config.commands.apikey import user_with_address
from portico.config.commands.workspace_option import (
    add_workspace_option,
    operator_actor,
    workspace_scope,
)
from portico.history.actions import record
from portico.kit.errors import Refused

HELP = "Print a one-time link under which a user chooses a password"
EXAMPLE = "portico signin-link --workspace northstar --email hana@northstar.example"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_workspace_option(parser)
    parser.add_argument("--email", required=True, metavar="E", help="whose link it is")


def run(arguments: argparse.Namespace) -> int:
    """Print the link; that it was made stands in the history."""
    with workspace_scope(arguments.workspace) as workspace, transaction.atomic():
        user = user_with_address(arguments.email)
        if not user.is_active:
            detail = _("%(name)s is archived or disabled.") % {"name": user.display_name}
            raise Refused("switched_off", detail, field="email")
        record(operator_actor(workspace), "sign_in_link.made", [user])
        link = choose_password_link(user)
    print(link)
    return 0
