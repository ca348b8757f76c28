"""`portico manage`: Django's own commands. The entry point passes its words on unread."""

import argparse

HELP = "Run one of Django's own commands"
EXAMPLE = "portico manage check --database default"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Everything that follows belongs to Django."""
    parser.add_argument("words", nargs=argparse.REMAINDER, help="a command of Django's")


def run(arguments: argparse.Namespace) -> int:
    """Pass the words on."""
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    execute_from_command_line(["portico manage", *arguments.words])
    return 0
