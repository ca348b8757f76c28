"""Make one record of two, and two of it again."""

from portico.clients.actions.merging.distinctions import take_back_distinction, tell_apart
from portico.clients.actions.merging.parts import Child, MergePart, add_merge_part
from portico.clients.actions.merging.plans import MUST_BE_CHOSEN, FieldPlan, MergePlan, plan_merge
from portico.clients.actions.merging.records import (
    merge_organizations,
    merge_people,
    preview_organizations,
    preview_people,
)
from portico.clients.actions.merging.undoing import undo_merge

__all__ = [
    "MUST_BE_CHOSEN",
    "Child",
    "FieldPlan",
    "MergePart",
    "MergePlan",
    "add_merge_part",
    "merge_organizations",
    "merge_people",
    "plan_merge",
    "preview_organizations",
    "preview_people",
    "take_back_distinction",
    "tell_apart",
    "undo_merge",
]
