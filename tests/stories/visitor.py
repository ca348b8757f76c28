"""Whoever acts in a story: somebody with a browser, or a program with an API key."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urljoin

from django.test import Client

from tests.conftest import sign_in
from tests.factories.keys import api_client
from tests.stories.screen import Screen

JSON = "application/json"
Typed = str | Sequence[str] | None


class Visitor:
    """Somebody with a browser, who can only follow and press what the page offers."""

    def __init__(self, user: Any = None) -> None:
        self.browser = sign_in(user) if user is not None else Client()
        self.screen: Screen | None = None

    @property
    def sees(self) -> Screen:
        """The page that is open."""
        assert self.screen is not None
        return self.screen

    def open(self, path: str) -> Screen:
        """Type an address."""
        return self._show(self.browser.get(path, follow=True), path)

    def follow(self, label: str) -> Screen:
        """Press a link."""
        return self.open(urljoin(self.sees.path, self.sees.link(label)))

    def choose(self, menu: str, label: str) -> Screen:
        """Press an entry of a drop-down."""
        return self.open(urljoin(self.sees.path, self.sees.entry(menu, label)))

    def press(self, label: str, **typed: Typed) -> Screen:
        """Press a button, after typing into its form; None unticks, a list ticks several."""
        button = self.sees.button(label)
        form = self.sees.form_of(button)
        sent: dict[str, Any] = self.sees.fields(form)
        for name, value in typed.items():
            sent[name] = value
            if value is None:
                del sent[name]
        if button.get("name"):
            sent[button.get("name")] = button.get("value")
        path = button.get("formaction") or form.get("action")
        if form.get("method", "get").lower() == "get":
            return self._show(self.browser.get(path, sent, follow=True), path)
        return self.send(path, sent)

    def send(self, path: str, fields: dict[str, Any]) -> Screen:
        """Send a form that the page need not offer, as a forged one would be."""
        return self._show(self.browser.post(path, fields, follow=True), path)

    def _show(self, answer: Any, path: str) -> Screen:
        chain = answer.redirect_chain
        self.screen = Screen(answer, chain[-1][0] if chain else path)
        return self.screen


class Program:
    """A program with a fresh API key of a user."""

    def __init__(self, user: Any) -> None:
        self.client = api_client(user)

    def get(self, path: str, **query: Any) -> Any:
        """Read."""
        return self.client.get(f"/api/v1/{path}", query)

    def post(self, path: str, **body: Any) -> Any:
        """Create, or do."""
        return self.client.post(f"/api/v1/{path}", body, content_type=JSON)

    def patch(self, path: str, *, version: int, **body: Any) -> Any:
        """Change what was read at this version."""
        match = {"if-match": f'"{version}"'}
        return self.client.patch(f"/api/v1/{path}", body, content_type=JSON, headers=match)

    def delete(self, path: str, *, version: int) -> Any:
        """Delete what was read at this version."""
        return self.client.delete(f"/api/v1/{path}", headers={"if-match": f'"{version}"'})


def problem_of(answer: Any) -> tuple[int, str, list[tuple[str, str]]]:
    """What the API refused: status, code, and (pointer, code) of each field."""
    assert answer["Content-Type"] == "application/problem+json", answer.content
    body = answer.json()
    errors = [(row["pointer"], row["code"]) for row in body.get("errors", [])]
    return answer.status_code, body["code"], errors
