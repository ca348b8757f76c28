"""An import at work in this process: the open file, where it stands in it, what it remembers."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from uuid import UUID

from portico.kit.names import name_key
from portico.kit.tenancy.scope import current_scope
from portico.operations.choices import OperationState
from portico.operations.models import Operation
from portico.transfers.actions.memory import Memory, Place, remember
from portico.transfers.actions.options import ImportOptions
from portico.transfers.choices import Outcome
from portico.transfers.reading.drafts import PersonDraft
from portico.transfers.reading.records import ReadRow, RowReader
from portico.transfers.reading.rows import Corrections
from portico.transfers.reading.table import Table, open_table

LEFT_OUT = (Outcome.DUPLICATE, Outcome.REFUSED)
Row = tuple[int, tuple[str, ...]]


WRITING = "is_writing"
"""Set in the options of an import of all or nothing once every row was found right: how many."""


def is_dry_run(operation: Operation) -> bool:
    """Whether rows are only decided: in a check, and before all or nothing is written."""
    if operation.state == OperationState.CHECKING:
        return True
    return ImportOptions.of(operation).all_or_nothing and WRITING not in operation.options


class Session:
    """Reads rows of one operation in order; `position` is how many of them it has read."""

    def __init__(self, operation: Operation) -> None:
        """Opens the operation's file. Raises Refused when the mapping or the file can't be used."""
        self.workspace_id = operation.workspace_id
        self.options = ImportOptions.of(operation)
        self.is_dry = is_dry_run(operation)
        self.corrections = corrections_of(operation)
        self.table = open_operation_table(operation)
        self.memory = Memory(is_dry=self.is_dry)
        self.position = 0
        self._reader = row_reader(self.table, self.options)
        names = self.options.organization_names
        self._meant = {name_key(name): found for name, found in names.items()}
        self._rows: Iterator[Row] = self.table.rows()

    def fits(self, operation: Operation) -> bool:
        """Whether this session can go on with the operation as it stands now."""
        return (
            self.position <= operation.done
            and self.is_dry == is_dry_run(operation)
            and self.options == ImportOptions.of(operation)
            and self.corrections == corrections_of(operation)
        )

    def next_rows(self, count: int) -> list[Row]:
        """The next rows of the file."""
        rows = list(islice(self._rows, count))
        self.position += len(rows)
        return rows

    def read(self, row: Row) -> ReadRow:
        """The draft of a row, or its problems."""
        found = self._reader.read(row[1])
        if self._meant and isinstance(found.draft, PersonDraft):
            name = found.draft.organization_name
            meant = self._meant.get(name_key(name), name)
            return replace(found, draft=replace(found.draft, organization_name=meant))
        return found

    def catch_up(self, operation: Operation) -> None:
        """Read again what another process worked off, and remember what it accepted."""
        missing = operation.done - self.position
        if not missing:
            return
        left_out = set(operation.rows.filter(outcome__in=LEFT_OUT).values_list("number", flat=True))
        for row in self.next_rows(missing):
            draft = None if row[0] in left_out else self.read(row).draft
            if draft is not None:
                remember(self.memory, draft, number=row[0], match=self.options.key)
            if self.is_dry and isinstance(draft, PersonDraft):
                name = draft.organization_name or self.options.organization
                self.memory.add_place(name_key(name), Place())
        self.memory.keep()
        self.memory.people_created = operation.counts.get("people_created", 0)


_sessions: dict[UUID, Session] = {}


def session_of(operation: Operation) -> Session:
    """The session of this operation at the row after `done`; one per process is kept open.

    Its progress is believed only as far as the database says so: a slice that was rolled back, or
    worked off elsewhere, makes it read again.
    """
    session = _sessions.get(operation.pk)
    if session is None or not session.fits(operation):
        close_sessions()
        session = _sessions[operation.pk] = Session(operation)
    session.catch_up(operation)
    return session


def held() -> dict[UUID, UUID]:
    """The operations whose files are open here, with their workspaces."""
    return {key: session.workspace_id for key, session in _sessions.items()}


def let_go(key: UUID) -> None:
    """Let go of the open file of one operation."""
    del _sessions[key]


def close_sessions() -> None:
    """Let go of the open file."""
    _sessions.clear()


def open_operation_table(operation: Operation) -> Table:
    """The table in the file of an operation, with the cells that were corrected since."""
    sheet = operation.options["asked"].get("sheet", "")
    with operation.file.open("rb") as file:
        table = open_table(file.read(), name=operation.title, sheet=sheet)
    return table.corrected(corrections_of(operation))


def corrections_of(operation: Operation) -> Corrections:
    """What somebody typed into cells of the file: row number to column to text."""
    kept = operation.options.get("corrections", {})
    return {int(number): texts for number, texts in kept.items()}


def row_reader(table: Table, options: ImportOptions) -> RowReader:
    """The reader of an import's rows."""
    mapping = {name: options.mapping[name] for name in table.header if name in options.mapping}
    return RowReader(
        options.kind,
        table.header,
        mapping=mapping,
        date_order=options.date_order,
        email_required=current_scope().settings["email_required"] and not options.updates,
    )
