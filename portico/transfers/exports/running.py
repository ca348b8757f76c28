"""Exports as a kind of long work: a slice of records at a time, in the order of the list.

Which records are meant, and their order, is noted once before the first is written. The unfinished
file is kept open in the process that works on it. Another process that takes the next slice (a
second worker, or one after a kill) first writes what is missing in its own file.
"""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from typing import Any
from uuid import UUID

from django.core.files import File
from django.db import connection, transaction
from django.utils.translation import gettext as _

from portico.kit.actors import Actor
from portico.kit.orders import in_order
from portico.kit.tenancy.scope import current_scope
from portico.operations.models import Operation
from portico.operations.operations import OperationKind, actor_of, register_operation
from portico.transfers.actions.exports import EXPORT, ID_LENGTH, MODELS, filter_of, ids_between
from portico.transfers.exports.writers import MEDIA_TYPES, WRITERS
from portico.workspaces.choices import Permission

SLICE = 1000
_REACHED = "reached"
_WRITTEN = "is_written"
_RIGHTS = (Permission.EXPORT_CLIENTS, Permission.VIEW_CLIENTS)


class Session:
    """The unfinished file of one operation; `reached` is how far in the order it has come."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        self.workspace_id = current_scope().id
        self.model = MODELS[options["kind"]]
        self.file = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the session
        headings = options.get("headings", ())
        self.writer = WRITERS[options["format"]](self.file, options["kind"], headings)
        self.reached = 0
        self.is_complete = False

    def add(self, operation: Operation, actor: Actor, *, until: int | None = None) -> int:
        """Write the next records, none beyond `until`; how many there still were.

        Those that are gone, or that the actor may see no longer, are left out.
        """
        end = self.reached + SLICE if until is None else min(self.reached + SLICE, until)
        keys = ids_between(operation, self.reached, end=end)
        visible = self.model.objects.visible_to(actor).filter(pk__in=keys)
        found = {row.pk: row for row in visible}
        records = [found[key] for key in keys if key in found]
        self.writer.add(records, actor)
        self.reached += len(keys)
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
    """What is done while no transaction is open: note the order, put the file together."""
    if not operation.file:
        _note_order(operation)
        return
    session = _sessions.get(operation.pk)
    is_written = _WRITTEN in operation.options
    if session is not None and is_written and session.reached == _reached(operation):
        session.complete()


def _note_order(operation: Operation) -> None:
    """Keep the ids of the records that are meant, in the order of the list."""
    actor = actor_of(operation)
    actor.require(*_RIGHTS)
    kind = operation.options["kind"]
    chosen = filter_of(kind, operation.options["filter"], me=actor.user_id)
    found = chosen.of(MODELS[kind].objects.visible_to(actor))
    with tempfile.TemporaryFile() as packed:
        for part in in_order(chosen.order, found):
            for key in _one_by_one(part.values_list("pk", flat=True)):
                packed.write(key.bytes)
        total = packed.tell() // ID_LENGTH
        packed.seek(0)
        operation.file.save(f"{operation.pk}.order", File(packed), save=False)
    held = Operation.objects.filter(pk=operation.pk, lease_until=operation.lease_until)
    if not held.update(file=operation.file.name, total=total):
        operation.file.delete(save=False)


def _one_by_one(keys: Any) -> Iterator[UUID]:
    """These ids, a slice of them in memory at a time.

    PostgreSQL sends them so only to a cursor, which lives in a transaction; it locks nothing.
    """
    is_cursor = connection.vendor == "postgresql"
    with transaction.atomic() if is_cursor else nullcontext():
        yield from keys._iterable_class(keys, chunked_fetch=True, chunk_size=SLICE)


def take_slice(operation: Operation) -> bool:
    """Write the next records, with the rights that the one who asked has now.

    The last slice but one notes that all are written, `prepare` puts the file together, the last
    one keeps it.
    """
    actor = actor_of(operation)
    actor.require(*_RIGHTS)
    reached = _reached(operation)
    session = _session_of(operation, reached)
    if session.reached != reached:
        session.add(operation, actor, until=reached)
        return False
    if _WRITTEN in operation.options:
        if session.is_complete:
            _keep(operation, session)
        return session.is_complete
    if not reached:
        operation.total = operation.file.size // ID_LENGTH
    operation.done += session.add(operation, actor)
    operation.counts = {"rows": operation.done}
    operation.options = {**operation.options, _REACHED: session.reached}
    if session.reached < reached + SLICE:
        operation.options = {**operation.options, _WRITTEN: True}
    return False


def _reached(operation: Operation) -> int:
    """How many places of the order count as written."""
    return int(operation.options.get(_REACHED, 0))


def _session_of(operation: Operation, reached: int) -> Session:
    """The file that stands at `reached` or before; one per process is kept open."""
    session = _sessions.get(operation.pk)
    if session is None or session.reached > reached:
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
        permissions=_RIGHTS,
        label=_label,
        result_name=lambda operation: operation.title,
        media_type=_media_type,
    )
)
