"""What uvicorn and asyncio lack: limits to the time of a request's headers and to the number of connections."""

from __future__ import annotations

import asyncio
import errno
import socket
import sys
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

_HEAD_SECONDS = 10.0  # for the headers of a request
_SPARE = 16  # descriptors that are kept for everything but connections


class Connection(H11Protocol):
    """Uvicorn's connection, closed if the headers of a request take too long: it waits for them for ever."""

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._wait_for_headers()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._wait_for_headers()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._wait_for_headers()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._stop_waiting()

    def _wait_for_headers(self) -> None:
        if self.conn.their_state is not h11.IDLE:
            self._stop_waiting()
        elif self._late is None:
            self._late = self.loop.call_later(_HEAD_SECONDS, self._give_up)

    def _stop_waiting(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _give_up(self) -> None:
        self._late = None
        if self.conn.their_state is h11.IDLE:
            self.transport.close()


class Listener(socket.socket):
    """A listening socket that turns connections away when too many are open.

    asyncio before Python 3.13 does not recover once it ran out of descriptors: it tries to accept 2,048 times
    in a row, and again for each of those a second later. ``accept`` raises only what the event loop expects.
    """

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
