"""Address-book cards as a source of people."""

from collections.abc import Callable

import pytest

from portico.kit.errors import Refused
from portico.transfers.reading.mapping import propose_mapping
from portico.transfers.reading.table import Table, open_table

ReadShared = Callable[[str], bytes]


def card(*lines: str) -> Table:
    return open_table("\r\n".join(("BEGIN:VCARD", *lines, "END:VCARD", "")).encode())


def cells(table: Table, row: int = 1) -> dict[str, str]:
    found = dict(table.rows())[row]
    return {name: cell for name, cell in zip(table.header, found, strict=True) if cell}


@pytest.mark.parametrize(
    ("path", "cards", "addresses"),
    (
        ("vcard/John_Doe_ANDROID.vcf", 6, 4),
        ("vcard/John_Doe_EVOLUTION.vcf", 1, 1),
        ("vcard/John_Doe_GMAIL.vcf", 1, 1),
        ("vcard/John_Doe_IPHONE.vcf", 1, 1),
        ("vcard/John_Doe_MAC_ADDRESS_BOOK.vcf", 1, 1),
        ("vcard/John_Doe_MS_OUTLOOK.vcf", 1, 1),
        ("thunderbird/basic_vcard_addressbook.vcf", 2, 2),
    ),
)
def test_the_cards_of_real_programs_are_counted(
    shared_data: ReadShared, path: str, cards: int, addresses: int
) -> None:
    table = open_table(shared_data(path))

    assert (table.form, table.row_count) == ("vcard", cards)
    assert sum(1 for row in dict(table.rows()) if "email" in cells(table, row)) == addresses


def test_an_iphones_card_is_a_whole_person(shared_data: ReadShared) -> None:
    assert cells(open_table(shared_data("vcard/John_Doe_IPHONE.vcf"))) == {
        "name": "Mr. John Richter James Doe Sr.",
        "given_name": "John",
        "family_name": "Doe",
        "email": "john.doe@ibm.com",
        "phone": "905-555-1234",
        "position": "Money Counter",
        "organization": "IBM",
    }


def test_androids_soft_line_breaks_are_joined(shared_data: ReadShared) -> None:
    table = open_table(shared_data("vcard/John_Doe_ANDROID.vcf"))

    assert cells(table, 1) == {"email": "john.doe@company.com", "tags": "My Contacts"}
    assert cells(table, 4)["name"] == " ".join("Ñ" * 11)
    assert cells(table, 5)["email"] == "bob@company.com"


def test_a_name_is_joined_where_the_card_has_none() -> None:
    """Cards of version 2.1 need no FN."""
    assert cells(card("VERSION:2.1", "N:Doe;Ann;B.;Dr.;Jr.")) == {
        "name": "Dr. Ann B. Doe Jr.",
        "given_name": "Ann",
        "family_name": "Doe",
    }


def test_the_preferred_of_several_comes_first_and_a_fax_last() -> None:
    found = cells(card(
        "FN:Ann", "TEL;WORK;FAX:1", "TEL;HOME:2", "EMAIL:a@x.test", "i1.EMAIL;TYPE=pref:b@x.test",
    ))  # fmt: skip

    assert found == {"name": "Ann", "phone": "2", "email": "b@x.test"}


def test_what_the_format_escapes_comes_out_plain() -> None:
    found = cells(card(
        "VERSION:4.0", "FN:Doe\\, Ann", "ORG:Big\\; Small;Sales", "TITLE:Head\\nof all",
        "TEL;VALUE=uri:tel:+41-1", "CATEGORIES:VIP,Retainer", "NOTE:folded", "  further",
    ))  # fmt: skip

    assert found == {
        "name": "Doe, Ann",
        "organization": "Big; Small",
        "position": "Head of all",
        "phone": "+41-1",
        "tags": "VIP,Retainer",
    }


def test_a_card_inside_another_is_left_out() -> None:
    table = card("FN:Ann", "AGENT:", "BEGIN:VCARD", "FN:Bo", "END:VCARD", "EMAIL:a@x.test")

    assert [found for _row, found in table.rows()] == [("Ann", "", "", "a@x.test", "", "", "", "")]


@pytest.mark.parametrize("codec", ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"))
def test_encodings_of_cards_are_found(codec: str) -> None:
    table = open_table("BEGIN:VCARD\nFN:Zoë\nEND:VCARD\n".encode(codec))
    assert cells(table) == {"name": "Zoë"}


def test_windows_1252_is_said() -> None:
    table = open_table("BEGIN:VCARD\nFN:Zoë\nEND:VCARD\n".encode("cp1252"))

    assert cells(table) == {"name": "Zoë"}
    assert [notice.code for notice in table.notices] == ["encoding_assumed"]


def test_the_columns_map_by_themselves() -> None:
    table = card("FN:Ann")
    assert propose_mapping("people", table.header) == {name: name for name in table.header}


def test_cards_that_never_end_are_empty() -> None:
    with pytest.raises(Refused) as refusal:
        open_table(b"BEGIN:VCARD\nFN:Ann\n")
    assert refusal.value.code == "empty_file"
