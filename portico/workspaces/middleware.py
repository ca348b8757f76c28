"""Opens the workspace's scope from the host name, and fills the actor of the request."""

import datetime
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.middleware import AuthenticationMiddleware, get_user
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject

from portico.accounts.guards import entry_refusal
from portico.accounts.models import Session, User
from portico.accounts.sessions import SessionStore, session_row
from portico.kit.actors import Actor
from portico.kit.ids import parse_id
from portico.kit.requests import current_request_id
from portico.kit.stamps import stamp
from portico.kit.tenancy.scope import current_scope, open_scope
from portico.ui.formats import Formats, use_formats
from portico.ui.pages import render
from portico.workspaces.actors import ROLE_ROWS, key_actor, user_actor
from portico.workspaces.context import is_allowed_host, scope_of, workspace_for_host
from portico.workspaces.keys import key_of_request
from portico.workspaces.models import Workspace

Answer = Callable[[HttpRequest], HttpResponse]
FIRST_RUN_PATHS = ("/setup/", "/static/")
API_PREFIX = "/api/"
CHOSEN_ORGANIZATION = "organization_id"


class ScopeMiddleware:
    """The one place where a request's workspace is decided: by its host name."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        """Answer inside the workspace's scope; 404 where the host opens none."""
        host = request.META.get("HTTP_HOST", "")
        workspace = workspace_for_host(host)
        if not is_allowed_host(host, workspace):
            return HttpResponse("Unknown host.\n", status=400, content_type="text/plain")
        if workspace is None:
            return self._answer_without_workspace(request)
        request.workspace = workspace
        with open_scope(scope_of(workspace)):
            return self.get_response(request)

    def _answer_without_workspace(self, request: HttpRequest) -> HttpResponse:
        request.workspace = None  # type: ignore[attr-defined]
        # A session left over from a workspace that is gone finds no scope to be looked up in.
        request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        if Workspace.objects.exists():
            return HttpResponse("No workspace here.\n", status=404, content_type="text/plain")
        if request.path.startswith(FIRST_RUN_PATHS):
            # First run opens the scope of the workspace it makes, so that the rest of the
            # request (the session above all) is inside it.
            with ExitStack() as request.opened:  # type: ignore[attr-defined]
                return self.get_response(request)
        return render(request, "ui/no_workspace.html", status=404)


class SessionUserMiddleware(AuthenticationMiddleware):
    """Django's own; the user is read in one statement with the session that names them."""

    def process_request(self, request: Any) -> None:
        """Fill `request.user`, which is looked up when somebody first reads it."""
        super().process_request(request)
        request.user = SimpleLazyObject(partial(_user_of, request))


class ActorMiddleware:
    """Decides at each request who acts and whether they are still let in."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        """Fill `request.actor` (None for nobody) and `request.refusal`, then answer."""
        request.actor = None
        request.refusal = None
        if request.workspace is None:
            return self.get_response(request)
        if request.path.startswith(API_PREFIX):
            self._fill_from_key(request)
            return self.get_response(request)
        self._fill_from_session(request)
        with use_formats(formats_of(request)), translation.override(language_of(request)):
            return self.get_response(request)

    def _fill_from_key(self, request: Any) -> None:
        key = key_of_request(request)
        if key is None or entry_refusal(key.user) is not None:
            return
        stamp(key, "last_used_at")
        request.actor = key_actor(key, request_id=current_request_id(), ip=ip_of(request))

    def _fill_from_session(self, request: Any) -> None:
        user = request.user
        if not user.is_authenticated:
            return
        if _is_session_over(request, user):
            _sign_out(request)
            return
        chosen = parse_id(request.session.get(CHOSEN_ORGANIZATION, ""))
        refusal = entry_refusal(user, chosen)
        if refusal is not None and not refusal.may_sign_in:
            _sign_out(request)
            request.refusal = refusal
            return
        request.refusal = refusal
        row = request.session.row
        if row is not None:
            stamp(row, "last_seen_at")
        request.actor = actor_of_request(request, user)


def _user_of(request: Any) -> Any:
    """Who the session names, its row being at hand while the backend is asked for them."""
    request.session.get(SESSION_KEY)
    token = session_row.set(request.session.row)
    try:
        return get_user(request)
    finally:
        session_row.reset(token)


def actor_of_request(request: Any, user: User) -> Actor:
    """The actor that this user is in this request."""
    row = request.session.row
    is_theirs = row is not None and row.user_id == user.pk
    return user_actor(
        user,
        held=getattr(row, ROLE_ROWS, None) if is_theirs else None,
        chosen_organization_id=parse_id(request.session.get(CHOSEN_ORGANIZATION, "")),
        request_id=current_request_id(),
        ip=ip_of(request),
    )


def ip_of(request: HttpRequest) -> str | None:
    """The caller's address; behind trusted proxies the one that they put last."""
    from allauth.core.internal.httpkit import get_client_ip  # noqa: PLC0415 - needs loaded apps

    try:
        return str(get_client_ip(request)) or None
    except Exception:
        return None


def formats_of(request: Any) -> Formats:
    """How the reader of this request wants dates; the workspace's defaults for nobody."""
    scope = current_scope()
    user = request.user
    if not user.is_authenticated:
        chosen = scope.settings
        return Formats(
            chosen["date_order"], chosen["date_separator"], chosen["clock"], scope.time_zone
        )
    return Formats(
        user.date_order, user.date_separator, user.clock, user.time_zone or scope.time_zone
    )


def language_of(request: Any) -> str:
    """The reader's language; for nobody what Django found in the request."""
    user = request.user
    return user.language if user.is_authenticated else translation.get_language() or "en"


def _is_session_over(request: Any, user: User) -> bool:
    """Idle or absolute end (domain.md, Always true 8): agents 8 h, 7 days; people 14, 60 days."""
    row: Session | None = request.session.row
    if row is None:
        return False
    limits = current_scope().settings
    if user.kind == "agent":
        idle = datetime.timedelta(hours=limits["agent_idle_hours"])
        whole = datetime.timedelta(days=limits["agent_session_days"])
    else:
        idle = datetime.timedelta(days=limits["person_idle_days"])
        whole = datetime.timedelta(days=limits["person_session_days"])
    now = timezone.now()
    seen = row.last_seen_at or row.created_at
    return now - seen > idle or now - row.created_at > whole


def _sign_out(request: Any) -> None:
    """Answer as to nobody and take the cookie back; a read deletes no row, sweeping does."""
    request.session = SessionStore()
    request.user = AnonymousUser()
