"""States of long work."""

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OperationState(TextChoices):
    """Where an operation stands."""

    DRAFT = "draft", _("Being prepared")
    CHECKING = "checking", _("Checking")
    CHECKED = "checked", _("Checked")
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")


class Stage(StrEnum):
    """How running work goes about it."""

    CHECKING = "checking"
    """Nothing is written yet."""
    SLICES = "slices"
    """A slice at a time; what is done stays done."""
    AT_ONCE = "at_once"
    """All in one transaction: it shows no progress and can't be stopped."""


UNFINISHED = (
    OperationState.CHECKING,
    OperationState.WAITING,
    OperationState.RUNNING,
    OperationState.UNDOING,
)
"""Those that the worker works on."""

CANCELLABLE = (
    OperationState.DRAFT,
    OperationState.CHECKING,
    OperationState.CHECKED,
    OperationState.WAITING,
    OperationState.RUNNING,
)
"""Those that can still be stopped; an undo that has begun is finished."""
