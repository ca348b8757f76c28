import csv
import io
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.transfers.reading.failures import failures_file
from portico.transfers.reading.fields import Kind
from portico.transfers.reading.formulas import neutralised, restored
from portico.transfers.reading.mapping import propose_mapping
from portico.transfers.reading.notices import Problem
from portico.transfers.reading.records import RowReader
from portico.transfers.reading.table import Table, open_table

ReadShared = Callable[[str], bytes]
WRONG = Problem("email", "invalid_email", "Enter an address.")
MISSING = Problem("name", "missing", "Enter a name.")


def written(table: Table, problems: dict[int, list[Problem]]) -> list[list[str]]:
    content = b"".join(failures_file(table, problems))
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def refused(content: bytes, kind: Kind) -> tuple[Table, dict[int, tuple[Problem, ...]]]:
    table = open_table(content)
    mapping = propose_mapping(kind, table.header)
    reader = RowReader(kind, table.header, mapping=mapping, email_required=True)
    results = {number: reader.read(cells).problems for number, cells in table.rows()}
    return table, {number: problems for number, problems in results.items() if problems}


def test_refused_rows_stand_with_their_reasons() -> None:
    table = open_table("name;email\nAnna;x\nBo;b@x.com\n\nÇa;y\n".encode())
    assert written(table, {1: [WRONG, MISSING], 4: [WRONG]}) == [
        ["name", "email", "row", "field", "reason"],
        ["Anna", "x", "1", "email; name", "Enter an address.; Enter a name."],
        ["Ça", "y", "4", "email", "Enter an address."],
    ]


def test_cells_beyond_the_header_are_not_lost() -> None:
    table = open_table(b"name,city\nAnna,Bern\nBo,Rom,extra\n")
    assert written(table, {1: [WRONG], 2: [WRONG]})[:3] == [
        ["name", "city", "Column 3", "row", "field", "reason"],
        ["Anna", "Bern", "", "1", "email", "Enter an address."],
        ["Bo", "Rom", "extra", "2", "email", "Enter an address."],
    ]


@pytest.mark.parametrize(
    ("path", "kind"),
    (
        ("splink/fake_1000.csv", "people"),
        ("hubspot/contact_data.csv", "people"),
        ("publicbodies/gr.csv", "organizations"),
        ("northwind/suppliers.csv", "organizations"),
    ),
)
def test_a_failures_file_imported_again_gives_the_same_failures(
    shared_data: ReadShared, path: str, kind: Kind
) -> None:
    table, problems = refused(shared_data(path), kind)
    first = b"".join(failures_file(table, problems))
    again, problems_again = refused(first, kind)
    assert again.header == (*table.header, "row", "field", "reason")
    assert propose_mapping(kind, again.header) == propose_mapping(kind, table.header)
    assert list(problems_again.values()) == list(problems.values())
    second = open_table(b"".join(failures_file(again, problems_again)))
    width = len(table.header)
    assert second.header == again.header
    assert [cells[:width] for _, cells in second.rows()] == [
        cells for number, cells in table.rows() if number in problems
    ]


def test_injection_payloads_leave_as_text_and_come_back(shared_data: ReadShared) -> None:
    payloads = shared_data("hostile/csv-payload.txt").decode().splitlines()
    source = io.StringIO(newline="")
    csv.writer(source).writerows([["name", "note"], *([payload, "x"] for payload in payloads)])
    table = open_table(source.getvalue().encode())
    numbers = [number for number, _ in table.rows()]
    rows = written(table, {number: [WRONG] for number in numbers})[1:]
    assert len(rows) == 6
    assert all(row[0].lstrip()[0] not in "=+-@" for row in rows)
    back = open_table(b"".join(failures_file(table, {number: [WRONG] for number in numbers})))
    assert [cells[0] for _, cells in back.rows()] == payloads


@pytest.mark.parametrize("cell", ("=1", "+41 79", "-x", "@x", "\tx", " =1", "'=1", "＝1", "\r=1"))
def test_a_cell_that_a_spreadsheet_would_run_gets_an_apostrophe(cell: str) -> None:
    assert neutralised(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ("", "Anna", "O'Hara", "'tis", "a=b", "1-2"))
def test_every_other_cell_stays(cell: str) -> None:
    assert neutralised(cell) == cell
    assert restored(cell) == cell


@given(st.text(st.sampled_from("'=+-@\t\r\n a1＝")))
def test_neutralising_can_be_undone_exactly(cell: str) -> None:
    assert restored(neutralised(cell)) == cell
