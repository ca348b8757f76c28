"""The open list of what goes over when two records become one: one entry per table and side.

Apps above add theirs at start-up. A foreign key to an organization or a person that stands neither
here nor among the exceptions of the test fails it: nothing is left without its record.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, Q
from django.utils.translation import ngettext

from portico.accounts.models import User
from portico.clients.choices import PropertySubject
from portico.clients.models import (
    AccountManager,
    Location,
    Membership,
    MembershipRole,
    Organization,
    OrganizationTag,
    PersonTag,
)
from portico.ui.words import say_n


@dataclass(frozen=True, kw_only=True)
class Child:
    """Rows that hang on a row that collapses: they go to the one that stays, `same` ones once."""

    model: type[Model]
    column: str
    same: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class MergePart:
    """A table whose rows go from the source to the survivor.

    `column` is the foreign key that changes. Rows that are equal in `same` on both sides collapse
    into the survivor's, where both fit `among`; with `settle` the source's is kept, with these
    values. `flag` is what at most one row of each `flag_owner` has. `label(n)` names the rows in
    the sums of the preview; without one they are not shown.
    """

    subject: PropertySubject
    name: str
    model: type[Model]
    column: str
    same: tuple[str, ...] = ()
    among: Q = field(default_factory=Q)
    flag: str = ""
    flag_owner: str = ""
    settle: Mapping[str, Any] | None = None
    children: tuple[Child, ...] = ()
    label: Callable[[int], str] | None = None

    @property
    def table(self) -> str:
        """How the rows are named in what undo keeps."""
        return self.model._meta.label


_parts: dict[tuple[PropertySubject, str], MergePart] = {}


def add_merge_part(part: MergePart) -> None:
    """Add a table; a second one of the same side and name replaces the first."""
    _parts[part.subject, part.name] = part


def merge_parts(subject: PropertySubject) -> list[MergePart]:
    """The tables of this side, in the order in which they were added."""
    return [part for (side, _name), part in _parts.items() if side == subject]


_ROLES = (Child(model=MembershipRole, column="membership_id", same=("role_id",)),)

for _part in (
    MergePart(
        subject=PropertySubject.ORGANIZATION,
        name="people",
        model=Membership,
        column="organization_id",
        same=("person_id",),
        flag="is_primary",
        flag_owner="person_id",
        children=_ROLES,
        label=lambda n: say_n("%(n)s person", "%(n)s people", n),
    ),
    MergePart(
        subject=PropertySubject.ORGANIZATION,
        name="locations",
        model=Location,
        column="organization_id",
        label=lambda n: ngettext("%(n)s location", "%(n)s locations", n) % {"n": f"{n:,}"},
    ),
    MergePart(
        subject=PropertySubject.ORGANIZATION,
        name="account_managers",
        model=AccountManager,
        column="organization_id",
        same=("agent_id",),
        flag="is_first",
        flag_owner="organization_id",
        label=lambda n: ngettext("%(n)s manager", "%(n)s managers", n) % {"n": f"{n:,}"},
    ),
    MergePart(
        subject=PropertySubject.ORGANIZATION,
        name="tags",
        model=OrganizationTag,
        column="organization_id",
        same=("tag_id",),
        label=lambda n: ngettext("%(n)s tag", "%(n)s tags", n) % {"n": f"{n:,}"},
    ),
    MergePart(
        subject=PropertySubject.ORGANIZATION,
        name="merged",
        model=Organization,
        column="merged_into_id",
    ),
    MergePart(
        subject=PropertySubject.PERSON,
        name="memberships",
        model=Membership,
        column="person_id",
        same=("organization_id",),
        flag="is_primary",
        flag_owner="person_id",
        children=_ROLES,
        label=lambda n: ngettext("%(n)s membership", "%(n)s memberships", n) % {"n": f"{n:,}"},
    ),
    MergePart(
        subject=PropertySubject.PERSON,
        name="tags",
        model=PersonTag,
        column="person_id",
        same=("tag_id",),
        label=lambda n: ngettext("%(n)s tag", "%(n)s tags", n) % {"n": f"{n:,}"},
    ),
    MergePart(subject=PropertySubject.PERSON, name="merged", model=User, column="merged_into_id"),
):
    add_merge_part(_part)
