"""`portico config`."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.config.commands.conftest import Portico


@pytest.fixture(autouse=True)
def clean(monkeypatch: Any, tmp_path: Path) -> Path:
    """No variable but the data folder."""
    import os

    for name in [name for name in os.environ if name.startswith("PORTICO_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PORTICO_DATA_DIR", str(tmp_path))
    return tmp_path


def settings_of(portico: Portico) -> dict[str, Any]:
    return {setting["name"]: setting for setting in json.loads(portico("config", "--json").out)}


def test_without_any_variable_nothing_is_wrong(portico: Portico, clean: Path) -> None:
    assert portico("config").status == 0
    shown = settings_of(portico)
    assert shown["PORTICO_BASE_URL"]["value"] == "http://127.0.0.1:8000"
    assert shown["PORTICO_DATABASE_URL"]["value"] == f"sqlite:///{clean / 'portico.sqlite3'}"
    assert shown["PORTICO_EMAIL_URL"]["source"] == "not set: mails wait in the Outbox"
    assert shown["PORTICO_DATA_DIR"]["source"] == "environment"


def test_secrets_are_masked_and_their_place_is_named(
    portico: Portico, monkeypatch: Any, clean: Path
) -> None:
    secret = clean / "mail"
    secret.write_text("smtp+tls://me:hunter2@mail.test:587\n")
    monkeypatch.setenv("PORTICO_EMAIL_URL_FILE", str(secret))
    monkeypatch.setenv("PORTICO_SECRET_KEY", "very-secret-key")
    monkeypatch.setenv("PORTICO_DATABASE_URL", "postgresql://portico:pass-word@db.test/portico")
    ran = portico("config")
    for word in ("hunter2", "very-secret-key", "pass-word"):
        assert word not in ran.out
    assert "smtp+tls://me:********@mail.test:587" in ran.out
    assert f"[file {secret}]" in ran.out


def test_what_serve_remembered_is_said(portico: Portico, clean: Path) -> None:
    (clean / "base_url").write_text("http://127.0.0.1:8123\n")
    found = settings_of(portico)["PORTICO_BASE_URL"]
    assert (found["value"], found["source"]) == ("http://127.0.0.1:8123", "remembered by serve")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORTICO_EMAIL_URL", "http://mail.test"),
        ("PORTICO_BASE_URL", "portal.test"),
        ("PORTICO_LOG_FORMAT", "xml"),
        ("PORTICO_TRUSTED_PROXIES", "many"),
        ("PORTICO_SECRET_KEY_FILE", "/nowhere/at/all"),
        ("PORTICO_EMIAL_URL", "smtp://mail.test"),
    ],
)
def test_what_is_wrong_is_said(name: str, value: str, portico: Portico, monkeypatch: Any) -> None:
    monkeypatch.setenv(name, value)
    ran = portico("config")
    assert ran.status == 1
    assert ran.out.count("wrong:") == 1
