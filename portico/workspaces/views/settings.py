"""The general page of Settings."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.kit.errors import Stale
from portico.kit.form_tokens import once
from portico.kit.policies import Audience, page
from portico.ui.pages import render
from portico.workspaces.actions.workspaces import update_workspace
from portico.workspaces.choices import Permission
from portico.workspaces.forms.settings import FIELDS, GeneralForm, values_of
from portico.workspaces.models import Workspace
from portico.workspaces.panels import settings_pages_of
from portico.workspaces.reports import preset_cards

BEFORE = "before-"


@page(
    "settings.general",
    Audience.AGENT,
    permissions=(Permission.MANAGE_WORKSPACE,),
    writes=True,
)
@once
def general(request: Any) -> HttpResponse:
    """Name, words, formats, support contact."""
    if request.method != "POST":
        return _shown(request, GeneralForm(initial=values_of(request.workspace)))
    form = GeneralForm(request.POST)
    if not form.is_valid():
        return _shown(request, form, status=422)
    try:
        update_workspace(request.actor, form.changes(), version=form.cleaned_data["version"])
    except Stale as stale:
        return _both_shown(request, stale.current)
    messages.success(request, _("Settings saved."))
    return HttpResponseRedirect(reverse("settings.general"))


def _shown(
    request: Any,
    form: GeneralForm,
    *,
    conflicts: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "before": {BEFORE + field: values_of(request.workspace)[field] for field in FIELDS},
        "is_stale": conflicts is not None,
        "conflicts": conflicts or {},
        "cards": preset_cards(),
        "pages": settings_pages_of(request.actor),
    }
    return render(request, "workspaces/settings_general.html", context, status=status)


def _both_shown(request: Any, current: Workspace) -> HttpResponse:
    """Somebody saved meanwhile: fields only they changed are filled in, both values stand beside
    those that both changed, and one press saves.
    """
    request.workspace = current
    stored, typed = values_of(current), request.POST.dict()
    merged: dict[str, Any] = {"version": current.version}
    conflicts: dict[str, str] = {}
    for field in FIELDS:
        mine, before, theirs = typed.get(field, ""), typed.get(BEFORE + field), str(stored[field])
        merged[field] = theirs if mine == before else mine
        if theirs not in (before, mine) and mine != before:
            conflicts[field] = theirs
    return _shown(request, GeneralForm(initial=merged), conflicts=conflicts, status=409)
