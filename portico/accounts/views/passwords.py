"""Forgotten, chosen and changed passwords."""

import time
from functools import partial
from typing import Any
from uuid import UUID

from allauth.account import views as allauth_views
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.password_reset import perform_password_reset_login
from allauth.core import ratelimit
from allauth.decorators import rate_limit
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from portico.accounts.actions import passwords
from portico.accounts.adapters import address_key
from portico.accounts.forms import ChangePasswordForm, NewPasswordForm
from portico.accounts.links import CHOICE, RESET, PasswordLink
from portico.accounts.models import User
from portico.accounts.passwords import minimum_length
from portico.kit.errors import Refused
from portico.kit.policies import Audience, page
from portico.ui.pages import render

# Longer than the work for a known address takes, so that time does not tell (R-C54).
LEAST_SECONDS = 0.15
GONE = 410
WRONG = 422
READ_AND_POST = ("GET", "HEAD", "POST")


class ResetPasswordView(allauth_views.PasswordResetView):
    """Ask for a link: the same answer whoever asks."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Count by workspace and address, then answer after the same time for all."""
        began = time.monotonic()
        key = address_key(form.cleaned_data["email"])
        limited: HttpResponse | None = ratelimit.consume_or_429(
            self.request, action="reset_password", key=key
        )
        if limited is not None:
            return limited
        form.save(self.request)
        time.sleep(max(0.0, began + LEAST_SECONDS - time.monotonic()))
        return HttpResponseRedirect(reverse("account_reset_password_done"))


ask_for_reset = page(
    "account_reset_password",
    Audience.PUBLIC,
    methods=READ_AND_POST,
    why="Who forgot the password can't sign in.",
)(ResetPasswordView.as_view())


@page("account_reset_password_done", Audience.PUBLIC, why="Follows the form for all.")
def reset_asked(request: HttpRequest) -> HttpResponse:
    """A link is on its way, if the address is known."""
    return render(request, "account/password_reset_done.html")


@never_cache
def _enter(request: HttpRequest, user_id: UUID, token: str, *, link: PasswordLink) -> HttpResponse:
    """Move the token out of the address, into a cookie for the form alone; nothing is used up."""
    user = link.user_of(user_id, token)
    if user is None:
        return _dead(request, link)
    response = HttpResponseRedirect(reverse(link.page))
    link.keep(response, user, token=token)
    return response


@sensitive_post_parameters()
@never_cache
def _choose(request: HttpRequest, *, link: PasswordLink) -> HttpResponse:
    """The form for a new password; what it sends signs in."""
    user, token = link.kept(request.COOKIES)
    if user is None:
        return _dead(request, link)
    form = NewPasswordForm(request.POST if request.method == "POST" else None, user=user)
    if form.is_valid():
        return _chosen(
            request, user, token=token, password=form.cleaned_data["password1"], link=link
        )
    values = {"form": form, "link": link, "user": user, "minimum": minimum_length()}
    return render(request, "accounts/new_password.html", values, status=_status(form))


def _chosen(
    request: HttpRequest, user: User, *, token: str, password: str, link: PasswordLink
) -> HttpResponse:
    adapter = get_adapter(request)
    try:
        user = passwords.choose_password(
            user,
            password,
            is_still_valid=lambda row: link.fits(row, token),
            ip=adapter.get_client_ip(request),
        )
    except Refused as refused:
        if refused.code != "dead_link":
            raise
        return _dead(request, link)
    adapter.forget_failures(request, user)
    response: HttpResponse = perform_password_reset_login(request, user)
    link.forget(response)
    return response


def _dead(request: HttpRequest, link: PasswordLink) -> HttpResponse:
    response = render(request, "accounts/dead_link.html", {"link": link}, status=GONE)
    link.forget(response)
    return response


def _of(link: PasswordLink, view: Any, *, name: str, **demands: Any) -> Any:
    why = "Who follows the link has no password that works."
    return page(name, Audience.PUBLIC, why=why, **demands)(partial(view, link=link))


reset_link = _of(RESET, _enter, name=RESET.entrance)
reset_password = _of(RESET, _choose, name=RESET.page, methods=READ_AND_POST)
choice_link = _of(CHOICE, _enter, name=CHOICE.entrance)
choose_password = _of(CHOICE, _choose, name=CHOICE.page, methods=READ_AND_POST)


@page("account_change_password", Audience.SIGNED_IN, writes=True, own_account=True)
@rate_limit(action="change_password")  # type: ignore[untyped-decorator]
@sensitive_post_parameters()
@never_cache
def change_password(request: Any) -> HttpResponse:
    """Change one's own password, by the present one."""
    form = ChangePasswordForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid() and _changed(request, form):
        return HttpResponseRedirect(f"{reverse('accounts.show')}?saved=password")
    values = {"form": form, "minimum": minimum_length()}
    return render(request, "accounts/change_password.html", values, status=_status(form))


def _changed(request: Any, form: ChangePasswordForm) -> bool:
    try:
        user = passwords.change_password(
            request.actor,
            current=form.cleaned_data["oldpassword"],
            new=form.cleaned_data["password1"],
            present_session=request.session.session_key,
        )
    except Refused as refused:
        for problem in refused.errors:
            form.add_error(problem.field, problem.message)
        return False
    update_session_auth_hash(request, user)
    return True


def _status(form: NewPasswordForm) -> int:
    return WRONG if form.errors else 200
