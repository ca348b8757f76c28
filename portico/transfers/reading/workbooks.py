"""Excel workbooks (.xlsx): one sheet of them, with dates as ISO days and whole numbers bare.

The parser builds the whole rectangle that a sheet claims to fill, so its size is looked at before:
the archive is unpacked here, under a limit, and its cells' addresses are read.
"""

import datetime
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import python_calamine
from django.utils.translation import gettext as _

from portico.kit.errors import Refused
from portico.transfers.reading.headers import column_labels, lines_above_header, looks_like_values
from portico.transfers.reading.notices import Notice
from portico.transfers.reading.rows import (
    Count,
    Table,
    empty_file,
    filled,
    require_few_columns,
    skipped_notice,
    values_notice,
)
from portico.transfers.reading.separators import usual_width

MAX_UNPACKED = 200 * 1024 * 1024
MAX_CELLS = 2_000_000
MAX_PARTS = 2_000
_FIRST_RECORDS = 100
_PIECE = 1024 * 1024
_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_NEEDED = re.compile(r".*\.(xml|rels)", re.IGNORECASE)
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_ADDRESS = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br\s*=\s*[\"']([A-Za-z]{1,3})(\d{1,7})")
_ROW = re.compile(rb"<(?:\w+:)?row\s[^>]*?\br\s*=\s*[\"'](\d{1,7})")
_MIDNIGHT = datetime.time()
_MOST_EXACT = 10**15
# What the parser raises for archives and sheets that it can't read; it has no common class.
_DAMAGED = (python_calamine.CalamineError, OSError, ValueError, RuntimeError, zlib.error)


def is_workbook(content: bytes) -> bool:
    """Whether this is a workbook of Excel, of the present or of the old kind."""
    return content.startswith(_OLD_EXCEL) or (content.startswith(_ZIP) and b"xl/" in content)


def open_workbook(content: bytes, *, name: str = "", sheet: str = "") -> Table:
    """Opens one sheet: the named one, else the first visible one in which something stands.

    Raises `Refused` with `old_workbook`, `protected_workbook`, `damaged_workbook`,
    `workbook_too_large`, `unknown_sheet`, `empty_file` or `too_many_columns`.
    """
    if content.startswith(_OLD_EXCEL):
        raise _protected() if _ENCRYPTED in content else _old()
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(_repacked(content)))
        sheets = _sheet_names(book)
        chosen, found = _chosen(book, sheets, wanted=sheet)
        return _table(found, name=name, sheets=sheets, sheet_name=chosen)
    except python_calamine.PasswordError as error:
        raise _protected() from error
    except (*_DAMAGED, zipfile.BadZipFile, NotImplementedError, EOFError) as error:
        raise _damaged() from error


def _repacked(content: bytes) -> bytes:
    """The parts of the archive that the parser needs, unpacked under a limit and stored bare.

    What an archive says of its sizes may be a lie; what the parser gets here is counted.
    """
    bare = io.BytesIO()
    left = MAX_UNPACKED
    with zipfile.ZipFile(io.BytesIO(content)) as packed, zipfile.ZipFile(bare, "w") as stored:
        parts = [part for part in packed.infolist() if _NEEDED.fullmatch(part.filename)]
        if len(parts) > MAX_PARTS:
            raise _too_large()
        if len({part.filename for part in parts}) < len(parts):
            raise _damaged()
        for part in parts:
            if part.flag_bits & 1:
                raise _protected()
            text = _unpacked(packed, part, limit=left)
            left -= len(text)
            _require_few_cells(text)
            stored.writestr(part.filename, text)
    return bare.getvalue()


def _unpacked(packed: zipfile.ZipFile, part: zipfile.ZipInfo, *, limit: int) -> bytes:
    pieces = []
    with packed.open(part) as stream:
        while piece := stream.read(_PIECE):
            pieces.append(piece)
            limit -= len(piece)
            if limit < 0:
                raise _too_large()
    return b"".join(pieces)


def _require_few_cells(text: bytes) -> None:
    """Raises `Refused` where the rectangle around the cells of a sheet is too large."""
    widest = lowest = 1
    for cell in _ADDRESS.finditer(text):
        widest, lowest = max(widest, _column(cell[1])), max(lowest, int(cell[2]))
    for row in _ROW.finditer(text):
        lowest = max(lowest, int(row[1]))
    if widest * lowest > MAX_CELLS or sum(1 for _cell in _CELL.finditer(text)) > MAX_CELLS:
        raise _too_large()


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _sheet_names(book: Any) -> tuple[str, ...]:
    """The visible sheets with cells, in their order; hidden ones where there is no other."""
    kind, seen = python_calamine.SheetTypeEnum, python_calamine.SheetVisibleEnum
    sheets = [sheet for sheet in book.sheets_metadata if sheet.typ == kind.WorkSheet]
    visible = [sheet.name for sheet in sheets if sheet.visible == seen.Visible]
    return tuple(visible or [sheet.name for sheet in sheets])


def _chosen(book: Any, names: Sequence[str], *, wanted: str) -> tuple[str, Any]:
    if wanted:
        if wanted not in names:
            text = _("There is no sheet “%(sheet)s”. The file has: %(sheets)s.")
            detail = text % {"sheet": wanted, "sheets": ", ".join(names)}
            raise Refused("unknown_sheet", detail, field="sheet")
        return wanted, book.get_sheet_by_name(wanted)
    for name in names:
        sheet = book.get_sheet_by_name(name)
        if any(any(record) for _number, record in _all_records(sheet, skipped=0)):
            return name, sheet
    raise empty_file()


def _table(sheet: Any, *, name: str, sheets: tuple[str, ...], sheet_name: str) -> Table:
    first = [record for _number, record in islice(_all_records(sheet, skipped=0), _FIRST_RECORDS)]
    trimmed = [_without_empty_end(record) for record in first]
    above = lines_above_header(trimmed, usual_width([record for record in trimmed if record]))
    if not trimmed or not trimmed[above]:
        raise empty_file()
    header = column_labels(trimmed[above])
    require_few_columns(header)
    count = Count()
    for _number, record in filled(_all_records(sheet, skipped=above + 1), len(header)):
        count.add(record, width=len(header))
    notices = _notices(header, count, above=above, sheets=sheets, sheet=sheet_name)
    return Table(
        name=name,
        form="xlsx",
        header=header,
        row_count=count.rows,
        overflow=count.overflow,
        notices=notices,
        sheets=sheets,
        sheet=sheet_name,
        records=lambda: filled(_all_records(sheet, skipped=above + 1), len(header)),
    )


def _all_records(sheet: Any, *, skipped: int) -> Iterator[tuple[int, list[str]]]:
    """Rows as texts; those above the first filled one count, so that numbers fit the sheet's."""
    texts = ([_text(cell) for cell in row] for row in islice(sheet.iter_rows(), skipped, None))
    return enumerate(texts, start=1)


def _text(cell: Any) -> str:
    """A cell as it would stand in a CSV file: 2027-03-31, 12, 12.5, TRUE."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        is_whole = cell.is_integer() and abs(cell) < _MOST_EXACT
        return str(int(cell)) if is_whole else f"{cell:.15g}"
    if isinstance(cell, datetime.datetime):
        return str(cell.date()) if cell.time() == _MIDNIGHT else cell.isoformat(" ", "seconds")
    return str(cell)


def _without_empty_end(record: list[str]) -> list[str]:
    while record and not record[-1].strip():
        record = record[:-1]
    return record


def _notices(
    header: Sequence[str], count: Count, *, above: int, sheets: Sequence[str], sheet: str
) -> tuple[Notice, ...]:
    found = [skipped_notice(above)] if above else []
    if len(sheets) > 1:
        text = _("The file has several sheets; “%(sheet)s” was read.") % {"sheet": sheet}
        found.append(Notice("sheet_chosen", text))
    if looks_like_values(header):
        found.append(values_notice())
    return (*found, *count.notices())


def _old() -> Refused:
    text = _("This is an old Excel workbook (.xls). Save it as .xlsx or CSV and choose that file.")
    return Refused("old_workbook", text)


def _protected() -> Refused:
    text = _("This workbook is protected by a password. Save it without one and choose that file.")
    return Refused("protected_workbook", text)


def _damaged() -> Refused:
    text = _("This Excel workbook is damaged. Open it, save it again and choose that file.")
    return Refused("damaged_workbook", text)


def _too_large() -> Refused:
    text = _("This workbook holds more than %(limit)s cells. Save the sheet as CSV instead.")
    return Refused("workbook_too_large", text % {"limit": f"{MAX_CELLS:,}"})
