"""States of an invitation."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class InvitationState(TextChoices):
    """pending -> accepted | cancelled | expired; expired is derived from the date too."""

    PENDING = "pending", _("Pending")
    ACCEPTED = "accepted", _("Accepted")
    CANCELLED = "cancelled", _("Cancelled")
    EXPIRED = "expired", _("Expired")


class Delivery(TextChoices):
    """What became of the invitation's mail."""

    NOT_SENT = "not_sent", _("Not sent")
    QUEUED = "queued", _("Queued")
    SENT = "sent", _("Sent")
    UNDELIVERED = "undelivered", _("Not delivered")


class LinkState(TextChoices):
    """What a link leads to; all but `open` are dead ends, each with its own words."""

    OPEN = "open", _("Open")
    USED = "used", _("Used")
    CANCELLED = "cancelled", _("Cancelled")
    EXPIRED = "expired", _("Expired")
    REPLACED = "replaced", _("Replaced by a newer one")
    BLOCKED = "blocked", _("Closed for now")
    GONE = "gone", _("Gone")
    UNKNOWN = "unknown", _("Unknown")
