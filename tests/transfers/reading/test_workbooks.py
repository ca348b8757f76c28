"""Excel workbooks as a source of rows (edge case 42)."""

import datetime
import io
import random
import zipfile
from collections.abc import Callable

import pytest

from portico.kit.errors import Refused
from portico.transfers.reading.table import open_table
from tests.transfers.reading.workbooks import changed, workbook

# Spreadsheets know no time zones.
AFTERNOON = datetime.datetime(2027, 3, 31, 14, 5)  # noqa: DTZ001
SHEET = "xl/worksheets/sheet1.xml"


def rows_of(content: bytes, sheet: str = "") -> list[tuple[str, ...]]:
    return [cells for _number, cells in open_table(content, sheet=sheet).rows()]


def code_of(content: bytes, sheet: str = "") -> str:
    with pytest.raises(Refused) as refusal:
        open_table(content, sheet=sheet)
    return refusal.value.code


def test_edge_case_42_cells_become_the_texts_that_people_see() -> None:
    """Days as YYYY-MM-DD, whole numbers without a point, leading zeros of texts kept."""
    content = workbook({"S": [
        ("name", "phone", "end", "amount", "paid"),
        ("Zoë", "0123", datetime.date(2027, 3, 31), 12.5, True),
        ("Bo", 441234567890, AFTERNOON, 0.1 + 0.2, False),
        ("Cy", 5, None, 1e20, ""),
    ]})  # fmt: skip

    assert rows_of(content) == [
        ("Zoë", "0123", "2027-03-31", "12.5", "TRUE"),
        ("Bo", "441234567890", "2027-03-31 14:05:00", "0.3", "FALSE"),
        ("Cy", "5", "", "1e+20", ""),
    ]


def test_edge_case_42_empty_rows_are_counted_but_not_given() -> None:
    content = workbook({"S": [(), ("Our clients",), (), ("name", "city"), ("A", "B"), (), ("C",)]})
    table = open_table(content)

    assert table.header == ("name", "city")
    assert list(table.rows()) == [(1, ("A", "B")), (3, ("C", ""))]
    assert [notice.code for notice in table.notices] == ["lines_skipped"]


def test_the_first_filled_sheet_is_read_and_another_may_be_chosen() -> None:
    content = workbook({"Notes": [], "People": [("name",), ("Ann",)], "Old": [("name",), ("Bo",)]})
    table = open_table(content)

    assert (table.sheet, table.sheets) == ("People", ("Notes", "People", "Old"))
    assert [notice.code for notice in table.notices] == ["sheet_chosen"]
    assert rows_of(content, "Old") == [("Bo",)]
    assert code_of(content, "Elsewhere") == "unknown_sheet"
    assert code_of(content, "Notes") == "empty_file"


def test_a_workbook_without_cells_is_empty() -> None:
    assert code_of(workbook({"S": []})) == "empty_file"


def test_old_and_protected_workbooks_are_named_as_such() -> None:
    compound = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

    assert code_of(compound + bytes(600)) == "old_workbook"
    assert code_of(compound + "EncryptedPackage".encode("utf-16-le")) == "protected_workbook"


@pytest.mark.parametrize(
    "content",
    (b"PK\x03\x04....xl/workbook.xml", workbook({"S": [("name",), ("Ann",)]})[:-400]),
)
def test_a_damaged_workbook_is_refused(content: bytes) -> None:
    assert code_of(content) == "damaged_workbook"


def test_one_cell_at_the_far_end_does_not_fill_the_memory() -> None:
    """The parser would build the rectangle of 17 billion cells."""
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    content = workbook({"S": [("name",), ("Ann",)]})

    assert code_of(changed(content, SHEET, lambda xml: xml.replace(b"</sheetData>", far))) == (
        "workbook_too_large"
    )


def test_an_archive_that_unpacks_to_more_than_the_limit_is_refused() -> None:
    content = workbook({"S": [("name",), ("Ann",)]})
    bomb = changed(content, SHEET, lambda xml: xml + b" " * (201 * 1024 * 1024))

    assert len(bomb) < 1024 * 1024
    assert code_of(bomb) == "workbook_too_large"


def test_too_many_columns_are_refused() -> None:
    assert code_of(workbook({"S": [["x"] * 501, ["y"] * 501]})) == "too_many_columns"


def test_other_archives_are_no_tables() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")

    assert code_of(content.getvalue()) == "not_a_table"


def _flipped(content: bytes, chance: random.Random) -> bytes:
    flipped = bytearray(content)
    for _time in range(chance.randint(1, 6)):
        flipped[chance.randrange(len(flipped))] = chance.randrange(256)
    return bytes(flipped)


def _torn(content: bytes, chance: random.Random) -> bytes:
    def tear(xml: bytes) -> bytes:
        at = chance.randrange(len(xml))
        return xml[:at] + chance.choice((b"<", b'"', b"99999", b"")) + xml[at + 5 :]

    parts = (SHEET, "xl/workbook.xml", "xl/sharedStrings.xml", "[Content_Types].xml")
    return changed(content, chance.choice(parts), tear)


@pytest.mark.parametrize("damage", (_flipped, _torn))
def test_no_damage_raises_anything_but_a_refusal(
    damage: Callable[[bytes, random.Random], bytes],
) -> None:
    chance = random.Random(42)
    content = workbook({"S": [("name", "end"), ("Ann", datetime.date(2027, 3, 31))] * 20})
    for _time in range(150):
        try:
            list(open_table(damage(content, chance)).rows())
        except Refused:
            continue
