"""My account: for agents in their shell, for people in the portal's."""

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.accounts.actions.avatars import change_own_avatar
from portico.accounts.actions.profiles import choose_theme, update_profile
from portico.accounts.actions.sessions import end_other_sessions
from portico.accounts.adapters import home_of, is_own_path
from portico.accounts.forms import DisplayForm, FormatsForm, ProfileForm
from portico.accounts.models import User
from portico.accounts.panels import account_panels_of
from portico.accounts.reports import own_sessions
from portico.kit.errors import Refused, Stale
from portico.kit.form_tokens import once
from portico.kit.policies import Audience, Body, page
from portico.ui.pages import render

AVATAR = "avatar"
Block = ProfileForm | FormatsForm | DisplayForm
KINDS: dict[str, type[Block]] = {
    "profile": ProfileForm,
    "formats": FormatsForm,
    "display": DisplayForm,
}
# The fields of a block that stand for several of the user.
PARTS = {"date_order": "moment", "date_separator": "moment", "clock": "moment"}


@page("accounts.show", Audience.SIGNED_IN, writes=True, own_account=True)
@once
def show(request: Any) -> HttpResponse:
    """All of one's own account; each block is saved by itself."""
    chosen = request.POST.get("block", "")
    if request.method != "POST" or chosen not in KINDS:
        return _page(request, request.user, {})
    form = _bound(chosen, request)
    if not form.is_valid():
        return _page(request, request.user, {chosen: form}, status=422)
    return _saved(request, chosen, form)


def _saved(request: Any, block: str, form: Block) -> HttpResponse:
    try:
        update_profile(request.actor, form.changes(), version=_version(request))
    except Stale as stale:
        merged = _merged(request, block, form=form, current=stale.current)
        return _page(request, stale.current, {block: merged}, status=409)
    except Refused as refused:
        for problem in refused.errors:
            form.add_error(PARTS.get(problem.field, problem.field), problem.message)
        return _page(request, request.user, {block: form}, status=422)
    return HttpResponseRedirect(f"{reverse('accounts.show')}?saved={block}#{block}")


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _form(block: str, request: Any, **given: Any) -> Block:
    if block == "profile":
        return ProfileForm(**given)
    if block == "formats":
        return FormatsForm(**given)
    return DisplayForm(is_agent=request.actor.is_agent, **given)


def _opened(block: str, request: Any, *, user: User) -> Block:
    kind: type[Block] = KINDS[block]
    return _form(block, request, initial=kind.initial_of(user))


def _bound(block: str, request: Any) -> Block:
    """The form as it was sent, over what it showed when it was opened."""
    shown = {name: request.POST.get(f"initial-{name}", "") for name in KINDS[block].base_fields}
    return _form(block, request, data=request.POST, initial=shown)


def _merged(request: Any, block: str, *, form: Block, current: User) -> Block:
    """The form once more over what somebody else saved meanwhile (domain.md, Always true 5).

    Fields that only the other changed hold the other's value; where both changed one, what was
    typed stays and the saved value stands beside it.
    """
    saved = form.initial_of(current)
    typed = {name: form.cleaned_data[name] for name in form.changed_data}
    merged = _form(block, request, initial={**saved, **typed})
    for name, value in typed.items():
        if value != saved[name]:
            choices = dict(getattr(merged.fields[name], "choices", ()))
            other = choices.get(saved[name], saved[name]) or _("empty")
            merged.fields[name].help_text = _("Saved meanwhile: %(value)s") % {"value": other}
    return merged


def _page(
    request: Any,
    user: User,
    opened: dict[str, Block],
    *,
    status: int = 200,
    avatar_errors: tuple[str, ...] = (),
) -> HttpResponse:
    """The page; a refused form keeps the version it was opened at, a merged one has the new."""
    versions = dict.fromkeys((*KINDS, AVATAR), user.version)
    if status == 422:
        versions.update(dict.fromkeys(opened, _version(request)))
    values = {
        "shell": "ui/agent.html" if request.actor.is_agent else "ui/portal.html",
        "user": user,
        "forms": {
            block: opened.get(block) or _opened(block, request, user=user) for block in KINDS
        },
        "versions": versions,
        "avatar_errors": avatar_errors,
        "stale_block": next(iter(opened), "") if status == 409 else "",
        "saved": _saved_words().get(request.GET.get("saved", ""), ""),
        "panels": account_panels_of(request.actor),
        "sessions": own_sessions(request.actor, present_key=request.session.session_key),
    }
    return render(request, "accounts/own_account.html", values, status=status)


def _saved_words() -> dict[str, str]:
    saved = _("Saved.")
    return {
        **dict.fromkeys((*KINDS, AVATAR), saved),
        "password": _("Your password was changed. You are signed out everywhere else."),
        "sessions": _("You are signed out everywhere else."),
    }


@page(
    "accounts.avatar",
    Audience.SIGNED_IN,
    writes=True,
    own_account=True,
    methods=("POST",),
    body=Body.AVATAR,
)
@once
def avatar(request: Any) -> HttpResponse:
    """Keep another picture of oneself, or remove the present one."""
    sent = request.FILES.get(AVATAR)
    if sent is None and not request.POST.get("remove_avatar"):
        text = _("Choose an image first.")
        return _page(request, request.user, {}, status=422, avatar_errors=(text,))
    content = sent.read() if sent is not None else None
    try:
        change_own_avatar(request.actor, content, version=_version(request))
    except Stale as stale:
        text = _("Somebody saved before you. Choose the image once more.")
        return _page(request, stale.current, {}, status=409, avatar_errors=(text,))
    except Refused as refused:
        errors = (refused.detail,)
        return _page(request, request.user, {}, status=refused.status, avatar_errors=errors)
    return HttpResponseRedirect(f"{reverse('accounts.show')}?saved={AVATAR}#{AVATAR}")


@page("accounts.end_sessions", Audience.SIGNED_IN, writes=True, own_account=True, methods=("POST",))
def end_sessions(request: Any) -> HttpResponse:
    """Sign out everywhere but here."""
    end_other_sessions(request.actor, present_session=request.session.session_key)
    return HttpResponseRedirect(f"{reverse('accounts.show')}?saved=sessions#sessions")


@page("accounts.theme", Audience.SIGNED_IN, writes=True, own_account=True, methods=("POST",))
def theme(request: Any) -> HttpResponse:
    """Light, dark or the system's, from the menu of any page; back to where it was pressed."""
    choose_theme(request.actor, request.POST.get("theme", ""))
    if request.htmx:
        return HttpResponse(status=204)
    return HttpResponseRedirect(_came_from(request))


def _came_from(request: HttpRequest) -> str:
    came = urlsplit(request.headers.get("Referer", ""))
    path = f"{came.path}?{came.query}" if came.query else came.path
    if came.netloc == request.get_host() and is_own_path(path):
        return path
    return home_of(request.user)
