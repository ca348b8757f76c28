"""What a door answers to whom: from the declared policy and the cast, never from the product."""

from dataclasses import dataclass

from portico.kit.policies import Audience, Policy
from tests.doors.cast import Member, Standing
from tests.doors.routes import Route

SIGN_IN = "/accounts/login/"
CLOSED = "/portal/closed/"


@dataclass(frozen=True)
class Expected:
    """`status` is exact, or None where the door opens and what is inside decides."""

    status: int | None
    location: str = ""

    @property
    def is_open(self) -> bool:
        """Whether the door opens."""
        return self.status is None


OPEN = Expected(None)
HIDDEN = Expected(404)
FORBIDDEN = Expected(403)
NOT_ALLOWED = Expected(405)
UNAUTHORIZED = Expected(401)


def expected(route: Route, method: str, member: Member) -> Expected:
    """What this member is answered at this door; `member` stands there in the way it asks for."""
    policy = route.policies.get(method)
    if policy is None:
        return NOT_ALLOWED
    if policy.audience is Audience.PUBLIC:
        return OPEN
    if member.standing is Standing.NOBODY:
        return UNAUTHORIZED if route.is_api else Expected(302, SIGN_IN)
    if member.standing is Standing.ENDED and route.is_api:
        return UNAUTHORIZED
    if member.standing is Standing.ENDED and policy.audience is not Audience.ENDED:
        return Expected(302, CLOSED)
    return _inside(policy, member)


def _inside(policy: Policy, member: Member) -> Expected:
    if policy.audience is Audience.AGENT and member.kind != "agent":
        return HIDDEN
    if policy.audience is Audience.PERSON and member.kind != "person":
        return HIDDEN
    if not member.permissions.issuperset(policy.permissions):
        return FORBIDDEN
    if policy.any_of and member.permissions.isdisjoint(policy.any_of):
        return FORBIDDEN
    if policy.writes and member.licence == "read_only" and not policy.own_account:
        return FORBIDDEN
    return OPEN
