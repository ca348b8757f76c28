"""Start an export of a list, or of some of its records."""

from collections.abc import Mapping, Sequence
from typing import Literal, get_args
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from portico.clients.choices import PropertySubject
from portico.clients.filters import OrganizationFilter, PersonFilter
from portico.clients.filters.saved import with_view
from portico.clients.models import Organization, Person, require_all_found
from portico.kit.actors import Actor
from portico.kit.dates import today_in
from portico.kit.errors import Refused
from portico.kit.selection import Selection
from portico.kit.tenancy.scope import current_scope
from portico.operations.actions import start_operation
from portico.operations.models import Operation
from portico.transfers.reading.fields import Kind
from portico.ui.words import say
from portico.workspaces.choices import Permission

EXPORT = "export"
"""The kind of long work."""

Format = Literal["csv", "xlsx", "json"]
MODELS = {"people": Person, "organizations": Organization}
_SUBJECTS = {"people": PropertySubject.PERSON, "organizations": PropertySubject.ORGANIZATION}
ID_LENGTH = 16


@transaction.atomic
def start_export(
    actor: Actor,
    kind: Kind,
    *,
    filters: Mapping[str, str] | None = None,
    ids: Sequence[UUID] | None = None,
    form: Format = "csv",
    headings: Sequence[str] = (),
) -> Operation:
    """Let the worker write a list to a file, as it is narrowed and sorted, or some records.

    Those of `ids` are written in their order. `headings` are the columns; none of them stands for
    all, which can be imported again whole. A view that the parameters name is looked up now: what
    it becomes later changes no file. What is written is what the one who asks may see while it is
    written. Raises Denied, NotThere for an id that is not there, and Refused for parameters that
    mean nothing ("unknown_parameter", "unknown_value") or an unknown format.
    """
    actor.require(Permission.EXPORT_CLIENTS, Permission.VIEW_CLIENTS)
    if form not in get_args(Format):
        raise Refused("unknown_choice", _("Choose one of these."), field="format")
    meant = with_view(actor, _SUBJECTS[kind], filters or {})
    filter_of(kind, meant, me=actor.user_id)
    keys = None if ids is None else list(dict.fromkeys(ids))
    if keys is not None:
        model, selection = MODELS[kind], Selection(ids=keys)
        found = model.objects.visible_to(actor).filter(pk__in=keys).count()
        require_all_found(actor, selection, model=model, found=found)
    return start_operation(
        actor,
        EXPORT,
        title=_file_name(kind, form),
        options={
            "kind": kind,
            "filter": _kept(meant),
            "format": form,
            "headings": list(headings),
        },
        file=None if keys is None else ContentFile(b"".join(key.bytes for key in keys)),
    )


def ids_between(operation: Operation, first: int, *, end: int) -> list[UUID]:
    """The records from one place of the order to before `end`."""
    with operation.file.open("rb") as file:
        file.seek(first * ID_LENGTH)
        packed = file.read((end - first) * ID_LENGTH)
    starts = range(0, len(packed), ID_LENGTH)
    return [UUID(bytes=packed[start : start + ID_LENGTH]) for start in starts]


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
