"""Records in JSON: as the API shows them, whole or only with what the list shows."""

from collections.abc import Iterator, Sequence
from typing import Any

from portico.clients.api.organizations import organization_bodies
from portico.clients.api.people import person_bodies
from portico.clients.schemas import OrganizationOut, PersonOut
from portico.kit.actors import Actor
from portico.transfers.exports.values import readers_of
from portico.transfers.reading.fields import Kind

_ALWAYS = ("object", "id")
# Headings whose member of the API has another name; the parts of others stand in one member.
_MEMBERS = {"organization": "organizations"}
_WITH_PARTS = {"address": "address", "property": "properties"}


def bodies_of(kind: Kind, records: Sequence[Any]) -> Iterator[dict[str, Any]]:
    """Each record as the API shows it."""
    if kind == "people":
        return (PersonOut(**body).model_dump() for body in person_bodies(records))
    bodies = organization_bodies(records)
    return (OrganizationOut(**body).model_dump() for body in bodies)


def shown_bodies(
    kind: Kind, records: Sequence[Any], *, headings: Sequence[str], actor: Actor
) -> Iterator[dict[str, Any]]:
    """Each record with its id and what stands under these headings, in their order.

    What the API does not show of it (roles, the word of its status) is a text.
    """
    readers = readers_of(kind, records, headings=headings, actor=actor)
    for row, body in zip(records, bodies_of(kind, records), strict=True):
        shown = {name: body[name] for name in _ALWAYS}
        for heading, read in zip(headings, readers, strict=True):
            stem, _dot, part = heading.partition(".")
            member = _MEMBERS.get(heading, heading)
            if part:
                member = _WITH_PARTS[stem]
                shown.setdefault(member, {})[part] = body[member].get(part)
            else:
                shown[member] = body[member] if member in body else read(row)
        yield shown
