"""`portico demo`: a workspace full of invented records."""

import argparse

from portico.config.commands.init import link_for, print_made, require_hostname
from portico.config.commands.workspace_option import operator_actor
from portico.config.schema import migrate_schema
from portico.kit.tenancy.scope import open_scope
from portico.setup.actions import WorkspaceDraft, create_sample, set_up_workspace
from portico.workspaces.choices import Preset
from portico.workspaces.context import scope_of

HELP = "Make a workspace with example data"
EXAMPLE = "portico demo --preset agency --size 1000"
NAME = "Northstar Demo"
OWNER_NAME = "Hana Novak"
OWNER_EMAIL = "hana@northstar.example"
PROPOSED_HOSTNAME = "demo.localhost"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    parser.add_argument("--preset", default=Preset.AGENCY, choices=Preset.values, help="its words")
    parser.add_argument("--size", type=_size, default=0, metavar="N", help="N more people")
    parser.add_argument("--hostname", default="", metavar="H", help="needed for a second workspace")
    parser.add_argument("--json", action="store_true", help='print {"slug": ..., "link": ...}')


def run(arguments: argparse.Namespace) -> int:
    """Make workspace, owner and example data; then as many people as were asked for."""
    migrate_schema()
    require_hostname(arguments.hostname, proposal=PROPOSED_HOSTNAME)
    draft = WorkspaceDraft(
        name=NAME,
        preset=arguments.preset,
        owner_name=OWNER_NAME,
        owner_email=OWNER_EMAIL,
        hostname=arguments.hostname,
        has_example_data=True,
    )
    workspace, owner = set_up_workspace(draft)
    if arguments.size:
        with open_scope(scope_of(workspace)):
            create_sample(operator_actor(workspace), arguments.size)
    print_made(workspace, link_for(workspace, owner), as_json=arguments.json)
    return 0


def _size(text: str) -> int:
    size = int(text)
    if not 0 <= size <= 1_000_000:
        raise argparse.ArgumentTypeError("between 0 and 1000000")
    return size
