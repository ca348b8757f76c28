"""Questions about users of both kinds."""

from typing import Any, Self

from django.db.models import Q

from portico.accounts.choices import UserKind
from portico.kit.search import searched
from portico.kit.tenancy.models import TenantQuerySet

# True for every row, and only there to say which index finds rows of either state by their name.
ARCHIVED_OR_NOT = Q(version__gte=0)
# True for every row, and only there to say that an index made for a sort may be walked: SQLite
# knows nothing of what indexes hold, and would take it for others (all people for one agent's).
SORTED_APART = Q(version__gte=1)
# The texts that lists of people are sorted by besides names, by the columns that show them.
SORTED_TEXTS_OF_PEOPLE = {
    "given_name": "given_name",
    "family_name": "family_name",
    "position": "position",
    "phone": "phone",
    "tags": "tag_text",
    "reference": "reference",
}


class UserQuerySet(TenantQuerySet[Any]):
    """Users of the present workspace."""

    def agents(self) -> Self:
        """Those of the workspace's own team."""
        return self.filter(kind=UserKind.AGENT)

    def people(self) -> Self:
        """Those of the client side."""
        return self.filter(kind=UserKind.PERSON)

    def active(self) -> Self:
        """Those not archived."""
        return self.filter(archived_at__isnull=True)

    def archived(self) -> Self:
        """Those archived."""
        return self.filter(archived_at__isnull=False)

    def archived_or_not(self) -> Self:
        """All of them, in a list that pages through both."""
        return self.filter(ARCHIVED_OR_NOT)

    def with_address(self, email_key: str) -> Self:
        """The one whose address has this key, archived and disabled ones included (X7)."""
        return self.filter(email_key=email_key)

    def search(self, text: str, *, is_common: bool = False) -> Self:
        """Those whose name, e-mail, position or reference holds every word of the text (S2.61)."""
        return searched(self, text, is_common=is_common)
