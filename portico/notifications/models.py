"""What is sent because of an event: mails, with attempts, back-off, lease and last error."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from portico.accounts.models import User
from portico.kit.tenancy.models import TenantManager, TenantModel
from portico.notifications.choices import MailState
from portico.notifications.querysets import OutgoingMailQuerySet


class OutgoingMail(TenantModel):
    """A mail to be sent, unique by (event, recipient, kind).

    The body is made when it is sent and never stored: it may carry a sign-in link. `subject_id`
    is the record that the kind of mail is about. The Message-ID is fixed with the row, so that a
    mail sent twice by a killed worker is recognised as one.
    """

    record_type = "mail"

    kind = models.CharField(max_length=60)
    event_id = models.UUIDField(null=True)
    subject_id = models.UUIDField(null=True)
    recipient = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    address = models.CharField(max_length=254)
    subject = models.CharField(max_length=254, blank=True)
    message_id = models.CharField(max_length=200)
    state = models.CharField(max_length=12, choices=MailState, default=MailState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(OutgoingMailQuerySet)()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "event_id", "address", "kind"],
                condition=Q(event_id__isnull=False),
                name="outgoing_mail_once",
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(state=MailState.WAITING),
                name="outgoing_mail_due",
            ),
            models.Index(fields=["workspace", "id"], name="outgoing_mail_newest"),
            models.Index(fields=["workspace", "subject_id", "id"], name="outgoing_mail_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.address}"
