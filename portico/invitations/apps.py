"""Invite, resend, cancel, accept."""

from django.apps import AppConfig


class InvitationsConfig(AppConfig):
    """Invitations."""

    name = "portico.invitations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what this app adds to the open lists of the apps below."""
        from portico.clients.actions.memberships import add_membership_follower
        from portico.clients.actions.readdressing import add_address_follower
        from portico.invitations import filters, guards, mails, panels, receivers, reversals
        from portico.invitations.actions.following import follow_person, void_of_readdressed
        from portico.invitations.panels import many

        add_membership_follower(follow_person)
        add_address_follower(void_of_readdressed)
