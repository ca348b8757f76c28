"""People by the client roles that they hold in a membership."""

from django.utils.translation import gettext as _

from portico.clients.filters.grammar import ANY, EMPTY, EQUALS, NOT, FilterField, FilterKind
from portico.clients.filters.links import Links
from portico.clients.models import Membership
from portico.kit.ids import parse_id
from portico.workspaces.choices import RoleKind
from portico.workspaces.models import Role

# Somebody may hold a role in two of their places.
_HELD = Links(
    rows=Membership.objects.all,
    column="person_id",
    named="role_assignments__role_id",
    holding=lambda: Membership.objects.filter(role_assignments__isnull=False),
)


def role_field() -> FilterField:
    """The field by which people are found who hold a role, in whichever of their places."""
    return FilterField(
        name="role",
        label=lambda: _("Role"),
        kind=FilterKind.CHOICE,
        operators=(EQUALS, ANY, NOT, EMPTY),
        choices=_client_roles,
        is_open=True,
        is_possible=lambda value: parse_id(value) is not None,
        narrow=_HELD.narrow,
        leads=_HELD.leads,
        is_indexed=True,
    )


def _client_roles() -> list[tuple[str, str]]:
    roles = Role.objects.filter(kind=RoleKind.CLIENT).order_by("name").values_list("pk", "name")
    return [(str(key), name) for key, name in roles]
