"""Archive, unarchive, disable, enable: one record or many, asked once, done in one transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.clients.actions.organizations import archive_organizations, unarchive_organizations
from portico.clients.actions.people import (
    archive_people,
    disable_people,
    enable_people,
    unarchive_people,
)
from portico.clients.filters import OrganizationFilter, PersonFilter
from portico.clients.forms.selections import fields_of, selection_of
from portico.clients.models import Organization, Person
from portico.clients.querysets import chosen
from portico.clients.views.answers import ask, go_to
from portico.kit.errors import Refused
from portico.kit.form_tokens import once
from portico.kit.policies import Audience, page
from portico.kit.selection import Selection, require_all_found
from portico.ui.words import say, say_n
from portico.workspaces.choices import Permission

ORGANIZATION_STATES = (
    Permission.VIEW_CLIENTS,
    Permission.DELETE_CLIENTS,
    Permission.MANAGE_CLIENT_ORGANIZATIONS,
)
PERSON_STATES = (Permission.VIEW_CLIENTS, Permission.DELETE_CLIENTS)
PERSON_SIGN_IN = (Permission.VIEW_CLIENTS, Permission.EDIT_CLIENTS)


@dataclass(frozen=True, kw_only=True)
class StateChange:
    """What is asked before, done, and said after; texts take how many records are meant."""

    view: str
    records: str
    action: Callable[[Any, Any], list[Any]]
    title: Callable[[int], str]
    text: Callable[[], str]
    verb: Callable[[int], str]
    done: Callable[[int], str]
    one_done: Callable[[str], str]


@page("organizations.archive", Audience.AGENT, permissions=ORGANIZATION_STATES, writes=True)
@once
def organizations_archive(request: Any) -> HttpResponse:
    """Archive organizations: off the daily lists, nothing deleted (S1.20 to S1.24)."""
    return _change(request, ARCHIVE_ORGANIZATIONS)


@page("organizations.unarchive", Audience.AGENT, permissions=ORGANIZATION_STATES, writes=True)
@once
def organizations_unarchive(request: Any) -> HttpResponse:
    """Bring archived organizations back (S1.27, S1.28)."""
    return _change(request, UNARCHIVE_ORGANIZATIONS)


@page("people.archive", Audience.AGENT, permissions=PERSON_STATES, writes=True)
@once
def people_archive(request: Any) -> HttpResponse:
    """Archive people."""
    return _change(request, ARCHIVE_PEOPLE)


@page("people.unarchive", Audience.AGENT, permissions=PERSON_STATES, writes=True)
@once
def people_unarchive(request: Any) -> HttpResponse:
    """Bring archived people back."""
    return _change(request, UNARCHIVE_PEOPLE)


@page("people.disable", Audience.AGENT, permissions=PERSON_SIGN_IN, writes=True)
@once
def people_disable(request: Any) -> HttpResponse:
    """Switch off the sign-in of people; it ends their sessions (S3.25)."""
    return _change(request, DISABLE_PEOPLE)


@page("people.enable", Audience.AGENT, permissions=PERSON_SIGN_IN, writes=True)
@once
def people_enable(request: Any) -> HttpResponse:
    """Switch the sign-in of people on again."""
    return _change(request, ENABLE_PEOPLE)


def _change(request: Any, change: StateChange) -> HttpResponse:
    """Ask with the exact number first; with `confirmed`, act on the whole selection or not."""
    sent = request.POST if request.method == "POST" else request.GET
    selection = selection_of(sent)
    rows = _rows(request.actor, selection, records=change.records)
    count = rows.count()
    require_all_found(selection, count)
    if request.method != "POST" or sent.get("confirmed") != "1":
        return _ask(request, change, count=count)
    try:
        changed = change.action(request.actor, rows)
    except Refused as refused:
        return _ask(request, change, count=count, refused=refused)
    messages.success(request, _said(change, changed))
    return go_to(request, _back(sent, selection, records=change.records))


def _rows(actor: Any, selection: Selection, *, records: str) -> Any:
    """The visible rows that are meant; "all" applies the filters of the list again."""
    if records == "organizations":
        visible = Organization.objects.visible_to(actor)
        narrowed = (
            OrganizationFilter.read(selection.filters, me=actor.user_id).of(visible)
            if selection.is_all
            else visible
        )
    else:
        visible = Person.objects.visible_to(actor)
        narrowed = (
            PersonFilter.read(selection.filters, me=actor.user_id).of(visible)
            if selection.is_all
            else visible
        )
    return chosen(narrowed, selection)


def _ask(
    request: Any, change: StateChange, *, count: int, refused: Refused | None = None
) -> HttpResponse:
    sent = request.POST if request.method == "POST" else request.GET
    context = {
        "title": change.title(count),
        "text": change.text(),
        "verb": change.verb(count),
        "action_url": reverse(change.view),
        "back_url": _back(sent, selection_of(sent), records=change.records),
        "fields": fields_of(sent),
        "problem": refused.detail if refused else "",
        "menu_url": reverse(f"{change.records}.list"),
        "menu_label": say("Organizations") if change.records == "organizations" else say("People"),
    }
    return ask(request, "clients/change", context, status=refused.status if refused else 200)


def _said(change: StateChange, changed: list[Any]) -> str:
    return change.one_done(str(changed[0])) if len(changed) == 1 else change.done(len(changed))


def _back(sent: QueryDict, selection: Selection, *, records: str) -> str:
    """To the list as it was filtered; from a record's own menu, to that record."""
    if "filters" not in sent and len(selection.ids) == 1:
        return reverse(f"{records}.show", kwargs={"id": selection.ids[0]})
    filters = QueryDict(sent.get("filters", ""), mutable=True)
    filters.pop("cursor", None)
    encoded = filters.urlencode()
    return reverse(f"{records}.list") + (f"?{encoded}" if encoded else "")


ARCHIVE_ORGANIZATIONS = StateChange(
    view="organizations.archive",
    records="organizations",
    action=archive_organizations,
    title=lambda n: say_n("Archive %(n)s organization?", "Archive %(n)s organizations?", n),
    text=lambda: say(
        "They leave the daily lists and their people cannot sign in. Nothing is deleted, and they "
        "can be brought back at any time."
    ),
    verb=lambda n: say_n("Archive %(n)s organization", "Archive %(n)s organizations", n),
    done=lambda n: say_n("%(n)s organization archived.", "%(n)s organizations archived.", n),
    one_done=lambda name: _("%(name)s archived.") % {"name": name},
)
UNARCHIVE_ORGANIZATIONS = StateChange(
    view="organizations.unarchive",
    records="organizations",
    action=unarchive_organizations,
    title=lambda n: say_n("Unarchive %(n)s organization?", "Unarchive %(n)s organizations?", n),
    text=lambda: say("They return to the daily lists with exactly the people archived with them."),
    verb=lambda n: say_n("Unarchive %(n)s organization", "Unarchive %(n)s organizations", n),
    done=lambda n: say_n("%(n)s organization unarchived.", "%(n)s organizations unarchived.", n),
    one_done=lambda name: _("%(name)s unarchived.") % {"name": name},
)
ARCHIVE_PEOPLE = StateChange(
    view="people.archive",
    records="people",
    action=archive_people,
    title=lambda n: say_n("Archive %(n)s person?", "Archive %(n)s people?", n),
    text=lambda: _(
        "They leave the daily lists and cannot sign in. Nothing is deleted, and they can be "
        "brought back at any time."
    ),
    verb=lambda n: say_n("Archive %(n)s person", "Archive %(n)s people", n),
    done=lambda n: say_n("%(n)s person archived.", "%(n)s people archived.", n),
    one_done=lambda name: _("%(name)s archived.") % {"name": name},
)
UNARCHIVE_PEOPLE = StateChange(
    view="people.unarchive",
    records="people",
    action=unarchive_people,
    title=lambda n: say_n("Unarchive %(n)s person?", "Unarchive %(n)s people?", n),
    text=lambda: _("They return to the daily lists and can sign in as before."),
    verb=lambda n: say_n("Unarchive %(n)s person", "Unarchive %(n)s people", n),
    done=lambda n: say_n("%(n)s person unarchived.", "%(n)s people unarchived.", n),
    one_done=lambda name: _("%(name)s unarchived.") % {"name": name},
)
DISABLE_PEOPLE = StateChange(
    view="people.disable",
    records="people",
    action=disable_people,
    title=lambda n: say_n(
        "Disable the sign-in of %(n)s person?", "Disable the sign-in of %(n)s people?", n
    ),
    text=lambda: _("They cannot sign in, and open sessions end at once. Everything else stays."),
    verb=lambda _n: say("Disable sign-in"),
    done=lambda n: say_n(
        "The sign-in of %(n)s person disabled.", "The sign-in of %(n)s people disabled.", n
    ),
    one_done=lambda name: _("%(name)s cannot sign in.") % {"name": name},
)
ENABLE_PEOPLE = StateChange(
    view="people.enable",
    records="people",
    action=enable_people,
    title=lambda n: say_n(
        "Enable the sign-in of %(n)s person?", "Enable the sign-in of %(n)s people?", n
    ),
    text=lambda: _("They can sign in again with the same password and roles."),
    verb=lambda _n: _("Enable sign-in"),
    done=lambda n: say_n(
        "The sign-in of %(n)s person enabled.", "The sign-in of %(n)s people enabled.", n
    ),
    one_done=lambda name: _("%(name)s can sign in again.") % {"name": name},
)
