"""`portico import`: bring in a file of organizations or people."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from portico.config.collector import spare_what_is_loaded
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
from portico.transfers.actions.imports import (
    change_mapping,
    check_import,
    run_import,
)
from portico.transfers.actions.preparing import prepare_import
from portico.transfers.choices import (
    COUNTERS,
    FURTHER_COUNTERS,
    WRONG,
    Existing,
    Match,
    Outcome,
    UnknownOrganizations,
)
from portico.transfers.reading.table import MAX_BYTES
from portico.transfers.reports import earlier_import, mapping_notice, same_file_notice

HELP = "Bring in a CSV file or Excel workbook of organizations or people, or vCards of people"
EXAMPLE = (
    "portico import people clients.csv --workspace northstar --organization 'Acme Windows'"
    " --map 'Mail address=email' --dry-run"
)
SHOWN_PROBLEMS = 10
DONE, REFUSED = 0, 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options and arguments."""
    parser.add_argument("kind", choices=("organizations", "people"))
    parser.add_argument("file", type=Path, metavar="FILE")
    add_workspace_option(parser)
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        type=_column_and_field,
        metavar="COLUMN=field",
        help="what a column means; an empty field leaves it out; may stand several times",
    )
    parser.add_argument("--organization", default="", metavar="NAME", help="where people belong")
    parser.add_argument(
        "--unknown-organizations",
        choices=[str(choice) for choice in UnknownOrganizations],
        default=str(UnknownOrganizations.CREATE),
    )
    parser.add_argument(
        "--existing", choices=[str(choice) for choice in Existing], default=str(Existing.SKIP)
    )
    parser.add_argument(
        "--match",
        choices=[str(choice) for choice in Match],
        default=str(Match.AUTO),
        help="by what existing records are found when they are updated",
    )
    parser.add_argument(
        "--clear-empty", action="store_true", help="an empty cell empties the field it updates"
    )
    parser.add_argument("--invite", action="store_true", help="invite the people who are created")
    parser.add_argument("--sheet", default="", metavar="NAME", help="which sheet of a workbook")
    parser.add_argument("--all-or-nothing", action="store_true", help="one wrong row stops all")
    parser.add_argument("--dry-run", action="store_true", help="count, and save nothing")
    parser.add_argument("--failures", type=Path, metavar="FILE", help="where wrong rows go")
    parser.add_argument("--json", action="store_true", help="print the counts as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Import the file, or only check it; 1 when nothing could be imported because of wrong rows."""
    spare_what_is_loaded()
    content = _content(arguments.file)
    with workspace_scope(arguments.workspace) as workspace:
        actor = operator_actor(workspace)
        operation = _prepared(actor, arguments, content=content)
        operation = _worked_off(actor, operation, arguments=arguments)
        _write_failures(operation, arguments.failures)
        if arguments.json:
            print(json.dumps(_counts(operation, dry_run=arguments.dry_run)))
        else:
            _print_summary(operation, arguments=arguments)
    held_back = arguments.all_or_nothing and operation.counts[WRONG]
    return REFUSED if held_back else DONE


def _column_and_field(text: str) -> tuple[str, str]:
    column, equals, field = text.rpartition("=")
    if not equals or not column:
        raise argparse.ArgumentTypeError(f"{text!r} is not COLUMN=field")
    return column, field


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        text = _("%(path)s can't be read: %(reason)s") % {"path": path, "reason": error.strerror}
        raise Refused("file_not_readable", text) from error


def _prepared(actor: Actor, arguments: argparse.Namespace, *, content: bytes) -> Operation:
    operation = prepare_import(
        actor, arguments.kind, content=content, name=arguments.file.name, sheet=arguments.sheet
    )
    choices = {
        "organization": arguments.organization,
        "unknown_organizations": arguments.unknown_organizations,
        "existing": arguments.existing,
        "match": arguments.match,
        "clear_empty": arguments.clear_empty,
        "invite": arguments.invite,
        "all_or_nothing": arguments.all_or_nothing,
    }
    return change_mapping(actor, operation.pk, mapping=dict(arguments.map), choices=choices)


def _worked_off(actor: Actor, operation: Operation, *, arguments: argparse.Namespace) -> Operation:
    """Check first where only a check was asked, or where one wrong row stops all."""
    if arguments.dry_run or arguments.all_or_nothing:
        operation = work_off_here(check_import(actor, operation.pk))
        _raise_failure(operation)
    if not arguments.dry_run and not operation.counts.get(WRONG):
        operation = work_off_here(run_import(actor, operation.pk))
        _raise_failure(operation)
    return operation


def _raise_failure(operation: Operation) -> None:
    if operation.state not in {OperationState.CHECKED, OperationState.DONE}:
        raise Refused("import_failed", operation.last_error or operation.get_state_display())


def _counts(operation: Operation, *, dry_run: bool) -> dict[str, Any]:
    numbers: dict[str, Any] = {name: operation.counts.get(name, 0) for name in COUNTERS}
    counts = {**numbers, "dry_run": dry_run, "import_id": str(operation.pk)}
    notices = _notices(operation)
    return {**counts, "notices": notices} if notices else counts


def _notices(operation: Operation) -> list[dict[str, Any]]:
    """What an earlier import has to do with this one; nothing of it stops the import."""
    found: list[dict[str, Any]] = []
    earlier = earlier_import(operation)
    if earlier is not None:
        at = earlier.created_at.isoformat()
        text = same_file_notice(operation)
        found.append({"code": "same_file", "message": text, "import_id": str(earlier.pk), "at": at})
    told = operation.options["file"]["mapping_of"]
    if told:
        text = mapping_notice(operation)
        found.append({"code": "mapping_remembered", "message": text, "import_id": told["id"]})
    return found


def _write_failures(operation: Operation, path: Path | None) -> None:
    if path is None:
        return
    content = b""
    if operation.result_file:
        with operation.result_file.open("rb") as file:
            content = file.read()
    try:
        path.write_bytes(content)
    except OSError as error:
        text = _("%(path)s can't be written: %(reason)s")
        detail = text % {"path": path, "reason": error.strerror}
        raise Refused("file_not_writable", detail) from error


def _print_summary(operation: Operation, *, arguments: argparse.Namespace) -> None:
    file = operation.options["file"]
    print(f"{operation.title}: {_layout(file)}")
    for text in (*file["notices"], *(notice["message"] for notice in _notices(operation))):
        print(f"  {text}")
    for column, field in operation.options["asked"]["mapping"].items():
        print(f"  {column} -> {field}")
    for name in COUNTERS:
        print(f"{name.replace('_', ' '):>22}: {operation.counts.get(name, 0)}")
    for name in FURTHER_COUNTERS:
        if operation.counts.get(name):
            print(f"{name.replace('_', ' '):>22}: {operation.counts[name]}")
    for notice in operation.options["notices"].values():
        print(f"  {notice['n']} x {notice['text']}")
    _print_problems(operation)
    if arguments.dry_run:
        print(_("Nothing was saved."))


def _layout(file: dict[str, Any]) -> str:
    if file["form"] == "xlsx":
        return f"Excel workbook, sheet {file['sheet']!r}"
    if file["form"] == "vcard":
        return f"vCard, {file['encoding']}"
    if file["form"] == "json":
        return "JSON export"
    return f"{file['encoding']}, separator {file['delimiter']!r}"


def _print_problems(operation: Operation) -> None:
    rows = operation.rows.filter(outcome=Outcome.REFUSED).order_by("number")
    for row in rows[:SHOWN_PROBLEMS]:
        print(f"row {row.number}: {row.field}: {row.reason}", file=sys.stderr)
