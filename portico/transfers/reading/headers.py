"""Finding the header of a table and giving every column a name of its own."""

import unicodedata
from collections.abc import Sequence

from portico.kit.addresses import clean_email
from portico.kit.errors import Refused

_LONGEST_LABEL = 200


def lines_above_header(records: Sequence[Sequence[str]], width: int) -> int:
    """How many records stand above the header: comments (#), titles and blank records.

    `records` are the first records of the file, `width` is the usual number of cells.
    """
    for number, record in enumerate(records):
        if _is_blank(record) or (width > 1 and _is_remark(record)):
            continue
        following = records[number + 1] if number + 1 < len(records) else ["-"]
        if width > 1 and _filled(record) == 1 and _is_blank(following):
            continue
        return number
    return 0


def column_labels(record: Sequence[str]) -> tuple[str, ...]:
    """One distinct label for each column: its heading, "id (2)" when repeated, "Column 4" when
    blank. The labels depend on the header alone, so that a stored mapping keeps its meaning.
    """
    headings = [_heading(cell) for cell in record]
    taken = set(headings)
    labels: list[str] = []
    for number, heading in enumerate(headings, start=1):
        wanted = heading or f"Column {number}"
        if heading and heading not in labels:
            labels.append(heading)
        else:
            labels.append(_free_label(wanted, taken, repeated=bool(heading)))
        taken.add(labels[-1])
    return tuple(labels)


def looks_like_values(header: Sequence[str]) -> bool:
    """Whether a header has cells that only a record would have: an address or a bare number."""
    return any(cell.isdecimal() or _is_email(cell) for cell in header)


def _free_label(wanted: str, taken: set[str], *, repeated: bool) -> str:
    label, count = wanted, 1
    while label in taken or (repeated and count == 1):
        count += 1
        label = f"{wanted} ({count})"
    return label


def _heading(cell: str) -> str:
    printable = "".join(c if c.isprintable() else " " for c in unicodedata.normalize("NFC", cell))
    return " ".join(printable.split())[:_LONGEST_LABEL].strip()


def _is_blank(record: Sequence[str]) -> bool:
    return not any(cell and not cell.isspace() for cell in record)


def _filled(record: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in record)


def _is_remark(record: Sequence[str]) -> bool:
    return len(record) == 1 or (record[0].lstrip().startswith("#") and _filled(record) == 1)


def _is_email(cell: str) -> bool:
    if "@" not in cell:
        return False
    try:
        return bool(clean_email(cell))
    except Refused:
        return False
