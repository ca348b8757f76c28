"""All routes of the product, found by walking Django's resolver and ninja's operations.

`python -m tests.doors.routes` writes `routes.lock` anew.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

from portico.kit.endpoints import operations_of
from portico.kit.policies import Policy, policy_of

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
LOCK = Path(__file__).with_name("routes.lock")
LOCK_HEAD = """\
# Every address of the product: methods, address, policy, audience, what it demands.
# Refresh: DJANGO_SETTINGS_MODULE=tests.settings .venv/bin/python -m tests.doors.routes
"""


@dataclass(frozen=True, kw_only=True)
class Route:
    """An address: its parameters (name to converter) and its policy for each method it answers."""

    pattern: str
    name: str
    parameters: Mapping[str, str] = field(hash=False)
    policies: Mapping[str, Policy | None] = field(hash=False)
    is_api: bool

    def address(self, values: Mapping[str, Any]) -> str:
        """The path with these values for its parameters, well formed or not."""
        path = self.pattern
        for name, converter in self.parameters.items():
            path = path.replace(f"<{converter}:{name}>", str(values[name]))
        return path


def all_routes(urlconf: str | None = None) -> list[Route]:
    """Every route of the product (or of another root), in the order of the addresses."""
    # ninja names each operation of one address, so that the same view stands there several times.
    found = {(route.pattern, route.is_api): route for route in _walk(get_resolver(urlconf), "/")}
    return sorted(found.values(), key=lambda route: route.pattern)


def undeclared(routes: list[Route]) -> list[str]:
    """The routes that demand nothing because nobody said what they demand."""
    return [
        f"{method} {route.pattern} has no policy"
        for route in routes
        for method, policy in (route.policies or {"every method of": None}).items()
        if policy is None
    ]


def lock_of(routes: list[Route]) -> str:
    """The snapshot of these routes."""
    return LOCK_HEAD + "".join(f"{line}\n" for route in routes for line in _lines(route))


def _walk(resolver: URLResolver, prefix: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        assert isinstance(entry.pattern, RoutePattern), f"{entry.pattern} is no plain path"
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, path)
        else:
            yield _route(entry, path)


def _route(entry: URLPattern, path: str) -> Route:
    operations = operations_of(entry.callback)
    if operations is None:
        policy = policy_of(entry.callback)
        methods = policy.methods if policy else ()
        policies: dict[str, Policy | None] = dict.fromkeys(methods, policy)
    else:
        policies = {
            method: policy_of(operation.view_func)
            for operation in operations
            for method in operation.methods
        }
    converters = _converters(path)
    return Route(
        pattern=path,
        name=entry.name or "",
        parameters=converters,
        policies=policies,
        is_api=operations is not None,
    )


def _converters(path: str) -> dict[str, str]:
    """Parameter names and their converters, as they stand in the address."""
    parts = [part.partition(">")[0] for part in path.split("<")[1:]]
    pairs = (part.partition(":") for part in parts)
    return {name: converter for converter, _colon, name in pairs}


def _lines(route: Route) -> Iterator[str]:
    by_policy: dict[Policy | None, list[str]] = {}
    for method, policy in route.policies.items():
        by_policy.setdefault(policy, []).append(method)
    for policy, methods in sorted(by_policy.items(), key=lambda item: item[1]):
        demands = _demands(policy) if policy else "UNDECLARED"
        yield f"{','.join(methods)} {route.pattern} {demands}"


def _demands(policy: Policy) -> str:
    parts = [policy.name, str(policy.audience), *policy.permissions]
    if policy.any_of:
        parts.append("|".join(policy.any_of))
    marks = {"writes": policy.writes, "own_account": policy.own_account}
    parts += [mark for mark, holds in marks.items() if holds]
    return " ".join([*parts, f"body={policy.body.name}"])


if __name__ == "__main__":
    import django

    django.setup()
    LOCK.write_text(lock_of(all_routes()))
