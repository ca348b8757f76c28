from collections.abc import Callable

import pytest

from portico.kit.errors import Refused
from portico.transfers.reading.encodings import find_encoding
from portico.transfers.reading.table import open_table

ReadShared = Callable[[str], bytes]
TEXT = "name,city\r\nŁukasz Müller,Kraków\r\n"


def first_row(content: bytes) -> tuple[str, ...]:
    return next(cells for _, cells in open_table(content).rows())


@pytest.mark.parametrize(
    "codec",
    ("utf-8", "utf-8-sig", "utf-16", "utf-32"),
)
def test_marked_encodings_and_utf_8_are_read_without_a_notice(codec: str) -> None:
    table = open_table(TEXT.encode(codec))
    assert table.header == ("name", "city")
    assert table.notices == ()
    assert first_row(TEXT.encode(codec)) == ("Łukasz Müller", "Kraków")


@pytest.mark.parametrize("codec", ("utf-16-le", "utf-16-be"))
def test_utf_16_without_its_mark_is_recognised(codec: str) -> None:
    assert first_row(TEXT.encode(codec)) == ("Łukasz Müller", "Kraków")


def test_edge_case_42_windows_1252_is_read_and_said() -> None:
    content = "name\r\nMüller – “Œuvre” €\r\n".encode("cp1252")
    table = open_table(content)
    assert (table.encoding, [notice.code for notice in table.notices]) == (
        "cp1252",
        ["encoding_assumed"],
    )
    assert first_row(content) == ("Müller – “Œuvre” €",)


def test_one_broken_byte_does_not_garble_the_rest_of_a_utf_8_file() -> None:
    content = "name\nMüller\nJosé\nZoë\n".encode() + b"Andr\xe9\n"
    table = open_table(content)
    assert [notice.code for notice in table.notices] == ["damaged_characters"]
    assert [cells[0] for _, cells in table.rows()] == ["Müller", "José", "Zoë", "Andr\ufffd"]


@pytest.mark.parametrize(
    ("content", "code"),
    (
        (b"dn: cn=Anna,mail=a@x.test\nmail: a@x.test\n", "ldif_not_supported"),
        (b"# export\nversion: 1\n\ndn:: Y249QW5uYQ==\n", "ldif_not_supported"),
        (b"PK\x03\x04....word/document.xml", "not_a_table"),
        (b"%PDF-1.7\n1 0 obj", "not_a_table"),
        (b"\x89PNG\r\n\x1a\n\0\0", "not_a_table"),
        (b"\xff\xd8\xff\xe0JFIF", "not_a_table"),
        (b"\x1f\x8b\x08\x00", "not_a_table"),
        (b"name\0,email\0", "not_a_table"),
        (b"\x7fELF\x02\x01\x01\0\0", "not_a_table"),
        (b"<!DOCTYPE html><p>", "not_a_table"),
        (b'<?xml version="1.0"?>', "not_a_table"),
        (b'[{"name": "Anna"}]', "not_a_table"),
        (b'{"name": "Anna"}', "not_a_table"),
        (b"begin:vcard\r\nversion:3.0", "not_a_table"),
    ),
)
def test_a_file_that_is_no_table_is_named_as_such(content: bytes, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        find_encoding(content)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("path", "code"),
    (
        ("thunderbird/basic_ldif_addressbook.ldif", "ldif_not_supported"),
        ("hostile/blns.json", "not_a_table"),
        ("email/isemail-tests.xml", "not_a_table"),
    ),
)
def test_documents_are_refused(shared_data: ReadShared, path: str, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        open_table(shared_data(path))
    assert refusal.value.code == code
