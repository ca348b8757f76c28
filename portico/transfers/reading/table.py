"""A file of separated values, opened: what it is, its header, and its rows as a stream."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portico.kit.errors import Refused
from portico.transfers.reading.encodings import Encoding, find_encoding
from portico.transfers.reading.formulas import restored
from portico.transfers.reading.headers import column_labels, lines_above_header, looks_like_values
from portico.transfers.reading.notices import Notice
from portico.transfers.reading.separators import (
    SEPARATORS,
    find_separator,
    sample_records,
    usual_width,
)

MAX_BYTES = 20 * 1024 * 1024
MAX_COLUMNS = 500
_SAMPLE = 131_072
_FIRST_RECORDS = 100


@dataclass(frozen=True)
class Table:
    """A table that was read through once, so that its rows can be streamed without surprises.

    `row_count` counts the rows with at least one filled cell; `overflow` is how many cells the
    longest row has beyond the header.
    """

    name: str
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    row_count: int
    overflow: int
    notices: tuple[Notice, ...]
    _content: bytes = field(repr=False)
    _format: "_Format" = field(repr=False)

    def rows(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Every filled row as (number, cells), in the order of the file.

        The number counts the records under the header from 1; empty ones are counted but not
        yielded, so that row 7 is the seventh record in a spreadsheet too. There are as many cells
        as headings, more only where filled cells stand beyond the header. An apostrophe that was
        set against formulas is taken away.
        """
        width = len(self.header)
        for number, record in _records(self._content, self._format):
            cells = tuple(restored(cell) if cell[:1] == "'" else cell for cell in record)
            yield number, cells + ("",) * (width - len(cells))


@dataclass(frozen=True)
class _Format:
    """All that is needed to read the records again."""

    encoding: Encoding
    delimiter: str
    skipped: int
    strict: bool
    width: int = 0


@dataclass
class _Count:
    """What the first pass over the records found."""

    rows: int = 0
    short: int = 0
    long: int = 0
    overflow: int = 0


def open_table(content: bytes, *, name: str = "") -> Table:
    """Opens a CSV file (comma, semicolon, tab or bar; the encodings of `find_encoding`).

    Raises `Refused` with `empty_file`, `too_large`, `not_a_table`, `xlsx_not_supported`,
    `too_many_columns` or `broken_quotes`; no content makes it raise anything else.
    """
    if len(content) > MAX_BYTES:
        raise Refused(
            "too_large",
            _("The file is larger than %(limit)s MB.") % {"limit": MAX_BYTES // 1024 // 1024},
        )
    if not content.strip():
        raise _empty_file()
    encoding = find_encoding(content)
    declared, delimiter, skipped, heading = _layout(content, encoding)
    header = column_labels(heading)
    if len(header) > MAX_COLUMNS:
        raise Refused(
            "too_many_columns",
            _("The file has more than %(limit)s columns.") % {"limit": MAX_COLUMNS},
        )
    form = _Format(encoding, delimiter, skipped + 1, strict=True, width=len(header))
    form, count, loose = _counted(content, form)
    notices = encoding.notices + _notices(header, count, above=skipped - declared, loose=loose)
    return Table(
        name=name,
        encoding=encoding.label,
        delimiter=delimiter,
        header=header,
        row_count=count.rows,
        overflow=count.overflow,
        notices=notices,
        _content=content,
        _format=form,
    )


def _layout(content: bytes, encoding: Encoding) -> tuple[int, str, int, list[str]]:
    """(declaration lines, separator, records above the header, the header's cells)."""
    sample = _text(content, encoding).read(_SAMPLE)
    if not sample.strip():
        raise _empty_file()
    declared = sample[:4].lower() == "sep=" and sample[4:5] in SEPARATORS
    delimiter = sample[4] if declared else find_separator(sample)
    width = usual_width(sample_records(sample, delimiter))
    form = _Format(encoding, delimiter, int(declared), strict=False)
    try:
        first = [record for _number, record in islice(_all_records(content, form), _FIRST_RECORDS)]
    except csv.Error:
        raise _broken_quotes() from None
    above = lines_above_header(first, width)
    if not first or not any(cell.strip() for cell in first[above]):
        raise _empty_file()
    return int(declared), delimiter, int(declared) + above, first[above]


def _counted(content: bytes, form: _Format) -> tuple[_Format, _Count, bool]:
    """One pass over all records: strictly, or loosely where quotes stand at odd places."""
    try:
        return form, _count(content, form), False
    except csv.Error as problem:
        if "unexpected end" in str(problem):
            raise _broken_quotes() from None
    loose = _Format(form.encoding, form.delimiter, form.skipped, strict=False, width=form.width)
    try:
        return loose, _count(content, loose), True
    except csv.Error:
        raise _broken_quotes() from None


def _count(content: bytes, form: _Format) -> _Count:
    count = _Count()
    for _number, record in _records(content, form):
        count.rows += 1
        count.short += len(record) < form.width
        if len(record) > form.width:
            count.long += 1
            count.overflow = max(count.overflow, len(record) - form.width)
    return count


def _records(content: bytes, form: _Format) -> Iterator[tuple[int, list[str]]]:
    """The filled records under the header, without empty cells beyond the header's width."""
    for number, record in _all_records(content, form):
        if not any(record) or not any(cell and not cell.isspace() for cell in record):
            continue
        while len(record) > form.width and not record[-1].strip():
            record.pop()
        yield number, record


def _all_records(content: bytes, form: _Format) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(_text(content, form.encoding), delimiter=form.delimiter, strict=form.strict)
    return enumerate(islice(reader, form.skipped, None), start=1)


def _text(content: bytes, encoding: Encoding) -> io.TextIOWrapper:
    stream = io.BytesIO(content)
    stream.seek(encoding.skip)
    return io.TextIOWrapper(stream, encoding=encoding.codec, errors=encoding.errors, newline="")


def _notices(
    header: tuple[str, ...], count: _Count, *, above: int, loose: bool
) -> tuple[Notice, ...]:
    found: list[Notice] = []
    if above:
        found.append(Notice("lines_skipped", _skipped_text(above)))
    if looks_like_values(header):
        message = _("The first line looks like a record. It is taken as the names of the columns.")
        found.append(Notice("header_looks_like_values", message))
    if count.short:
        message = ngettext(
            "%(count)s row has fewer cells than the header; the missing ones are empty.",
            "%(count)s rows have fewer cells than the header; the missing ones are empty.",
            count.short,
        )
        found.append(Notice("short_rows", message % {"count": count.short}))
    if count.long:
        message = ngettext(
            "%(count)s row has more cells than the header and will be refused.",
            "%(count)s rows have more cells than the header and will be refused.",
            count.long,
        )
        found.append(Notice("long_rows", message % {"count": count.long}))
    if loose:
        found.append(Notice("loose_quotes", _("Some quotation marks are not closed properly.")))
    return tuple(found)


def _skipped_text(above: int) -> str:
    message = ngettext(
        "%(count)s line above the header was left out.",
        "%(count)s lines above the header were left out.",
        above,
    )
    return message % {"count": above}


def _empty_file() -> Refused:
    return Refused("empty_file", _("The file is empty."))


def _broken_quotes() -> Refused:
    return Refused(
        "broken_quotes",
        _("A quotation mark in the file is opened but never closed, so its rows can't be told."),
    )
