import pytest

from portico.kit.phones import e164


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
