"""The columns that lists can have, those of each preset, and those a reader chose."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from portico.clients.choices import PropertyKind, PropertySubject
from portico.clients.models import CustomProperty
from portico.clients.panels import PERSON_LABELS
from portico.clients.views.lists import sort_column
from portico.kit.parting import listed
from portico.kit.tenancy.scope import current_scope
from portico.ui.formats import format_date
from portico.ui.words import say
from portico.workspaces.choices import Preset
from portico.workspaces.presets import uses_membership_ends

MOST_COLUMNS = 16
PROPERTY_PREFIX = "property."
ROLES = "roles"
ALWAYS_READ = ("id", "workspace_id", "name", "name_key", "archived_at", "version")
ORGANIZATION_ALWAYS = (*ALWAYS_READ, "people_count", "membership_end_date", "is_active")
PERSON_ALWAYS = (*ALWAYS_READ, "kind", "email", "email_key", "is_disabled", "avatar_id")


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column: `kind` is its width and alignment, `reads` the model fields it shows.

    `edits` names the field that is edited in its cells (see views/fields.py). `show` turns a
    stored value into text where the field's own form is not what people read. `is_used` says
    whether this workspace has it at all. A list is sorted by the column's name; the first press
    begins at the highest where it `begins_high`.
    """

    name: str
    label: Callable[[], str]
    kind: str = "text"
    is_sorted: bool = True
    begins_high: bool = False
    reads: tuple[str, ...] = ()
    show: Callable[[Any], str] | None = None
    edits: str = ""
    is_used: Callable[[], bool] | None = None


def _field(name: str, label: Callable[[], str], *, kind: str = "text") -> Column:
    """A column that shows a field of the model as it is; see _EDITED for those that are edited."""
    edits = name if name in _EDITED else ""
    return Column(
        name=name,
        label=label,
        kind=kind,
        reads=(name,),
        edits=edits,
        begins_high=kind in _HIGH or name == "membership_end_date",
    )


# Dates and numbers are looked at from the newest, the most.
_HIGH = {"date", "time", "number-wide"}
_HIGH_PROPERTIES = {PropertyKind.DATE, PropertyKind.NUMBER}
_EDITED = {"name", "membership_end_date", "position", "phone", "reference", "website"}


def _documented(partner: Callable[[], str], usual: Callable[[], str]) -> Callable[[], str]:
    """The head that the partner's page documents (S4.5), or a short one."""
    return lambda: partner() if current_scope().preset == Preset.PARTNER else usual()


_ORGANIZATION_COLUMNS: Sequence[Column] = (
    _field("name", lambda: say("Organization name"), kind="name"),
    Column(
        name="edit",
        label=lambda: _("Edit"),
        kind="actions p-col-actions-wide",
        is_sorted=False,
    ),
    replace(
        _field(
            "membership_end_date",
            lambda: say("Membership end date"),
            kind="wide",
        ),
        is_used=uses_membership_ends,
    ),
    _field(
        "people_count",
        _documented(lambda: say("Number of people"), lambda: say("People")),
        kind="number-wide",
    ),
    _field(
        "location_count",
        _documented(lambda: say("Number of locations"), lambda: _("Locations")),
        kind="number-wide",
    ),
    Column(name="active", label=lambda: say("Active status"), kind="status", reads=("is_active",)),
    Column(name="status", label=lambda: _("Status"), kind="status"),
    Column(name="tags", label=lambda: _("Tags"), kind="tags", edits="tags"),
    Column(
        name="managers",
        label=lambda: _("Account managers"),
        kind="person",
        edits="account_managers",
    ),
    _field("reference", lambda: _("Reference")),
    _field("website", lambda: _("Website")),
    _field("address_city", lambda: _("City")),
    _field("address_country", lambda: _("Country")),
    _field(
        "created_at",
        _documented(lambda: say("Created date"), lambda: _("Created")),
        kind="date",
    ),
    _field("updated_at", lambda: _("Last change"), kind="time"),
    _field("last_activity_at", lambda: _("Last activity"), kind="time"),
)
_PERSON_COLUMNS: Sequence[Column] = (
    _field("name", lambda: _("Name"), kind="name"),
    _field("given_name", PERSON_LABELS["given_name"], kind="person"),
    _field("family_name", PERSON_LABELS["family_name"], kind="person"),
    _field("email", lambda: _("E-mail"), kind="wide"),
    Column(name="organization", label=lambda: say("Organization"), kind="person"),
    Column(name="roles", label=lambda: _("Roles"), kind="person", edits=ROLES),
    _field("position", PERSON_LABELS["position"], kind="person"),
    _field("phone", lambda: _("Phone")),
    Column(name="tags", label=lambda: _("Tags"), kind="tags", edits="tags"),
    Column(
        name="managers",
        label=lambda: _("Account manager"),
        kind="person",
        reads=("account_manager_id",),
        edits="account_manager",
    ),
    Column(name="status", label=lambda: _("Status"), kind="status"),
    _field("reference", lambda: _("Reference")),
    _field("created_at", lambda: _("Created"), kind="date"),
    _field("updated_at", lambda: _("Last change"), kind="time"),
    _field("last_active_at", lambda: _("Last active"), kind="time"),
)
_COLUMNS: Mapping[PropertySubject, Mapping[str, Column]] = {
    PropertySubject.ORGANIZATION: {column.name: column for column in _ORGANIZATION_COLUMNS},
    PropertySubject.PERSON: {column.name: column for column in _PERSON_COLUMNS},
}
_ALWAYS = {
    PropertySubject.ORGANIZATION: ORGANIZATION_ALWAYS,
    PropertySubject.PERSON: PERSON_ALWAYS,
}
_ORGANIZATION_DEFAULTS = ("name", "people_count", "status", "tags", "managers", "last_activity_at")
_PERSON_DEFAULTS = ("name", "email", "organization", "position", "status", "last_active_at")
_DEFAULTS: Mapping[PropertySubject, Mapping[str, tuple[str, ...]]] = {
    PropertySubject.ORGANIZATION: {
        # Exactly the documented six, and Edit beside the name (S4.5, S4.10).
        Preset.PARTNER: (
            *("name", "edit", "membership_end_date", "people_count", "location_count"),
            *("active", "created_at"),
        ),
        Preset.FIELD_SERVICE: (
            *("name", "people_count", "status", "tags", "created_at", "last_activity_at"),
        ),
    },
    # The support desk knows people by their address (S3.17).
    PropertySubject.PERSON: {
        # Who is Admin and who is Guest is what the partner looks for (S4.23).
        Preset.PARTNER: ("name", "email", "organization", "roles", "status", "last_active_at"),
        Preset.SUPPORT_DESK: (
            *("email", "name", "organization", "position", "status", "last_active_at"),
        ),
    },
}


def default_names(subject: PropertySubject) -> tuple[str, ...]:
    """The columns of this workspace's preset, in its order."""
    is_organizations = subject is PropertySubject.ORGANIZATION
    usual = _ORGANIZATION_DEFAULTS if is_organizations else _PERSON_DEFAULTS
    return _DEFAULTS[subject].get(current_scope().preset, usual)


def offered_columns(subject: PropertySubject) -> dict[str, Column]:
    """Every column there is, custom properties included; one query."""
    return {**_used(_COLUMNS[subject]), **_property_columns(subject)}


def _used(columns: Mapping[str, Column]) -> dict[str, Column]:
    return {
        name: column
        for name, column in columns.items()
        if column.is_used is None or column.is_used()
    }


def chosen_columns(subject: PropertySubject, names: Sequence[str]) -> list[Column]:
    """The columns of these names; what does not exist is left out, and the name always stays.

    Custom properties are looked up only where one is shown.
    """
    known: Mapping[str, Column] = _used(_COLUMNS[subject])
    if any(name.startswith(PROPERTY_PREFIX) for name in names):
        known = offered_columns(subject)
    chosen = [known[name] for name in dict.fromkeys(names) if name in known][:MOST_COLUMNS]
    leads = [column for column in chosen if column.name in {"name", "email"}]
    if subject is PropertySubject.ORGANIZATION or not leads:
        leads = [column for column in chosen if column.name == "name"]
    if not leads:
        return [known["name"], *chosen]
    return chosen


def column_names(given: str, *, saved: Sequence[str], own: Sequence[str]) -> list[str]:
    """Which columns are meant: the address's, else the view's, else one's own choice."""
    named = [name.strip() for name in given.split(",") if name.strip()]
    return named or list(saved) or list(own)


def fields_read(subject: PropertySubject, columns: Sequence[Column], *, order: Any) -> list[str]:
    """The model fields that a page with these columns and this order reads."""
    shown = [field for column in columns for field in column.reads]
    return list(dict.fromkeys([*_ALWAYS[subject], *shown, *order.fields]))


def head_cells(request: Any, columns: Sequence[Column], sort: str) -> list[dict[str, Any]]:
    """The columns as the table's head and rows take them; the first one that names is the head."""
    cells = []
    lead = next(column.name for column in columns if column.name in {"name", "email"})
    for column in columns:
        shown = replace(column, kind=_kind_beside(column, lead=lead))
        cell = sort_column(
            request,
            shown.name,
            label=shown.label(),
            kind=shown.kind,
            sort=sort if shown.is_sorted else "",
            begins_high=shown.begins_high,
        )
        key = shown.name.removeprefix(PROPERTY_PREFIX)
        cells.append(
            {
                **cell,
                "show": shown.show,
                "key": key,
                "edits": shown.edits,
                "hidden_label": shown.name == "edit",
            }
        )
    return cells


def _kind_beside(column: Column, *, lead: str) -> str:
    """Only one column of a row is its head: the first of name and e-mail."""
    if column.name == lead:
        return "name"
    return "wide" if column.name in {"name", "email"} else column.kind


def _property_columns(subject: PropertySubject) -> dict[str, Column]:
    defined = CustomProperty.objects.filter(subject=subject, archived_at__isnull=True)
    return {
        f"{PROPERTY_PREFIX}{row.key}": Column(
            name=f"{PROPERTY_PREFIX}{row.key}",
            label=_said(row.label),
            reads=("property_values",),
            show=_shows_of(PropertyKind(row.kind)),
            begins_high=PropertyKind(row.kind) in _HIGH_PROPERTIES,
            edits=f"{PROPERTY_PREFIX}{row.key}",
        )
        for row in defined.order_by("place", "pk")
    }


def _value_as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return listed([str(part) for part in value])
    return str(value)


def _day_as_text(value: Any) -> str:
    return format_date(datetime.date.fromisoformat(value)) if value else ""


def _said(label: str) -> Callable[[], str]:
    return lambda: label


def _shows_of(kind: PropertyKind) -> Callable[[Any], str]:
    return _day_as_text if kind is PropertyKind.DATE else _value_as_text
