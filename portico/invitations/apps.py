"""Invite, resend, cancel, accept."""

from django.apps import AppConfig


class InvitationsConfig(AppConfig):
    """Invitations."""

    name = "portico.invitations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what this app adds to the open lists of the apps below."""
        from portico.invitations import filters, guards, mails, panels, receivers, reversals
