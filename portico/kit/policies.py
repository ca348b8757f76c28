"""The registry of route policies: what each page and endpoint demands.

There is no default: a view without a policy is refused by the middleware and fails the tests that
walk all routes. Actions check permissions themselves all the same; the policy makes the refusal
early and visible.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any, TypeVar

from portico.kit.actors import Actor
from portico.kit.errors import Denied, NotThere
from portico.kit.tenancy.scope import current_scope

View = TypeVar("View", bound=Callable[..., Any])


class Audience(StrEnum):
    """For whom a route is."""

    PUBLIC = "public"  # anybody, signed in or not
    AGENT = "agent"  # people of the workspace's own team
    PERSON = "person"  # people of the client side, in the portal
    SIGNED_IN = "signed_in"  # both
    ENDED = "ended"  # both, and a person whose membership ended


class Body(IntEnum):
    """The largest request body of a route, in bytes."""

    JSON = 1 * 1024 * 1024
    FORM = 2 * 1024 * 1024
    AVATAR = 5 * 1024 * 1024
    IMPORT = 20 * 1024 * 1024
    ATTACHMENT = 50 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Policy:
    """What a route demands of who calls it.

    `permissions`: the actor needs all of them; `any_of`: at least one. `writes`: the route changes
    something, so it is POST-only unless `methods` says otherwise. `why` is required of public ones.
    `module`: where this part of the product is switched off, the route does not exist.
    """

    name: str
    audience: Audience
    permissions: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    writes: bool = False
    methods: tuple[str, ...] = ("GET", "HEAD")
    body: Body = Body.FORM
    module: str = ""
    own_account: bool = False
    why: str = ""

    def __post_init__(self) -> None:
        if self.audience is Audience.PUBLIC and not self.why:
            raise ValueError(f"{self.name}: a public route says why it is public.")

    def check(self, actor: Actor | None) -> None:
        """Raise what keeps this actor out, if anything does.

        An agent's page does not exist for a person, nor a portal page for an agent (NotThere); a
        missing permission is Denied by name. Nobody signed in is the caller's business: it
        redirects to the sign-in page or answers 401.
        """
        if self.audience is Audience.PUBLIC or actor is None:
            return
        if self.audience is Audience.AGENT and not actor.is_agent:
            raise NotThere
        if self.audience is Audience.PERSON and not actor.is_person:
            raise NotThere
        if self.module and not current_scope().has_module(self.module):
            raise NotThere
        actor.require(*self.permissions)
        if self.any_of:
            actor.require_any(*self.any_of)
        if self.writes and actor.licence == "read_only" and not self.own_account:
            raise Denied("full_licence")


def policy_of(view: Callable[..., Any]) -> Policy | None:
    """The declared policy of a view or operation, or None."""
    return getattr(view, "policy", None)


def page(name: str, audience: Audience, **demands: Any) -> Callable[[View], View]:
    """Declare the policy of a page view: `@page("people.edit", AGENT, permissions=(...))`.

    A page that writes answers GET (its form) and POST unless `methods` says otherwise.
    """
    if demands.get("writes"):
        demands.setdefault("methods", ("GET", "HEAD", "POST"))
    policy = Policy(name=name, audience=audience, **demands)

    def declare(view: View) -> View:
        view.policy = policy  # type: ignore[attr-defined]
        return view

    return declare
