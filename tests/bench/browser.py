"""One connection to the server, signed in the way a person signs in."""

import html
import http.client
import re
import time
from typing import Any
from urllib.parse import urlencode, urljoin

from tests.bench.seeding import PASSWORD


class Browser:
    """A keep-alive connection with cookies; every request must be answered as expected."""

    def __init__(self, port: int, slug: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.host = f"{slug}.localhost:{port}"
        self.cookies: dict[str, str] = {}

    def ask(
        self, method: str, path: str, *, body: Any = None, headers: dict[str, str] | None = None
    ) -> str:
        """The body of the answer; raises when it is neither content nor a redirect."""
        sent = {"Host": self.host, **(headers or {})}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = self._answer(method, path, body=body, headers=sent)
        content = answer.read().decode(errors="replace")
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, rest = cookie.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        assert answer.status < 400, f"{method} {path}: {answer.status} {content[:500]}"
        return content

    def _answer(self, method: str, path: str, **sent: Any) -> http.client.HTTPResponse:
        """The server closes a connection that was idle for half a minute: then a new one."""
        for is_last in (False, True):
            try:
                self.connection.request(method, path, **sent)
                return self.connection.getresponse()
            except http.client.RemoteDisconnected:
                self.connection.close()
                if is_last:
                    raise
        raise AssertionError

    def sign_in(self, email: str) -> None:
        """Fill in the sign-in page."""
        shown = self.ask("GET", "/accounts/login/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', shown)
        assert token is not None
        fields = {"login": email, "password": PASSWORD, "csrfmiddlewaretoken": token[1]}
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        self.ask("POST", "/accounts/login/", body=urlencode(fields), headers=form)
        assert "portico_session" in self.cookies

    def deep_page(self, path: str, *, pages: int) -> str:
        """The address that `pages` presses on Next lead to, or the last one there is."""
        address = path
        for _ in range(pages):
            following = re.search(r'href="([^"]*cursor=[^"]+)" rel="next"', self.page(address))
            if following is None:
                return address
            address = urljoin(address, html.unescape(following[1]))
        return address

    def page(self, path: str) -> str:
        """A page by GET."""
        return self.ask("GET", path)

    def timed(self, method: str, path: str, **sent: Any) -> float:
        """How many milliseconds the answer takes."""
        start = time.perf_counter()
        self.ask(method, path, **sent)
        return (time.perf_counter() - start) * 1000
