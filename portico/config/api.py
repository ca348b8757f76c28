"""The HTTP API under /api/v1: routers, the one form of errors, and the renderer."""

from typing import Any

import orjson
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser
from ninja.renderers import BaseRenderer

from portico.catalog.api import services, subscriptions
from portico.clients.api import (
    avatars,
    bulk,
    locations,
    memberships,
    merging,
    organizations,
    people,
    properties,
    tags,
)
from portico.history import api as history
from portico.insight import api as insight
from portico.invitations import api as invitations
from portico.kit.errors import FieldProblem, NotThere, Refusal
from portico.kit.problems import problem, problem_of
from portico.operations import api as operations
from portico.transfers import api as transfers
from portico.workspaces import api as workspaces


class OrjsonParser(Parser):
    """Strict JSON: neither NaN nor half a surrogate pair, which no answer could repeat."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body of a request."""
        return orjson.loads(request.body)


class OrjsonRenderer(BaseRenderer):
    """JSON, fast."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        """The body of an answer."""
        return orjson.dumps(data)


api = NinjaAPI(
    title="Portico",
    version="1",
    description="Organizations and people of one workspace. Keys: `portico apikey create`.",
    openapi_url=None,
    docs_url=None,
    parser=OrjsonParser(),
    renderer=OrjsonRenderer(),
    urls_namespace="api",
)
for module in (
    *(organizations, people, bulk, merging, avatars, memberships, locations, tags, properties),
    *(services, subscriptions, invitations, insight, history, operations, transfers, workspaces),
):
    api.add_router("", module.router)


@api.exception_handler(Refusal)
def answer_refusal(_request: HttpRequest, error: Refusal) -> HttpResponse:
    """What an action said."""
    return problem_of(error)


@api.exception_handler(Http404)
def answer_missing(_request: HttpRequest, _error: Http404) -> HttpResponse:
    """What Django could not find."""
    return problem_of(NotThere())


@api.exception_handler(HttpError)
def answer_http_error(_request: HttpRequest, error: HttpError) -> HttpResponse:
    """A body that is not JSON, and other things that ninja refuses by itself."""
    return problem(error.status_code, "bad_request", detail=str(error))


@api.exception_handler(ValidationError)
def answer_wrong_shape(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Fields of the wrong shape; an id in the path that is no id is simply not there."""
    if any(item["loc"][0] == "path" for item in error.errors):
        return problem_of(NotThere())
    problems = [
        FieldProblem("/".join(_parts(item["loc"])), str(item["type"]), str(item["msg"]))
        for item in error.errors
    ]
    return problem(422, "invalid", detail=_("Some fields are wrong."), errors=problems)


def _parts(location: Any) -> list[str]:
    """The path of a value inside the body: ninja puts the source and the argument's name first."""
    source, *rest = [str(part) for part in location]
    return rest[1:] if source == "body" and len(rest) > 1 else rest
