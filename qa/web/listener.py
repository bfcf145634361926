"""A listening socket that turns connections away when too many are open.

asyncio before Python 3.13 does not recover once it ran out of descriptors: it tries to accept 2,048 times in a
row, and again for each of those a second later.
"""

from __future__ import annotations

import errno
import socket
import sys

_SPARE = 16  # descriptors that are kept for everything but connections


class Listener(socket.socket):
    """A socket whose ``accept`` raises only what the event loop expects."""

    def accept(self) -> tuple[socket.socket, object]:
        """Accept a connection; one too many is closed at once.

        Raises:
            ConnectionAbortedError: it was closed.
            BlockingIOError: no descriptor is left even for that.
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
    if sys.platform == "win32":
        return float("inf")
    import resource

    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return float("inf") if allowed == resource.RLIM_INFINITY else allowed
