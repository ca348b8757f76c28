"""The description of the API, public: it holds nothing of any workspace."""

from functools import lru_cache
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse

from portico.clients.choices import PropertySubject
from portico.clients.schemas import list_parameters
from portico.config.api import api
from portico.kit.endpoints import GRAMMAR_OF_LISTS
from portico.kit.parameters import described_once
from portico.kit.policies import Audience, page

_LISTS = {
    "/api/v1/organizations": PropertySubject.ORGANIZATION,
    "/api/v1/people": PropertySubject.PERSON,
}
PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "code", "detail", "errors", "request_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "pointer": {"type": "string"},
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                },
            },
        },
        "request_id": {"type": "string"},
        "survivor_id": {"type": "string", "format": "uuid"},
        "permissions": {"type": "array", "items": {"type": "string"}},
        "any_of": {"type": "array", "items": {"type": "string"}},
    },
}
PROBLEM_ANSWER = {
    "description": "A problem document (RFC 9457).",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


@page("api.openapi", Audience.PUBLIC, why="It describes the API and holds no data.")
def openapi(_request: HttpRequest) -> HttpResponse:
    """Answer the OpenAPI 3.1 document."""
    answer = HttpResponse(_document(), content_type="application/json")
    answer["Cache-Control"] = "public, max-age=300"
    return answer


@lru_cache(maxsize=1)
def _document() -> bytes:
    schema: dict[str, Any] = dict(api.get_openapi_schema(path_prefix="/api/v1"))
    components = schema.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    components["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    schema["security"] = [{"key": []}]
    for path, operations in schema["paths"].items():
        for operation in operations.values():
            operation["responses"]["default"] = PROBLEM_ANSWER
            added = list_parameters(_LISTS[path]) if operation.pop(GRAMMAR_OF_LISTS, False) else []
            operation["parameters"] = described_once([*operation["parameters"], *added])
    return orjson.dumps(schema, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS)
