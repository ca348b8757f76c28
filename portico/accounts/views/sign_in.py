"""In, out, and the password once more."""

from typing import Any

from allauth.account import views as allauth_views
from allauth.account.internal.flows.logout import logout
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse
from django.views.decorators.cache import never_cache

from portico.accounts.adapters import LOCKED, home_of, is_own_path
from portico.accounts.choices import UserKind
from portico.accounts.models import User
from portico.kit.policies import Audience, page, policy_of

FOREIGN = {UserKind.AGENT: Audience.PERSON, UserKind.PERSON: Audience.AGENT}
REFUSED = 403
TOO_MANY = 429


class LoginView(allauth_views.LoginView):
    """The one form for agents and people."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Sign in and go where the visitor wanted, if that is a page for them."""
        response: HttpResponse = form.login(
            self.request, redirect_url=landing(form.user, self.get_next_url())
        )
        if response.status_code == REFUSED:
            # allauth notes in the session how long it lives, whether anybody was let in or not.
            self.request.session.flush()
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the form again; too many attempts have a status of their own."""
        response: HttpResponse = super().form_invalid(form)
        if form.has_error(NON_FIELD_ERRORS, LOCKED):
            response.status_code = TOO_MANY
        return response

    def get_context_data(self, **values: Any) -> dict[str, Any]:
        """Whether the address is locked: then the way out is offered first."""
        form = values.get("form") or self.get_form()
        wanted = self.get_next_url() or ""
        is_locked = form.is_bound and form.has_error(NON_FIELD_ERRORS, LOCKED)
        return {**super().get_context_data(**values), "is_locked": is_locked, "wanted": wanted}

    def get_authenticated_redirect_url(self) -> str:
        """A visitor who is signed in already goes on."""
        return landing(self.request.user, self.get_next_url())


def landing(user: Any, wanted: str | None) -> str:
    """Where somebody who signed in goes: the page they wanted, unless it can't be theirs."""
    if not wanted or not is_own_path(wanted) or not _is_for(user, wanted):
        return home_of(user)
    return wanted


def _is_for(user: User, path: str) -> bool:
    try:
        policy = policy_of(resolve(path.partition("?")[0]).func)
    except Resolver404:
        return False
    is_form_only = policy is not None and "GET" not in policy.methods
    return (
        policy is not None
        and not is_form_only
        and policy.audience is not FOREIGN[UserKind(user.kind)]
    )


sign_in = page(
    "account_login",
    Audience.PUBLIC,
    methods=("GET", "HEAD", "POST"),
    why="Who is not signed in yet signs in here.",
)(LoginView.as_view())


@page("account_logout", Audience.ENDED, writes=True, own_account=True, methods=("POST",))
@never_cache
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session and take everything of it out of the browser."""
    logout(request, show_message=False)
    response = HttpResponseRedirect(reverse("account_login"))
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


reauthenticate = page("account_reauthenticate", Audience.SIGNED_IN, writes=True, own_account=True)(
    allauth_views.ReauthenticateView.as_view()
)
