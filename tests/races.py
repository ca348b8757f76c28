"""Acts that begin at the same moment, each with a connection and an actor of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import sleep
from typing import Any

from django.core.cache import cache
from django.db import connection

from portico.kit.actors import Actor
from portico.kit.errors import Refusal
from portico.kit.tenancy.scope import WorkspaceScope, open_scope
from portico.workspaces.context import scope_of
from portico.workspaces.models import Agent
from tests.factories.workspaces import actor_of, make_workspace

Act = Callable[[Actor], Any]
RESTS = 5


class Race:
    """A workspace in which acts are done at once.

    With `pause` each act rests so many seconds after each of its first locks on PostgreSQL, so that
    what the others lock in another order is met for sure.
    """

    def __init__(self, *, pause: float = 0) -> None:
        cache.clear()
        self.pause = pause
        self.scope: WorkspaceScope = scope_of(make_workspace())

    def run(self, *acts: Act) -> list[Refusal | None]:
        """What each was refused with; None for those that were done. Errors are raised."""
        barrier = Barrier(len(acts))

        def start(act: Act) -> Refusal | None:
            try:
                with open_scope(self.scope), connection.execute_wrapper(self._resting()):
                    actor = actor_of(Agent.objects.get())
                    barrier.wait(timeout=60)
                    act(actor)
            except Refusal as refused:
                return refused
            finally:
                connection.close()
            return None

        with ThreadPoolExecutor(len(acts)) as pool:
            return list(pool.map(start, acts))

    def _resting(self) -> Callable[..., Any]:
        """Rest after each of the first statements that lock, which is where acts meet."""
        left = RESTS if self.pause and connection.vendor == "postgresql" else 0

        def rest(execute: Callable[..., Any], sql: str, *given: Any) -> Any:
            nonlocal left
            answer = execute(sql, *given)
            if left and ("UPDATE" in sql or "DELETE" in sql):
                left -= 1
                sleep(self.pause)
            return answer

        return rest
