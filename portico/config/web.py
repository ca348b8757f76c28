"""The web processes: granian over WSGI. `serve` runs this in a child of its own."""

from typing import Any

from granian import Granian
from granian.constants import Interfaces

GRACE_SECONDS = 30

_LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"text": {"format": "%(asctime)s %(levelname)s %(name)s [-] %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "text"}},
    "loggers": {"_granian": {"handlers": ["console"], "level": "WARNING", "propagate": False}},
}


def serve_web(host: str, port: int, *, workers: int) -> None:
    """Serve until SIGTERM; requests under way are finished first."""
    server: Any = Granian(
        "portico.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=2,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=GRACE_SECONDS,
        log_dictconfig=_LOGGING,
    )
    server.serve()
