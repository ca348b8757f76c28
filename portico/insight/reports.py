"""The saved views that an agent sees above a list: those shipped, and those saved."""

import functools
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from portico.clients.choices import PropertySubject
from portico.clients.filters import ListFilter, OrganizationFilter, PersonFilter, kept_list
from portico.clients.guards import SavedList
from portico.clients.models import Tag
from portico.insight.choices import ViewSubject
from portico.insight.models import View
from portico.insight.querysets import sees_views
from portico.kit.actors import Actor
from portico.kit.counts import capped_text
from portico.kit.names import name_key
from portico.kit.prepared import Prepared, Slot
from portico.kit.tenancy.scope import current_scope
from portico.ui.words import say
from portico.workspaces.choices import Preset
from portico.workspaces.presets import uses_membership_ends

COUNTED_TO = 1_000
SUBJECTS = {
    PropertySubject.ORGANIZATION: ViewSubject.ORGANIZATIONS,
    PropertySubject.PERSON: ViewSubject.PEOPLE,
}

_FILTERS: Mapping[PropertySubject, type[ListFilter]] = {
    PropertySubject.ORGANIZATION: OrganizationFilter,
    PropertySubject.PERSON: PersonFilter,
}


@dataclass(frozen=True, kw_only=True)
class Shipped:
    """A view that comes with the product, for the presets that need it; empty it says `nothing`.

    `is_used` says whether the workspace has what it shows, whatever its preset.
    """

    id: str
    subject: PropertySubject
    name: Callable[[], str]
    parameters: Mapping[str, str]
    presets: frozenset[str]
    nothing: Callable[[], str]
    is_used: Callable[[], bool] | None = None


_ALL = frozenset(Preset.values)
_SHIPPED: Sequence[Shipped] = (
    Shipped(
        id="ending",
        subject=PropertySubject.ORGANIZATION,
        name=lambda: _("Ending in 30 days"),
        parameters={"status": "ending", "sort": "membership_end_date"},
        presets=_ALL,
        nothing=lambda: _("Nothing ends in the next 30 days"),
        is_used=uses_membership_ends,
    ),
    Shipped(
        id="inactive",
        subject=PropertySubject.ORGANIZATION,
        name=lambda: _("Inactive"),
        parameters={"status": "inactive"},
        presets=frozenset({Preset.PARTNER}),
        nothing=lambda: say("No organization is inactive"),
    ),
    Shipped(
        id="own",
        subject=PropertySubject.ORGANIZATION,
        name=lambda: say("My organizations"),
        parameters={"manager": "me"},
        presets=frozenset({Preset.AGENCY, Preset.PARTNER}),
        nothing=lambda: say("You look after no organization"),
    ),
    Shipped(
        id="no-manager",
        subject=PropertySubject.ORGANIZATION,
        name=lambda: _("No account manager"),
        parameters={"manager": "none"},
        presets=frozenset({Preset.AGENCY, Preset.PARTNER}),
        nothing=lambda: say("Every organization has an account manager"),
    ),
    Shipped(
        id="archived",
        subject=PropertySubject.ORGANIZATION,
        name=lambda: say("Archived organizations"),
        parameters={"state": "archived"},
        presets=frozenset({Preset.FIELD_SERVICE}),
        nothing=lambda: say("No organization is archived"),
    ),
    Shipped(
        id="invited",
        subject=PropertySubject.PERSON,
        name=lambda: _("Invited, not joined"),
        parameters={"invitation": "pending"},
        presets=_ALL,
        nothing=lambda: say("Every invited person has joined"),
    ),
    Shipped(
        id="quiet",
        subject=PropertySubject.PERSON,
        name=lambda: _("Quiet for 90 days"),
        parameters={"last_active_at.lt": "-90d", "sort": "last_active_at"},
        presets=_ALL,
        nothing=lambda: _("Nobody was quiet for 90 days"),
    ),
    Shipped(
        id="without-organization",
        subject=PropertySubject.PERSON,
        name=lambda: say("Without organization"),
        parameters={"organization": "none"},
        presets=frozenset({Preset.SUPPORT_DESK}),
        nothing=lambda: say("Every person belongs to an organization"),
    ),
)


def saved_views(actor: Actor, subject: PropertySubject) -> list[SavedList]:
    """The views of this list that the actor may open: shipped, shared, own; one query."""
    preset = current_scope().preset
    shipped = [
        SavedList(
            id=view.id,
            name=view.name(),
            parameters=view.parameters,
            is_shared=True,
            nothing=view.nothing(),
        )
        for view in _SHIPPED
        if view.subject is subject
        and preset in view.presets
        and (view.is_used is None or view.is_used())
    ]
    rows = _visible_to_agent(subject).ask(agent=actor.user_id) if sees_views(actor) else []
    return [*shipped, *(_as_list(row, actor) for row in rows)]


@functools.cache
def _visible_to_agent(subject: PropertySubject) -> Prepared[View]:
    return Prepared(
        lambda: (
            View.objects.shared_or_of(Slot("agent")).filter(subject=SUBJECTS[subject]).in_order()
        )
    )


def counts_of(actor: Actor, subject: PropertySubject) -> dict[str, str]:
    """How many rows each view shows, "1,000+" at most; one query for each that can be counted.

    What could only be counted by reading every row stays uncounted.
    """
    counted: dict[str, str] = {}
    for view in saved_views(actor, subject):
        chosen = _FILTERS[subject].read(view.parameters, me=actor.user_id)
        if not chosen.is_countable:
            continue
        kept = kept_list(actor, chosen)
        if kept is None:
            number = chosen.count_up_to(COUNTED_TO + 1, chosen.visible_to(actor))
        else:
            number = kept.count(COUNTED_TO + 1)
        counted[view.id] = capped_text(number, COUNTED_TO)
    return counted


def _as_list(row: View, actor: Actor) -> SavedList:
    return SavedList(
        id=str(row.pk),
        name=row.name,
        parameters=row.parameters,
        columns=row.columns,
        is_shared=row.is_shared,
        is_own=row.owner_id == actor.user_id,
        version=row.version,
    )


def tags_of_views(tags: Collection[Tag]) -> list[Tag]:
    """Those of the tags whose names stand in a saved view, whoever it belongs to."""
    if not tags:
        return []
    named = [
        name_key(str(value))
        for parameters in View.objects.values_list("parameters", flat=True)
        for name, value in parameters.items()
        if name.partition(".")[0] == "tag"
    ]
    return [tag for tag in tags if any(tag.name_key in text for text in named)]
