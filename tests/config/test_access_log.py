"""The access log: one line, no token, no query string."""

from typing import Any

import pytest

from portico.config.access_log import AccessLog, masked


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/people/", "/people/"),
        ("/invite/abc.def/", "/invite/***"),
        ("/setup/0123456789/", "/setup/***"),
        ("/accounts/password/reset/key/018f/c8-token/", "/accounts/password/reset/key/***"),
        ("/accounts/choose/018f/c8-token/", "/accounts/choose/***"),
        ("/a\nINFO forged", "/a\\nINFO forged"),
    ],
)
def test_paths_are_shown_without_what_opens_a_door(path: str, shown: str) -> None:
    assert masked(path) == shown


def test_a_request_leaves_one_line_with_its_id(caplog: Any) -> None:
    def application(_environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [("X-Request-Id", "req_1234")])
        return [b"done"]

    started: list[str] = []
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/invite/secret/", "QUERY_STRING": "q=Lena"}
    with caplog.at_level("INFO", logger="portico.access"):
        body = AccessLog(application)(environ, lambda status, *_: started.append(status))
    assert (b"".join(body), started) == (b"done", ["200 OK"])
    [line] = [record.getMessage() for record in caplog.records]
    assert line.startswith("GET /invite/*** 200 ")
    assert line.endswith(" ms req_1234")
