"""Example data as a kind of long work: made in one piece, taken back in one piece."""

from django.utils.translation import gettext as _

from portico.clients.actions.undo import undo_creation
from portico.kit.errors import Refused
from portico.operations.models import Operation
from portico.operations.operations import OperationKind, actor_of, register_operation
from portico.setup.choices import EXAMPLE_DATA
from portico.ui.words import say


def take_slice(operation: Operation) -> bool:
    """Never called: the rows and the finished operation are written together."""
    raise Refused("not_resumable", _("Example data is added in one piece.")) from None


def undo(operation: Operation) -> bool:
    """Remove what nobody has touched since; touched rows stay and are counted."""
    undone = undo_creation(actor_of(operation), operation.pk, subject=operation)
    operation.counts = {
        **operation.counts,
        "removed": undone.organizations + undone.people,
        "kept": len(undone.kept),
    }
    return True


def label_of(name: str) -> str:
    """A counter of the example data in the words of the workspace."""
    labels = {
        "organizations": say("Organizations"),
        "people": say("People"),
        "removed": _("Removed"),
        "kept": _("Kept"),
    }
    return labels.get(name, name)


register_operation(
    OperationKind(name=EXAMPLE_DATA, take_slice=take_slice, undo=undo, label=label_of)
)
