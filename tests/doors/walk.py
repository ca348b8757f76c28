"""One member's walk past all doors, and everything that was wrong on the way."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import zip_longest
from typing import Any

import orjson
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.doors.cast import Member
from tests.doors.expectations import Expected, expected
from tests.doors.ledger import Digest, changed, digest, watched
from tests.doors.requests import MALFORMED, bodies, fillings, form, json_body
from tests.doors.routes import METHODS, Route
from tests.doors.stage import CANARIES, Stage

# At a closed door it is enough to try these kinds of ids; what is behind it is asked of the others.
TOLD_APART = {"own", "other_workspace", "unknown"}
TOKENS = {"token"}
_FRESH = re.compile(r'(name="(?:form_token|csrfmiddlewaretoken)" value="|"X-CSRFToken": ?")[^"]+')
_MADE = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT[0-9:.]+(?:Z|\+00:00)"
)
# The account page shows the formats of now, which are fields of its forms too; a minute may begin
# between two answers.
_MINUTE = re.compile(r"\b\d\d?:\d\d(?: [AP]M)?\b")
_CLOCK = re.compile(r"(?m)^(?:Content-Length|Expires|Last-Modified): .*$")
_REQUEST_ID = re.compile(r"req_[0-9a-f]{16}")


@dataclass
class Answer:
    """What came back, and what it did to the database."""

    response: HttpResponse
    changes: set[tuple[str, str]]

    @property
    def status(self) -> int:
        """The status of the answer."""
        return self.response.status_code

    @property
    def text(self) -> str:
        """Headers and body as one text, as far as anybody can read them."""
        heads = "\n".join(f"{name}: {value}" for name, value in sorted(self.response.items()))
        body = b"".join(self.response) if self.response.streaming else self.response.content
        return f"{heads}\n\n{body.decode(errors='replace')}"

    def without(self, *echoes: str) -> str:
        """The text with request id, fresh tokens and echoed ids taken out."""
        text = _REQUEST_ID.sub("REQUEST", _FRESH.sub(r"\1FRESH", self.text))
        for echo in echoes:
            text = text.replace(echo, "ECHO")
        if self.status < 400:  # what was made for the one is not what was made for the other
            text = _MADE.sub("MADE", text)
        return _CLOCK.sub("", _MINUTE.sub("MINUTE", f"{self.status}\n{text}"))


@dataclass
class Walk:
    """Tries every route as one member; `wrong` collects what should not have been."""

    stage: Stage
    member: Member
    client: Client
    by_key: bool
    wrong: list[str] = field(default_factory=list)
    answered: int = 0

    @cached_property
    def before(self) -> Digest:
        """The database as the walk finds it, each request being rolled back."""
        return digest()

    @cached_property
    def schemas(self) -> Mapping[tuple[str, str], Any]:
        """The shapes of the API's bodies."""
        return bodies()

    def past(self, routes: list[Route]) -> list[str]:
        """Walk past these routes; answer what was wrong."""
        for route in routes:
            for method in route.policies:
                self._try(route, method)
        return self.wrong

    def past_closed_methods(self, routes: list[Route]) -> list[str]:
        """Try the methods that no policy is declared for: all of them are refused by method."""
        for route in routes:
            _kind, values = next(iter(fillings(route, self.stage, self.member)))
            for method in METHODS:
                if method not in route.policies:
                    answer = self.send(method, route.address(values))
                    self._expect(f"{method} {route.pattern}", answer, Expected(405))
        return self.wrong

    def past_malformed_ids(self, routes: list[Route]) -> list[str]:
        """Put what is no id where an id belongs: nothing is there, for whom the door is open."""
        for route in routes:
            for text in MALFORMED if route.parameters else ():
                path = route.address(dict.fromkeys(route.parameters, text))
                for method in route.policies:
                    answer = self.send(method, path)
                    if not 300 <= answer.status < 500:
                        self.wrong.append(f"{method} {path[:80]} answers {answer.status}")
                    self._look_over(f"{method} {path[:80]}", method, answer)
        return self.wrong

    def send(self, method: str, path: str, body: Any = None) -> Answer:
        """Send one request as the member, look what it wrote, and undo it."""
        sent: dict[str, Any] = {"headers": {"if-match": '"1"'}}
        if self.by_key:
            sent |= {"data": orjson.dumps(body or {}), "content_type": "application/json"}
        elif method == "POST":
            sent["data"] = body or {}
        before = self.before  # read here, while nothing of this request is written
        with transaction.atomic():
            with watched() as written:
                response = self._answer_of(method, path, sent)
            changes = changed(before, digest()) if written else set()
            transaction.set_rollback(True)
        self.answered += 1
        return Answer(response, changes)

    def _answer_of(self, method: str, path: str, sent: dict[str, Any]) -> Any:
        try:
            return self._client().generic(method, path, **self._encoded(method, sent))
        except Exception as error:  # a fault of a page must not end the walk
            self.wrong.append(f"{method} {path[:80]} breaks: {type(error).__name__}: {error}")
            return HttpResponse(status=500, headers={"X-Request-Id": "-"})

    def _client(self) -> Client:
        if not self.by_key:
            self.stage.enter(self.client, self.member)
        return self.client

    def _encoded(self, method: str, sent: dict[str, Any]) -> dict[str, Any]:
        if self.by_key or method != "POST":
            return sent if method not in {"GET", "HEAD"} else {"headers": sent["headers"]}
        content = encode_multipart(BOUNDARY, sent["data"])
        return sent | {"data": content, "content_type": MULTIPART_CONTENT}

    def _try(self, route: Route, method: str) -> None:
        wanted = expected(route, method, self.member)
        answers: dict[str, tuple[Answer, dict[str, Any]]] = {}
        for kind, values in fillings(route, self.stage, self.member):
            if kind != "own" and not self._depends_on_ids(route, method):
                break
            if kind != "own" and method == "HEAD":
                break
            if not wanted.is_open and kind not in TOLD_APART:
                continue
            where = f"{method} {route.pattern} ({kind})"
            answer = self.send(method, route.address(values), self._body(route, method, kind=kind))
            answers[kind] = answer, values
            self._expect(where, answer, self._wanted(route, wanted, kind=kind))
            self._look_over(where, method, answer)
        self._compare(f"{method} {route.pattern}", answers)
        if method == "POST" and not route.is_api:
            where = f"POST {route.pattern} (empty)"
            answer = self.send(method, route.address(next(iter(answers.values()))[1]))
            self._expect(where, answer, wanted)
            self._look_over(where, method, answer)

    def _depends_on_ids(self, route: Route, method: str) -> bool:
        return bool(route.parameters) or method == "POST"

    def _body(self, route: Route, method: str, *, kind: str) -> Any:
        if route.is_api:
            address = re.sub(r"<\w+:(\w+)>", r"{\1}", route.pattern)
            schema = self.schemas.get((method, address))
            return json_body(schema, self.stage, self.member, kind=kind) if schema else None
        if method != "POST":
            return None
        first = route.pattern.strip("/").partition("/")[0]
        noun = first if first in {"people", "organizations"} else "people"
        return form(self.stage, self.member, kind, noun=noun)

    def _wanted(self, route: Route, wanted: Expected, *, kind: str) -> Expected:
        """An open door leads to nothing where the id in the address is not theirs to see."""
        ids = [name for name, converter in route.parameters.items() if "uuid" in converter]
        if not wanted.is_open or not ids or TOKENS & set(route.parameters):
            return wanted
        hidden = {"other_workspace", "unknown"}
        if self.member.kind == "person":
            hidden.add("other_organization")
        return Expected(404) if kind in hidden else wanted

    def _expect(self, where: str, answer: Answer, wanted: Expected) -> None:
        if wanted.is_open:
            if answer.status >= 500 or answer.status == 401:
                self.wrong.append(f"{where} is open and answers {answer.status}")
            return
        if answer.status != wanted.status:
            self.wrong.append(f"{where} answers {answer.status} instead of {wanted.status}")
        elif not answer.response.get("Location", "").startswith(wanted.location):
            self.wrong.append(f"{where} leads to {answer.response['Location']}")
        if answer.changes:
            self.wrong.append(f"{where} is refused and changes {sorted(answer.changes)}")

    def _look_over(self, where: str, method: str, answer: Answer) -> None:
        """What holds for every answer, open or not."""
        if answer.changes and (method in {"GET", "HEAD"} or answer.status >= 400):
            self.wrong.append(f"{where} ({answer.status}) changes {sorted(answer.changes)}")
        own = {"", str(self.stage.workspaces[self.member.workspace])}
        for label, workspace in sorted(answer.changes):
            if workspace not in own:
                self.wrong.append(f"{where} changes {label} of another workspace")
        text = answer.text
        for canary in sorted(CANARIES - self.member.sees):
            if canary in text:
                self.wrong.append(f"{where} ({answer.status}) tells {canary}")
        if "Traceback (most recent" in text or "X-Request-Id" not in text:
            self.wrong.append(f"{where} shows a trace or lacks the request id")

    def _compare(self, where: str, answers: Mapping[str, tuple[Answer, Mapping[str, Any]]]) -> None:
        """A foreign id is answered exactly like one that never existed."""
        if "unknown" not in answers:
            return
        never, values = answers["unknown"]
        for kind in self._foreign():
            if kind in answers:
                answer, other = answers[kind]
                echoes = self._echoes(kind, other), self._echoes("unknown", values)
                one, two = answer.without(*echoes[0]), never.without(*echoes[1])
                if one != two:
                    self.wrong.append(f"{where}: {kind} is told from unknown by {_apart(one, two)}")

    def _foreign(self) -> Iterator[str]:
        yield "other_workspace"
        if self.member.kind == "person":
            yield "other_organization"

    def _echoes(self, kind: str, values: Mapping[str, Any]) -> list[str]:
        """The ids that were sent, which an answer may repeat."""
        nouns = ("organizations", "people", "agents")
        sent = [str(value) for value in values.values()]
        for noun in nouns:
            ids = self.stage.ids(self.member, noun)
            sent.append(str(ids.get(kind, ids["unknown"])))
        return sent


def _apart(one: str, two: str) -> str:
    """The first lines that two answers do not share."""
    pairs = zip_longest(one.splitlines(), two.splitlines(), fillvalue="")
    return next((f"{left[:200]!r}, {right[:200]!r}" for left, right in pairs if left != right), "")
