"""What is sent to a door: ids in the address, a form or a JSON body full of ids, a version."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import orjson

from portico.config.openapi import openapi
from tests.doors.cast import Member
from tests.doors.routes import Route
from tests.doors.stage import Stage

# The noun of an id in an address, where it is not the word before it.
NOUNS = {
    "changes": "events",
    "team": "agents",
    "choose": "people",
    "key": "people",
    "imports": "operations",
}
KNOWN = {
    *("organizations", "people", "agents", "events", "invitations", "mails", "operations", "keys"),
    *("services", "subscriptions", "avatars"),
    *("tags", "properties", "locations", "memberships", "views", "roles"),
}
KINDS = ("own", "other_organization", "archived", "other_workspace", "unknown")
TOKEN = "not-a-token"
# What stands at a place of an address that is neither an id nor a token.
TEXTS = {"field": "name", "subject": "organizations", "colour": "1f6feb"}
MALFORMED = ("0", "-1", "1e9", "%00", "x" * 300, "%2e%2e%2f", "é")


def noun_of(route: Route, parameter: str) -> str:
    """The noun whose id stands at this place of the address: the word before it, as a rule."""
    before = route.pattern.partition(f"{parameter}>")[0].rpartition("<")[0]
    word = before.rstrip("/").rpartition("/")[2]
    noun = NOUNS.get(word, word)
    assert noun in KNOWN, f"{route.pattern}: which record is a {word}? Add it to the stage."
    return noun


def fillings(route: Route, stage: Stage, member: Member) -> Iterator[tuple[str, dict[str, Any]]]:
    """The kinds of ids to try at this door, and what they put into the address."""
    nouns = {
        name: noun_of(route, name) for name, kind in route.parameters.items() if "uuid" in kind
    }
    for kind in KINDS:
        values: dict[str, Any] = {name: TEXTS.get(name, TOKEN) for name in route.parameters}
        for name, noun in nouns.items():
            if kind in stage.ids(member, noun):
                values[name] = stage.ids(member, noun)[kind]
        if all(isinstance(values[name], UUID) for name in nouns):
            yield kind, values


def form(stage: Stage, member: Member, kind: str, *, noun: str) -> dict[str, Any]:
    """A form that names a record of this kind wherever a page might look for an id."""
    row = _id(stage, member, noun, kind=kind)
    organization = _id(stage, member, "organizations", kind=kind)
    agent = _id(stage, member, "agents", kind=kind)
    return {
        "ids": [row],
        "id": row,
        "organization": organization,
        "organization_id": organization,
        "account_manager": agent,
        "support_contact": agent,
        "role": row,
        "roles": row,
        "confirmation": "DELETE",
        "version": "1",
        "name": "Walked In",
        "email": "walked@in.test",
        "workspace": str(stage.workspaces["zenith"]),
        "workspace_id": str(stage.workspaces["zenith"]),
        "user_id": _id(stage, member, "people", kind=kind),
    }


def bodies() -> dict[tuple[str, str], Mapping[str, Any]]:
    """The schema of the JSON body of each operation: (method, address) to schema."""
    document = orjson.loads(openapi(None).content)  # type: ignore[arg-type]
    components = document["components"]["schemas"]
    found = {}
    for address, operations in document["paths"].items():
        for method, operation in operations.items():
            content = operation.get("requestBody", {}).get("content", {})
            schema = content.get("application/json", {}).get("schema")
            if schema:
                found[method.upper(), address] = _resolved(schema, components)
    return found


def json_body(schema: Mapping[str, Any], stage: Stage, member: Member, *, kind: str) -> Any:
    """A body of this shape: each id is one of this kind, each text is short and plain."""
    values = {}
    for name, part in schema.get("properties", {}).items():
        value = _json_value(name, part, stage, member=member, kind=kind)
        if value is not None:
            values[name] = value
    if {"ids", "filter"} <= set(schema.get("properties", {})):
        values.pop("filter", None)
    return values


def _json_value(
    name: str, part: Mapping[str, Any], stage: Stage, *, member: Member, kind: str
) -> Any:
    text = orjson.dumps(part).decode()
    noun = {"person_id": "people", "ids": "organizations"}.get(name, "organizations")
    if '"uuid"' in text:
        value = str(_id(stage, member, noun, kind=kind))
        return [value] if '"array"' in text else value
    if name == "name":
        return "Walked In"
    if name in TEXTS:
        return TEXTS[name]
    if name == "email":
        return "walked@in.test"
    if name == "addresses":
        return ["walked@in.test"]
    return None


def _id(stage: Stage, member: Member, noun: str, *, kind: str) -> str:
    ids = stage.ids(member, noun)
    return str(ids.get(kind, ids["own"]))


def _resolved(schema: Mapping[str, Any], components: Mapping[str, Any]) -> Mapping[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    found: Mapping[str, Any] = components[name] if name else schema
    return found
