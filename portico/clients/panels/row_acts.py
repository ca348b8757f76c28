"""What other apps add to rows: buttons to people of a narrowed list, links to organizations."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from portico.clients.models import Organization, Person
from portico.kit.actors import Actor
from portico.ui.jinja import url


@dataclass(frozen=True, kw_only=True)
class RowAct:
    """One button of a row: its word, what it is called read alone, the address it posts to."""

    label: str
    title: str
    url: str


@dataclass(frozen=True, kw_only=True)
class RowActs:
    """The buttons of one app, shown while the list is narrowed by the field `narrowed_by`.

    `acts(actor, people)` is asked once per page, in a fixed number of queries. What a button
    posts to gets a form token and `back`, the list's own address, to return to.
    """

    narrowed_by: str
    acts: Callable[[Actor, Sequence[Person]], Mapping[UUID, Sequence[RowAct]]]


@dataclass(frozen=True, kw_only=True)
class OrganizationLink:
    """A link at each row of organizations whose people may sign in, opened as a dialog.

    `view` is a page of another app whose address takes the organization's `id`; `title(name)` is
    what the link is called read alone. Shown to who holds `permission`.
    """

    view: str
    label: Callable[[], str]
    title: Callable[[str], str]
    permission: str


_row_acts: dict[str, RowActs] = {}
_organization_links: dict[str, OrganizationLink] = {}


def add_row_acts(acts: RowActs) -> None:
    """Add buttons to rows of people; a second one for the same field replaces it."""
    _row_acts[acts.narrowed_by] = acts


def row_acts_of(
    actor: Actor, people: Sequence[Person], *, narrowed_by: Collection[str]
) -> dict[UUID, list[RowAct]]:
    """The buttons of these rows in a list that is narrowed by these fields."""
    found: dict[UUID, list[RowAct]] = {}
    for source in _row_acts.values():
        if source.narrowed_by not in narrowed_by or not people:
            continue
        for key, acts in source.acts(actor, people).items():
            found.setdefault(key, []).extend(acts)
    return found


def add_organization_link(link: OrganizationLink) -> None:
    """Add a link to rows of organizations; a second one to the same view replaces it."""
    _organization_links[link.view] = link


def organization_links_of(
    actor: Actor, organizations: Sequence[Organization]
) -> dict[UUID, list[RowAct]]:
    """The links of these rows that this actor gets."""
    links = [link for link in _organization_links.values() if actor.may(link.permission)]
    return {
        row.pk: [
            RowAct(
                label=link.label(),
                title=link.title(row.name),
                url=url(link.view, id=row.pk),
            )
            for link in links
        ]
        for row in organizations
    }
