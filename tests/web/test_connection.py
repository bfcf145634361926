"""Headers that never end, and those that do."""

import socket
import time
from contextlib import suppress
from pathlib import Path

import pytest

from qa.settings import Settings
from qa.web.serve import Listener, serving
from tests.web.conftest import waited
from tests.web.small_library import SmallLibrary

WHOLE = b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
HALVES = (b"", b"GET / HT", WHOLE[:-2] + b"X-A: ")


async def seconds_open(home: Path) -> list[float]:
    """How long each connection lived whose headers come a byte at a time; half of them after a whole request."""
    took = []
    with Listener() as listener:
        listener.bind(("127.0.0.1", 0))
        settings = Settings(home, None, None, "127.0.0.1", listener.getsockname()[1])
        with serving(SmallLibrary(), settings, listener):
            for half in (*HALVES, *(WHOLE + half for half in HALVES)):
                with socket.create_connection(listener.getsockname(), timeout=60) as client:
                    client.sendall(half)
                    started = time.monotonic()
                    with suppress(ConnectionError):
                        while len(half) > 9 and time.monotonic() < started + 1.5:
                            client.sendall(b"x")  # a byte now and then is no end of them
                            time.sleep(0.2)  # noqa: ASYNC251  # its loop does nothing else
                        while client.recv(65536):
                            pass
                    took.append(time.monotonic() - started)
    return took


def test_half_sent_headers_are_given_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("qa.web.serve._HEAD_SECONDS", 0.5)
    took = waited(seconds_open(tmp_path), 240)  # Gradio looks for a loop that runs
    assert len(took) == 6
    assert max(took) < 30
