"""Where things may stand, read from the syntax tree: surfaces write nothing, actions record."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tools.findings import ROOT

PORTICO = ROOT / "portico"
SURFACES = ("views", "api", "forms", "schemas", "panels", "urls", "reports", "querysets")
ROW_WRITES = {"save", "asave", "delete", "adelete"}
MANAGER_WRITES = {
    *("create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "update"),
    *("acreate", "abulk_create", "aupdate"),
}
# Methods of these names that write no row: a form, a session, a file, a message, a dictionary.
HARMLESS_OWNERS = {
    "router",
    "session",
    "form",
    "cache",
    "messages",
    "context",
    "headers",
    "cookies",
}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def modules(*roles: str) -> Iterator[Path]:
    """The files of these roles in every app, whether a file or a folder of that name."""
    for path in sorted(PORTICO.rglob("*.py")):
        parts = path.relative_to(PORTICO).with_suffix("").parts
        if len(parts) > 1 and parts[1] in roles and "migrations" not in parts:
            yield path


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def place(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"


def orm_writes(path: Path, tree: ast.Module) -> Iterator[str]:
    """Calls that write rows, as far as their form tells."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        owner = ast.unparse(node.func.value)
        first, last = owner.partition(".")[0].partition("(")[0], owner.rpartition(".")[2]
        if {first, last} & HARMLESS_OWNERS:
            continue
        name = node.func.attr
        is_manager = "objects" in owner or "_default_manager" in owner
        if name in ROW_WRITES or (name in MANAGER_WRITES and is_manager):
            yield f"{place(path, node)} {owner}.{name}()"


def test_surfaces_write_no_row() -> None:
    found = [line for path in modules(*SURFACES) for line in orm_writes(path, tree_of(path))]
    assert found == []


@pytest.mark.parametrize(
    "text",
    (
        "person.save()",
        "person.delete()",
        "Person.objects.create(name='x')",
        "Person.objects.filter(pk=1).update(name='x')",
        "self.organization.memberships.all().delete()",
    ),
)
def test_a_write_in_a_surface_would_be_found(text: str) -> None:
    assert len(list(orm_writes(PORTICO / "clients" / "views.py", ast.parse(text)))) == 1


# There is nobody yet who could act: first run, `init` and `demo` make the workspace, sign-in and
# links make the one who acts. These record with the actor that they find.
WITHOUT_ACTOR = {
    "accounts.choose_password",
    "accounts.request_password_reset",
    "accounts.set_first_password",
    "invitations.accept_invitation",
    "invitations.request_new_link",
    "setup.set_up_workspace",
    "workspaces.create_workspace",
    "workspaces.make_owner",
}
# Parts of other actions, which check and record; their docstrings say so.
PARTS = {
    "accounts.end_sessions_of",
    *("clients.recount_people", "clients.recount_locations", "clients.settle_counts"),
    *("clients.assign", "clients.assign_managers"),
    *("clients.settle_primaries", "clients.join_directly"),
    *("clients.give_parts", "clients.write_parts", "clients.write_columns"),
    *("clients.write_texts", "clients.respell", "clients.take_back_some"),
    *("clients.refresh_likeness", "clients.forget_likeness"),
    "invitations.require_nothing_pending",
    "accounts.avatar_of",
    "files.keep_file",
    "files.keep_image",
    "notifications.queue_mail",
    "transfers.work_slice",
    *("transfers.plan_organization", "transfers.plan_person", "transfers.state_changes"),
}


@cache
def actions() -> dict[str, tuple[Path, Function]]:
    """Every function that stands in an `actions` module of an app: "app.name" to its tree.

    Private ones are named after their module too, because two modules may have one of a name.
    """
    return {
        f"{_place_of(path, node.name)}.{node.name}": (path, node)
        for path in modules("actions")
        for node in tree_of(path).body
        if isinstance(node, Function)
    }


def _place_of(path: Path, name: str) -> str:
    inside = path.relative_to(PORTICO)
    return str(inside.with_suffix("")) if name.startswith("_") else inside.parts[0]


def others_called(name: str) -> list[str]:
    """The actions that an action calls by name; private ones only of its own module."""
    path, function = actions()[name]
    names = called(function)
    return [
        other
        for other, (found, _function) in actions().items()
        if (short := other.rpartition(".")[2]) in names
        and (found == path or not short.startswith("_"))
    ]


def called(function: ast.AST) -> set[str]:
    """The bare names of all that a function calls, and of methods."""
    names = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            target = node.func
            names.add(target.id if isinstance(target, ast.Name) else getattr(target, "attr", ""))
    return names


def public_actions() -> dict[str, tuple[Path, Function]]:
    """Those that a surface may call; the history's own `record` is the writer itself."""
    return {
        name: found
        for name, found in actions().items()
        if not name.rpartition(".")[2].startswith("_") and not name.startswith("history.")
    }


def writes_rows(function: ast.AST, path: Path) -> bool:
    return any(orm_writes(path, ast.Module(body=[function], type_ignores=[])))  # type: ignore[list-item]


def reaches_record(name: str, seen: frozenset[str] = frozenset()) -> bool:
    """Whether an action records: by itself or through another function of actions."""
    if name in seen:
        return False
    _path, function = actions()[name]
    if "record" in called(function):
        return True
    return any(reaches_record(other, seen | {name}) for other in others_called(name))


def takes_actor(function: Function) -> bool:
    arguments = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    return arguments[:1] == ["actor"]


def test_there_are_actions_to_look_at() -> None:
    assert len(public_actions()) > 30


def test_every_action_that_changes_something_records_it() -> None:
    silent = sorted(
        f"{place(path, function)} {name}"
        for name, (path, function) in public_actions().items()
        if takes_actor(function)
        and name not in PARTS
        and not reaches_record(name)
        and changes_rows(name)
    )
    assert silent == []


def changes_rows(name: str, seen: frozenset[str] = frozenset()) -> bool:
    """Whether an action writes rows: by itself or through another function of actions."""
    if name in seen:
        return False
    path, function = actions()[name]
    others = others_called(name)
    return writes_rows(function, path) or any(changes_rows(o, seen | {name}) for o in others)


def test_every_action_takes_the_actor_first() -> None:
    without = sorted(
        name
        for name, (_path, function) in public_actions().items()
        if not takes_actor(function) and changes_rows(name) and name not in WITHOUT_ACTOR | PARTS
    )
    assert without == []


def test_only_record_writes_events_and_follow_ups() -> None:
    found = [
        f"{place(path, node)} {ast.unparse(node.func)}"
        for path in sorted(PORTICO.rglob("*.py"))
        if path != PORTICO / "history" / "actions" / "recording.py"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).split(".objects")[0] in {"Event", "FollowUp"}
        and (
            isinstance(node.func, ast.Name)
            or getattr(node.func, "attr", "") in ROW_WRITES | MANAGER_WRITES
        )
    ]
    assert found == []


MAIL_MODULES = {"django.core.mail", "smtplib", "email", "email.message", "email.mime", "aiosmtplib"}


def test_only_notifications_send_and_write_mails() -> None:
    importing = {
        str(path.relative_to(PORTICO))
        for path in sorted(PORTICO.rglob("*.py"))
        for node in ast.walk(tree_of(path))
        for name in imported(node)
        if name in MAIL_MODULES
    }
    outside = {path for path in importing if not path.startswith("notifications/")}
    assert importing > outside
    # `doctor` knocks at the mail server and sends nothing.
    assert outside == {"config/commands/doctor.py"}


def imported(node: ast.AST) -> list[str]:
    """The modules that a statement imports."""
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else []


def test_outgoing_mails_are_written_by_notifications_only() -> None:
    found = [
        place(path, node)
        for path in sorted(PORTICO.rglob("*.py"))
        if path.relative_to(PORTICO).parts[0] != "notifications"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).startswith("OutgoingMail")
        and (
            isinstance(node.func, ast.Name)
            or getattr(node.func, "attr", "") in ROW_WRITES | MANAGER_WRITES
        )
    ]
    assert found == []


# Python files that build markup themselves, out of escaped parts; each was read for it.
BUILDS_MARKUP = {
    *("portal/panels.py", "ui/hits.py", "ui/jinja.py"),
    "workspaces/views/documentation.py",
}
# Statements over names of our own tables and columns, or around what Django wrote.
BUILDS_SQL = {"kit/search.py", "config/backups/sqlite.py", "kit/prepared.py", "kit/inserting.py"}
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)


def blank(comment: re.Match[str]) -> str:
    """As many lines as the comment had."""
    return "\n" * comment.group().count("\n")


def test_no_template_prints_text_as_markup() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted(PORTICO.rglob("templates/**/*.html"))
        for number, line in enumerate(COMMENT.sub(blank, path.read_text()).splitlines(), 1)
        if "|safe" in line.replace(" ", "") or "autoescape" in line or "Markup" in line
    ]
    assert found == []


def test_markup_is_built_in_one_place() -> None:
    building = {
        str(path.relative_to(PORTICO))
        for path in sorted(PORTICO.rglob("*.py"))
        if {"Markup", "mark_safe", "SafeString"} & called(tree_of(path))
    }
    assert building <= BUILDS_MARKUP


def test_no_sql_is_pasted_together() -> None:
    """`extra()` and formatted statements are how an injection starts; PRAGMA takes no parameter."""
    found = [
        place(path, node)
        for path in sorted(PORTICO.rglob("*.py"))
        if str(path.relative_to(PORTICO)) not in BUILDS_SQL
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and (
            node.func.attr == "extra"
            or (
                node.func.attr in {"execute", "raw"}
                and node.args
                and isinstance(node.args[0], ast.JoinedStr)
                and "PRAGMA" not in ast.unparse(node.args[0])
            )
        )
    ]
    assert found == []
