"""In a language in which every message stands in brackets, no page shows a word without them."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from zoneinfo import available_timezones

import pytest
from django.conf import settings as django_settings
from django.http import SimpleCookie
from django.test import Client
from django.utils.translation import trans_real

from portico.setup.links import first_run_link
from portico.workspaces.models import Agent
from tests.browser.looks import SUBMIT, Look
from tests.browser.pages import EMPTY, PAGES
from tests.browser.stage import FILE, Stage, build_stage
from tests.conftest import sign_in

# The buttons whose press sends a form that was not filled in.
SENDS = {SUBMIT, "#profile .p-button-primary"}
OPEN, CLOSE = "⟦", "⟧"
# Their text is code, a name, the documentation, or never seen.
SILENT = {"script", "style", "code", "pre", "svg", "kbd", "template", "del", "ins", "article"}
SPOKEN = {"aria-label", "title", "placeholder", "alt", "data-text", "data-all-text"}
VOID = {"meta", "link", "input", "br", "img", "use", "hr", "source"}
# Addresses, marks of a clock of twelve hours, environment variables, names of files and encodings.
PLAIN = re.compile(
    r"https?://\S+|smtp\S*://\S+|\S+@\S+|(?<!\S)/[\w./-]+|\b[AP]M\b|\bPORTICO_\w+\b|[\w-]+\.csv\b"
    r"|\bUTF-8\b"
)
ZONES = {zone.replace("_", " ") for zone in available_timezones()} | available_timezones()
LETTERS = re.compile(r"[^\W\d_]{2,}")


class PseudoTranslation(trans_real.DjangoTranslation):
    """The present words of English, each message in brackets."""

    def __init__(self) -> None:
        english = trans_real.translation("en")
        self.__dict__ = dict(english.__dict__)

    def gettext(self, message: str) -> str:
        """The message, in brackets."""
        return _wrapped(super().gettext(message))

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """The message for this number, in brackets."""
        return _wrapped(super().ngettext(msgid1, msgid2, n))


def _wrapped(text: str) -> str:
    """Keep a context that was not found apart, as Django looks for it."""
    if trans_real.CONTEXT_SEPARATOR in text or not text.strip():
        return text
    return f"{OPEN}{text}{CLOSE}"


@pytest.fixture
def pseudo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Speak it wherever English was spoken."""
    pseudo_translation = PseudoTranslation()
    known: Any = trans_real
    monkeypatch.setitem(known._translations, "en", pseudo_translation)
    monkeypatch.setattr(trans_real, "_default", pseudo_translation)
    trans_real.activate("en")
    yield
    trans_real.deactivate()


class Texts(HTMLParser):
    """Collects what a page shows or speaks, but for names and code."""

    def __init__(self) -> None:
        super().__init__()
        self.path: list[tuple[str, bool]] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the spoken attributes, and whether what stands inside is to be read."""
        self.found += [value for name, value in attrs if name in SPOKEN and value]
        if tag not in VOID:
            self.path.append((tag, tag in SILENT))

    def handle_endtag(self, tag: str) -> None:
        """Leave the element."""
        while self.path and self.path.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Take the text, unless it is none to be read."""
        if data.strip() and not any(is_silent for _tag, is_silent in self.path):
            self.found.append(" ".join(data.split()))


def bare_words(page: str, names: list[str]) -> list[str]:
    """The texts of a page in which a word stands outside brackets and is no name."""
    reader = Texts()
    reader.feed(page)
    found = []
    for text in reader.found:
        rest = PLAIN.sub(" ", _outside(text))
        for name in names:
            rest = rest.replace(name, " ")
        if text not in ZONES and LETTERS.search(rest):
            found.append(text[:120])
    return sorted(set(found))


def _outside(text: str) -> str:
    depth, kept = 0, []
    for letter in text:
        depth += (letter == OPEN) - (letter == CLOSE)
        kept.append(letter if depth <= 0 and letter != CLOSE else " ")
    return "".join(kept)


def names_of(stage: Stage) -> list[str]:
    """What the people of the stage typed, longest first."""
    from portico.accounts.models import User
    from portico.catalog.models import Service
    from portico.clients.models import CustomProperty, Location, Organization, Tag
    from portico.insight.models import View
    from portico.notifications.models import OutgoingMail
    from portico.operations.models import Operation
    from portico.workspaces.models import Role

    fields = {
        User: ("name", "email", "position", "phone"),
        Organization: ("name", "reference", "website", "description", "address_street"),
        Location: ("name", "address_city", "note"),
        Tag: ("name",),
        CustomProperty: ("label", "key"),
        Service: ("name", "description"),
        View: ("name",),
        Role: ("name",),
        OutgoingMail: ("subject", "address", "last_error"),
        Operation: ("title", "actor_name"),
    }
    names = {
        "Portico",
        "Northstar",
        "acme.test",
        "Wohin",
        "CSV",
        "Excel",
        "JSON",
        *("Acme", "Windows"),
        *FILE.partition("\n")[0].split(","),
    }
    for model, columns in fields.items():
        for row in model.objects.values_list(*columns):
            names |= {str(value).strip() for value in row if value}
    for choices in CustomProperty.objects.values_list("choices", flat=True):
        names |= set(choices)
    return sorted(names, key=len, reverse=True)


def browsers_of(stage: Stage) -> dict[str, Client]:
    """One browser for each user of the stage."""
    return {who: sign_in(user) if user else Client() for who, user in stage.users.items()}


def shown(look: Look, browser: Client, stage: Stage) -> str:
    """The page; its form sent empty where the look presses its button."""
    if look.who == "nobody":
        browser.cookies = SimpleCookie()
    answer = browser.get(look.path.format(**stage.names), follow=True)
    if look.press and look.press[-1] in SENDS and look.view != "settings.general":
        path = answer.request["PATH_INFO"]
        answer = browser.post(path, {"block": "profile"} if path == "/account/" else {})
    return str(answer.content.decode())


def test_no_page_has_a_word_that_cannot_be_translated(owner: Agent, pseudo: None) -> None:
    stage = build_stage(owner)
    browsers, names = browsers_of(stage), names_of(stage)
    found: dict[str, list[str]] = {}
    for look in PAGES:
        page = shown(look, browsers[look.who], stage)
        assert OPEN in page, look.title
        if bare := bare_words(page, names):
            found[look.title] = bare
    assert found == {}, "\n".join(f"{k}: {v}" for k, v in found.items())


def test_nor_has_an_empty_workspace(owner: Agent, pseudo: None) -> None:
    stage = Stage({"owner": owner, "nobody": None}, {"first_run": "/setup/over/"})
    browsers, names = browsers_of(stage), names_of(stage)
    looks = [look for look in EMPTY if look.who == "owner"]
    found = {look.path: bare_words(shown(look, browsers["owner"], stage), names) for look in looks}
    assert {path: bare for path, bare in found.items() if bare} == {}


@pytest.mark.django_db
def test_nor_has_first_run(pseudo: None) -> None:
    path = first_run_link().removeprefix(django_settings.PORTICO_BASE_URL)
    browser = Client(headers={"host": "localhost"})
    for answer in (browser.get("/"), browser.get(path), browser.post(path, {})):
        assert bare_words(answer.content.decode(), ["Portico"]) == []


def test_a_bare_word_in_text_or_label_would_be_found() -> None:
    page = '<p title="Hint">⟦Seen⟧ Acme <b>⟦by ⟦you⟧⟧</b> plain 12</p><code>make run</code>'
    assert bare_words(page, ["Acme"]) == ["Hint", "plain 12"]
