import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given
from hypothesis import strategies as st

from portico.kit.addresses import clean_email, email_key
from portico.kit.errors import Refused
from portico.kit.names import trim_copied

ReadShared = Callable[[str], bytes]


def is_accepted(text: str) -> bool:
    try:
        clean_email(text)
    except Refused as refusal:
        return refusal.code != "invalid_email"
    return True


def from_pictures(text: str) -> str:
    """Control characters stand in the file as their pictures."""
    letters = re.sub("[\u2400-\u241f]", lambda found: chr(ord(found[0]) - 0x2400), text)
    return letters.replace("\u2421", "\x7f")


def isemail_cases(content: bytes, verdict: str) -> list[str]:
    """The addresses of the file with this category or diagnosis."""
    tests = ElementTree.fromstring(content).iter("test")  # noqa: S314 - a file of our own tests
    return [
        from_pictures(test.findtext("address") or "")
        for test in tests
        if verdict in (test.findtext("category"), test.findtext("diagnosis"))
    ]


def test_the_66_errors_of_isemail_are_refused(shared_data: ReadShared) -> None:
    errors = isemail_cases(shared_data("email/isemail-tests.xml"), "ISEMAIL_ERR")
    assert len(errors) == 66
    assert [address for address in errors if is_accepted(address)] == []


def test_the_14_plainly_valid_ones_are_accepted_but_for_the_domain_of_one_label(
    shared_data: ReadShared,
) -> None:
    valid = isemail_cases(shared_data("email/isemail-tests.xml"), "ISEMAIL_VALID")
    assert len(valid) == 14
    assert [address for address in valid if not is_accepted(address)] == ["test@io"]


@pytest.mark.parametrize(
    "address",
    (
        "anna@example.com", "anna+tag@mail.example", "a@b.test", "john@doe.invalid",
        "łukasz@wójcik.pl", "名@例え.jp", "o'hara@example.com", "a@xn--mnchen-3ya.de",
        "a" * 64 + "@example.com",
    ),
)  # fmt: skip
def test_an_address_is_kept_as_typed(address: str) -> None:
    assert clean_email(f" {address}\u00a0") == address


def test_invisible_marks_around_a_copied_address_are_left_out() -> None:
    assert clean_email("\u202aanna@example.com\u202c\u200b") == "anna@example.com"


@pytest.mark.parametrize(
    "address",
    (
        "", " ", "anna", "@example.com", "anna@", "anna@localhost", "anna@test", "a@b.local",
        "a@x.com, b@y.com", "a@x.com b@y.com", "a@x.com;b@y.com", "Anna <a@x.com>", "<a@x.com>",
        "mailto:a@x.com", "a@x.com\n", "a@x.com\r\nBcc: b@y.com", "a\0@x.com", "a\u200b@x.com",
        '"a b"@x.com', "a@[127.0.0.1]", "a@1.2.3.4", "a@x..com", "a..b@x.com", "a@x.com.",
        "a@@x.com", "a\ud800@x.com", "a@x\ud800.com", "a" * 65 + "@x.com",
        "a@" + "b." * 125 + "com", "\ufdfa" * 20 + "@x.com",
    ),
)  # fmt: skip
def test_what_is_not_one_bare_address_is_refused(address: str) -> None:
    assert not is_accepted(address)


@pytest.mark.parametrize(
    ("one", "other"),
    (
        ("Anna@Example.COM", "anna@example.com"),
        (" anna@example.com ", "anna@example.com"),
        ("a@MÜNCHEN.de", "a@xn--mnchen-3ya.de"),
        ("a@straße.de", "a@xn--strae-oqa.de"),
        ("ŁUKASZ@x.pl", "łukasz@X.pl"),
        ("anna@example.com", "ａｎｎａ@example.com"),
        ("e\u0301@x.com", "é@x.com"),
        ("a＠x.com", "a@x.com"),
        ("a@x。com", "a@x.com"),
    ),
)
def test_two_ways_of_writing_one_address_have_one_key(one: str, other: str) -> None:
    assert email_key(one) == email_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    (("a+b@x.com", "a@x.com"), ("a.b@x.com", "ab@x.com"), ("a@straße.de", "a@strasse.de")),
)
def test_different_mailboxes_have_different_keys(one: str, other: str) -> None:
    assert email_key(one) != email_key(other)


@given(st.text())
def test_any_text_has_a_key_that_is_its_own_key(text: str) -> None:
    assert email_key(email_key(text)) == email_key(text)


_ADDRESS_LIKE = st.text(st.sampled_from("aB1.-_+'!@ é\u0301ß\u200b"), max_size=12).map(
    lambda text: text if "@" in text else f"{text}@ex-ample.com"
)


@given(_ADDRESS_LIKE)
def test_the_quick_way_agrees_with_the_library(text: str) -> None:
    text = trim_copied(text)
    try:
        found = validate_email(text, check_deliverability=False, test_environment=True, strict=True)
        expected = "." in (found.ascii_domain or "")
    except EmailNotValidError:
        expected = False
    assert is_accepted(text) == expected
