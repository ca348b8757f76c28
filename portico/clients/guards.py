"""What clients ask of the apps above before something irreversible."""

from collections.abc import Callable, Sequence

from portico.clients.models import Organization

DeletionGuard = Callable[[Organization], Sequence[str]]

_guards: list[DeletionGuard] = []


def add_deletion_guard(guard: DeletionGuard) -> None:
    """Add a question: which sentences say why this organization can't be deleted now?"""
    if guard not in _guards:
        _guards.append(guard)


def deletion_blockers(organization: Organization) -> list[str]:
    """Everything that keeps an organization from being deleted, as sentences."""
    return [sentence for guard in _guards for sentence in guard(organization)]
