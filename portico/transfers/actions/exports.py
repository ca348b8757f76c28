"""Start an export of a list."""

from collections.abc import Mapping
from typing import Literal, get_args
from uuid import UUID

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from portico.clients.filters import OrganizationFilter, PersonFilter
from portico.kit.actors import Actor
from portico.kit.dates import today_in
from portico.kit.errors import Refused
from portico.kit.tenancy.scope import current_scope
from portico.operations.actions import start_operation
from portico.operations.models import Operation
from portico.transfers.reading.fields import Kind
from portico.ui.words import say
from portico.workspaces.choices import Permission

EXPORT = "export"
"""The kind of long work."""

Format = Literal["csv", "xlsx", "json"]


@transaction.atomic
def start_export(
    actor: Actor, kind: Kind, *, filters: Mapping[str, str], form: Format = "csv"
) -> Operation:
    """Let the worker write a list to a file, as these parameters narrow it now.

    What is written is what the one who asks may see while it is written. Raises Denied, and Refused
    for parameters that mean nothing ("unknown_parameter", "unknown_value") or an unknown format.
    """
    actor.require(Permission.EXPORT_CLIENTS, Permission.VIEW_CLIENTS)
    if form not in get_args(Format):
        raise Refused("unknown_choice", _("Choose one of these."), field="format")
    filter_of(kind, filters, me=actor.user_id)
    return start_operation(
        actor,
        EXPORT,
        title=_file_name(kind, form),
        options={"kind": kind, "filter": _kept(filters), "format": form},
    )


def filter_of(
    kind: Kind, filters: Mapping[str, str], *, me: UUID | None
) -> OrganizationFilter | PersonFilter:
    """What the parameters of a list mean; raises Refused for those that mean nothing."""
    if kind == "people":
        return PersonFilter.read_strictly(filters, me=me)
    return OrganizationFilter.read_strictly(filters, me=me)


def _kept(filters: Mapping[str, str]) -> dict[str, str]:
    """The parameters as they are stored; the search leaves out what no database takes, too."""
    return {name: text.replace("\x00", "") for name, text in filters.items()}


def _file_name(kind: Kind, form: str) -> str:
    noun = say("People") if kind == "people" else say("Organizations")
    today = today_in(current_scope().time_zone)
    return f"{slugify(noun) or kind}-{today.isoformat()}.{form}"
