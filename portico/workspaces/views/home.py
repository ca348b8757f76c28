"""Home of the agents, and Help."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from portico.kit.form_tokens import once
from portico.kit.policies import Audience, page
from portico.ui.pages import render
from portico.workspaces.actions.workspaces import update_workspace
from portico.workspaces.choices import Permission
from portico.workspaces.panels import first_steps_of, home_panels_of
from portico.workspaces.reports import support_contact

FIRST_STEPS_DISMISSED = "first_steps_dismissed"


@page("home", Audience.SIGNED_IN)
def home(request: Any) -> HttpResponse:
    """What an agent sees first; people have their own Home in the portal."""
    if request.actor.is_person:
        return HttpResponseRedirect("/portal/")
    context = {"steps": _first_steps(request), "panels": home_panels_of(request.actor)}
    return render(request, "workspaces/home.html", context)


@page(
    "home.dismiss_first_steps",
    Audience.AGENT,
    permissions=(Permission.MANAGE_WORKSPACE,),
    writes=True,
    methods=("POST",),
)
@once
def dismiss_first_steps(request: Any) -> HttpResponse:
    """Take the list of first steps away, for the whole team."""
    update_workspace(request.actor, {"settings": {FIRST_STEPS_DISMISSED: True}})
    return HttpResponseRedirect("/")


@page("help", Audience.AGENT)
def help_page(request: Any) -> HttpResponse:
    """Keys, documentation, and whom to ask."""
    return render(request, "workspaces/help.html", {"support_contact": support_contact()})


def _first_steps(request: Any) -> list[dict[str, Any]]:
    """The steps this agent may do, done or not; none when all are done, or they were dismissed."""
    if request.workspace.settings.get(FIRST_STEPS_DISMISSED):
        return []
    items = [
        {
            "label": step.label(),
            "text": step.text(),
            "url": reverse(step.view),
            "done": step.is_done(),
        }
        for step in first_steps_of(request.actor)
    ]
    return [] if all(item["done"] for item in items) else items
