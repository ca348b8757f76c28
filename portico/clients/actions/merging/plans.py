"""What a merge would do, computed once for the preview and for the act: the preview is the result.

Reads, writes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from django.utils.translation import gettext as _

from portico.clients.actions.merging.parts import MergePart, merge_parts
from portico.clients.choices import PropertySubject
from portico.clients.cleaning import PROPERTY_PREFIX
from portico.kit.errors import FieldProblem, Refused
from portico.workspaces.presets import uses_membership_ends

Side = Literal["survivor", "source"]
SIDES: tuple[Side, ...] = ("survivor", "source")
ORGANIZATION_FIELDS = (
    *("name", "reference", "description", "website", "membership_end_date", "is_active"),
    *("address_street", "address_city", "address_region", "address_postal_code"),
    "address_country",
)
PERSON_FIELDS = (
    *("name", "given_name", "family_name", "email", "position", "phone", "reference"),
    *("account_manager", "avatar", "is_disabled"),
)
FIELDS = {
    PropertySubject.ORGANIZATION: ORGANIZATION_FIELDS,
    PropertySubject.PERSON: PERSON_FIELDS,
}
# What nobody should decide by an oversight: until when people have access (edge case 38).
MUST_BE_CHOSEN = ("membership_end_date",)
REFERENCES = ("account_manager", "avatar")
EMPTY: tuple[Any, ...] = ("", None, [])


@dataclass(frozen=True)
class Ends:
    """The record that stays, and the one that goes into it."""

    survivor: Any
    source: Any


@dataclass(frozen=True, kw_only=True)
class FieldPlan:
    """One field: both values and which of them stays; None where it must be chosen first.

    `is_fixed`: there is nothing to choose, because the values are equal or a rule decides.
    """

    name: str
    survivor: Any
    source: Any
    taken: Side | None
    is_fixed: bool

    @property
    def result(self) -> Any:
        """The value that the survivor will have."""
        return self.source if self.taken == "source" else self.survivor


@dataclass(frozen=True, kw_only=True)
class RowsPlan:
    """One table: what moves, and which rows of the source collapse into which of the survivor."""

    part: MergePart
    before: int
    source: int
    moved: tuple[UUID, ...]
    collapsed: tuple[tuple[UUID, UUID], ...]

    @property
    def after(self) -> int:
        """How many the survivor will have; a row that is settled is kept beside its equal."""
        kept = len(self.collapsed) if self.part.settle is not None else 0
        return self.before + len(self.moved) + kept


@dataclass(frozen=True, kw_only=True)
class MergePlan:
    """Everything that a merge will do."""

    subject: PropertySubject
    survivor: Any
    source: Any
    fields: tuple[FieldPlan, ...]
    rows: tuple[RowsPlan, ...]
    takes_login: bool = False

    @property
    def swaps_logins(self) -> bool:
        """Whether passwords change places as addresses do: each opens the one it was chosen for.

        Else whoever knows the survivor's would come in with an address that they never proved.
        """
        return "email" in self.taken and not self.takes_login

    @property
    def undecided(self) -> list[str]:
        """The fields that must be chosen first."""
        return [field.name for field in self.fields if field.taken is None]

    @property
    def shown_rows(self) -> list[RowsPlan]:
        """The tables that the preview names."""
        return [rows for rows in self.rows if rows.part.label and (rows.before or rows.source)]

    @property
    def taken(self) -> dict[str, FieldPlan]:
        """The fields in which the survivor gets another value."""
        return {
            field.name: field
            for field in self.fields
            if field.taken == "source" and field.survivor != field.source
        }


def plan_merge(subject: PropertySubject, ends: Ends, *, choices: Mapping[str, str]) -> MergePlan:
    """What merging these two does under these choices ({field: survivor|source}).

    Without a choice the survivor's value stays, or the source's where the survivor has none.
    Raises Refused for a choice about an unknown field or of an unknown side.
    """
    names = _field_names(subject, ends)
    _require_known(choices, names)
    return MergePlan(
        subject=subject,
        survivor=ends.survivor,
        source=ends.source,
        fields=tuple(_field(name, ends, choice=choices.get(name)) for name in names),
        rows=tuple(_rows(part, ends) for part in merge_parts(subject)),
        takes_login=subject == PropertySubject.PERSON and _login_side(ends) == "source",
    )


def column_of(name: str) -> str:
    """The column behind a field; references hold an id."""
    return f"{name}_id" if name in REFERENCES else name


def value_of(row: Any, name: str) -> Any:
    """The value of a column or of a custom property (`property.KEY`)."""
    if name.startswith(PROPERTY_PREFIX):
        return row.property_values.get(name.removeprefix(PROPERTY_PREFIX))
    return getattr(row, column_of(name))


def _field_names(subject: PropertySubject, ends: Ends) -> list[str]:
    keys = sorted({*ends.survivor.property_values, *ends.source.property_values})
    return [*FIELDS[subject], *(PROPERTY_PREFIX + key for key in keys)]


def _require_known(choices: Mapping[str, str], names: list[str]) -> None:
    problems = [
        FieldProblem(name, "unknown_field", _("There is no such field."))
        for name in choices
        if name not in names
    ]
    problems += [
        FieldProblem(name, "unknown_choice", _("Choose one of the list."))
        for name, side in choices.items()
        if name in names and side not in SIDES
    ]
    if problems:
        raise Refused("invalid", problems[0].message, errors=problems)


def _field(name: str, ends: Ends, *, choice: str | None) -> FieldPlan:
    mine, other = value_of(ends.survivor, name), value_of(ends.source, name)
    decided = _decided(name, ends)
    taken: Side | None
    if mine == other:
        taken = "survivor"
    elif decided is not None:
        taken = decided
    elif choice in SIDES:
        taken = "source" if choice == "source" else "survivor"
    elif name in MUST_BE_CHOSEN and uses_membership_ends():
        taken = None
    else:
        taken = "source" if mine in EMPTY else "survivor"
    is_fixed = mine == other or decided is not None
    return FieldPlan(name=name, survivor=mine, source=other, taken=taken, is_fixed=is_fixed)


def _decided(name: str, ends: Ends) -> Side | None:
    """Where only one of two people signs in, their address stays: it is the proved one."""
    return _login_side(ends) if name == "email" else None


def _login_side(ends: Ends) -> Side | None:
    """Whose sign-in it is when exactly one of the two has one."""
    mine, other = ends.survivor.has_usable_password(), ends.source.has_usable_password()
    if mine == other:
        return None
    return "survivor" if mine else "source"


def _rows(part: MergePart, ends: Ends) -> RowsPlan:
    model: Any = part.model
    coming = list(
        model.objects.filter(**{part.column: ends.source.pk}).order_by("pk").values_list("pk")
    )
    before = model.objects.filter(**{part.column: ends.survivor.pk}).count()
    collapsed = _collapsed(part, ends) if part.same and coming and before else {}
    return RowsPlan(
        part=part,
        before=before,
        source=len(coming),
        moved=tuple(key for (key,) in coming if key not in collapsed),
        collapsed=tuple(collapsed.items()),
    )


def _collapsed(part: MergePart, ends: Ends) -> dict[UUID, UUID]:
    model: Any = part.model
    rows = model.objects.filter(part.among).order_by("pk")
    there = {
        same: key
        for key, *same_values in rows.filter(**{part.column: ends.survivor.pk}).values_list(
            "pk", *part.same
        )
        for same in [tuple(same_values)]
    }
    coming = rows.filter(**{part.column: ends.source.pk}).values_list("pk", *part.same)
    return {key: there[tuple(same)] for key, *same in coming if tuple(same) in there}
