"""The outermost rooms: request id, health, and the check of each route's declared policy."""

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.core.exceptions import ImproperlyConfigured, RequestDataTooBig
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _

from portico.config import views
from portico.kit.endpoints import operations_of, refused_operation
from portico.kit.errors import Refusal
from portico.kit.idempotency import answer_once
from portico.kit.policies import Audience, Body, Policy, policy_of
from portico.kit.problems import CONTENT_TYPE as PROBLEM_TYPE
from portico.kit.problems import problem, problem_of
from portico.kit.repeating import answered, note_taken_back, was_taken_back
from portico.kit.requests import accept_request_id, set_request_id

Answer = Callable[[HttpRequest], HttpResponse]
API_PREFIX = "/api/"
logger = logging.getLogger("portico.requests")


class RequestIdMiddleware:
    """Gives each request an id, in its log lines, its events and its answer."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        """Accept a well-formed X-Request-Id or make one."""
        request.id = accept_request_id(request.headers.get("X-Request-Id", ""))
        set_request_id(request.id)
        try:
            response = self.get_response(request)
        finally:
            set_request_id("")
        response["X-Request-Id"] = request.id
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        return response


class HealthMiddleware:
    """`/healthz` and `/readyz` answer on any host, before any workspace is asked for."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the two health addresses, pass on the rest."""
        if request.path == "/healthz":
            return views.healthz(request)
        if request.path == "/readyz":
            return views.readyz(request)
        return self.get_response(request)


class RepeatMiddleware:
    """Does once more what the database took back because two changes waited for each other."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        """Answer; a second time at most."""
        return answered(request, lambda: self.get_response(request))


class ApiMiddleware:
    """What all of /api/ has in common: body size, Idempotency-Key, and problem documents only."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        """Answer; whatever is an error leaves as a problem document."""
        if not request.path.startswith(API_PREFIX):
            return self.get_response(request)
        length = _declared_length(request)
        if length > Body.JSON and length > (limit := _limit_of_operation(request)):
            text = _("A body has at most %(number)s MiB.") % {"number": limit >> 20}
            return problem(413, "too_large", detail=text)
        try:
            response = self._answer(request)
        except Refusal as refusal:
            response = problem_of(refusal)
        if response.status_code >= 400 and response["Content-Type"] != PROBLEM_TYPE:
            return _as_problem(response)
        return response

    def _answer(self, request: Any) -> HttpResponse:
        if request.method == "POST" and "Idempotency-Key" in request.headers and request.actor:
            return answer_once(request, request.actor.id, lambda: self.get_response(request))
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Storage that fails is told apart from a fault of ours."""
        if not request.path.startswith(API_PREFIX):
            return None
        if _is_taken_back(request, error):
            answer = problem(503, "try_again", detail=views.met_another_text())
            answer["Retry-After"] = "1"
            return answer
        if isinstance(error, OperationalError | OSError):
            logger.error("storage failed: %s", error)
            answer = problem(
                503, "storage_failed", detail=_("Nothing was changed; try again soon.")
            )
            answer["Retry-After"] = "5"
            return answer
        return None


def _is_taken_back(request: HttpRequest, error: Exception) -> bool:
    """Whether the database took it back because of another change; it may be done again then."""
    if not isinstance(error, OperationalError) or not was_taken_back(error):
        return False
    note_taken_back(request)
    return True


def _limit_of_operation(request: HttpRequest) -> int:
    """The largest body of the operation that is asked for; that of JSON where there is none."""
    try:
        found = operations_of(resolve(request.path_info).func) or ()
    except Resolver404:
        return Body.JSON
    policies = [policy_of(row.view_func) for row in found if request.method in row.methods]
    return max((policy.body for policy in policies if policy), default=Body.JSON)


def _as_problem(response: HttpResponse) -> HttpResponse:
    """Give an answer that Django or ninja made by itself the form of all our errors."""
    codes = {404: "not_found", 405: "method_not_allowed", 500: "fault"}
    code = codes.get(response.status_code, "bad_request")
    answer = problem(response.status_code, code)
    if "Allow" in response.headers:
        answer["Allow"] = response["Allow"]
    return answer


def _declared_length(request: HttpRequest) -> int:
    """The size the caller names; one that is no number is none, as Django takes it too."""
    try:
        return int(request.headers.get("Content-Length") or "0")
    except ValueError:
        return 0


class PolicyMiddleware:
    """Asks the declared policy of the page; a page without one is not answered."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing here: the work is in process_view, when the view is known."""
        return self.get_response(request)

    def process_view(
        self, request: Any, view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """Refuse by method, size, audience, permission: a page's own, or an operation's."""
        operations = operations_of(view)
        if operations is not None:
            return refused_operation(request, operations)
        policy = policy_of(view)
        if policy is None:
            raise ImproperlyConfigured(f"{request.path} has no policy.")
        request.policy = policy
        return _refused_by_shape(request, policy) or _refused_by_audience(request, policy)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Turn what an action or the database says into a page with a plain reason."""
        if request.path.startswith(API_PREFIX):
            return None
        if isinstance(error, Refusal):
            return views.refusal(request, error)
        if isinstance(error, RequestDataTooBig):
            return views.too_large(request)
        if _is_taken_back(request, error):
            return views.met_another(request)
        if isinstance(error, OperationalError | OSError):
            logger.error("storage failed: %s", error)
            return views.storage_failed(request)
        return None


def _refused_by_shape(request: HttpRequest, policy: Policy) -> HttpResponse | None:
    if request.method not in policy.methods:
        return HttpResponseNotAllowed(policy.methods)
    if _declared_length(request) > policy.body:
        return views.too_large(request)
    return None


def _refused_by_audience(request: Any, policy: Policy) -> HttpResponse | None:
    if policy.audience is Audience.PUBLIC:
        return None
    if request.actor is None:
        return _to_sign_in(request)
    if request.refusal is not None and policy.audience is not Audience.ENDED:
        return HttpResponseRedirect(reverse("portal.closed"))
    try:
        policy.check(request.actor)
    except Refusal as refusal:
        logger.warning("refused %s: %s", policy.name, refusal.code)
        return views.refusal(request, refusal)
    return None


def _to_sign_in(request: Any) -> HttpResponse:
    address = f"{reverse('account_login')}?next={quote(request.get_full_path())}"
    if request.htmx:
        response = HttpResponse(status=204)
        response["HX-Redirect"] = address
        return response
    return HttpResponseRedirect(address)
