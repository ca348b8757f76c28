"""The cast: who stands before the doors, and what domain.md says they hold."""

from dataclasses import dataclass, field
from enum import StrEnum

AGENT_CODES = frozenset(
    [
        "view_clients",
        "create_clients",
        "edit_clients",
        "delete_clients",
        "manage_client_organizations",
        "view_requests",
        "manage_requests",
        "manage_request_types",
        "view_jobs",
        "manage_jobs",
        "view_invoices",
        "manage_invoices",
        "manage_services",
        "manage_portal",
        "manage_team",
        "manage_workspace",
        "view_history",
        "import_clients",
        "export_clients",
        "erase_people",
    ]
)
READING_CODES = frozenset(
    [
        "view_clients",
        "view_requests",
        "view_jobs",
        "view_invoices",
        "view_history",
        "export_clients",
    ]
)
ADMIN_OF_ORGANIZATION = frozenset(
    [
        "submit_requests",
        "view_organization_requests",
        "view_invoices",
        "view_jobs",
        "view_locations",
        "manage_organization_users",
    ]
)


class Standing(StrEnum):
    """How somebody stands before any route is asked for."""

    NOBODY = "nobody"  # not signed in, or no longer let in
    ENDED = "ended"  # signed in, but the membership ended: one closed page
    INSIDE = "inside"


@dataclass(frozen=True, kw_only=True)
class Member:
    """One of the cast. `organization`: "acme", "birch", "ended" or none; `roles` are given as such.

    `permissions` are written down here by hand, from domain.md, so that the walk does not ask the
    product what the product should do. `sees`: the canary words that may be shown to this member.
    """

    name: str
    kind: str = "agent"
    standing: Standing = Standing.INSIDE
    permissions: frozenset[str] = frozenset()
    licence: str = "full"
    organization: str = ""
    roles: tuple[str, ...] = ()
    fields: dict[str, bool] = field(default_factory=dict, hash=False)
    workspace: str = "northstar"
    has_joined: bool = True

    @property
    def sees(self) -> frozenset[str]:
        """The canary words that this member may read."""
        if self.standing is Standing.NOBODY:
            return frozenset()
        if self.workspace == "zenith":
            return frozenset({"CANARYZENITH"})
        if self.kind == "person":
            return frozenset({f"CANARY{self.organization.upper()}"})
        if "view_clients" in self.permissions:
            return frozenset({"CANARYACME", "CANARYBIRCH", "CANARYENDED"})
        return frozenset()


def _agent(name: str, *codes: str) -> Member:
    held = frozenset(codes)
    implied = held & {
        *("create_clients", "edit_clients", "delete_clients", "manage_client_organizations"),
    }
    return Member(name=name, permissions=held | ({"view_clients"} if implied else set()))


def _person(name: str, role: str, *codes: str, organization: str = "acme") -> Member:
    return Member(
        name=name,
        kind="person",
        licence="",
        organization=organization,
        roles=(role,) if role else (),
        permissions=frozenset(codes),
    )


def _outside(name: str, *, kind: str = "person", **fields: bool) -> Member:
    return Member(
        name=name,
        kind=kind,
        standing=Standing.NOBODY,
        licence="" if kind == "person" else "full",
        organization="acme" if kind == "person" else "",
        permissions=AGENT_CODES if kind == "agent" else frozenset(),
        fields=fields,
    )


ANONYMOUS = Member(name="anonymous", kind="", standing=Standing.NOBODY)
OWNER = Member(name="owner", permissions=AGENT_CODES, roles=("Owner",))
STRANGER = Member(
    name="owner_of_another_workspace",
    permissions=AGENT_CODES,
    roles=("Owner",),
    workspace="zenith",
)
CAST = (
    ANONYMOUS,
    _person("guest", "Guest", "submit_requests"),
    _person("client_user", "Client", "submit_requests", "view_invoices", "view_locations"),
    _person("organization_admin", "Admin", *ADMIN_OF_ORGANIZATION),
    _person("admin_of_another_organization", "Admin", *ADMIN_OF_ORGANIZATION, organization="birch"),
    _person("person_without_organization", "", organization=""),
    _outside("disabled_person", is_disabled=True),
    _outside("archived_person", archived_at=True),
    Member(
        name="ended_person",
        kind="person",
        licence="",
        standing=Standing.ENDED,
        organization="ended",
        roles=("Admin",),
    ),
    Member(
        name="invited_person",
        kind="person",
        licence="",
        standing=Standing.NOBODY,
        organization="acme",
        has_joined=False,
    ),
    _outside("disabled_agent", kind="agent", is_disabled=True),
    _outside("archived_agent", kind="agent", archived_at=True),
    _agent("agent_without_permissions"),
    _agent("agent_who_views", "view_clients"),
    _agent("agent_who_creates", "create_clients"),
    _agent("agent_who_edits", "edit_clients"),
    _agent("agent_who_deletes", "delete_clients"),
    _agent("agent_of_organizations", "manage_client_organizations"),
    _agent("agent_who_deletes_organizations", "delete_clients", "manage_client_organizations"),
    Member(
        name="read_only_owner", permissions=READING_CODES, licence="read_only", roles=("Owner",)
    ),
    Member(name="workspace_admin", permissions=AGENT_CODES - {"erase_people"}, roles=("Admin",)),
    OWNER,
    STRANGER,
)
