"""Our own JSON exports, read as a table: one row for each record, one column for each field.

The columns are those of the CSV export, so that both map back in the same way.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from portico.transfers.reading.encodings import not_a_table
from portico.transfers.reading.fields import ADDRESS_FIELDS
from portico.transfers.reading.formulas import neutralised
from portico.transfers.reading.headers import column_labels
from portico.transfers.reading.rows import Count, Table, filled, require_few_columns

_BEGIN = re.compile(rb'\s*\[\s*\{\s*"object"\s*:\s*"(organization|person)"')
_JOIN = "; "
_PERSON = (
    *("reference", "name", "given_name", "family_name", "email", "position", "phone"),
    *("organization", "tags", "account_manager", "is_disabled", "archived_at", "id"),
)
_ORGANIZATION = (
    *("reference", "name", "description", "website", *ADDRESS_FIELDS, "membership_end_date"),
    *("tags", "account_managers", "is_active", "archived_at", "id"),
)


def is_objects(content: bytes) -> bool:
    """Whether a file begins as our own JSON exports do."""
    return _BEGIN.match(content) is not None


def open_objects(content: bytes, *, name: str = "") -> Table:
    """Opens an array of records as the API shows them.

    Raises `Refused` with `not_a_table` or `too_many_columns`; no content makes it raise anything
    else.
    """
    try:
        found = orjson.loads(content)
    except orjson.JSONDecodeError:
        raise not_a_table() from None
    begin = _BEGIN.match(content)
    if begin is None or not all(isinstance(record, dict) for record in found):
        raise not_a_table()
    own = _PERSON if begin[1] == b"person" else _ORGANIZATION
    keys = dict.fromkeys(key for record in found for key in _part(record, "properties"))
    header = column_labels([*own, *(f"property.{key}" for key in keys)])
    require_few_columns(header)
    count = Count()

    def records() -> Iterator[tuple[int, list[str]]]:
        rows = ([*_cells(record, own), *_values(record, keys)] for record in found)
        return filled(enumerate(rows, start=1), len(header))

    for _number, cells in records():
        count.add(cells, width=len(header))
    return Table(
        name=name,
        form="json",
        encoding="utf-8",
        header=header,
        row_count=count.rows,
        overflow=0,
        notices=(),
        records=records,
    )


def _cells(record: Mapping[str, Any], names: Sequence[str]) -> Iterator[str]:
    address = _part(record, "address")
    for name in names:
        if name.startswith("address."):
            value = address.get(name.removeprefix("address."))
        else:
            value = _READERS[name](record) if name in _READERS else record.get(name)
        yield _text(value)


def _values(record: Mapping[str, Any], keys: Mapping[str, None]) -> Iterator[str]:
    values = _part(record, "properties")
    return (_text(values.get(key)) for key in keys)


def _organization(record: Mapping[str, Any]) -> Any:
    """The name of the primary organization: there is one place for it in a row."""
    places = [place for place in _list(record, "organizations") if place.get("is_primary")]
    return places[0].get("name") if places else None


def _own_manager(record: Mapping[str, Any]) -> Any:
    manager = _part(record, "effective_manager")
    return manager.get("email") if manager.get("source") == "own" else None


def _managers(record: Mapping[str, Any]) -> Any:
    return [manager.get("email") for manager in _list(record, "account_managers")]


_READERS = {
    "organization": _organization,
    "account_manager": _own_manager,
    "account_managers": _managers,
}


def _part(record: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = record.get(name)
    return part if isinstance(part, dict) else {}


def _list(record: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = record.get(name)
    return [part for part in found if isinstance(part, dict)] if isinstance(found, list) else []


def _text(value: Any) -> str:
    """As the CSV export writes it; an apostrophe that reading would take away gets a second one."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        # An export has no list in a list; one that goes deep would be no end of calls.
        texts = (_text(part) for part in value if not isinstance(part, list))
        return _JOIN.join(filter(None, texts))
    if isinstance(value, str):
        return neutralised(value) if value.startswith("'") else value
    return str(value) if isinstance(value, int | float) else ""
