"""What every operation of the API has in common: its policy, its query parameters, its versions."""

import inspect
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial, wraps
from types import MappingProxyType
from typing import Any, TypeVar

import orjson
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja.utils import contribute_operation_callback

from portico.kit.actors import Actor
from portico.kit.errors import FieldProblem, Refusal, Refused
from portico.kit.pagination import Page
from portico.kit.parameters import PAGING, TEXT, Shape, query_parameter
from portico.kit.policies import Audience, Body, Policy, policy_of
from portico.kit.problems import etag, problem, problem_of

NO_RENAMING: Mapping[str, str] = MappingProxyType({})
IN_ADDRESS = ""
GRAMMAR_OF_LISTS = "x-grammar-of-lists"
"""Marks an operation that reads the grammar of a list, whose parameters the description adds."""
Parameters = Sequence[str] | Mapping[str, Shape]
LONGEST_VERSION = 20  # digits; Python refuses to read a number of thousands
Operation = TypeVar("Operation", bound=Callable[..., Any])


class PreconditionRequired(Refused):
    """A change must say which version it was made from."""

    def __init__(self) -> None:
        text = _("Send If-Match with the ETag of the record as you read it.")
        super().__init__("if_match_required", text, status=428)


def endpoint(
    name: str,
    *,
    parameters: Parameters | None = (),
    audience: Audience = Audience.AGENT,
    members: Mapping[str, str] = NO_RENAMING,
    **demands: Any,
) -> Callable[[Operation], Operation]:
    """Declare the policy of an API operation, and the query parameters that it knows.

    Stands under ninja's own decorator. Nobody signed in is answered 401; an unknown query
    parameter is refused, so that a mistyped filter never widens a list (None: the operation reads
    the grammar of a list, which refuses by itself). A mapping of `parameters` says what each looks
    like (`kit.parameters`). `members` maps fields that an action calls otherwise to the members of
    this body, so that every pointer of a refusal leads somewhere; a name that ends with a dot
    stands for all that begin with it, and IN_ADDRESS for a field that is a part of the path.
    """
    policy = Policy(name=name, audience=audience, **{"body": Body.JSON, **demands})

    def declare(operation: Operation) -> Operation:
        @wraps(operation)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> Any:
            refused = _refused_by(policy, request.actor)
            if refused is not None:
                return refused
            if parameters is not None:
                refuse_unknown_parameters(request.GET, parameters)
            try:
                return operation(request, *args, **kwargs)
            except Refused as error:
                error.errors = _pointing_into_the_body(error.errors, members)
                raise

        guarded.policy = policy  # type: ignore[attr-defined]
        described = partial(_describe_parameters, parameters=parameters)
        contribute_operation_callback(guarded, described)
        return guarded  # type: ignore[return-value]

    return declare


def _describe_parameters(operation: Any, *, parameters: Parameters | None) -> None:
    """Say in the description what ninja does not see: parameters read from the query as it is."""
    more: dict[str, Any] = {GRAMMAR_OF_LISTS: True} if parameters is None else {}
    seen = inspect.signature(operation.view_func).parameters
    told = parameters if isinstance(parameters, Mapping) else {}
    shapes = {
        name: told.get(name) or PAGING.get(name) or (None if name in seen else TEXT)
        for name in parameters or ()
    }
    rows = [query_parameter(name, shape) for name, shape in shapes.items() if shape]
    if rows:
        more["parameters"] = rows
    if more:
        operation.openapi_extra = {**(operation.openapi_extra or {}), **more}


def _pointing_into_the_body(
    errors: Iterable[FieldProblem], members: Mapping[str, str]
) -> tuple[FieldProblem, ...]:
    """The problems by the members of the body; what stands in the address has none to point at."""
    renamed = (replace(row, field=_member_of(row.field, members)) for row in errors)
    return tuple(row for row in renamed if row.field != IN_ADDRESS)


def _member_of(field: str, members: Mapping[str, str]) -> str:
    prefix, dot, rest = field.partition(".")
    if dot and prefix + dot in members:
        return members[prefix + dot] + rest
    return members.get(field, field)


@cache
def operations_of(view: Callable[..., Any]) -> tuple[Any, ...] | None:
    """The operations behind a view of ninja (it holds them in a closure); None for others."""
    for cell in getattr(view, "__closure__", None) or ():
        operations = getattr(cell.cell_contents, "operations", None)
        if operations is not None:
            return tuple(operations)
    return None


def refused_operation(request: Any, operations: Iterable[Any]) -> HttpResponse | None:
    """Ask the policy of the operation that is about to run, before ninja reads the body.

    Who may not call an operation must not learn either what its body should look like. A method
    that no operation takes is ninja's business (405). Raises ImproperlyConfigured for an operation
    without a policy.
    """
    for operation in operations:
        if request.method in operation.methods:
            policy = policy_of(operation.view_func)
            if policy is None:
                raise ImproperlyConfigured(f"{request.method} {request.path} has no policy.")
            return _refused_by(policy, request.actor)
    return None


def _refused_by(policy: Policy, actor: Actor | None) -> HttpResponse | None:
    if actor is None and policy.audience is not Audience.PUBLIC:
        return unauthorized()
    try:
        policy.check(actor)
    except Refusal as refusal:
        return problem_of(refusal)
    return None


def answer_list(items: Sequence[Mapping[str, Any]], page: Page[Any]) -> HttpResponse:
    """A page of a list as JSON, in the one shape of lists.

    The items are what their schema says already (the tests hold them against it): to have each of
    fifty checked once more took a third of the answer's time.
    """
    body = {
        "object": "list",
        "items": items,
        "next_cursor": page.next_cursor,
        "previous_cursor": page.previous_cursor,
        "has_more": page.next_cursor is not None,
    }
    return HttpResponse(orjson.dumps(body), content_type="application/json; charset=utf-8")


def unauthorized() -> HttpResponse:
    """No usable key on this workspace's host."""
    answer = problem(401, "unauthorized", detail=_("Send a usable API key as a bearer token."))
    answer["WWW-Authenticate"] = 'Bearer realm="portico"'
    return answer


def refuse_unknown_parameters(given: Mapping[str, Any], known: Collection[str]) -> None:
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
    is_number = text.isdecimal() and len(text) < LONGEST_VERSION
    return int(text) if is_number and header.strip() == etag(int(text)) else -1


def with_etag(response: HttpResponse, version: int) -> None:
    """Say which version was answered."""
    response["ETag"] = etag(version)


def list_filters(given: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """Those query parameters that filter and sort; the cursor and the limit are not among them."""
    return {name: given[name] for name in names if name in given}
