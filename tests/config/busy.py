"""A writer beside a backup, run as `-m tests.config.busy`: adds people until it is killed."""

import sys
import time

import django

django.setup()

from itertools import count  # noqa: E402

from django.db import OperationalError, transaction  # noqa: E402

from portico.clients.actions.organizations import create_organizations  # noqa: E402
from portico.clients.actions.people import create_people  # noqa: E402
from portico.kit.actors import Actor  # noqa: E402
from portico.kit.tenancy.scope import open_scope  # noqa: E402
from portico.workspaces.context import scope_of  # noqa: E402
from portico.workspaces.models import Workspace  # noqa: E402

# Without a pause, a drill of many rounds would copy more with each: its time grows by the square.
PAUSE_SECONDS = 0.05


def write() -> None:
    """One organization with five people in each transaction; the first one is told."""
    workspace = Workspace.objects.get()
    with open_scope(scope_of(workspace)):
        actor = Actor.system(workspace.pk)
        for number in count():
            while not is_written(actor, number):
                pass
            if number == 0:
                sys.stdout.write("at work\n")
                sys.stdout.flush()
            time.sleep(PAUSE_SECONDS)


def is_written(actor: Actor, number: int) -> bool:
    """Whether it was taken: SQLite lets one of eight who never rest wait in vain for 20 s.

    A server answers such a request with 503, and it is sent again.
    """
    try:
        with transaction.atomic():
            [organization] = create_organizations(actor, [{"name": f"Busy {number}"}])
            drafts = [({"name": f"Person {n}"}, organization.pk) for n in range(5)]
            create_people(actor, drafts)
    except OperationalError as error:
        if "locked" not in str(error):
            raise
        return False
    return True


if __name__ == "__main__":
    write()
