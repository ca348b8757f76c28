"""What the palette offers beside records: the acts and pages that fit what was typed come first."""

import re

import pytest
from django.test import Client

from portico.clients.models import Organization
from tests.conftest import sign_in
from tests.factories.clients import make_organization
from tests.factories.workspaces import make_agent

pytestmark = [pytest.mark.django_db, pytest.mark.once]
ADDING = ["as a client", "as an organization"]


def offered(browser: Client, text: str) -> list[str]:
    """The options of the palette for this text, in order."""
    page = browser.get("/search/", {"q": text}, headers={"HX-Request": "true"}).content.decode()
    return re.findall(r'<span class="p-palette-label p-cut">(.*?)</span>', page)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("import", "Import a file"),
        ("dupl", "Duplicates"),
        ("colleague", "Invite a colleague"),
        ("changes", "Recent changes"),
        ("words", "Words"),
        ("tags", "Tags"),
    ],
)
def test_what_a_page_offers_is_found_by_its_words_before_adding_anything(
    owner_browser: Client, text: str, first: str
) -> None:
    shown = offered(owner_browser, text)
    assert shown[0] == first
    assert [label[-len(end) :] for label, end in zip(shown[1:], ADDING, strict=False)] == ADDING
    page = owner_browser.get("/search/", {"q": text}).content.decode()
    assert "No match" not in page


def test_records_still_stand_before_acts_and_pages(
    owner_browser: Client, acme: Organization
) -> None:
    make_organization("Important Imports")
    assert offered(owner_browser, "import")[:2] == [
        "<mark>Import</mark>ant <mark>Import</mark>s",
        "Import a file",
    ]


def test_nobody_is_offered_what_they_may_not_do(acme: Organization) -> None:
    member = sign_in(make_agent("t@northstar.test", name="Tea", roles=["Team member"]))
    for text in ("import", "colleague"):
        assert not any(text in label.lower() for label in offered(member, text))
