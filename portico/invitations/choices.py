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
