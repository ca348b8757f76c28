"""The connections of the served workspace, counted: a test is over when the last has ended."""

import socket
import threading
from typing import Any

PATIENCE_SECONDS = 30


class Connections:
    """Counts what a threading server has accepted and not finished."""

    def __init__(self, server: Any) -> None:
        self._address = server.server_address
        self._changed = threading.Condition()
        self._open = 0
        self._accept, self._work = server.process_request, server.process_request_thread
        server.process_request = self._accepted
        server.process_request_thread = self._worked_on

    @property
    def open(self) -> int:
        """How many there are now."""
        with self._changed:
            return self._open

    def wait_for_end(self) -> None:
        """Return when everything that was sent before has been worked off."""
        # The server accepts one after the other: once this one is answered, all before it count.
        with socket.create_connection(self._address, timeout=PATIENCE_SECONDS) as last:
            last.shutdown(socket.SHUT_WR)
            assert last.recv(1) == b""
        with self._changed:
            assert self._changed.wait_for(lambda: self._open == 0, PATIENCE_SECONDS), (
                f"{self._open} connections of the browser did not end"
            )

    def _accepted(self, request: Any, address: Any) -> None:
        with self._changed:
            self._open += 1
        self._accept(request, address)

    def _worked_on(self, request: Any, address: Any) -> None:
        try:
            self._work(request, address)
        finally:
            with self._changed:
                self._open -= 1
                self._changed.notify_all()
