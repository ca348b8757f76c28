"""`portico export`: write organizations or people of a workspace to a file, all or a view."""

import argparse
import os
import shutil
from pathlib import Path
from typing import get_args

from django.utils.translation import gettext as _

from portico.clients.filters.fields import ME
from portico.clients.guards import saved_list_named, saved_lists
from portico.config.commands.workspace_option import (
    add_workspace_option,
    operator_actor,
    workspace_scope,
)
from portico.kit.actors import Actor
from portico.kit.errors import Refused
from portico.operations.choices import OperationState
from portico.operations.models import Operation
from portico.operations.tasks import work_off_here
from portico.transfers.actions.exports import Format, start_export
from portico.transfers.choices import PROPERTY_SUBJECTS
from portico.transfers.filters import ALL, COLUMNS, SHOWN, asked_headings
from portico.transfers.reading.fields import Kind

HELP = "Write organizations or people to a new file: all, archived ones too, or those of a view"
EXAMPLE = (
    "portico export people --workspace northstar --view 'Invited, not joined'"
    " --columns name,email --format xlsx -o people.xlsx"
)
OWNER_ONLY = 0o600
EVERYTHING = {"state": "all"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options and arguments."""
    parser.add_argument("kind", choices=("organizations", "people"))
    add_workspace_option(parser)
    parser.add_argument(
        "--view",
        default="",
        metavar="NAME_OR_ID",
        help="a shared or shipped view: its records, in its order",
    )
    parser.add_argument(
        "--columns",
        default="",
        metavar="A,B,C",
        help="columns of the list, or `shown`: those that it or the view shows",
    )
    parser.add_argument("--format", choices=get_args(Format), default="csv")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE")


def run(arguments: argparse.Namespace) -> int:
    """Write the file; it appears when it is complete, and replaces one of its name."""
    with workspace_scope(arguments.workspace) as workspace:
        operation = work_off_here(_started(operator_actor(workspace), arguments))
        if operation.state != OperationState.DONE:
            raise Refused("export_failed", operation.last_error or _("The export was cancelled."))
        try:
            _take_out(operation, arguments.output)
        except OSError as error:
            text = _("%(path)s can't be written: %(reason)s")
            detail = text % {"path": arguments.output, "reason": error.strerror}
            raise Refused("file_not_writable", detail) from error
    print(f"{arguments.output}: {operation.done} rows")
    return 0


def _started(actor: Actor, arguments: argparse.Namespace) -> Operation:
    """The export of what the options name, in the grammar of the lists."""
    kind: Kind = arguments.kind
    query = _query(actor, kind, arguments)
    columns = SHOWN if arguments.columns else ALL
    headings = asked_headings(actor, kind, query, columns=columns)
    return start_export(actor, kind, filters=query, form=arguments.format, headings=headings)


def _query(actor: Actor, kind: Kind, arguments: argparse.Namespace) -> dict[str, str]:
    query = dict(EVERYTHING)
    if arguments.view:
        view = saved_list_named(arguments.view, saved_lists(actor, PROPERTY_SUBJECTS[kind]))
        if any(ME in value.split(",") for value in view.parameters.values()):
            detail = _("“%(view)s” shows each agent their own; a command is nobody's.")
            raise Refused("unknown_value", detail % {"view": view.name}, field="view")
        query = {"view": view.id}
    if arguments.columns not in {"", SHOWN}:
        query[COLUMNS] = arguments.columns
    return query


def _take_out(operation: Operation, target: Path) -> None:
    """Copy the result to where it was asked for, and keep no second copy."""
    part = target.with_name(f"{target.name}.part")
    try:
        with os.fdopen(
            os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY), "wb"
        ) as to:
            with operation.result_file.open("rb") as result:
                shutil.copyfileobj(result, to)
            os.fsync(to.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
        operation.result_file.delete(save=False)
        Operation.objects.filter(pk=operation.pk).update(result_file="")
