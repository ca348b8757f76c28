"""Exports as a kind of long work: a slice of records at a time, in the order of their creation.

The unfinished file is kept open in the process that works on it. Another process that takes the
next slice (a second worker, or one after a kill) first writes what is missing in its own file.
"""

import tempfile
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.files import File
from django.utils.translation import gettext as _

from portico.kit.actors import Actor
from portico.kit.tenancy.scope import current_scope
from portico.operations.models import Operation
from portico.operations.operations import OperationKind, actor_of, register_operation
from portico.transfers.actions.exports import EXPORT, MODELS, filter_of, ids_of
from portico.transfers.exports.writers import MEDIA_TYPES, WRITERS
from portico.workspaces.choices import Permission

SLICE = 1000
_LAST = "last"
_WRITTEN = "is_written"


class Session:
    """The unfinished file of one operation; `last` is the id of the last record in it."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        self.workspace_id = current_scope().id
        self.file = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the session
        self.writer = WRITERS[options["format"]](self.file, options["kind"])
        self.last: UUID | None = None
        self.is_complete = False

    def add(self, rows: Any, *, until: UUID | None = None) -> int:
        """Write the next records, none beyond `until`; how many there were."""
        if self.last is not None:
            rows = rows.filter(pk__gt=self.last)
        if until is not None:
            rows = rows.filter(pk__lte=until)
        records = list(rows.order_by("pk")[:SLICE])
        self.writer.add(records)
        if records:
            self.last = records[-1].pk
        return len(records)

    def complete(self) -> None:
        """Write what stands at the end; for a large workbook this takes long."""
        if not self.is_complete:
            self.writer.close()
            self.is_complete = True

    def close(self) -> None:
        """Let go of the file, and of what the writer put aside; who wants it has copied it."""
        if not self.is_complete:
            self.writer.discard()
            self.is_complete = True
        self.file.close()


_sessions: dict[UUID, Session] = {}


def prepare(operation: Operation) -> None:
    """Put the file together once all records are in it, while no transaction is open."""
    session = _sessions.get(operation.pk)
    is_written = _WRITTEN in operation.options
    if session is not None and is_written and session.last == _reached(operation):
        session.complete()


def take_slice(operation: Operation) -> bool:
    """Write the next records, with the rights that the one who asked has now.

    The last slice but one notes that all are written, `prepare` puts the file together, the last
    one keeps it.
    """
    actor = actor_of(operation)
    actor.require(Permission.EXPORT_CLIENTS, Permission.VIEW_CLIENTS)
    rows = _rows(operation, actor)
    reached = _reached(operation)
    session = _session_of(operation, reached)
    if session.last != reached:
        if session.add(rows, until=reached) < SLICE:
            session.last = reached
        return False
    if _WRITTEN in operation.options:
        if session.is_complete:
            _keep(operation, session)
        return session.is_complete
    if reached is None:
        operation.total = rows.count()
    written = session.add(rows)
    operation.done += written
    operation.total = max(operation.total, operation.done)
    operation.counts = {"rows": operation.done}
    if session.last is not None:
        operation.options = {**operation.options, _LAST: str(session.last)}
    if written < SLICE:
        operation.options = {**operation.options, _WRITTEN: True}
    return False


def _reached(operation: Operation) -> UUID | None:
    """The id of the last record that counts as written."""
    return UUID(operation.options[_LAST]) if _LAST in operation.options else None


def _rows(operation: Operation, actor: Actor) -> Any:
    """What the actor may see of what was meant when "Export" was pressed: records, or a list."""
    visible = MODELS[operation.options["kind"]].objects.visible_to(actor)
    ids = ids_of(operation)
    if ids is not None:
        return visible.filter(pk__in=ids)
    chosen = filter_of(operation.options["kind"], operation.options["filter"], me=actor.user_id)
    return chosen.of(visible)


def _session_of(operation: Operation, reached: UUID | None) -> Session:
    """The file that stands at `reached` or before; one per process is kept open."""
    session = _sessions.get(operation.pk)
    is_ahead = (
        session is not None
        and session.last is not None
        and (reached is None or session.last > reached)
    )
    if session is None or is_ahead:
        close_sessions()
        session = _sessions[operation.pk] = Session(operation.options)
    return session


def close_sessions() -> None:
    """Let go of all unfinished files."""
    for session in _sessions.values():
        session.close()
    _sessions.clear()


def held() -> dict[UUID, UUID]:
    """The operations whose files are open here, with their workspaces."""
    return {key: session.workspace_id for key, session in _sessions.items()}


def let_go(key: UUID) -> None:
    """Let go of the unfinished file of one operation."""
    _sessions.pop(key).close()


def _keep(operation: Operation, session: Session) -> None:
    session.file.seek(0)
    name = f"{operation.pk}.{operation.options['format']}"
    operation.result_file.save(name, File(session.file), save=False)
    operation.total = operation.done
    session.file.close()
    del _sessions[operation.pk]


def _label(name: str) -> str:
    return {"rows": _("Rows")}.get(name, name)


def _media_type(operation: Operation) -> str:
    return MEDIA_TYPES[operation.options["format"]]


register_operation(
    OperationKind(
        name=EXPORT,
        take_slice=take_slice,
        prepare=prepare,
        held=held,
        let_go=let_go,
        permissions=(Permission.EXPORT_CLIENTS, Permission.VIEW_CLIENTS),
        label=_label,
        result_name=lambda operation: operation.title,
        media_type=_media_type,
    )
)
