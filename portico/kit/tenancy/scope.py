"""The workspace scope: in which workspace the present code runs.

It is opened in three places only: the middleware (from the host name), tenant tasks, and commands
with `--workspace`.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID


class OutsideScope(RuntimeError):
    """A table of a workspace was touched while no workspace was chosen."""

    def __init__(self) -> None:
        super().__init__("No workspace scope is open; wrap the code in open_scope().")


@dataclass(frozen=True, kw_only=True)
class WorkspaceScope:
    """What code below `workspaces` may know of the workspace it runs in.

    `base_url` is scheme, host and port for links (never taken from a request); `settings` are the
    effective ones: the preset's defaults under the workspace's own choices.
    """

    id: UUID
    slug: str
    name: str
    base_url: str
    hostname: str = ""
    time_zone: str = "UTC"
    preset: str = "agency"
    settings: Mapping[str, Any] = field(default_factory=dict)

    def has_module(self, module: str) -> bool:
        """Whether this part of the product is switched on in the workspace."""
        return module in self.settings.get("modules", ())


_current: ContextVar[WorkspaceScope | None] = ContextVar("workspace_scope", default=None)


@contextmanager
def open_scope(scope: WorkspaceScope) -> Iterator[WorkspaceScope]:
    """Run the block inside this workspace."""
    token = _current.set(scope)
    try:
        yield scope
    finally:
        _current.reset(token)


def scope_or_none() -> WorkspaceScope | None:
    """The open scope, if there is one."""
    return _current.get()


def current_scope() -> WorkspaceScope:
    """The open scope; raises OutsideScope when there is none."""
    scope = _current.get()
    if scope is None:
        raise OutsideScope
    return scope


def current_workspace_id() -> UUID:
    """The id of the workspace the code runs in; raises OutsideScope when there is none."""
    return current_scope().id
