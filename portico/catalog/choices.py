"""Why somebody may ask for a service, or may not."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Reason(TextChoices):
    """What decides it; the first two allow."""

    SUBSCRIBED = "subscribed", _("Subscribed")
    FOR_EVERYONE = "for_everyone", _("Offered to everyone")
    SERVICE_INACTIVE = "service_inactive", _("The service is not active")
    ORGANIZATION_ARCHIVED = "organization_archived", _("Archived")
    ORGANIZATION_INACTIVE = "organization_inactive", _("Inactive")
    MEMBERSHIP_ENDED = "membership_ended", _("Ended")
    NO_PERMISSION = "no_permission", _("No permission to send requests")
    NO_ORGANIZATION = "no_organization", _("In no team")
    NOT_SUBSCRIBED = "not_subscribed", _("Not subscribed")
    NOT_BEGUN = "not_begun", _("Not begun")
    OVER = "over", _("Over")


ALLOWING = frozenset({Reason.SUBSCRIBED, Reason.FOR_EVERYONE})
