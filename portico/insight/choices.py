"""What saved views are views of."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ViewSubject(TextChoices):
    """The lists that can be saved as views."""

    ORGANIZATIONS = "organizations", _("Organizations")
    PEOPLE = "people", _("People")
