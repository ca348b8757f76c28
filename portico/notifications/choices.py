"""States of what is sent."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class MailState(TextChoices):
    """Where an outgoing mail stands."""

    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Sent")
    UNDELIVERED = "undelivered", _("Not delivered")
    CANCELLED = "cancelled", _("Cancelled")
