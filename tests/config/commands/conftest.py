"""Commands run in this process, on the test's database."""

from dataclasses import dataclass
from typing import Any

import pytest

from portico.config.commands import main


@dataclass(frozen=True)
class Ran:
    """What a command answered."""

    status: int
    out: str
    err: str


class Portico:
    """The `portico` command."""

    def __init__(self, capsys: Any) -> None:
        self.capsys = capsys

    def __call__(self, *words: str) -> Ran:
        """Run one command line."""
        self.capsys.readouterr()
        try:
            status = main(words)
        except SystemExit as error:
            status = int(error.code or 0)
        captured = self.capsys.readouterr()
        return Ran(status, captured.out, captured.err)


@pytest.fixture
def portico(capsys: Any) -> Portico:
    """The command."""
    return Portico(capsys)
