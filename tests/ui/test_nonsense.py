"""Under the preset of nonsense nouns no page shows a noun of the four real ones."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from portico.clients.models import Organization
from portico.invitations.models import Invitation
from portico.workspaces.models import Workspace
from tests.conftest import sign_in
from tests.factories.clients import make_organization, make_person
from tests.factories.workspaces import make_agent
from tools.words import NONSENSE

NOUNS = re.compile(
    r"\b(clients?|organizations?|compan(?:y|ies)|persons?|people|contacts?|members?|agents?"
    r"|users?|consultants?|requests?)\b",
    re.IGNORECASE,
)
# Reviewed: they name no record of the vocabulary.
PHRASES = re.compile(r"support contact|contact person|request a new link", re.IGNORECASE)
# Code is for developers, an article is a page of the documentation; names of presets and their
# words, and of roles, are names.
NOT_READ = re.compile(
    r"<(script|style|code|pre|template|article)\b.*?</\1>"
    r"|<div\b[^>]*\bdata-other-words\b.*?</fieldset>"
    r"|<[^>]*>",
    re.DOTALL,
)
SPOKEN = re.compile(r'\s(?:aria-label|title|placeholder|alt)="([^"]*)"')
ROLES = re.compile(r"\b(Team member|Client|Guest|Viewer|Admin|Manager|Owner)\b")


def nouns_in(page: str) -> list[str]:
    """The nouns that a reader sees or hears."""
    page = re.sub(r"<div\b[^>]*\bdata-other-words\b.*?</fieldset>", "", page, flags=re.DOTALL)
    spoken = " ".join(SPOKEN.findall(page))
    text = ROLES.sub("", PHRASES.sub("", f"{NOT_READ.sub(' ', page)} {spoken}"))
    return [
        " ".join(text[max(0, match.start() - 40) : match.end() + 20].split())
        for match in NOUNS.finditer(text)
    ]


def addresses(patterns: Any, prefix: str = "") -> Iterator[str]:
    """Every address of the product, with its parameters."""
    for pattern in patterns:
        here = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, here)
        elif isinstance(pattern, URLPattern):
            yield here


def filled(address: str, ids: dict[str, Any]) -> str | None:
    """The address of a record that is there; None where there is none of this kind."""
    if "<" not in address:
        return f"/{address}"
    for start, key in ids.items():
        if address.startswith(start):
            return "/" + re.sub(r"<[^>]+>", str(key), address, count=1)
    return None


@pytest.fixture
def records(workspace: Workspace, scope: Any) -> dict[str, Any]:
    Workspace.objects.update(preset=NONSENSE)
    acme: Organization = make_organization("Acme Windows")
    lena = make_person(organization=acme, roles=["Guest"])
    tom = make_agent("tom@northstar.test", name="Tom", roles=["Viewer"])
    invitation = Invitation.objects.create(
        user=lena, address=lena.email, organization=acme, expires_at=timezone.now()
    )
    return {
        "organizations/": acme.pk,
        "people/": lena.pk,
        "team/invitations/": invitation.pk,
        "team/": tom.pk,
    }


def test_no_page_of_an_agent_shows_a_noun_of_a_real_preset(
    owner_browser: Client, records: dict[str, Any]
) -> None:
    shown: dict[str, list[str]] = {}
    opened = 0
    for address in addresses(get_resolver().url_patterns):
        path = filled(address, records)
        if path is None or path.startswith(("/api/", "/accounts/logout", "/static/")):
            continue
        answer = owner_browser.get(path)
        if answer.status_code == 200 and "text/html" in answer["Content-Type"]:
            opened += 1
            if found := nouns_in(answer.content.decode()):
                shown[path] = found
    assert shown == {}
    assert opened > 20


def test_no_portal_page_shows_one_either(guest: Any, records: dict[str, Any]) -> None:
    browser = sign_in(guest)
    for path in ("/portal/", "/accounts/"):
        answer = browser.get(path)
        assert nouns_in(answer.content.decode()) == []


def test_a_noun_in_text_or_label_would_be_found() -> None:
    assert nouns_in('<p title="Add a client">Two <b>people</b></p>') != []
    assert nouns_in("<p>Support contact</p><code>organization</code>") == []
