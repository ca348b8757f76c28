"""Set what the operator grants a workspace."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portico.history.actions import record
from portico.kit.actors import Actor
from portico.kit.errors import Denied, Refused
from portico.workspaces.models import Plan, Workspace

LIMITS = ("person_limit", "full_licences", "read_only_licences")


@transaction.atomic
def set_plan(actor: Actor, limits: Mapping[str, int | None]) -> Plan:
    """Set these limits of the present workspace's plan; None means unlimited.

    Only the operator may, by command: the workspace sees its plan and can't change it. A limit
    below what is in use is allowed: nobody is put out, nobody more is let in. Raises Refused for
    an unknown or negative limit.
    """
    if not actor.is_unlimited:
        raise Denied(detail=_("The plan is set by the operator."))
    plan: Plan = Plan.objects.select_for_update().get()
    changes: dict[str, list[Any]] = {}
    for field, limit in limits.items():
        if field not in LIMITS or (limit is not None and limit < 0):
            detail = _("A limit is a number of 0 or more, or unlimited.")
            raise Refused("invalid_limit", detail, field=field)
        old = getattr(plan, field)
        if old != limit:
            changes[field] = [old, limit]
            setattr(plan, field, limit)
    if changes:
        plan.save()
        record(actor, "plan.updated", [_own_workspace(actor)], changes=changes)
    return plan


def _own_workspace(actor: Actor) -> Workspace:
    return Workspace.objects.get(pk=actor.workspace_id)
