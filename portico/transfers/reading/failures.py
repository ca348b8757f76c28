"""The file of refused rows: what stood in the file and why it wasn't taken."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from portico.transfers.reading.formulas import neutralised
from portico.transfers.reading.notices import Problem
from portico.transfers.reading.table import Table

ADDED_COLUMNS = ("row", "field", "reason")


def failures_file(table: Table, problems: Mapping[int, Sequence[Problem]]) -> Iterator[bytes]:
    """The rows that have problems (by row number), as the pieces of a CSV file.

    The original columns come first, then `row`, `field` and `reason`; several problems of a row
    are joined by "; ". UTF-8 with a byte order mark, so that spreadsheets show every letter; cells
    that they would run as formulas have an apostrophe in front, which reading takes away again.
    A corrected file can be imported as it is: the three columns fill no field, and when rows are
    refused again theirs are replaced.
    """
    width = len(table.header) - len(ADDED_COLUMNS) * _is_failures_file(table.header)
    overflow = [f"Column {len(table.header) + n}" for n in range(1, table.overflow + 1)]
    yield "\ufeff".encode() + _record([*table.header[:width], *overflow, *ADDED_COLUMNS])
    for number, cells in table.rows():
        if found := problems.get(number):
            beyond = [*cells[len(table.header) :]]
            beyond += [""] * (table.overflow - len(beyond))
            yield _record([*cells[:width], *beyond, *_reasons(number, found)])


def _reasons(number: int, problems: Sequence[Problem]) -> tuple[str, str, str]:
    fields = dict.fromkeys(problem.field for problem in problems if problem.field)
    messages = dict.fromkeys(problem.message for problem in problems)
    return str(number), "; ".join(fields), "; ".join(messages)


def _is_failures_file(header: Sequence[str]) -> bool:
    return tuple(header[-len(ADDED_COLUMNS) :]) == ADDED_COLUMNS


def _record(cells: Sequence[str]) -> bytes:
    line = io.StringIO(newline="")
    csv.writer(line, lineterminator="\r\n").writerow([neutralised(cell) for cell in cells])
    return line.getvalue().encode()
