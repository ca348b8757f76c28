import json
from collections.abc import Callable
from pathlib import PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portico.kit.errors import Refused
from portico.transfers.reading.table import MAX_BYTES, MAX_COLUMNS, Table, open_table

ReadShared = Callable[[str], bytes]
SPECTRUM = (
    "comma_in_quotes", "empty", "empty_crlf", "escaped_quotes", "json", "newlines",
    "quotes_and_newlines", "simple", "simple_crlf", "utf8",
)  # fmt: skip


def records(table: Table) -> list[dict[str, str]]:
    return [dict(zip(table.header, cells, strict=True)) for _, cells in table.rows()]


def codes(table: Table) -> list[str]:
    return [notice.code for notice in table.notices]


def refusal_code(content: bytes) -> str:
    with pytest.raises(Refused) as refusal:
        open_table(content)
    return refusal.value.code


@pytest.mark.parametrize("name", SPECTRUM)
def test_edge_case_42_csv_spectrum_is_read_exactly(shared_data: ReadShared, name: str) -> None:
    folder = PurePosixPath("dialects/csv-spectrum")
    expected = json.loads(shared_data(f"{folder}/json/{name}.json"))
    assert records(open_table(shared_data(f"{folder}/csvs/{name}.csv"))) == expected


def test_csv_spectrum_keeps_carriage_returns_inside_quotes(shared_data: ReadShared) -> None:
    # The file lost its carriage returns on the way here; its expected result did not.
    folder = "dialects/csv-spectrum"
    content = shared_data(f"{folder}/csvs/newlines_crlf.csv").replace(b"\n", b"\r\n")
    expected = json.loads(shared_data(f"{folder}/json/newlines_crlf.json"))
    assert records(open_table(content)) == expected


@pytest.mark.parametrize(
    "name",
    (
        "csvtext", "csvtext_BOM_UTF8", "csvtext_BOM_UTF16LE", "csvtext_BOM_UTF16BE",
        "csvtext_BOM_UTF32LE", "csvtext_BOM_UTF32BE",
    ),
)  # fmt: skip
def test_edge_case_42_every_unicode_mark_gives_the_same_table(
    shared_data: ReadShared, name: str
) -> None:
    table = open_table(shared_data(f"dialects/dataloader/{name}.csv"))
    assert table.header == ("column1", "column2", "column3")
    assert list(table.rows()) == [
        (1, ("row1-1", "row1-2", "row1-3")),
        (2, ("row2-1", "row2-2", "row2-3")),
    ]


@pytest.mark.parametrize(
    ("path", "delimiter", "columns", "rows"),
    (
        ("dialects/dataloader/csvSeparator.csv", ",", 3, 2),
        ("dialects/frictionless/table-with-accents.csv", ";", 8, 638),
        ("northwind/customers.csv", ",", 11, 91),
        ("northwind/suppliers.csv", ",", 12, 29),
        ("chinook/Customer.csv", ",", 13, 59),
        ("classicmodels/customers_data.csv", "\t", 14, 122),
        ("salesforce/insertAccountCsv.csv", ",", 7, 100),
        ("hubspot/contact_data.csv", ",", 14, 22),
        ("hubspot/company_data.csv", ",", 14, 24),
        ("splink/fake_1000.csv", ",", 7, 1000),
        ("companies/sp500_constituents.csv", ",", 8, 503),
        ("publicbodies/br.csv", ",", 18, 241),
        ("publicbodies/gr.csv", ",", 18, 950),
        ("publicbodies/nz.csv", ",", 18, 507),
        ("thunderbird/basic_csv_addressbook.csv", ",", 37, 2),
        ("thunderbird/csv_semicolon.csv", ";", 4, 2),
        ("thunderbird/utf16_addressbook.csv", ",", 38, 1),
    ),
)
def test_real_files_have_their_counted_size(
    shared_data: ReadShared, path: str, delimiter: str, columns: int, rows: int
) -> None:
    table = open_table(shared_data(path), name=path)
    assert (table.delimiter, len(table.header), table.row_count) == (delimiter, columns, rows)
    assert len(list(table.rows())) == rows
    assert len(set(table.header)) == columns


def test_quotes_inside_quotes_survive(shared_data: ReadShared) -> None:
    table = open_table(shared_data("dialects/dataloader/csvEscapedQuotes.csv"))
    assert next(table.rows())[1][0] == '"The Best" Account'


def test_edge_case_42_frictionless_dialects(shared_data: ReadShared) -> None:
    def opened(name: str) -> Table:
        return open_table(shared_data(f"dialects/frictionless/{name}.csv"))

    assert records(opened("latin1"))[1]["name"] == "©"
    assert records(opened("issue-1009-semicolon")) == [{"fieldNameA": "0123", "fieldNameB": "c"}]
    assert opened("table-unicode-headers").header == ("id", "国人")
    commented = opened("skip-rows-before-headers")
    assert (commented.header, commented.row_count) == (("id", "name"), 2)
    assert codes(commented) == ["lines_skipped"]
    assert opened("duplicate-headers").header == ("id", "name", "id (2)", "age", "id (3)")
    assert opened("blank-headers").header == ("id", "Column 2", "age")
    assert opened("blank-rows-multiple").row_count == 2
    headless = opened("without-headers-extra")
    assert (headless.row_count, headless.overflow) == (2, 1)
    assert codes(headless) == ["header_looks_like_values", "long_rows"]


def test_empty_rows_are_counted_but_not_given() -> None:
    table = open_table(b"name,city\n\nAnna,Bern\n , \n,,\nBo,Rom\n\n")
    assert list(table.rows()) == [(2, ("Anna", "Bern")), (5, ("Bo", "Rom"))]
    assert table.row_count == 2


def test_short_rows_are_filled_up_and_said() -> None:
    table = open_table(b"name,city,zip\nAnna\nBo,Rom,1\n")
    assert next(iter(table.rows())) == (1, ("Anna", "", ""))
    assert codes(table) == ["short_rows"]


def test_a_title_above_the_header_is_left_out() -> None:
    table = open_table(b"Our clients\n\nname,city\nAnna,Bern\n")
    assert (table.header, list(table.rows())) == (("name", "city"), [(1, ("Anna", "Bern"))])
    titled = open_table(b"Our clients,,\n,,\nname,city,zip\nAnna,Bern,1\n")
    assert titled.header == ("name", "city", "zip")


def test_the_separator_that_excel_declares_is_obeyed() -> None:
    table = open_table(b"sep=;\r\na,b;c\r\n1,2;3\r\n")
    assert (table.header, list(table.rows())) == (("a,b", "c"), [(1, ("1,2", "3"))])
    assert table.notices == ()


def test_a_single_column_needs_no_separator() -> None:
    assert list(open_table(b"email\na@x.com\n").rows()) == [(1, ("a@x.com",))]


def test_old_line_ends_are_understood() -> None:
    assert open_table(b"name,city\rAnna,Bern\rBo,Rom\r").row_count == 2


def test_quotes_at_odd_places_are_read_as_they_stand_and_said() -> None:
    table = open_table(b'name,city\n"Anna" B,"Bern"\nBo,5" pipe\n')
    assert [cells for _, cells in table.rows()] == [("Anna B", "Bern"), ("Bo", '5" pipe')]
    assert codes(table) == ["loose_quotes"]


def test_a_quote_that_is_never_closed_is_refused() -> None:
    assert refusal_code(b'name,city\n"Anna,Bern\nBo,Rom\n') == "broken_quotes"
    assert refusal_code(b'name,city\n"' + b"Anna,Bern\n" * 50_000) == "broken_quotes"


@pytest.mark.parametrize(
    "content", (b"", b" \r\n\t", b"\xef\xbb\xbf", b"\xff\xfe\n\0", b",,,\n,,\n")
)
def test_an_empty_file_is_refused(content: bytes) -> None:
    assert refusal_code(content) == "empty_file"


def test_limits_of_size() -> None:
    assert refusal_code(b"a" * (MAX_BYTES + 1)) == "too_large"
    assert refusal_code(b"a," * MAX_COLUMNS + b"a\n") == "too_many_columns"


def test_the_apostrophe_set_against_formulas_is_taken_away() -> None:
    table = open_table(b"name,phone\n'=1+1,'+41 1\n'Anna,''-x\n")
    assert [cells for _, cells in table.rows()] == [("=1+1", "+41 1"), ("'Anna", "'-x")]


_MESSY_TEXT = st.text(
    st.sampled_from([*"ab,;\t|\"'\n\r =@#", "\0", "\ufeff", "é", "名", "\u2028", "\x85"]),
    max_size=60,
)
_MARKS = st.sampled_from([b"", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\0\0\xfe\xff", b"PK"])


@settings(deadline=None, max_examples=300)
@given(
    st.one_of(
        st.tuples(_MARKS, st.binary(max_size=60)).map(b"".join),
        _MESSY_TEXT.map(str.encode),
        _MESSY_TEXT.map(lambda text: text.encode("utf-16")),
        _MESSY_TEXT.map(lambda text: text.encode("cp1252", "replace")),
    )
)
def test_no_content_raises_anything_but_a_refusal(content: bytes) -> None:
    try:
        table = open_table(content)
    except Refused:
        return
    rows = list(table.rows())
    assert len(rows) == table.row_count
    assert all(table.header)
    assert len(set(table.header)) == len(table.header)
    for _, cells in rows:
        assert len(table.header) <= len(cells) <= len(table.header) + table.overflow
