"""Presets, permissions of agents, and the system roles of both kinds, as data (domain.md)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Preset(TextChoices):
    """The four kinds of business; each has its words and its defaults."""

    FIELD_SERVICE = "field_service", _("Field service")
    AGENCY = "agency", _("Agency")
    SUPPORT_DESK = "support_desk", _("Support desk")
    PARTNER = "partner", _("Partner")


class MembershipEnd(TextChoices):
    """Whether organizations have a day on which their access ends."""

    HIDDEN = "hidden", _("Not used")
    OPTIONAL = "optional", _("Optional")
    REQUIRED = "required", _("Required")


class Module(TextChoices):
    """Parts of the product that a workspace switches on and off as a whole."""

    JOBS = "jobs", _("Jobs")
    SERVICES = "services", _("Services")
    REQUESTS = "requests", _("Requests")
    BILLING = "billing", _("Billing")
    PAGES = "pages", _("Pages, lists and charts")
    LOCATIONS = "locations", _("Locations")
    GROUPS = "groups", _("Groups")


class RoleKind(TextChoices):
    """Agent roles and client roles are two separate kinds."""

    AGENT = "agent", _("Agent role")
    CLIENT = "client", _("Client role")


class Permission(TextChoices):
    """What an agent may be allowed to do. Codes as documented by the source pages."""

    VIEW_CLIENTS = "view_clients", _("See the client list and open records")
    CREATE_CLIENTS = "create_clients", _("Add people and send invitations")
    EDIT_CLIENTS = "edit_clients", _("Change people, their roles and sign-in")
    DELETE_CLIENTS = "delete_clients", _("Archive, unarchive and delete")
    MANAGE_CLIENT_ORGANIZATIONS = (
        "manage_client_organizations",
        _("Create and edit organizations"),
    )
    VIEW_REQUESTS = "view_requests", _("See requests")
    MANAGE_REQUESTS = "manage_requests", _("Work on requests")
    MANAGE_REQUEST_TYPES = "manage_request_types", _("Set up kinds of requests")
    VIEW_JOBS = "view_jobs", _("See jobs")
    MANAGE_JOBS = "manage_jobs", _("Plan and run jobs")
    VIEW_INVOICES = "view_invoices", _("See invoices")
    MANAGE_INVOICES = "manage_invoices", _("Write invoices and record payments")
    MANAGE_SERVICES = "manage_services", _("Set up services")
    MANAGE_PORTAL = "manage_portal", _("Set up the portal")
    MANAGE_TEAM = "manage_team", _("Invite and manage the team")
    MANAGE_WORKSPACE = "manage_workspace", _("Change settings, keys and webhooks")
    VIEW_HISTORY = "view_history", _("Read the history")
    IMPORT_CLIENTS = "import_clients", _("Import files")
    EXPORT_CLIENTS = "export_clients", _("Export lists")
    ERASE_PEOPLE = "erase_people", _("Erase personal data for good")


IMPLIES_VIEW_CLIENTS = frozenset(
    {
        Permission.CREATE_CLIENTS,
        Permission.EDIT_CLIENTS,
        Permission.DELETE_CLIENTS,
        Permission.MANAGE_CLIENT_ORGANIZATIONS,
    }
)

READING = frozenset(
    {
        Permission.VIEW_CLIENTS,
        Permission.VIEW_REQUESTS,
        Permission.VIEW_JOBS,
        Permission.VIEW_INVOICES,
        Permission.VIEW_HISTORY,
        Permission.EXPORT_CLIENTS,
    }
)
"""What a read-only licence leaves of any role."""

OWNER = "Owner"
ADMIN = "Admin"

_MANAGER = frozenset(
    {
        *IMPLIES_VIEW_CLIENTS,
        Permission.VIEW_CLIENTS,
        Permission.VIEW_REQUESTS,
        Permission.MANAGE_REQUESTS,
        Permission.VIEW_JOBS,
        Permission.MANAGE_JOBS,
        Permission.MANAGE_SERVICES,
        Permission.VIEW_HISTORY,
        Permission.IMPORT_CLIENTS,
        Permission.EXPORT_CLIENTS,
    }
)

SYSTEM_AGENT_ROLES: dict[str, frozenset[str]] = {
    OWNER: frozenset(Permission.values),
    ADMIN: frozenset(Permission.values) - {Permission.ERASE_PEOPLE},
    "Manager": frozenset(_MANAGER),
    "Team member": frozenset(
        {
            Permission.VIEW_CLIENTS,
            Permission.VIEW_REQUESTS,
            Permission.MANAGE_REQUESTS,
            Permission.VIEW_JOBS,
        }
    ),
    "Viewer": frozenset(
        {
            Permission.VIEW_CLIENTS,
            Permission.VIEW_REQUESTS,
            Permission.VIEW_JOBS,
            Permission.VIEW_INVOICES,
        }
    ),
}

SYSTEM_CLIENT_ROLES: dict[str, frozenset[str]] = {
    "Viewer": frozenset({"view_jobs", "view_locations"}),
    "Guest": frozenset({"submit_requests"}),
    "Client": frozenset({"submit_requests", "view_invoices", "view_locations"}),
    ADMIN: frozenset(
        {
            "submit_requests",
            "view_organization_requests",
            "view_invoices",
            "view_jobs",
            "view_locations",
            "manage_organization_users",
        }
    ),
}
