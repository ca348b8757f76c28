"""The open list of kinds of long work: apps above add to it at start-up.

    register_operation(OperationKind(name="import.people", take_slice=take_slice, undo=undo))

The worker runs `take_slice(operation)` again and again until it answers True. Each call is one
transaction, into which the runner also saves the operation: the slice changes `done`, `total`,
`counts`, `options`, `result_file` of the object it gets, writes its rows, and returns. A killed
worker leaves nothing of a slice behind, so the next one resumes at the next row, exactly once.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from portico.accounts.guards import entry_refusal
from portico.accounts.models import User
from portico.kit.actors import Actor, ActorKind, Way
from portico.kit.errors import Refused
from portico.kit.ids import new_id
from portico.kit.tenancy.scope import current_scope
from portico.operations.choices import OperationState, Stage
from portico.operations.models import Operation
from portico.workspaces.actors import key_actor, user_actor
from portico.workspaces.models import ApiKey

Slice = Callable[[Operation], bool]
_UNDO_ACT = "undo_act"


@dataclass(frozen=True, kw_only=True)
class OperationKind:
    """A kind of long work.

    `take_slice` is called in the states "checking" and "running" (it may look which). `undo`, if
    there is one, is also called in slices until it answers True; it counts what it removed and
    what it left in `counts`. `permissions` are needed to start it; `way` stands in its events.
    `label` names its counters, and the outcomes and fields of its rows, in the reader's words.
    `result_name` and `media_type` are those of its file; without them it holds refused rows.
    `prepare`, if there is one, is called before each slice, outside its transaction: for work that
    takes long and writes no rows, so that nobody waits for it.
    `links` lead from what is over to its records, each with `label` and `url`; `pages_of` tells the
    addresses of the records of its rows, as far as these are there.
    `held` tells which operations this process keeps something open for, with their workspaces;
    `let_go` closes it: called by the worker for those that are over or were cancelled elsewhere.
    `stage_of` says how running work goes about it where that is not in slices.
    `is_reversible` tells whether this one changed anything that its undo takes back: asked where
    not all work of the kind can be undone.
    `undo_of_others` are needed to undo what somebody else started: it is done with their rights.
    """

    name: str
    take_slice: Slice
    undo: Slice | None = None
    is_reversible: Callable[[Operation], bool] | None = None
    permissions: tuple[str, ...] = ()
    way: Way = Way.SYSTEM
    label: Callable[[str], str] = str
    result_name: Callable[[Operation], str] | None = None
    media_type: Callable[[Operation], str] | None = None
    undo_of_others: tuple[str, ...] = ()
    prepare: Callable[[Operation], None] | None = None
    stage_of: Callable[[Operation], Stage] | None = None
    links: Callable[[Operation], Sequence[Mapping[str, str]]] = lambda _operation: ()
    pages_of: Callable[[Operation, Collection[UUID]], Mapping[UUID, str]] = lambda *_asked: {}
    held: Callable[[], Mapping[UUID, UUID]] = dict
    let_go: Callable[[UUID], None] | None = None


_kinds: dict[str, OperationKind] = {}


def register_operation(kind: OperationKind) -> None:
    """Add a kind; a second one of the same name replaces the first."""
    _kinds[kind.name] = kind


def operation_kind(name: str) -> OperationKind:
    """The kind with this name; raises KeyError for an unknown one."""
    return _kinds[name]


def operation_kinds() -> Collection[OperationKind]:
    """All kinds."""
    return list(_kinds.values())


def kinds_open_to(actor: Actor) -> list[str]:
    """The names of the kinds that this actor may start."""
    return [name for name, kind in _kinds.items() if actor.may(*kind.permissions)]


def stage_of(operation: Operation) -> Stage:
    """How the operation goes about its work, as it stands now."""
    is_running = operation.state in {OperationState.WAITING, OperationState.RUNNING}
    kind = operation_kind(operation.kind)
    return kind.stage_of(operation) if is_running and kind.stage_of else Stage.SLICES


def actor_of(operation: Operation) -> Actor:
    """Who acts in an operation, with the rights they have now.

    Raises Refused when the one who started it may no longer come in, or their key is gone.
    """
    way = operation_kind(operation.kind).way
    if operation.actor_kind == ActorKind.SYSTEM:
        system = Actor.system(current_scope().id, request_id=operation.request_id, way=way)
        return replace(system, act_id=_act_of(operation))
    if operation.actor_kind == ActorKind.KEY:
        key = (
            ApiKey.objects.usable(timezone.now())
            .select_related("user")
            .filter(pk=operation.actor_id)
            .first()
        )
        user = key.user if key else None
        actor = key_actor(key, request_id=operation.request_id) if key else None
    else:
        user = User.objects.filter(pk=operation.actor_user_id).first()
        actor = user_actor(user, request_id=operation.request_id) if user else None
    if user is None or actor is None or entry_refusal(user) is not None:
        text = _("%(name)s may no longer do this.") % {"name": operation.actor_name}
        raise Refused("actor_gone", text)
    return replace(actor, way=way, act_id=_act_of(operation))


def _act_of(operation: Operation) -> UUID:
    """All slices are one act; undoing it is another, whose id the first of its slices leaves."""
    if operation.state != OperationState.UNDOING:
        return operation.pk
    if _UNDO_ACT not in operation.options:
        operation.options = {**operation.options, _UNDO_ACT: str(new_id())}
    return UUID(operation.options[_UNDO_ACT])
