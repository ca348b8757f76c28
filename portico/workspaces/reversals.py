"""How changes to the workspace itself are taken back."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from portico.history.models import Event
from portico.history.reversals import Kept, add_reversal
from portico.kit.actors import Actor
from portico.workspaces.actions.workspaces import update_workspace
from portico.workspaces.models import Agent, Workspace


def _restore(actor: Actor, events: Sequence[Event]) -> list[Kept]:
    """Give back what each event tells, unless it was changed again since."""
    return [kept for event in events for kept in _restore_one(actor, event)]


def _restore_one(actor: Actor, event: Event) -> list[Kept]:
    workspace = Workspace.objects.get(pk=event.subject_id)
    told: Mapping[str, Any] = event.reversal or {}
    if any(_present(workspace, name) != new for name, (_old, new) in told.items()):
        return [Kept(name=workspace.name, reason=_("It was changed again since."))]
    changes = {name: _stored(name, pair) for name, pair in told.items()}
    update_workspace(actor, changes)
    return []


def _present(workspace: Workspace, name: str) -> Any:
    if name != "support_contact":
        return getattr(workspace, name)
    contact = workspace.support_contact_id
    return str(contact) if contact else None


def _stored(name: str, pair: Sequence[Any]) -> Any:
    old, new = pair
    if name == "support_contact":
        return Agent.objects.filter(pk=old).first()
    if name == "settings":
        return {key: old.get(key) for key in {**old, **new} if old.get(key) != new.get(key)}
    return old


add_reversal("workspace.updated", reverse=_restore)
