"""The entry point: help, exit statuses, refusals."""

import pytest

from portico.config.commands import COMMANDS, available
from tests.config.commands.conftest import Portico


@pytest.mark.parametrize("name", [name for name in available() if name != "manage"])
def test_every_command_has_help_with_an_example(name: str, portico: Portico) -> None:
    ran = portico(name, "--help")
    assert ran.status == 0
    assert " ".join(ran.out.split()).count(f"Example: portico {name}") == 1


def test_the_help_names_every_installed_command(portico: Portico) -> None:
    ran = portico("--help")
    assert ran.status == 0
    for name in available():
        assert f"\n    {name}" in ran.out


def test_only_commands_of_the_contract_are_offered() -> None:
    assert set(available()) <= set(COMMANDS)


@pytest.mark.parametrize("words", [(), ("nonsense",), ("plan", "set"), ("serve", "--port", "0")])
def test_wrong_use_is_status_two(words: tuple[str, ...], portico: Portico) -> None:
    assert portico(*words).status == 2


@pytest.mark.usefixtures("workspace")
def test_a_refusal_is_status_one_with_its_reason(portico: Portico) -> None:
    ran = portico("plan", "set", "--workspace", "nowhere")
    assert (ran.status, ran.out) == (1, "")
    assert ran.err == "portico: There is no workspace “nowhere”. There is: northstar.\n"


@pytest.mark.django_db
def test_manage_runs_django_s_own_commands(portico: Portico) -> None:
    assert portico("manage", "check").out.strip().startswith("System check identified no issues")
