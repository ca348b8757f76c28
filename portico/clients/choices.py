"""What a person may be allowed to do in the portal, and states derived for lists."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ClientPermission(TextChoices):
    """Permissions that client roles are made of."""

    SUBMIT_REQUESTS = "submit_requests", _("Send requests")
    VIEW_ORGANIZATION_REQUESTS = (
        "view_organization_requests",
        _("See the requests of the whole team"),
    )
    VIEW_INVOICES = "view_invoices", _("See invoices")
    VIEW_JOBS = "view_jobs", _("See jobs")
    VIEW_LOCATIONS = "view_locations", _("See locations")
    MANAGE_ORGANIZATION_USERS = "manage_organization_users", _("Invite and manage the team")


class MembershipStatus(TextChoices):
    """What the end date says today (domain.md, Membership end)."""

    OPEN = "open", _("Running")
    ENDING = "ending", _("Ending")
    ENDED = "ended", _("Ended")


ENDING_WITHIN_DAYS = 30
