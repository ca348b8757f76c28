"""The real input beside the repository: files that nobody on the project wrote."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

_FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Callable[[str], bytes]:
    """Reads a file of the real input beside the repository, which is no part of it."""
    if not _FOLDER.is_dir():
        message = f"the real input is missing: {_FOLDER}"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return lambda path: (_FOLDER / path).read_bytes()
