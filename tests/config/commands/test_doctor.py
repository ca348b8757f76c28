"""`portico doctor`."""

import json
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from portico.clients.models import KEPT_VALUES, Organization, PropertyValue
from portico.config.heartbeat import beat
from portico.history.models import FollowUp
from portico.workspaces.models import Agent
from tests.config.commands.conftest import Portico
from tests.smtp import free_port, running_smtp_server


@pytest.fixture(autouse=True)
def well(settings: Any, tmp_path: Any, workspace: Any) -> None:
    """A worker lives, and no mail server is set."""
    settings.PORTICO_DATA_DIR = tmp_path
    settings.PORTICO_EMAIL_URL = ""
    beat()


def findings(portico: Portico) -> list[tuple[str, str]]:
    ran = portico("doctor", "--json")
    found = [(finding["check"], finding["text"]) for finding in json.loads(ran.out)]
    assert ran.status == (1 if found else 0)
    return found


def test_a_sound_installation_has_no_findings(portico: Portico, guest: Any) -> None:
    assert findings(portico) == []
    assert "WRONG" not in portico("doctor").out


def test_a_counter_that_drifted_is_found(portico: Portico, guest: Any) -> None:
    Organization.objects.update(people_count=7)
    assert findings(portico) == [
        ("counters", "northstar: people_count of 1 organizations is wrong")
    ]


def test_values_that_lead_to_the_wrong_record_are_found_and_written_anew(
    portico: Portico, guest: Any
) -> None:
    Organization.objects.update(property_values={"seats": "417"})
    PropertyValue.objects.update(form="418")
    wrong = "2 values of organization records are wrong"
    mended = "`portico doctor --rebuild-values` writes them anew"
    assert findings(portico) == [("property values", f"{wrong}; {mended}")]
    assert portico("doctor", "--rebuild-values", "--json").out == "[]\n"
    assert findings(portico) == []


def test_missing_triggers_are_found_and_set_again(portico: Portico, guest: Any) -> None:
    with connection.cursor() as cursor:
        for statement in KEPT_VALUES[1].drop_triggers(connection.vendor):
            cursor.execute(statement)
    mended = "`portico doctor --rebuild-values` writes them anew"
    assert findings(portico) == [("property values", f"3 triggers are missing; {mended}")]
    assert portico("doctor", "--rebuild-values", "--json").out == "[]\n"


def test_a_missing_worker_is_found(portico: Portico, tmp_path: Any) -> None:
    (tmp_path / "worker.alive").unlink()
    assert [check for check, _ in findings(portico)] == ["worker"]


def test_follow_ups_that_fail_are_found(portico: Portico, owner: Agent) -> None:
    FollowUp.objects.create(event_ids=[], attempts=3, next_attempt_at=timezone.now())
    assert findings(portico) == [("nothing stuck", "northstar: 1 follow-ups of events fail")]


def test_a_mail_server_that_is_down_is_found_and_its_password_masked(
    portico: Portico, settings: Any
) -> None:
    settings.PORTICO_EMAIL_URL = f"smtp://me:hunter2@127.0.0.1:{free_port()}"
    [(check, text)] = findings(portico)
    assert check == "mail server"
    assert "hunter2" not in text
    with running_smtp_server() as server:
        settings.PORTICO_EMAIL_URL = server.url
        assert findings(portico) == []
