"""Save, change and delete views of lists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portico.accounts.choices import Licence
from portico.clients.filters import OrganizationFilter, PersonFilter, filters_of
from portico.clients.filters.grammar import LONGEST_VALUE
from portico.history.actions import record
from portico.insight.choices import ViewSubject
from portico.insight.models import View
from portico.kit.actors import Actor
from portico.kit.errors import Denied, NotThere, Refused, Stale
from portico.kit.names import clean_name, clean_text
from portico.workspaces.choices import Permission

MOST_COLUMNS = 16
MOST_VIEWS = 100
LONGEST_NAME = 60


@dataclass(frozen=True, kw_only=True)
class ViewDraft:
    """What a view shows: the parameters of the list's address, and its columns."""

    name: str
    parameters: Mapping[str, Any]
    columns: Sequence[str] = ()
    is_shared: bool = False


@transaction.atomic
def create_view(actor: Actor, subject: ViewSubject, draft: ViewDraft) -> View:
    """Save a list as a view, for oneself or for all agents (sharing needs a full licence).

    Raises Denied, and Refused for a parameter that means nothing or a name that is taken.
    """
    actor.require(Permission.VIEW_CLIENTS)
    if draft.is_shared:
        _require_full_licence(actor)
    own = View.objects.visible_to(actor).filter(subject=subject)
    if own.count() >= MOST_VIEWS:
        text = _("There are %(number)s views already.") % {"number": MOST_VIEWS}
        raise Refused("too_many_views", text)
    view = View(
        subject=subject,
        name=_clean_name(draft.name),
        owner_id=actor.user_id,
        is_shared=draft.is_shared,
        parameters=_clean_parameters(subject, draft.parameters),
        columns=_clean_columns(draft.columns),
        place=own.count(),
    )
    _save(view)
    record(actor, "view.created", [view])
    return view


@transaction.atomic
def update_view(
    actor: Actor, view_id: UUID, changes: Mapping[str, Any], *, version: int | None = None
) -> View:
    """Change name, parameters, columns or sharing of a view.

    One's own; who manages the workspace may change any shared one. Raises NotThere, Denied, Stale,
    Refused.
    """
    actor.require(Permission.VIEW_CLIENTS)
    view = _locked(actor, view_id)
    if version is not None and version != view.version:
        raise Stale(view)
    cleaned = _cleaned(ViewSubject(view.subject), changes)
    if cleaned.get("is_shared"):
        _require_full_licence(actor)
    changed = {
        field: [getattr(view, field), value]
        for field, value in cleaned.items()
        if getattr(view, field) != value
    }
    if not changed:
        return view
    for field, (_old, value) in changed.items():
        setattr(view, field, value)
    view.version += 1
    _save(view)
    record(actor, "view.updated", [view], changes=changed)
    return view


@transaction.atomic
def delete_view(actor: Actor, view_id: UUID, *, version: int | None = None) -> None:
    """Delete a view; the records it showed are not touched. Raises NotThere, Denied, Stale."""
    actor.require(Permission.VIEW_CLIENTS)
    view = _locked(actor, view_id)
    if version is not None and version != view.version:
        raise Stale(view)
    record(actor, "view.deleted", [view])
    view.delete()


def _locked(actor: Actor, view_id: UUID) -> View:
    rows = View.objects.visible_to(actor).select_for_update()
    view: View | None = rows.filter(pk=view_id).first()
    if view is None:
        raise NotThere
    if view.owner_id != actor.user_id:
        actor.require(Permission.MANAGE_WORKSPACE)
    return view


def _save(view: View) -> None:
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as error:
        text = _("There is a view of this name already.")
        raise Refused("view_in_use", text, field="name") from error


def _cleaned(subject: ViewSubject, changes: Mapping[str, Any]) -> dict[str, Any]:
    cleaned: dict[str, Any] = {}
    if "name" in changes:
        cleaned["name"] = _clean_name(changes["name"])
    if "parameters" in changes:
        cleaned["parameters"] = _clean_parameters(subject, changes["parameters"])
    if "columns" in changes:
        cleaned["columns"] = _clean_columns(changes["columns"])
    if "is_shared" in changes:
        cleaned["is_shared"] = bool(changes["is_shared"])
    return cleaned


def _clean_name(name: str) -> str:
    try:
        return clean_name(name, minimum=1, maximum=LONGEST_NAME)
    except Refused as refused:
        raise Refused(refused.code, refused.detail, field="name") from refused


def _clean_parameters(subject: ViewSubject, parameters: Mapping[str, Any]) -> dict[str, str]:
    """What narrows and sorts; `me` stays `me`, so that a shared view shows everybody their own."""
    kept = {
        name: _clean_value(name, str(value))
        for name, value in filters_of(parameters).items()
        if value
    }
    grammar = OrganizationFilter if subject is ViewSubject.ORGANIZATIONS else PersonFilter
    grammar.read_strictly(kept, me=UUID(int=0))
    return kept


def _clean_value(name: str, value: str) -> str:
    """A value that every database takes: the search text is read by nobody before it is stored."""
    try:
        return clean_text(value, max_length=LONGEST_VALUE)
    except Refused as refused:
        raise Refused(refused.code, refused.detail, field=name[:50]) from refused


def _clean_columns(columns: Sequence[str]) -> list[str]:
    known = [name[:80] for name in dict.fromkeys(map(str, columns)) if name.isprintable()]
    return known[:MOST_COLUMNS]


def _require_full_licence(actor: Actor) -> None:
    if actor.licence == Licence.READ_ONLY:
        raise Denied(Permission.VIEW_CLIENTS)
