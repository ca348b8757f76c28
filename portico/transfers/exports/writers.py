"""Three formats, each written row by row, so that memory stays flat however long the list is."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Protocol

import orjson
import xlsxwriter
from django.utils.translation import gettext as _

from portico.kit.actors import Actor
from portico.kit.errors import Refused
from portico.transfers.exports.bodies import bodies_of, shown_bodies
from portico.transfers.exports.columns import all_headings
from portico.transfers.exports.values import texts_of
from portico.transfers.reading.fields import Kind
from portico.transfers.reading.formulas import neutralised

MEDIA_TYPES: Mapping[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
MOST_SHEET_ROWS = 1_048_575
_COLUMN_WIDTH = 22


class RecordWriter(Protocol):
    """Writes records to an open file: all their columns, or those of these headings."""

    def add(self, records: Sequence[Any], actor: Actor) -> None:
        """Write some more, as the one who asked sees them."""

    def close(self) -> None:
        """Write what stands at the end; the file itself stays open."""

    def discard(self) -> None:
        """Let go of what was put aside; nothing is written any more."""


class CsvWriter:
    """UTF-8 with a byte order mark and CRLF, as spreadsheets want it.

    A cell that begins with = + - @, a tab or a line break (blanks before them are looked through)
    gets an apostrophe in front, which an import takes away again; see `reading.formulas`, also for
    the numbers that stay as they are.
    """

    def __init__(self, file: IO[bytes], kind: Kind, headings: Sequence[str] = ()) -> None:
        self._file, self._kind = file, kind
        self._headings = headings or all_headings(kind)
        file.write("\ufeff".encode())
        self._write([self._headings])

    def add(self, records: Sequence[Any], actor: Actor) -> None:
        """Write some more."""
        self._write(texts_of(self._kind, records, headings=self._headings, actor=actor))

    def close(self) -> None:
        """Nothing stands at the end."""

    def discard(self) -> None:
        """Nothing was put aside."""

    def _write(self, rows: Iterable[Sequence[str]]) -> None:
        lines = io.StringIO(newline="")
        writer = csv.writer(lines, lineterminator="\r\n")
        writer.writerows([neutralised(cell) for cell in row] for row in rows)
        self._file.write(lines.getvalue().encode())


class XlsxWriter:
    """One sheet whose cells are all of the kind text, so that none can be a formula or a link.

    So nothing has to be set in front of them; only where a cell begins with an apostrophe that an
    import would take away it gets a second one.
    """

    def __init__(self, file: IO[bytes], kind: Kind, headings: Sequence[str] = ()) -> None:
        self._kind, self._row = kind, 0
        self._headings = headings or all_headings(kind)
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self._book = xlsxwriter.Workbook(file, options)
        self._sheet = self._book.add_worksheet()
        self._sheet.set_column(0, len(self._headings) - 1, _COLUMN_WIDTH)
        self._sheet.freeze_panes(1, 0)
        self._write([self._headings])

    def add(self, records: Sequence[Any], actor: Actor) -> None:
        """Write some more; raises Refused where a sheet is full."""
        if self._row + len(records) > MOST_SHEET_ROWS + 1:
            text = _("A sheet holds %(limit)s rows at most. Choose CSV.")
            raise Refused("too_many_rows", text % {"limit": f"{MOST_SHEET_ROWS:,}"})
        self._write(texts_of(self._kind, records, headings=self._headings, actor=actor))

    def close(self) -> None:
        """Put the workbook together."""
        self._book.close()

    def discard(self) -> None:
        """Remove the rows that were put aside in a file of their own."""
        self._sheet.row_data_fh.close()
        Path(self._sheet.row_data_filename).unlink(missing_ok=True)

    def _write(self, rows: Iterable[Sequence[str]]) -> None:
        for row in rows:
            for column, cell in enumerate(row):
                if cell:
                    text = neutralised(cell) if cell.startswith("'") else cell
                    self._sheet.write_string(self._row, column, text)
            self._row += 1


class JsonWriter:
    """An array of records as the API shows them, one in each line."""

    def __init__(self, file: IO[bytes], kind: Kind, headings: Sequence[str] = ()) -> None:
        self._file, self._kind, self._headings = file, kind, headings
        self._before = b"["

    def add(self, records: Sequence[Any], actor: Actor) -> None:
        """Write some more."""
        for body in self._bodies(records, actor):
            self._file.write(self._before + b"\n" + orjson.dumps(body))
            self._before = b","

    def _bodies(self, records: Sequence[Any], actor: Actor) -> Iterator[dict[str, Any]]:
        if not self._headings:
            return bodies_of(self._kind, records)
        return shown_bodies(self._kind, records, headings=self._headings, actor=actor)

    def close(self) -> None:
        """Close the array."""
        self._file.write(b"[]\n" if self._before == b"[" else b"\n]\n")

    def discard(self) -> None:
        """Nothing was put aside."""


WRITERS: Mapping[str, Callable[[IO[bytes], Kind, Sequence[str]], RecordWriter]] = {
    "csv": CsvWriter,
    "xlsx": XlsxWriter,
    "json": JsonWriter,
}
