"""The plan: what is granted, and how much of it is in use. Every agent may look."""

from typing import Any

from django.http import HttpResponse

from portico.kit.policies import Audience, page
from portico.ui.pages import render
from portico.workspaces.limits import plan_usage
from portico.workspaces.reports import support_contact


@page("settings.plan", Audience.AGENT)
def show(request: Any) -> HttpResponse:
    """Persons, licences and features."""
    context = {"plan": plan_usage(), "support_contact": support_contact()}
    return render(request, "workspaces/settings/plan.html", context)
