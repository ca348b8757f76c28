"""`portico init`: make a workspace and its owner without a browser."""

import argparse
import json
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portico.accounts.models import User
from portico.accounts.reports import choose_password_link
from portico.config.schema import migrate_schema
from portico.kit.errors import Refused
from portico.kit.tenancy.scope import open_scope
from portico.setup.actions import WorkspaceDraft, set_up_workspace
from portico.workspaces.choices import Preset
from portico.workspaces.context import scope_of
from portico.workspaces.models import Workspace

HELP = "Make a workspace and its owner"
EXAMPLE = (
    'portico init --workspace "Northstar" --preset agency '
    '--owner-email hana@northstar.example --owner-name "Hana Novak"'
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    parser.add_argument("--workspace", required=True, metavar="NAME", help="the business name")
    parser.add_argument("--preset", required=True, choices=Preset.values, help="its words")
    parser.add_argument("--owner-email", required=True, metavar="E", help="the owner's address")
    parser.add_argument("--owner-name", required=True, metavar="N", help="the owner's name")
    parser.add_argument(
        "--password-file", type=Path, metavar="F", help="holds the password; else a one-time link"
    )
    parser.add_argument("--hostname", default="", metavar="H", help="needed for a second workspace")
    parser.add_argument("--json", action="store_true", help='print {"slug": ..., "link": ...}')


def run(arguments: argparse.Namespace) -> int:
    """Make both in one transaction; print the slug, and the link where there is no password."""
    migrate_schema()
    require_hostname(arguments.hostname, proposal="")
    draft = WorkspaceDraft(
        name=arguments.workspace,
        preset=arguments.preset,
        owner_name=arguments.owner_name,
        owner_email=arguments.owner_email,
        password=_password(arguments) if arguments.password_file else "",
        hostname=arguments.hostname,
    )
    workspace, owner = set_up_workspace(draft)
    link = "" if draft.password else link_for(workspace, owner)
    print_made(workspace, link, as_json=arguments.json)
    return 0


def require_hostname(hostname: str, *, proposal: str) -> None:
    """Refuse a second workspace without a host name of its own; `proposal` is a fitting one."""
    if hostname or not Workspace.objects.exists():
        return
    detail = _("There is a workspace already; give this one a host name with --hostname.")
    if proposal:
        detail += " " + _("On this machine, --hostname %(name)s works.") % {"name": proposal}
    raise Refused("hostname_needed", detail, field="hostname")


def link_for(workspace: Workspace, owner: User) -> str:
    """A one-time link under which the owner chooses a password."""
    with open_scope(scope_of(workspace)):
        return choose_password_link(owner)


def print_made(workspace: Workspace, link: str, *, as_json: bool) -> None:
    """Print the slug and the link, for people or for programs."""
    if as_json:
        print(json.dumps({"slug": workspace.slug, "link": link or None}))
        return
    print(workspace.slug)
    if link:
        print(link)


def _password(arguments: argparse.Namespace) -> str:
    """The hash of the password in the file; raises Refused when the rules refuse it."""
    try:
        password = arguments.password_file.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeError) as error:
        detail = _("%(file)s can't be read.") % {"file": arguments.password_file}
        raise Refused("unreadable_file", detail) from error
    try:
        known = f"{arguments.owner_name} {arguments.workspace}"
        owner = User(name=known, email=arguments.owner_email)
        validate_password(password, owner)
    except ValidationError as error:
        raise Refused("password_refused", " ".join(error.messages), field="password") from error
    return make_password(password)
