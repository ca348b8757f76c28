"""What every operation of the API has in common: its policy, its query parameters, its versions."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpResponse
from django.utils.translation import gettext as _

from portico.kit.errors import Refused
from portico.kit.policies import Audience, Body, Policy
from portico.kit.problems import etag, problem

Operation = TypeVar("Operation", bound=Callable[..., Any])


class PreconditionRequired(Refused):
    """A change must say which version it was made from."""

    def __init__(self) -> None:
        text = _("Send If-Match with the ETag of the record as you read it.")
        super().__init__("if_match_required", text, status=428)


def endpoint(
    name: str,
    *,
    parameters: tuple[str, ...] = (),
    audience: Audience = Audience.AGENT,
    **demands: Any,
) -> Callable[[Operation], Operation]:
    """Declare the policy of an API operation, and the query parameters that it knows.

    Stands under ninja's own decorator. Nobody signed in is answered 401; an unknown query
    parameter is refused, so that a mistyped filter never widens a list.
    """
    policy = Policy(name=name, audience=audience, body=Body.JSON, **demands)

    def declare(operation: Operation) -> Operation:
        @wraps(operation)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> Any:
            if request.actor is None and audience is not Audience.PUBLIC:
                return unauthorized()
            policy.check(request.actor)
            refuse_unknown_parameters(request.GET, parameters)
            return operation(request, *args, **kwargs)

        guarded.policy = policy  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return declare


def unauthorized() -> HttpResponse:
    """No usable key on this workspace's host."""
    answer = problem(401, "unauthorized", detail=_("Send a usable API key as a bearer token."))
    answer["WWW-Authenticate"] = 'Bearer realm="portico"'
    return answer


def refuse_unknown_parameters(given: Mapping[str, Any], known: tuple[str, ...]) -> None:
    """Raise Refused("unknown_parameter") for a query parameter that the operation does not know."""
    for name in given:
        if name not in known:
            text = _("There is no parameter %(name)s here.") % {"name": name[:50]}
            raise Refused("unknown_parameter", text, field=name[:50], status=400)


def required_version(request: Any) -> int:
    """The version in If-Match; PATCH and DELETE need one (428 without)."""
    version = offered_version(request)
    if version is None:
        raise PreconditionRequired
    return version


def offered_version(request: Any) -> int | None:
    """The version in If-Match, None when it was not sent; a malformed one fits no version."""
    header = request.headers.get("If-Match")
    if header is None:
        return None
    text = header.strip().removeprefix('"').removesuffix('"')
    return int(text) if text.isdecimal() and header.strip() == etag(int(text)) else -1


def with_etag(response: HttpResponse, version: int) -> None:
    """Say which version was answered."""
    response["ETag"] = etag(version)
