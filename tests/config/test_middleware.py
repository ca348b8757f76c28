"""What every answer has in common: ids, headers, hosts, sizes, and faults that tell nothing."""

import json
import logging
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from portico.clients.models import Organization
from portico.config.logs import JsonFormatter, RequestIdFilter, TextFormatter
from portico.history.models import Event
from portico.kit.pagination import KeptPages
from portico.kit.policies import Body
from tests.conftest import sign_in
from tests.factories.keys import api_client

POLICY = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
    "manifest-src 'self'",
)
PROBLEM = "application/problem+json"


def quiet(**headers: str) -> Client:
    """A client that gets the page of a fault instead of its exception."""
    return Client(raise_request_exception=False, headers=headers)


@pytest.mark.parametrize("path", ("/", "/accounts/login/", "/nowhere/", "/api/v1/me", "/healthz"))
def test_each_answer_carries_an_id_and_takes_a_well_formed_one(
    workspace: Any, client: Client, path: str
) -> None:
    made = client.get(path)["X-Request-Id"]
    assert made.startswith("req_")
    assert client.get(path)["X-Request-Id"] != made
    assert client.get(path, headers={"x-request-id": "trace-42"})["X-Request-Id"] == "trace-42"


@pytest.mark.parametrize("offered", ("abc", "x" * 65, "a b c d", "<script>", "é" * 8, "a\tb\tc"))
def test_a_malformed_id_is_replaced(workspace: Any, client: Client, offered: str) -> None:
    answer = client.get("/", headers={"x-request-id": offered})
    assert answer["X-Request-Id"].startswith("req_")


def test_one_id_stands_in_answer_event_and_log(
    owner: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.handler.addFilter(RequestIdFilter())
    api = api_client(owner)
    api.post(
        "/api/v1/organizations",
        {"name": "Birch"},
        content_type="application/json",
        headers={"x-request-id": "trace-42"},
    )
    assert Event.objects.get(kind="organization.created").request_id == "trace-42"
    refused = api.get("/api/v1/nothing", headers={"x-request-id": "trace-43"})
    assert refused.json()["request_id"] == "trace-43"
    assert "trace-43" in {getattr(line, "request_id", "") for line in caplog.records}


@pytest.mark.parametrize(
    "path", ("/accounts/login/", "/nowhere/", "/", "/api/v1/openapi.json", "/api/v1/nothing")
)
def test_every_answer_carries_the_security_headers(
    workspace: Any, client: Client, path: str
) -> None:
    answer = client.get(path)
    policy = answer["Content-Security-Policy"].split("; ")
    assert sorted(policy) == sorted(POLICY)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Server" not in answer
    assert "X-Powered-By" not in answer


@pytest.mark.parametrize("path", ("/", "/account/", "/organizations/", "/settings/", "/nowhere/"))
def test_what_a_signed_in_reader_sees_is_kept_nowhere(owner_browser: Client, path: str) -> None:
    assert "no-store" in owner_browser.get(path)["Cache-Control"]


def test_what_a_key_reads_is_kept_nowhere(owner: Any) -> None:
    assert "no-store" in api_client(owner).get("/api/v1/people")["Cache-Control"]


@pytest.mark.parametrize("path", ("/", "/accounts/login/", "/api/v1/me"))
@pytest.mark.parametrize("host", ("evil.example", "testserver.evil.example", "evil.example:80"))
def test_an_unknown_host_is_refused(workspace: Any, path: str, host: str) -> None:
    answer = Client(headers={"host": host}).get(path)
    assert (answer.status_code, answer.content) == (400, b"Unknown host.\n")


@pytest.mark.parametrize("host", ("testserver", "localhost", "127.0.0.1:8000", "[::1]:8000"))
def test_known_hosts_are_answered(workspace: Any, host: str) -> None:
    assert Client(headers={"host": host}).get("/accounts/login/").status_code == 200


def test_x_forwarded_host_decides_nothing(workspace: Any, other_workspace: Any) -> None:
    """R-C47: neither which workspace opens nor what a link says."""
    forged = Client(headers={"x-forwarded-host": "zenith.test", "forwarded": "host=zenith.test"})
    page = forged.get("/accounts/login/")
    assert page.status_code == 200
    assert b"Northstar" in page.content
    assert b"Zenith" not in page.content
    assert b"zenith.test" not in page.content
    outside = Client(headers={"host": "evil.example", "x-forwarded-host": "testserver"})
    assert outside.get("/accounts/login/").status_code == 400


def test_a_form_without_its_secret_is_refused_with_a_page(owner: Any) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/accounts/login/", {"login": "x", "password": "y"})
    assert answer.status_code == 403
    assert b"This form is too old" in answer.content
    assert answer["X-Request-Id"].encode() in answer.content


def test_a_key_needs_no_forms_secret(owner: Any) -> None:
    strict = api_client(owner)
    strict.handler.enforce_csrf_checks = True
    answer = strict.post("/api/v1/people", "{}", content_type="application/json")
    assert answer.status_code == 422


LOCKED = OperationalError("database is locked: /srv/secret/place.sqlite3")


@pytest.fixture
def locked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever asks for organizations finds the database locked."""

    def refuse(*_: Any) -> Any:
        raise LOCKED

    monkeypatch.setattr(type(Organization.objects), "get_queryset", refuse)
    monkeypatch.setattr(KeptPages, "rows", refuse)


def test_storage_that_fails_is_a_page_that_says_when_to_come_back(
    owner_browser: Client, locked: None
) -> None:
    answer = owner_browser.get("/organizations/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert b"Nothing was changed" in answer.content
    assert b"secret" not in answer.content


def test_storage_that_fails_is_a_problem_document(owner: Any, locked: None) -> None:
    answer = api_client(owner).get("/api/v1/organizations")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert (answer["Content-Type"], answer.json()["code"]) == (PROBLEM, "storage_failed")
    assert b"secret" not in answer.content


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever asks for organizations finds a fault of ours."""

    def fail(*_: Any) -> Any:
        raise ZeroDivisionError("the secret of the house")

    monkeypatch.setattr(type(Organization.objects), "get_queryset", fail)
    monkeypatch.setattr(KeptPages, "rows", fail)


def test_a_fault_shows_its_code_and_no_trace(owner: Any, broken: None) -> None:
    browser = quiet()
    browser.cookies = sign_in(owner).cookies
    answer = browser.get("/organizations/")
    assert answer.status_code == 500
    assert answer["X-Request-Id"].encode() in answer.content
    for word in (b"Traceback", b"secret", b"ZeroDivision", b".py"):
        assert word not in answer.content


def test_a_fault_of_the_api_is_a_problem_and_no_trace(owner: Any, broken: None) -> None:
    api = api_client(owner)
    api.raise_request_exception = False
    answer = api.get("/api/v1/organizations")
    assert (answer.status_code, answer["Content-Type"]) == (500, PROBLEM)
    assert answer.json()["code"] == "fault"
    for word in (b"Traceback", b"secret", b"ZeroDivision"):
        assert word not in answer.content


def test_a_body_above_the_pages_limit_is_refused_unread(owner_browser: Client) -> None:
    answer = owner_browser.post("/organizations/new/", {"description": "x" * Body.FORM})
    assert answer.status_code == 413
    assert b"Too large" in answer.content
    assert Organization.objects.count() == 0


def test_a_body_above_one_mebibyte_is_a_problem_at_the_api(owner: Any) -> None:
    body = json.dumps({"name": "x" * Body.JSON})
    answer = api_client(owner).post("/api/v1/organizations", body, content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (413, PROBLEM)
    assert Organization.objects.count() == 0


def test_more_fields_than_a_form_has_are_refused(owner_browser: Client) -> None:
    browser = owner_browser
    browser.raise_request_exception = False
    answer = browser.post("/organizations/new/", {f"f{number}": "x" for number in range(6000)})
    assert answer.status_code in {400, 413}
    assert b"Traceback" not in answer.content


def line(message: str, *values: Any) -> str:
    """What the JSON log writes for this message."""
    record = logging.LogRecord("portico", logging.WARNING, "x.py", 1, message, values, None)
    RequestIdFilter().filter(record)
    return JsonFormatter().format(record)


@pytest.mark.parametrize(
    "text",
    (
        "Not Found: /a\r\n2026 INFO forged",
        "\x1b[31mred\x1b[0m \x1b]0;title\x07",
        "\u2028 and \u2029 and \x85",
        '", "level": "forged", "x": "',
        "nul \x00 and del \x7f",
    ),
)
def test_a_log_line_stays_one_line_of_json(text: str) -> None:
    """R-C75: line breaks and escape sequences of a request can't write a line of their own."""
    written = line("refused %s", text)
    assert len(written.splitlines()) == 1
    assert not any(ord(character) < 32 or ord(character) == 127 for character in written)
    assert json.loads(written)["message"] == f"refused {text}"
    assert json.loads(written)["level"] == "WARNING"


@pytest.mark.parametrize("text", ("a\r\nb", "\x1b[31mred\x1b[0m", "\u2028", "\x9b31m"))
def test_a_line_of_text_stays_one_line_without_colours(text: str) -> None:
    record = logging.LogRecord("portico", logging.WARNING, "x.py", 1, "refused %s", (text,), None)
    written = TextFormatter("%(levelname)s %(message)s").format(record)
    assert written.isprintable()
    assert written.startswith("WARNING refused ")


def test_an_exception_in_the_log_stays_on_its_line() -> None:
    try:
        raise ValueError("first\r\nsecond")
    except ValueError as error:
        found = (type(error), error, error.__traceback__)
    record = logging.LogRecord("portico", logging.ERROR, "x.py", 1, "broke", (), found)
    written = JsonFormatter().format(record)
    assert len(written.splitlines()) == 1
    assert "first\r\nsecond" in json.loads(written)["exception"]


@pytest.mark.parametrize("path", ("/a%0d%0aSet-Cookie:x=1/", "/%1b%5b31m/", "/%00/", "/%ff/"))
def test_an_address_of_control_characters_is_not_found_and_sets_nothing(
    workspace: Any, path: str
) -> None:
    answer = quiet().get(path)
    assert answer.status_code == 404
    assert set(answer.cookies) <= {"portico_csrf"}


@pytest.mark.parametrize("length", ["abc", "²", "9" * 5_000, "-1"])
@pytest.mark.parametrize("path", ["/accounts/login/", "/api/v1/organizations"])
def test_a_length_that_is_no_number_breaks_nothing(
    workspace: Any, client: Client, path: str, length: str
) -> None:
    answer = client.get(path, CONTENT_LENGTH=length)
    assert answer.status_code in {200, 401}
