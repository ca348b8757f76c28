"""`portico plan set`: what the operator grants a workspace."""

import argparse

from portico.config.commands.workspace_option import (
    add_workspace_option,
    operator_actor,
    workspace_scope,
)
from portico.workspaces.actions.plans import LIMITS, set_plan

HELP = "Set the limits of a workspace"
EXAMPLE = "portico plan set --workspace northstar --persons 500 --full-licences unlimited"
UNLIMITED = "unlimited"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb and its options."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    verb = verbs.add_parser("set", help=HELP, epilog=f"Example: {EXAMPLE}")
    add_workspace_option(verb)
    for option, field, text in (
        ("--persons", "person_limit", "people, archived ones not counted"),
        ("--full-licences", "full_licences", "agents who may change things"),
        ("--read-only-licences", "read_only_licences", "agents who may only look"),
    ):
        verb.add_argument(
            option, dest=field, type=_limit, metavar="N", default=..., help=f"{text}, or unlimited"
        )


def run(arguments: argparse.Namespace) -> int:
    """Set those that were named and print all of them."""
    given = {field: getattr(arguments, field) for field in LIMITS}
    limits = {field: limit for field, limit in given.items() if limit is not ...}
    with workspace_scope(arguments.workspace) as workspace:
        plan = set_plan(operator_actor(workspace), limits)
    for field in LIMITS:
        limit = getattr(plan, field)
        print(f"{field}: {UNLIMITED if limit is None else limit}")
    return 0


def _limit(text: str) -> int | None:
    if text == UNLIMITED:
        return None
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError(f"a number of 0 or more, or {UNLIMITED}")
    return number
