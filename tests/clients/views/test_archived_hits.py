"""The second group of a search: what is found in the archive."""

from django.test import Client

from portico.clients.models import Organization
from tests.factories.clients import make_organization, make_person

GONE = "2026-01-01T00:00:00Z"


def test_archived_people_are_found_too_and_marked(owner_browser: Client) -> None:
    make_person("old@acme.test", name="Léna Old", archived_at=GONE)
    make_person("new@acme.test", name="Lena New")
    said = owner_browser.get("/people/archived/?q=lena").content.decode()
    assert ("<mark>Léna</mark> Old" in said, "New" in said) == (True, False)
    assert 'href="?q=lena&amp;state=archived"' in said


def test_the_first_few_stand_there_with_a_link_to_all(owner_browser: Client) -> None:
    for number in range(7):
        make_organization(f"Firm {number}", archived_at=GONE)
    said = owner_browser.get("/organizations/archived/?q=firm").content.decode()
    assert (said.count("<li>"), "All archived hits" in said) == (5, True)


def test_without_a_search_or_hits_there_is_no_group(
    owner_browser: Client, acme: Organization
) -> None:
    make_organization("Gone", archived_at=GONE)
    for query in ("", "?q=acme"):
        assert owner_browser.get(f"/organizations/archived/{query}").content.strip() == b""
    asks = 'hx-get="/organizations/archived/'
    pages = {
        path: asks in owner_browser.get(f"/organizations/{path}").content.decode()
        for path in ("", "?q=acme", "?q=acme&state=archived", "?q=gone")
    }
    assert list(pages.values()) == [False, True, False, True]
