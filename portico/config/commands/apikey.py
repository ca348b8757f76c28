"""`portico apikey create`: a key for the API, printed once."""

import argparse
import json

from django.utils.translation import gettext as _

from portico.accounts.models import User
from portico.config.commands.workspace_option import (
    add_workspace_option,
    operator_actor,
    workspace_scope,
)
from portico.kit.addresses import email_key
from portico.kit.errors import Refused
from portico.workspaces.actions.api_keys import create_api_key

HELP = "Make a key for the API"
EXAMPLE = "portico apikey create --workspace northstar --email hana@northstar.example --name Sync"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb and its options."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    create = verbs.add_parser("create", help=HELP, epilog=f"Example: {EXAMPLE}")
    add_workspace_option(create)
    create.add_argument("--email", required=True, metavar="E", help="whose key it is")
    create.add_argument("--name", required=True, metavar="N", help="what it is for")
    create.add_argument(
        "--permissions", metavar="a,b", help="only these; without: all that the user has"
    )
    create.add_argument("--json", action="store_true", help='print {"key": ...}')


def run(arguments: argparse.Namespace) -> int:
    """Make it and print it: it can't be shown again."""
    chosen = arguments.permissions
    permissions = None if chosen is None else [code.strip() for code in chosen.split(",") if code]
    with workspace_scope(arguments.workspace) as workspace:
        user = user_with_address(arguments.email)
        actor = operator_actor(workspace)
        _row, key = create_api_key(actor, user, name=arguments.name, permissions=permissions)
    print(json.dumps({"key": key}) if arguments.json else key)
    return 0


def user_with_address(address: str) -> User:
    """The agent or person with this address; Refused("unknown_user") without one."""
    user: User | None = User.objects.with_address(email_key(address)).first()
    if user is None:
        detail = _("Nobody here has the address %(address)s.") % {"address": address}
        raise Refused("unknown_user", detail, field="email")
    return user
