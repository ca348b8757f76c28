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


class TagColour(TextChoices):
    """Colours of tags; each has a pair of tokens that keeps AA contrast in both themes."""

    GREY = "grey", _("Grey")
    RED = "red", _("Red")
    ORANGE = "orange", _("Orange")
    YELLOW = "yellow", _("Yellow")
    GREEN = "green", _("Green")
    TEAL = "teal", _("Teal")
    BLUE = "blue", _("Blue")
    VIOLET = "violet", _("Violet")


class PropertySubject(TextChoices):
    """Which kind of record a custom property belongs to (or which kind was merged)."""

    ORGANIZATION = "organization", _("Organization")
    PERSON = "person", _("Person")


class PropertyKind(TextChoices):
    """What a custom property holds."""

    TEXT = "text", _("Text")
    NUMBER = "number", _("Number")
    DATE = "date", _("Date")
    YES_NO = "yes_no", _("Yes or no")
    CHOICE = "choice", _("One of a list")
    CHOICES = "choices", _("Several of a list")
    URL = "url", _("Web address")
    EMAIL = "email", _("E-mail")
