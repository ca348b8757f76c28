"""The `portico` command: one module per subcommand, each with HELP, EXAMPLE, add_arguments, run.

Exit status: 0 done, 1 refused (the reason on standard error), 2 wrong use.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol, cast

from pydantic import ValidationError

DONE, REFUSED, WRONG_USE = 0, 1, 2

# Name on the command line: its module. A module that is not installed is not offered.
COMMANDS = {
    "serve": "serve",
    "worker": "worker",
    "init": "init",
    "demo": "demo",
    "import": "import_",
    "export": "export",
    "apikey": "apikey",
    "plan": "plan",
    "signin-link": "signin_link",
    "backup": "backup",
    "restore": "restore",
    "doctor": "doctor",
    "config": "config",
    "manage": "manage",
}


# These work before settings are loaded: they prepare them, or say what is wrong with them.
WITHOUT_DJANGO = {"serve", "config", "manage"}


class Command(Protocol):
    """What a module in this folder offers. Its imports may need Django, which is loaded before."""

    HELP: str
    EXAMPLE: str

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare options and arguments."""

    def run(self, arguments: argparse.Namespace) -> int:
        """Do the work; return the exit status. A Refusal becomes status 1."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line; return its exit status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portico.config.settings")
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["manage"]:
        return _run_manage(words[1:])
    from portico.kit.errors import Refusal  # noqa: PLC0415 - keeps the start short

    try:
        if not WITHOUT_DJANGO.intersection(words[:1]):
            set_up_django()
        chosen = _parser(words[:1]).parse_args(words)
        command: Command = chosen.command_module
        return command.run(chosen)
    except Refusal as refusal:
        print(f"portico: {_reason(refusal)}", file=sys.stderr)
    except ValidationError:
        print("portico: a variable is wrong; `portico config` shows which.", file=sys.stderr)
    except (KeyboardInterrupt, BrokenPipeError):
        pass
    return REFUSED


def set_up_django() -> None:
    """Load settings and apps."""
    import django  # noqa: PLC0415 - keeps `--help` fast

    django.setup()


def _reason(refusal: Exception) -> str:
    errors = getattr(refusal, "errors", ())
    details = [error.message for error in errors] or [str(refusal)]
    permissions = getattr(refusal, "permissions", ())
    if permissions:
        details.append(f"needs {', '.join(permissions)}")
    return " ".join(filter(None, details)) or str(getattr(refusal, "code", "refused"))


def _parser(first: Sequence[str]) -> argparse.ArgumentParser:
    """The parser; only the module of the command that is called is imported."""
    parser = argparse.ArgumentParser(
        prog="portico", description="Client management and client portal."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    offered = available()
    for name in [name for name in first if name in offered] or offered:
        module = cast("Command", import_module(f"{__name__}.{COMMANDS[name]}"))
        subparser = commands.add_parser(
            name,
            help=module.HELP,
            description=module.HELP,
            epilog=f"Example: {module.EXAMPLE}",
        )
        module.add_arguments(subparser)
        subparser.set_defaults(command_module=module)
    return parser


def available() -> list[str]:
    """The names of the commands that are installed."""
    return [name for name, module in COMMANDS.items() if find_spec(f"{__name__}.{module}")]


def _run_manage(words: Sequence[str]) -> int:
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    execute_from_command_line(["portico manage", *words])
    return DONE
