"""A file, opened: whatever it is, what comes out is a table with a header and a stream of rows."""

from django.utils.translation import gettext as _

from portico.kit.errors import Refused
from portico.transfers.reading.cards import is_cards, open_cards
from portico.transfers.reading.objects import is_objects, open_objects
from portico.transfers.reading.rows import MAX_COLUMNS, Table, empty_file
from portico.transfers.reading.separated import open_separated
from portico.transfers.reading.workbooks import is_workbook, open_workbook

__all__ = ["MAX_BYTES", "MAX_COLUMNS", "Table", "open_table"]

MAX_BYTES = 20 * 1024 * 1024


def open_table(content: bytes, *, name: str = "", sheet: str = "") -> Table:
    """Opens a CSV file, an Excel workbook (`sheet`: which; "" is the first filled one), vCards, or
    a JSON export of our own.

    What a file is, its content says, not its name. Raises `Refused` with `empty_file`,
    `too_large`, and the codes of `open_separated`, `open_workbook`, `open_cards` and
    `open_objects`; no content makes it raise anything else.
    """
    if len(content) > MAX_BYTES:
        raise Refused(
            "too_large",
            _("The file is larger than %(limit)s MB.") % {"limit": MAX_BYTES // 1024 // 1024},
        )
    if not content.strip():
        raise empty_file()
    if is_workbook(content):
        return open_workbook(content, name=name, sheet=sheet)
    if is_cards(content):
        return open_cards(content, name=name)
    if is_objects(content):
        return open_objects(content, name=name)
    return open_separated(content, name=name)
