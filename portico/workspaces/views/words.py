"""The kind of business: its words and defaults, looked at before anything is saved."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.kit.errors import Stale
from portico.kit.form_tokens import once
from portico.kit.policies import Audience, page
from portico.ui.pages import render, render_block
from portico.ui.words import words_of
from portico.workspaces.actions.workspaces import update_workspace
from portico.workspaces.choices import Permission, Preset
from portico.workspaces.forms.words import WordsForm
from portico.workspaces.panels import setting_notices_of
from portico.workspaces.presets import effective_settings
from portico.workspaces.reports import changes_under, preset_cards, preview_of

TEMPLATE = "workspaces/settings/words.html"


@page("settings.words", Audience.AGENT, permissions=(Permission.MANAGE_WORKSPACE,), writes=True)
@once
def words(request: Any) -> HttpResponse:
    """Four cards; the chosen one shows menu, pages and what it would change, then is saved."""
    workspace = request.workspace
    if request.method != "POST":
        asked = request.GET.get("preset", "")
        chosen = asked if asked in Preset.values else workspace.preset
        form = WordsForm(initial={"preset": chosen, "version": workspace.version})
        return _shown(request, form, chosen)
    form = WordsForm(request.POST)
    if not form.is_valid():
        return _shown(request, form, workspace.preset, status=422)
    chosen = form.cleaned_data["preset"]
    try:
        update_workspace(request.actor, {"preset": chosen}, version=form.cleaned_data["version"])
    except Stale as stale:
        request.workspace = stale.current
        again = WordsForm(initial={"preset": chosen, "version": stale.current.version})
        return _shown(request, again, chosen, status=409)
    messages.success(request, _("Words saved."))
    return HttpResponseRedirect(reverse("settings.words"))


def _shown(request: Any, form: WordsForm, chosen: str, *, status: int = 200) -> HttpResponse:
    workspace = request.workspace
    settings = effective_settings(chosen, workspace.settings)
    with words_of(chosen):
        notices = setting_notices_of(request.actor, settings, list(settings))
    context = {
        "form": form,
        "chosen": chosen,
        "is_present": chosen == workspace.preset,
        "is_stale": status == 409,
        "preview": preview_of(chosen, workspace.settings),
        "changes": changes_under(workspace, chosen),
        "notices": notices,
    }
    if request.htmx and status == 200:
        return render_block(request, TEMPLATE, "preview", context)
    return render(request, TEMPLATE, {**context, "cards": preset_cards()}, status=status)
