"""Problem documents (RFC 9457): the one form of every error of the API."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import orjson
from django.http import HttpResponse
from django.utils.translation import gettext as _

from portico.kit.errors import Denied, FieldProblem, Merged, NotThere, Refusal, Refused, Stale
from portico.kit.requests import current_request_id

CONTENT_TYPE = "application/problem+json"
TYPE_PREFIX = "/docs/errors#"


def problem(
    status: int, code: str, *, detail: str = "", errors: Sequence[FieldProblem] = (), **more: Any
) -> HttpResponse:
    """Answer with a problem document; `errors` point into the body, `more` are extra members."""
    document = {
        "type": f"{TYPE_PREFIX}{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        "errors": [
            {"pointer": f"/{error.field}", "code": error.code, "message": error.message}
            for error in errors
        ],
        "request_id": current_request_id(),
        **more,
    }
    return HttpResponse(orjson.dumps(document), status=status, content_type=CONTENT_TYPE)


def problem_of(error: Refusal) -> HttpResponse:
    """The problem document for what an action said."""
    if isinstance(error, Refused):
        more = {"survivor_id": str(error.survivor_id)} if isinstance(error, Merged) else {}
        answer = problem(error.status, error.code, detail=error.detail, errors=error.errors, **more)
        if error.retry_after:
            answer["Retry-After"] = str(error.retry_after)
        return answer
    if isinstance(error, Denied):
        detail = error.detail or _lacking(error)
        needed, any_of = list(error.permissions), list(error.any_of)
        return problem(403, error.code, detail=detail, permissions=needed, any_of=any_of)
    if isinstance(error, NotThere):
        return problem(404, error.code, detail=_("There is no such record here."))
    if isinstance(error, Stale):
        answer = problem(412, error.code, detail=_("The record was changed since it was read."))
        answer["ETag"] = etag(error.current.version)
        return answer
    return problem(error.status, error.code, detail=error.detail)


def _lacking(error: Denied) -> str:
    if not error.any_of:
        return _("A permission is missing.")
    text = _("One of these permissions is enough: %(codes)s.")
    return text % {"codes": ", ".join(error.any_of)}


def etag(version: int) -> str:
    """The strong entity tag of a record's version."""
    return f'"{version}"'
