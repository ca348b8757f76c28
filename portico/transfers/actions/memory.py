"""What an import remembers of the rows before, so that the first of equal rows wins."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from portico.kit.names import name_key
from portico.transfers.choices import Match
from portico.transfers.reading.drafts import OrganizationDraft, PersonDraft


@dataclass(eq=False)
class Place:
    """An organization that people are put into: one that is there, or one about to be created."""

    fields: dict[str, Any] = field(default_factory=dict)
    id: UUID | None = None


class Memory:
    """Keys of accepted rows, and in a dry run the organizations that would be there by now.

    What a chunk adds is kept when the chunk was saved, and forgotten when it has to be planned
    again. Keys are short texts, so that a hundred thousand rows take a few megabytes.
    """

    def __init__(self, *, is_dry: bool) -> None:
        self.is_dry = is_dry
        self.people_created = 0
        self._rows: dict[str, int] = {}
        self._new_rows: dict[str, int] = {}
        self._places: dict[str, Place] = {}
        self._new_places: dict[str, Place] = {}
        self._new_people = 0
        self._tags: dict[str, str] = {}
        self._new_tags: dict[str, str] = {}

    def row_of(self, key: str) -> int | None:
        """The number of the accepted row with this key, if there is one."""
        return self._new_rows.get(key) or self._rows.get(key)

    def add(self, keys: Iterable[str], number: int) -> None:
        """Remember the keys of an accepted row."""
        for key in keys:
            self._new_rows.setdefault(key, number)

    def place(self, key: str) -> Place | None:
        """The organization of this name that an earlier row creates."""
        return self._new_places.get(key) or self._places.get(key)

    def add_place(self, key: str, place: Place) -> None:
        """Remember an organization that a row creates."""
        self._new_places[key] = place

    def add_tags(self, names: Iterable[str]) -> int:
        """Remember tags that are not there yet; how many of them no earlier row has."""
        before = len(self._new_tags)
        for name in names:
            if name_key(name) not in self._tags:
                self._new_tags.setdefault(name_key(name), name)
        return len(self._new_tags) - before

    def spelled(self, names: Iterable[str]) -> list[str]:
        """The names of tags as the first row wrote them."""
        known = self._tags | self._new_tags
        return [known.get(name_key(name), name) for name in names]

    def add_people(self, count: int = 1) -> None:
        """Count the people that a row creates or brings back."""
        self._new_people += count

    @property
    def people_pending(self) -> int:
        """People that the plan's limit does not see yet: of the chunk, in a dry run of all."""
        return self._new_people + (self.people_created if self.is_dry else 0)

    def keep(self) -> None:
        """The chunk was saved. In a run the workspace holds its organizations from now on."""
        self._rows.update(self._new_rows)
        if self.is_dry:
            self._places.update(self._new_places)
        self._tags |= self._new_tags
        self.people_created += self._new_people
        self.forget()

    def forget(self) -> None:
        """The chunk was not saved."""
        self._new_rows, self._new_places, self._new_people = {}, {}, 0
        self._new_tags = {}


def person_keys(draft: PersonDraft, *, match: str = Match.AUTO) -> list[str]:
    """The keys under which a person of a row is remembered; the name where it is the key."""
    keys = [f"e:{draft.email_key}"] if draft.email_key else []
    keys += [f"r:{draft.reference}"] if draft.reference else []
    return [*keys, f"m:{name_key(draft.name)}"] if match == Match.NAME else keys


def organization_keys(draft: OrganizationDraft) -> list[str]:
    """The keys under which an organization of a row is remembered."""
    keys = [f"n:{name_key(draft.name)}"]
    return [*keys, f"o:{draft.reference}"] if draft.reference else keys


def remember(
    memory: Memory, draft: PersonDraft | OrganizationDraft, *, number: int, match: str
) -> None:
    """Remember an accepted row that another process worked off."""
    memory.add_tags(draft.tags)
    if isinstance(draft, OrganizationDraft):
        memory.add(organization_keys(draft), number)
        contact = draft.contact
        memory.add(person_keys(contact) if contact else (), number)
        return
    memory.add(person_keys(draft, match=match), number)
