"""Where allauth's flows meet our users: no messages, no mails, no addresses of its own."""

import datetime
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core import ratelimit as limits
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portico.accounts.choices import UserKind
from portico.accounts.guards import EntryRefusal, entry_refusal
from portico.accounts.models import User
from portico.accounts.reports import SIGNED_IN_FROM, SIGNED_IN_WITH, contact_of
from portico.kit.addresses import email_key
from portico.kit.tenancy.scope import current_scope
from portico.ui.formats import format_time
from portico.ui.pages import render

ALLAUTH = "allauth.account"
FAILED = "login_failed"
LOCKED = "too_many_login_attempts"
HOMES = {UserKind.AGENT: "/", UserKind.PERSON: "/portal/"}


class AccountAdapter(DefaultAccountAdapter):
    """Who may sign in, where they land, and what is counted against an address."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": gettext_lazy("The e-mail address or the password is not right."),
        "incorrect_password": gettext_lazy("This is not your password."),
    }

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        """Nobody signs up; people and agents are invited."""
        return False

    def is_ajax(self, _request: HttpRequest) -> bool:
        """These are pages; programs have the API and its keys."""
        return False

    def add_message(self, *_args: Any, **_more: Any) -> None:
        """No message: it would be kept in the session, and reading it be a write on a GET."""

    def send_mail(self, *_args: Any, **_more: Any) -> None:
        """No mail: what is sent follows from events."""

    def is_safe_url(self, url: str | None) -> bool:
        """Own paths only, so that no link through the sign-in page leads elsewhere."""
        return bool(url) and is_own_path(str(url))

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Agents to their Home, people to the portal."""
        return home_of(request.user)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt; when there were too many, say when the next one is taken."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError as error:
            key = self._get_login_attempts_cache_key(request, **credentials)
            raise ValidationError(_locked_until(_opens_at(request, key)), code=LOCKED) from error

    def reauthenticate(self, user: Any, password: str) -> bool:
        """Ask for the password once more; failures count like those of a sign-in."""
        found = self.authenticate(context.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def pre_login(self, request: HttpRequest, user: Any, **_more: Any) -> HttpResponse | None:
        """The password was right: None, or a page with the plain reason why they stay outside."""
        refusal = entry_refusal(user)
        if refusal is None or refusal.may_sign_in:
            return None
        return _refused(request, user, refusal)

    def login(self, request: HttpRequest, user: Any) -> None:
        """Ask again (a second factor may lie in between), then sign in and note from where."""
        page = self.pre_login(request, user)
        if page is not None:
            raise ImmediateHttpResponse(page)
        super().login(request, user)
        request.session[SIGNED_IN_WITH] = request.headers.get("User-Agent", "")[:300]
        request.session[SIGNED_IN_FROM] = self.get_client_ip(request)

    def forget_failures(self, request: HttpRequest, user: User) -> None:
        """Unlock the address of somebody who chose a new password by a link from its mailbox."""
        key = self._get_login_attempts_cache_key(request, email=user.email)
        limits.clear(request, action=FAILED, key=key)

    def _get_login_attempts_cache_key(self, _request: HttpRequest, **credentials: Any) -> str:
        """By workspace and address; allauth's own key begins anew for each spelling of the host."""
        return address_key(credentials.get("email") or "")


def address_key(address: str) -> str:
    """Under which attempts with this address are counted in this workspace."""
    return f"{current_scope().id}:{email_key(address)}"


def home_of(user: User | AnonymousUser) -> str:
    """Where somebody starts."""
    return HOMES.get(UserKind(user.kind), "/") if isinstance(user, User) else "/"


def is_own_path(url: str) -> bool:
    """Whether an address is a path of this very host."""
    return url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)


def _refused(request: HttpRequest, user: User, refusal: EntryRefusal) -> HttpResponse:
    request.session.flush()
    values = {"refusal": refusal, "contact": contact_of(user)}
    return render(request, "accounts/refused.html", values, status=403)


def _opens_at(request: HttpRequest, key: str) -> datetime.datetime | None:
    """When the oldest of the counted attempts stops counting."""
    ends = []
    for rate in ratelimit.get_rates(app=ALLAUTH, action=FAILED):
        counted = ratelimit.get_cache_key(request, app=ALLAUTH, action=FAILED, rate=rate, key=key)
        attempts = cache.get(counted, [])
        if len(attempts) >= rate.amount:
            ends.append(attempts[-1] + rate.duration)
    return datetime.datetime.fromtimestamp(max(ends), tz=datetime.UTC) if ends else None


def _locked_until(moment: datetime.datetime | None) -> str:
    """The sentence, with the full minute after which the next attempt is taken."""
    minute = datetime.timedelta(minutes=1)
    shown = (moment or timezone.now()).replace(second=0, microsecond=0) + minute
    return _("Too many attempts. Try again at %(time)s, or choose a new password.") % {
        "time": format_time(shown)
    }
