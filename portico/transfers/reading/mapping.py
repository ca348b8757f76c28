"""Which column fills which field: proposed from the headings, changed by hand, checked."""

from collections.abc import Collection, Mapping, Sequence

from django.utils.translation import gettext as _

from portico.kit.errors import Refused
from portico.transfers.reading.fields import SHARED_FIELDS, Kind, is_field
from portico.transfers.reading.headings import (
    CONTACT_NAMES,
    FURTHER_LINES,
    NEEDING_A_CONTACT,
    heading_key,
    synonyms,
)
from portico.transfers.reading.known_exports import known_export

_NAMING = {
    "people": ("name", "given_name", "family_name", "email"),
    "organizations": ("name",),
}


def propose_mapping(kind: Kind, header: Sequence[str]) -> dict[str, str]:
    """Column to field for the columns whose meaning is told by their heading.

    Headings that are field names ("address.city", "property.vat_number") mean that field; then
    come the meanings of known exports, then the synonyms of `headings`, the best first.
    """
    keys = _keys(header)
    mapping = {column: column for column in header if is_field(kind, column)}
    export = known_export(keys)
    own = export.columns(kind) if export is not None else {}
    for key, field in own.items():
        if key in keys and keys[key] not in mapping:
            mapping[keys[key]] = field
    _add_synonyms(kind, keys, mapping=mapping)
    _add_address_lines(keys, mapping)
    if not set(CONTACT_NAMES) & set(mapping.values()):
        mapping = {c: f for c, f in mapping.items() if f not in NEEDING_A_CONTACT or c == f}
    return {column: mapping[column] for column in header if mapping.get(column)}


def export_name(header: Sequence[str]) -> str:
    """The name of the export that the header belongs to ("Google Contacts"), or ""."""
    export = known_export(_keys(header))
    return export.name if export is not None else ""


def has_blanks_between_tags(header: Sequence[str]) -> bool:
    """Whether the header belongs to an export whose tags are separated by blanks."""
    export = known_export(_keys(header))
    return export is not None and export.blanks_between_tags


def changed_mapping(
    kind: Kind,
    header: Sequence[str],
    *,
    mapping: Mapping[str, str],
    changes: Mapping[str, str],
) -> dict[str, str]:
    """The mapping with the changes of a person: column to field, "" to leave a column out.

    A proposed column gives way to the one that the person chose for its field. Raises `Refused`
    as `check_mapping` does.
    """
    chosen = {_column(header, name): field.strip() for name, field in changes.items()}
    filled = {c: f for c, f in chosen.items() if f}
    check_mapping(kind, header, mapping=filled, complete=False)
    taken = {field for field in chosen.values() if field not in SHARED_FIELDS}
    kept = {c: f for c, f in mapping.items() if c not in chosen and f not in taken}
    merged = kept | chosen
    return {column: merged[column] for column in header if merged.get(column)}


def check_mapping(
    kind: Kind,
    header: Sequence[str],
    *,
    mapping: Mapping[str, str],
    property_keys: Collection[str] | None = None,
    complete: bool = True,
) -> None:
    """Raises `Refused` where a mapping can't be used.

    Codes: `unknown_column`, `unknown_field` (also a property outside `property_keys`),
    `mapped_twice`, and, for a complete mapping, `name_not_mapped`.
    """
    seen: set[str] = set()
    for name, field in mapping.items():
        _column(header, name)
        if not is_field(kind, field) or not _is_known_property(field, property_keys):
            raise Refused(
                "unknown_field", _("There is no field “%(field)s”.") % {"field": field}, field=name
            )
        if field in seen and field not in SHARED_FIELDS:
            raise Refused(
                "mapped_twice",
                _("Two columns are mapped to “%(field)s”.") % {"field": field},
                field=name,
            )
        seen.add(field)
    if complete and not seen.intersection(_NAMING[kind]):
        raise Refused(
            "name_not_mapped",
            _("Choose the column with the name. The file has: %(columns)s.")
            % {"columns": ", ".join(header)},
        )


def _keys(header: Sequence[str]) -> dict[str, str]:
    """Heading key to column; of several columns with one key the first."""
    keys: dict[str, str] = {}
    for column in header:
        keys.setdefault(heading_key(column), column)
    return keys


def _add_synonyms(kind: Kind, keys: Mapping[str, str], *, mapping: dict[str, str]) -> None:
    for field, headings in synonyms(kind).items():
        if field in mapping.values():
            continue
        for heading in headings:
            column = keys.get(heading)
            if column is not None and column not in mapping:
                mapping[column] = field
                break


def _add_address_lines(keys: Mapping[str, str], mapping: dict[str, str]) -> None:
    if "address.street" not in mapping.values():
        return
    for heading in FURTHER_LINES:
        if heading in keys:
            mapping.setdefault(keys[heading], "address.street")


def _is_known_property(field: str, property_keys: Collection[str] | None) -> bool:
    if property_keys is None or not field.startswith("property."):
        return True
    return field.removeprefix("property.") in property_keys


def _column(header: Sequence[str], name: str) -> str:
    """The column that a person means: exactly, or the only one that differs in case and signs."""
    if name in header:
        return name
    alike = [column for column in header if heading_key(column) == heading_key(name) != ""]
    if len(alike) == 1:
        return alike[0]
    raise Refused(
        "unknown_column",
        _("There is no column “%(column)s”. The file has: %(columns)s.")
        % {"column": name, "columns": ", ".join(header)},
        field=name,
    )
