"""`portico export`: write all organizations or people of a workspace to a file."""

import argparse
import os
import shutil
from pathlib import Path
from typing import get_args

from django.utils.translation import gettext as _

from portico.config.commands.workspace_option import (
    add_workspace_option,
    operator_actor,
    workspace_scope,
)
from portico.kit.errors import Refused
from portico.operations.choices import OperationState
from portico.operations.models import Operation
from portico.operations.tasks import work_off_here
from portico.transfers.actions.exports import Format, start_export

HELP = "Write all organizations or people, archived ones too, to a new file"
EXAMPLE = "portico export people --workspace northstar --format xlsx -o people.xlsx"
OWNER_ONLY = 0o600
EVERYTHING = {"state": "all"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options and arguments."""
    parser.add_argument("kind", choices=("organizations", "people"))
    add_workspace_option(parser)
    parser.add_argument("--format", choices=get_args(Format), default="csv")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE")


def run(arguments: argparse.Namespace) -> int:
    """Write the file; it appears when it is complete, and replaces one of its name."""
    with workspace_scope(arguments.workspace) as workspace:
        actor = operator_actor(workspace)
        operation = work_off_here(
            start_export(actor, arguments.kind, filters=EVERYTHING, form=arguments.format)
        )
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
