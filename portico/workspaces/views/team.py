"""The team: who is in, with which roles and licence, and what may be changed about it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.accounts.choices import Licence
from portico.history.models import Event
from portico.history.reports import VIEW_HISTORY, timeline
from portico.kit.errors import NotThere, Refused, Stale
from portico.kit.form_tokens import once
from portico.kit.orders import Order, SortColumn
from portico.kit.pagination import keyset_page
from portico.kit.policies import Audience, page
from portico.ui.pages import render
from portico.ui.words import say, say_n
from portico.workspaces.actions.agents import (
    archive_agents,
    change_agent,
    disable_agents,
    enable_agents,
    unarchive_agents,
)
from portico.workspaces.choices import Permission, RoleKind
from portico.workspaces.forms.team import AgentForm, values_of
from portico.workspaces.models import Agent, Role
from portico.workspaces.panels import agent_panels_of, team_tabs_of

BY_NAME = Order("name", (SortColumn("name_key"),))
MANAGES = (Permission.MANAGE_TEAM,)


@page("agents.list", Audience.AGENT)
def agent_list(request: Any) -> HttpResponse:
    """The team by name; archived colleagues under their own view."""
    is_archived = request.GET.get("view") == "archived"
    agents = Agent.objects.archived() if is_archived else Agent.objects.active()
    listing = keyset_page(
        agents.prefetch_related("role_assignments__role"),
        BY_NAME,
        cursor=request.GET.get("cursor"),
        context=str(is_archived),
    )
    context = {
        "tabs": team_tabs_of(request.actor, "agents.list"),
        "is_archived": is_archived,
        "columns": _columns(),
        "rows": [_row_of(agent) for agent in listing.items],
        "count_text": _count_text(agents.count()),
        "previous_url": _page_url(listing.previous_cursor, is_archived=is_archived),
        "next_url": _page_url(listing.next_cursor, is_archived=is_archived),
        "may_manage": request.actor.may(Permission.MANAGE_TEAM),
        "toasts": _toasts(request.GET.get("done", "")),
    }
    return render(request, "workspaces/team/list.html", context)


@page("agents.show", Audience.AGENT, permissions=MANAGES, writes=True)
@once
def agent_show(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """One colleague: name, roles, licence, state, what happened."""
    agent = _found(id)
    held = [given.role for given in agent.role_assignments.all()]
    roles = list(Role.objects.filter(kind=RoleKind.AGENT).order_by("name"))
    if request.method != "POST":
        form = AgentForm(initial=values_of(agent, held), roles=roles)
        return _shown(request, agent, form)
    form = AgentForm(request.POST, initial=values_of(agent, held), roles=roles)
    if not form.is_valid():
        return _shown(request, agent, form, status=422)
    try:
        change_agent(request.actor, id, form.changes(), version=form.cleaned_data["version"])
    except Stale as stale:
        return _shown_stale(request, stale.current, roles)
    except Refused as refused:
        form.show_problems(refused)
        return _shown(request, agent, form, status=refused.status)
    return HttpResponseRedirect(f"{reverse('agents.show', kwargs={'id': id})}?done=saved")


def _verb(name: str, act: Callable[..., Any], *, done: str) -> Callable[..., HttpResponse]:
    @page(name, Audience.AGENT, permissions=MANAGES, writes=True, methods=("POST",))
    @once
    def view(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
        _found(id)
        act(request.actor, Agent.objects.filter(pk=id))
        return HttpResponseRedirect(f"{reverse('agents.show', kwargs={'id': id})}?done={done}")

    return view


agent_disable = _verb("agents.disable", disable_agents, done="disabled")
agent_enable = _verb("agents.enable", enable_agents, done="enabled")
agent_archive = _verb("agents.archive", archive_agents, done="archived")
agent_unarchive = _verb("agents.unarchive", unarchive_agents, done="unarchived")


def _found(agent_id: UUID) -> Agent:
    rows = Agent.objects.prefetch_related("role_assignments__role")
    agent: Agent | None = rows.filter(pk=agent_id).first()
    if agent is None:
        raise NotThere
    return agent


def _shown_stale(request: Any, agent: Agent, roles: list[Role]) -> HttpResponse:
    """Somebody else saved first: the form as it stands now, and a sentence that says so."""
    fresh = _found(agent.pk)
    held = [given.role for given in fresh.role_assignments.all()]
    form = AgentForm(initial=values_of(fresh, held), roles=roles)
    return _shown(request, fresh, form, status=409)


def _shown(request: Any, agent: Agent, form: AgentForm, *, status: int = 200) -> HttpResponse:
    actor = request.actor
    events = Event.objects.about(agent).order_by()
    may_read = actor.may(VIEW_HISTORY)
    context = {
        **_row_of(agent),
        "form": form,
        "chosen": [str(key) for key in form["role_ids"].value() or []],
        "roles": form.role_choices,
        "is_stale": status == 409 and not form.is_bound,
        "is_oneself": agent.pk == actor.user_id,
        "panels": agent_panels_of(actor, agent),
        "timeline": timeline(actor, events, about=agent.pk) if may_read else None,
        "toasts": _toasts(request.GET.get("done", "")),
    }
    return render(request, "workspaces/team/show.html", context, status=status)


def _row_of(agent: Agent) -> dict[str, Any]:
    return {
        "agent": agent,
        "role_names": sorted(given.role.name for given in agent.role_assignments.all()),
        "licence": Licence(agent.licence).label if agent.licence else "",
        "state": _state_of(agent),
    }


def _state_of(agent: Agent) -> tuple[str, str, str] | None:
    """Word, tone and shape; none where all is normal."""
    if agent.archived_at is not None:
        return _("Archived"), "mute", "ring"
    if agent.is_disabled:
        return _("Disabled"), "mute", "ring"
    if not agent.has_usable_password():
        return _("Invited"), "info", "dashed"
    return None


def _columns() -> list[dict[str, str]]:
    return [
        {"label": _("Name"), "kind": "name"},
        {"label": _("E-mail"), "kind": "wide"},
        {"label": _("Roles"), "kind": "tags"},
        {"label": _("Licence"), "kind": "text"},
        {"label": _("Status"), "kind": "status"},
        {"label": _("Last active"), "kind": "time"},
    ]


def _count_text(count: int) -> str:
    return say_n("%(n)s agent", "%(n)s agents", count)


def _page_url(cursor: str | None, *, is_archived: bool) -> str:
    view = "view=archived&" if is_archived else ""
    return f"{reverse('agents.list')}?{view}cursor={cursor}" if cursor else ""


def _toasts(done: str) -> list[dict[str, str]]:
    texts = {
        "saved": _("Saved."),
        "disabled": _("Sign-in disabled; open sessions ended."),
        "enabled": _("Sign-in enabled."),
        "archived": say("The agent was archived. Everything they did stays."),
        "unarchived": say("The agent is back."),
    }
    return [{"text": texts[done]}] if done in texts else []
