import pytest

from portico.kit.errors import Refused
from portico.kit.websites import clean_website


@pytest.mark.parametrize(
    ("text", "stored"),
    (
        ("https://example.com/a?b#c", "https://example.com/a?b#c"),
        ("HTTP://EXAMPLE.COM", "HTTP://EXAMPLE.COM"),
        (" example.com ", "https://example.com"),
        ("www.dpa.gr/\u200e", "https://www.dpa.gr/"),
        ("münchen.de/weg", "https://münchen.de/weg"),
        ("example.com:8080/x", "https://example.com:8080/x"),
        ("http://intranet/", "http://intranet/"),
    ),
)
def test_a_web_address_is_stored_with_its_scheme(text: str, stored: str) -> None:
    assert clean_website(text) == stored


@pytest.mark.parametrize(
    "text",
    (
        "", "x", "-0", "CAJUN.HTM", "javascript:alert(1)", "data:text/html,x", "ftp://example.com",
        "//example.com", "http://", "http:///example.com", "https://x..com", "http://a@example.com",
        "http://a.com b.com", "http://a.com:99999", "http://x.com\\@evil.com", "foo@example.com",
        "https://\ud800.com", "https://example.com/" + "x" * 500, "http://[::1]/",
    ),
)  # fmt: skip
def test_what_could_not_stand_in_a_link_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refusal:
        clean_website(text)
    assert refusal.value.code == "invalid_website"
