"""What the crash tests run in processes of their own, as `-m tests.crash.scripts NAME WORDS`."""

import argparse
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402

from portico.clients.models import Organization  # noqa: E402
from portico.config.commands import worker as worker_command  # noqa: E402
from portico.history.actions import record  # noqa: E402
from portico.kit.actors import Actor  # noqa: E402
from portico.kit.tenancy.scope import open_scope  # noqa: E402
from portico.operations.actions import start_operation  # noqa: E402
from portico.operations.models import Operation  # noqa: E402
from portico.operations.operations import OperationKind, register_operation  # noqa: E402
from portico.transfers.actions.imports import run_import  # noqa: E402
from portico.transfers.actions.preparing import prepare_import  # noqa: E402
from portico.workspaces.context import scope_of  # noqa: E402
from portico.workspaces.models import Agent, Workspace  # noqa: E402
from tests.factories.workspaces import make_agent, make_workspace  # noqa: E402

SLICE = 5


def make_slice(operation: Operation) -> bool:
    """Make organizations, five a slice, each name once."""
    operation.total = operation.options["total"]
    end = min(operation.done + SLICE, operation.total)
    for number in range(operation.done + 1, end + 1):
        Organization.objects.create(name=f"Made {number}")
    operation.done = end
    return end == operation.total


register_operation(OperationKind(name="crash.make", take_slice=make_slice))


@contextmanager
def in_workspace() -> Iterator[Workspace]:
    workspace = Workspace.objects.get()
    with open_scope(scope_of(workspace)):
        yield workspace


def prepare() -> None:
    call_command("migrate", verbosity=0)
    make_workspace()


def queue_mails(count: str) -> None:
    """Agents who each asked for a test mail."""
    with in_workspace() as workspace:
        for number in range(int(count)):
            agent = make_agent(f"agent{number}@northstar.test", name=f"Agent {number}")
            with transaction.atomic():
                actor = Actor.system(workspace.pk)
                record(_acting(actor, agent), "mail.tested", [workspace])


def _acting(actor: Actor, agent: Agent) -> Any:
    from dataclasses import replace

    return replace(actor, id=agent.pk, user_id=agent.pk)


def start_making(total: str) -> None:
    with in_workspace() as workspace, transaction.atomic():
        start_operation(
            Actor.system(workspace.pk), "crash.make", title="Make", options={"total": int(total)}
        )


def start_import(path: str) -> None:
    """Leave a file of people to the worker."""
    with in_workspace() as workspace, transaction.atomic():
        actor = Actor.system(workspace.pk)
        content = Path(path).read_bytes()
        operation = prepare_import(actor, "people", content=content, name="people.csv")
        run_import(actor, operation.pk)


def worker() -> None:
    # The settings of the tests log to no stream; what this process says goes into its own file.
    logging.getLogger().addHandler(logging.StreamHandler())
    worker_command.run(argparse.Namespace(once=False))


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
