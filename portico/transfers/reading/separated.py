"""Files of separated values: comma, semicolon, tab or bar."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from django.utils.translation import gettext as _

from portico.kit.errors import Refused
from portico.transfers.reading.encodings import Encoding, find_encoding
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
from portico.transfers.reading.separators import (
    SEPARATORS,
    find_separator,
    sample_records,
    usual_width,
)

_SAMPLE = 131_072
_FIRST_RECORDS = 100


@dataclass(frozen=True)
class _Format:
    """All that is needed to read the records again."""

    encoding: Encoding
    delimiter: str
    skipped: int
    strict: bool
    width: int = 0


def open_separated(content: bytes, *, name: str = "") -> Table:
    """Opens a file of separated values in one of the encodings of `find_encoding`.

    Raises `Refused` with `empty_file`, `not_a_table`, `too_many_columns` or `broken_quotes`; no
    content makes it raise anything else.
    """
    encoding = find_encoding(content)
    declared, delimiter, skipped, heading = _layout(content, encoding)
    header = column_labels(heading)
    require_few_columns(header)
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
        records=lambda: _records(content, form),
    )


def _layout(content: bytes, encoding: Encoding) -> tuple[int, str, int, list[str]]:
    """(declaration lines, separator, records above the header, the header's cells)."""
    sample = _text(content, encoding).read(_SAMPLE)
    if not sample.strip():
        raise empty_file()
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
        raise empty_file()
    return int(declared), delimiter, int(declared) + above, first[above]


def _counted(content: bytes, form: _Format) -> tuple[_Format, Count, bool]:
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


def _count(content: bytes, form: _Format) -> Count:
    count = Count()
    for _number, record in _records(content, form):
        count.add(record, width=form.width)
    return count


def _records(content: bytes, form: _Format) -> Iterator[tuple[int, list[str]]]:
    return filled(_all_records(content, form), form.width)


def _all_records(content: bytes, form: _Format) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(_text(content, form.encoding), delimiter=form.delimiter, strict=form.strict)
    return enumerate(islice(reader, form.skipped, None), start=1)


def _text(content: bytes, encoding: Encoding) -> io.TextIOWrapper:
    stream = io.BytesIO(content)
    stream.seek(encoding.skip)
    return io.TextIOWrapper(stream, encoding=encoding.codec, errors=encoding.errors, newline="")


def _notices(
    header: tuple[str, ...], count: Count, *, above: int, loose: bool
) -> tuple[Notice, ...]:
    found = [skipped_notice(above)] if above else []
    if looks_like_values(header):
        found.append(values_notice())
    found += count.notices()
    if loose:
        found.append(Notice("loose_quotes", _("Some quotation marks are not closed properly.")))
    return tuple(found)


def _broken_quotes() -> Refused:
    return Refused(
        "broken_quotes",
        _("A quotation mark in the file is opened but never closed, so its rows can't be told."),
    )
