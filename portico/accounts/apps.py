"""Users, sign-in, sessions, preferences."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Sign-in identities."""

    name = "portico.accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Stamp a sign-in by one statement of our own; say which files are avatars."""
        from django.contrib.auth.signals import user_logged_in

        from portico.accounts import receivers, reports
        from portico.files.guards import add_file_use

        add_file_use(reports.avatars_in_use)
        # Django's own receiver would move `updated_at`.
        user_logged_in.disconnect(dispatch_uid="update_last_login")
        user_logged_in.connect(receivers.stamp_sign_in, dispatch_uid="portico.stamp_sign_in")
