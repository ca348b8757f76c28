"""PostgreSQL as Django knows it; whether a connection still stands costs no statement.

The transactions that it committed are counted.
"""

import select
from typing import Any

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Asks the socket first, at the beginning of each request.

    A server that ends a connection closes it, and then there is something to read; while a
    connection rests nothing else is. Django asks the server itself, which is one more round trip
    for a page of seven.
    """

    commits = 0

    def _commit(self) -> None:
        self.commits += 1
        super()._commit()  # type: ignore[misc] # the stubs leave it out

    def is_usable(self) -> bool:
        """Whether it can be used; the server is asked only where the socket has news."""
        connection: Any = self.connection
        if connection is None or connection.closed:
            return False
        return not _has_news(connection.pgconn.socket) or bool(super().is_usable())


def _has_news(socket: int) -> bool:
    poll = select.poll()
    poll.register(socket, select.POLLIN | select.POLLPRI)
    return bool(poll.poll(0))
