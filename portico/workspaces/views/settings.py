"""Settings: pages of a form each, saved by its version."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.kit.actors import Actor
from portico.kit.colours import HEX, accent_of, hex_of
from portico.kit.errors import NotThere, Refused, Stale
from portico.kit.form_tokens import once
from portico.kit.policies import Audience, page
from portico.ui.pages import render, render_block
from portico.workspaces.actions.workspaces import update_workspace
from portico.workspaces.choices import Permission, Preset
from portico.workspaces.forms.rules import RecordRulesForm, RulesForm, SignInForm
from portico.workspaces.forms.settings import (
    BEFORE,
    AppearanceForm,
    GeneralForm,
    SettingsForm,
    as_text,
    before_of,
)
from portico.workspaces.models import Workspace
from portico.workspaces.panels import (
    Notice,
    setting_notice_of,
    setting_notices_of,
    settings_pages_of,
)
from portico.workspaces.presets import effective_settings
from portico.workspaces.reports import settings_shown

MANAGES = (Permission.MANAGE_WORKSPACE,)
RESET = "use_preset"
PREVIEW = ".p-accent-preview"
RULES, NOTICES = "workspaces/settings/rules.html", "notices"
Context = Callable[[Any, SettingsForm], Mapping[str, Any]]


def _settings_page(
    view: str, kind: type[SettingsForm], *, template: str, context: Context
) -> Callable[[Any], HttpResponse]:
    def shown(request: Any, form: SettingsForm, **more: Any) -> HttpResponse:
        values = {
            "form": form,
            "page_url": reverse(view),
            "before": before_of(form, kind.values_of(request.workspace)),
            "is_stale": "conflicts" in more,
            "conflicts": more.get("conflicts", {}),
            **context(request, form),
        }
        if request.htmx and request.method == "GET" and isinstance(form, RulesForm):
            return render_block(request, RULES, NOTICES, values)
        return render(request, template, values, status=more.get("status", 200))

    @page(view, Audience.AGENT, permissions=MANAGES, writes=True)
    @once
    def answer(request: Any) -> HttpResponse:
        if request.method != "POST":
            return shown(request, _opened(kind, request.workspace, asked=request.GET))
        form = kind(request.POST)
        if not form.is_valid():
            return shown(request, form, status=422)
        try:
            _save(request, form)
        except Stale as stale:
            request.workspace = stale.current
            again, conflicts = _merged(kind, request)
            return shown(request, again, conflicts=conflicts, status=409)
        except Refused as refused:
            form.show_problems(refused)
            return shown(request, form, status=422)
        messages.success(request, _("Settings saved."))
        return HttpResponseRedirect(reverse(view))

    return answer


def _save(request: Any, form: SettingsForm) -> None:
    changes = form.changes(request.workspace)
    reset = request.POST.get(RESET)
    if reset in form.names:
        changes["settings"] = {**changes.get("settings", {}), reset: None}
    update_workspace(request.actor, changes, version=form.cleaned_data["version"])


def _opened(kind: type[SettingsForm], workspace: Workspace, *, asked: Any) -> SettingsForm:
    """What is stored, and in place of it what the address asks to look at."""
    stored = kind.values_of(workspace)
    several = (list, tuple)
    chosen = {
        name: asked[name]
        for name, value in stored.items()
        if name in asked and not isinstance(value, several)
    }
    return kind(initial={**stored, **chosen, "version": workspace.version})


def _merged(kind: type[SettingsForm], request: Any) -> tuple[SettingsForm, dict[str, str]]:
    """Somebody saved meanwhile: fields only they changed are filled in, both values stand beside
    those that both changed, and one press saves.
    """
    stored, form = kind.values_of(request.workspace), kind(request.POST)
    merged: dict[str, Any] = {"version": request.workspace.version}
    conflicts: dict[str, str] = {}
    for name in form.names:
        mine, before = form[name].value(), request.POST.get(BEFORE + name)
        theirs = as_text(stored[name])
        is_mine = as_text(mine) != before
        merged[name] = mine if is_mine else stored[name]
        if is_mine and theirs not in (before, as_text(mine)):
            conflicts[name] = theirs
    return kind(initial=merged), conflicts


def _of_general(request: Any, _form: SettingsForm) -> Mapping[str, Any]:
    return {"pages": settings_pages_of(request.actor)}


def _of_rules(request: Any, form: Any) -> Mapping[str, Any]:
    workspace = request.workspace
    settings = effective_settings(workspace.preset, workspace.settings) | form.meant()
    return {
        "standings": settings_shown(workspace, form.names),
        "reset_name": RESET,
        "preset_label": dict(Preset.choices).get(workspace.preset, workspace.preset),
        "notices": setting_notices_of(request.actor, settings, form.names),
        "foretold": {name: _foretold(request.actor, form, name) for name in form.names},
    }


def _foretold(actor: Actor, form: RulesForm, name: str) -> list[tuple[str, Notice]]:
    """What its other values would mean: without scripts nothing says so once one is chosen."""
    looked = [(label, setting_notice_of(actor, name, value)) for label, value in form.others(name)]
    return [(label, notice) for label, notice in looked if notice is not None]


def _of_appearance(request: Any, form: SettingsForm) -> Mapping[str, Any]:
    colour = hex_of(str(form["accent"].value() or ""))
    return {"accent": accent_of(colour or request.workspace.accent), "is_colour": bool(colour)}


general = _settings_page(
    "settings.general",
    GeneralForm,
    template="workspaces/settings/general.html",
    context=_of_general,
)
rules = _settings_page(
    "settings.rules",
    RecordRulesForm,
    template="workspaces/settings/record_rules.html",
    context=_of_rules,
)
sign_in = _settings_page(
    "settings.sign_in", SignInForm, template="workspaces/settings/sign_in.html", context=_of_rules
)
appearance = _settings_page(
    "settings.appearance",
    AppearanceForm,
    template="workspaces/settings/appearance.html",
    context=_of_appearance,
)


@page("settings.accent", Audience.AGENT, permissions=MANAGES)
def accent_preview(request: Any) -> HttpResponse:
    """The block that shows a colour before it is saved."""
    form = AppearanceForm(request.GET)
    return render_block(
        request,
        "workspaces/settings/appearance.html",
        "preview",
        dict(_of_appearance(request, form)),
    )


@page("accent.sheet", Audience.PUBLIC, why="A stylesheet that says nothing but a colour.")
def accent_sheet(request: Any, colour: str) -> HttpResponse:
    """The tokens of a colour; of a preview when `?preview`, which the page itself is not."""
    chosen = f"#{colour}"
    if not HEX.fullmatch(chosen):
        raise NotThere
    selector = PREVIEW if "preview" in request.GET else ":root"
    sheet = HttpResponse(accent_of(chosen).sheet(selector), content_type="text/css")
    sheet["Cache-Control"] = "public, max-age=31536000, immutable"
    return sheet
