import pytest

from portico.kit.phones import dialled_digits, e164, searched_digits


@pytest.mark.parametrize(
    ("text", "country", "expected"),
    (
        ("+55 (12) 3923-5555", "", "+551239235555"),
        ("030-0074321", "DE", "+49300074321"),
        ("(171) 555-2222", "gb", "+441715552222"),
        ("030-0074321", "", ""),
        ("call me", "DE", ""),
        ("5", "DE", ""),
        ("030 123456", "ZZ", ""),
        ("1" * 5000, "US", ""),
        ("", "US", ""),
    ),
)
def test_a_number_that_parses_has_an_international_form(
    text: str, country: str, expected: str
) -> None:
    assert e164(text, country) == expected


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("030/1234-56", "30123456"),
        ("+49 (0)30 12 34", "490301234"),
        ("0049 30.1234", "49301234"),
        ("1234", "1234"),
        ("0012", "0012"),
        ("123", ""),
        ("12-3", ""),
        ("Studio 1234", ""),
        ("", ""),
        ("٠٣٠١٢٣٤", ""),
    ],
)
def test_the_digits_of_what_reads_like_a_number(text: str, digits: str) -> None:
    assert dialled_digits(text) == digits


@pytest.mark.parametrize(
    ("phone", "words"),
    [
        ("030 / 1234-56", "+030123456"),
        ("+49 30 123456", "+4930123456"),
        ("+49 (0)30 123456", "+49030123456 +4930123456"),
        ("ask the porter", ""),
    ],
)
def test_a_number_is_found_by_its_digits_and_its_international_form(phone: str, words: str) -> None:
    assert searched_digits(phone, e164(phone, "")) == words
