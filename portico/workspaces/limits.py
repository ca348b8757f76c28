"""The plan's limits; they count what is not archived and can't be raced past."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from portico.accounts.choices import Licence
from portico.accounts.models import User
from portico.kit.errors import Refused
from portico.kit.prepared import prepared
from portico.ui.words import say
from portico.workspaces.models import Plan

NEARLY = 0.9
"""From this part of the limit on, those who may create are told how much room there is."""


@dataclass(frozen=True, kw_only=True)
class Usage:
    """How much of a limit is in use; no limit is None."""

    used: int
    limit: int | None

    @property
    def is_full(self) -> bool:
        """Whether there is no room for one more."""
        return self.limit is not None and self.used >= self.limit

    @property
    def is_nearly_full(self) -> bool:
        """Whether somebody should be told."""
        return self.limit is not None and self.used >= self.limit * NEARLY


@dataclass(frozen=True, kw_only=True)
class PlanUsage:
    """The plan and what is in use of it."""

    name: str
    people: Usage
    full_licences: Usage
    read_only_licences: Usage
    features: tuple[str, ...]


def plan_usage() -> PlanUsage:
    """What the operator granted, and how much of it is in use now."""
    plan = Plan.objects.first() or Plan()
    return PlanUsage(
        name=plan.name,
        people=Usage(used=_people_used(), limit=plan.person_limit),
        full_licences=Usage(used=_licences_used(Licence.FULL), limit=plan.full_licences),
        read_only_licences=Usage(
            used=_licences_used(Licence.READ_ONLY), limit=plan.read_only_licences
        ),
        features=tuple(plan.features),
    )


def people_hint() -> str:
    """How much room is left for people, where it is little; "" where nobody has to think of it.

    Without a limit nothing is counted.
    """
    limit = _person_limit.first()
    if limit is None:
        return ""
    usage = Usage(used=_people_used(), limit=limit)
    if not usage.is_nearly_full:
        return ""
    text = say("%(used)s of %(limit)s people used. Archived ones do not count.")
    return text % {"used": f"{usage.used:,}", "limit": f"{limit:,}"}


def hold_plan() -> Plan | None:
    """Lock the plan's row, before any other (see `clients.actions.locks`)."""
    plan: Plan | None = Plan.objects.select_for_update().first()
    return plan


@prepared
def _person_limit() -> Any:
    return Plan.objects.values_list("person_limit", flat=True)


def require_room_for_people(count: int) -> None:
    """Refuse when `count` more people would exceed the plan.

    Must run inside the transaction that adds them: the plan's row is locked, so that of two
    creations at the last place one waits and then sees the other.
    """
    plan = hold_plan()
    if plan is None or plan.person_limit is None or count <= 0:
        return
    used = _people_used()
    if used + count > plan.person_limit:
        text = _no_room(count) % {"used": used, "limit": plan.person_limit, "needed": count}
        raise Refused("person_limit", text, status=409)


def _no_room(count: int) -> str:
    """What is in use, and for several what they need: 28 of 30 alone would not say why (S1.29)."""
    if count == 1:
        return say("You have %(used)s of %(limit)s people. Archive one, or raise the limit.")
    return say(
        "You have %(used)s of %(limit)s people, and this needs room for %(needed)s. "
        "Archive some, or raise the limit."
    )


def require_licence(licence: str, *, count: int = 1) -> None:
    """Refuse when `count` more agents with this licence would exceed the plan; see above."""
    plan = hold_plan()
    if plan is None:
        return
    limit = plan.full_licences if licence == Licence.FULL else plan.read_only_licences
    if limit is None:
        return
    used = _licences_used(licence)
    if used + count > limit:
        text = _(
            "%(used)s of %(limit)s licences of this kind are in use. Archive a colleague or change "
            "a licence, or ask the operator for more."
        )
        raise Refused(
            "licence_limit", text % {"used": used, "limit": limit}, field="licence", status=409
        )


def _people_used() -> int:
    """Counted on an index that holds nothing but people who are not archived."""
    return int(User.objects.people().active().count())


def _licences_used(licence: str) -> int:
    return int(User.objects.agents().active().filter(licence=licence).count())
