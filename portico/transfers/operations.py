"""Imports as a kind of long work."""

from portico.clients.actions.undo import undo_creation
from portico.kit.actors import Way
from portico.kit.errors import Refused
from portico.operations.models import Operation
from portico.operations.operations import OperationKind, actor_of, register_operation
from portico.transfers.actions.slices import work_slice
from portico.transfers.choices import IMPORT
from portico.transfers.reports import label_of
from portico.workspaces.choices import Permission


def take_slice(operation: Operation) -> bool:
    """Check or import the next rows, with the rights that the one who asked has now."""
    return work_slice(operation, actor_of(operation))


def undo(operation: Operation) -> bool:
    """Remove for good what the import created and nothing has touched since."""
    try:
        undone = undo_creation(actor_of(operation), operation.pk, subject=operation)
    except Refused as refused:
        if refused.code != "nothing_to_undo":
            raise
        return True
    operation.counts = {
        **operation.counts,
        "organizations_removed": undone.organizations,
        "people_removed": undone.people,
        "kept": len(undone.kept),
    }
    operation.options = {**operation.options, "kept": list(undone.kept[:50])}
    return True


register_operation(
    OperationKind(
        name=IMPORT,
        take_slice=take_slice,
        undo=undo,
        permissions=(Permission.IMPORT_CLIENTS,),
        way=Way.IMPORT,
        label=label_of,
    )
)
