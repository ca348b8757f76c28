"""What the workspace offers: services, and who is subscribed to them."""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """Services and subscriptions."""

    name = "portico.catalog"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Add the menu entry, the tab of organizations, the words of events and their undoing."""
        from portico.catalog import filters, panels, reversals
