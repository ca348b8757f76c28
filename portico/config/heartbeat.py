"""The worker's sign of life: a file that it touches, so that nothing is written by a check."""

import time
from pathlib import Path

from django.conf import settings

ALIVE_WITHIN_SECONDS = 60


def beat() -> None:
    """Say that the worker lives."""
    settings.PORTICO_DATA_DIR.mkdir(parents=True, exist_ok=True)
    _path().touch()


def is_worker_alive() -> bool:
    """Whether a worker gave a sign of life within the last minute."""
    try:
        return time.time() - _path().stat().st_mtime < ALIVE_WITHIN_SECONDS
    except FileNotFoundError:
        return False


def _path() -> Path:
    return Path(settings.PORTICO_DATA_DIR) / "worker.alive"
