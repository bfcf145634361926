"""The socket that the page listens on: with too many connections open it turns new ones away, and goes on.

asyncio before Python 3.13 never recovers once it could not accept a connection for want of descriptors: it tries
2,048 times in a row, and again for each of those a second later.
"""

from __future__ import annotations

import errno
import socket
import sys

_SPARE = 16  # descriptors that connections leave to everything else


class Listener(socket.socket):
    """A socket whose ``accept`` raises nothing that the event loop does not expect."""

    def accept(self) -> tuple[socket.socket, object]:
        """As a socket's; one connection too many is closed at once.

        Raises:
            ConnectionAbortedError: it was. BlockingIOError: there is no descriptor left even for that.
        """
        try:
            connection, address = super().accept()
        except OSError as error:
            if error.errno in (errno.EMFILE, errno.ENFILE):
                raise BlockingIOError(errno.EAGAIN, "no descriptor is left") from error
            raise
        if connection.fileno() >= _most_descriptors() - _SPARE:  # the system always gives the lowest number
            connection.close()
            raise ConnectionAbortedError(errno.ECONNABORTED, "too many connections")
        return connection, address


def _most_descriptors() -> float:
    """How many this process may have open."""
    if sys.platform == "win32":
        return float("inf")
    import resource

    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return float("inf") if allowed == resource.RLIM_INFINITY else allowed
