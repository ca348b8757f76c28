"""People by the client roles that they hold in a membership."""

from typing import Any

from django.utils.translation import gettext as _

from portico.clients.filters.grammar import ANY, EMPTY, EQUALS, NOT, FilterField, FilterKind
from portico.clients.models import Membership
from portico.kit.ids import parse_id
from portico.kit.narrowing import led, linked, unlinked
from portico.workspaces.choices import RoleKind
from portico.workspaces.models import Role

_PERSON = "person_id"


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
        narrow=_holding,
        leads=_leads,
        is_indexed=True,
    )


def _client_roles() -> list[tuple[str, str]]:
    roles = Role.objects.filter(kind=RoleKind.CLIENT).order_by("name").values_list("pk", "name")
    return [(str(key), name) for key, name in roles]


def _holding(rows: Any, *, operator: str, value: Any) -> Any:
    if operator == EMPTY:
        held = Membership.objects.filter(role_assignments__isnull=False)
        return rows.filter((unlinked if value else linked)(rows, held, column=_PERSON))
    keys = [parse_id(text) for text in value]
    if operator != EQUALS:
        held = Membership.objects.filter(role_assignments__role_id__in=keys)
        fits = unlinked if operator == NOT else linked
        return rows.filter(fits(rows, held, column=_PERSON))
    for key in keys:
        held = Membership.objects.filter(role_assignments__role_id=key)
        rows = rows.filter(linked(rows, held, column=_PERSON))
    return rows


def _leads(rows: Any, *, operator: str, value: Any) -> list[Any] | None:
    """The memberships with one role; whoever holds it in two is there once."""
    if operator not in {EQUALS, ANY} or len(value) != 1:
        return None
    held = Membership.objects.filter(role_assignments__role_id=parse_id(value[0]))
    return [led(rows, held, column=_PERSON).distinct()]
