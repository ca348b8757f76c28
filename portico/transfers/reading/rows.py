"""A table as the readers of files give it: its header, its size, and its rows as a stream."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portico.kit.errors import Refused
from portico.transfers.reading.formulas import restored
from portico.transfers.reading.notices import Notice

MAX_COLUMNS = 500
Records = Callable[[], Iterator[tuple[int, Sequence[str]]]]
Corrections = Mapping[int, Mapping[str, str]]


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table that was read through once, so that its rows can be streamed without surprises.

    `form` is "csv", "xlsx", "vcard" or "json"; `encoding` and `delimiter` are "" where a file has
    none.
    `row_count` counts the rows with at least one filled cell; `overflow` is how many cells the
    longest row has beyond the header. `sheets` are the sheets of a workbook, `sheet` the one read.
    """

    name: str
    header: tuple[str, ...]
    row_count: int
    overflow: int
    notices: tuple[Notice, ...]
    form: str = "csv"
    encoding: str = ""
    delimiter: str = ""
    sheets: tuple[str, ...] = ()
    sheet: str = ""
    records: Records = field(repr=False)
    corrections: Corrections = field(default_factory=dict, repr=False)

    def rows(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Every filled row as (number, cells), in the order of the file.

        The number counts the records under the header from 1; empty ones are counted but not
        yielded, so that row 7 is the seventh record in a spreadsheet too. There are as many cells
        as headings, more only where filled cells stand beyond the header. An apostrophe that was
        set against formulas is taken away. A corrected row has the corrected cells.
        """
        width = len(self.header)
        for number, record in self.records():
            cells = tuple(restored(cell) if cell[:1] == "'" else cell for cell in record)
            cells += ("",) * (width - len(cells))
            yield number, self._corrected(number, cells) if self.corrections else cells

    def corrected(self, corrections: Corrections) -> "Table":
        """The table with other texts in some cells: row number to column to text.

        A corrected row loses its cells beyond the header: who corrected it saw the others only.
        """
        return replace(self, corrections=corrections)

    def _corrected(self, number: int, cells: tuple[str, ...]) -> tuple[str, ...]:
        texts = self.corrections.get(number)
        if texts is None:
            return cells
        named = zip(self.header, cells, strict=False)
        return tuple(texts.get(column, cell) for column, cell in named)


@dataclass
class Count:
    """What a first pass over the records found."""

    rows: int = 0
    short: int = 0
    long: int = 0
    overflow: int = 0

    def add(self, record: Sequence[str], *, width: int) -> None:
        """Count a filled record under a header of this width."""
        self.rows += 1
        self.short += len(record) < width
        if len(record) > width:
            self.long += 1
            self.overflow = max(self.overflow, len(record) - width)

    def notices(self) -> list[Notice]:
        """What to say of rows that are shorter or longer than the header."""
        found = []
        if self.short:
            message = ngettext(
                "%(count)s row has fewer cells than the header; the missing ones are empty.",
                "%(count)s rows have fewer cells than the header; the missing ones are empty.",
                self.short,
            )
            found.append(Notice("short_rows", message % {"count": self.short}))
        if self.long:
            message = ngettext(
                "%(count)s row has more cells than the header and will be refused.",
                "%(count)s rows have more cells than the header and will be refused.",
                self.long,
            )
            found.append(Notice("long_rows", message % {"count": self.long}))
        return found


def filled(records: Iterator[tuple[int, list[str]]], width: int) -> Iterator[tuple[int, list[str]]]:
    """The records with a filled cell, without empty cells beyond the header's width."""
    for number, record in records:
        if not any(record) or not any(cell and not cell.isspace() for cell in record):
            continue
        while len(record) > width and not record[-1].strip():
            record.pop()
        yield number, record


def require_few_columns(header: Sequence[str]) -> None:
    """Raises `Refused("too_many_columns")` for a header that no table of clients has."""
    if len(header) > MAX_COLUMNS:
        raise Refused(
            "too_many_columns",
            _("The file has more than %(limit)s columns.") % {"limit": MAX_COLUMNS},
        )


def skipped_notice(above: int) -> Notice:
    """The notice of lines above the header."""
    message = ngettext(
        "%(count)s line above the header was left out.",
        "%(count)s lines above the header were left out.",
        above,
    )
    return Notice("lines_skipped", message % {"count": above})


def values_notice() -> Notice:
    """The notice of a header that looks like a record."""
    message = _("The first line looks like a record. It is taken as the names of the columns.")
    return Notice("header_looks_like_values", message)


def empty_file() -> Refused:
    """The refusal of a file in which nothing stands."""
    return Refused("empty_file", _("The file is empty."))
