"""The guard itself: it refuses what is outside, in this process and in children, and lets loopback through."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.guard import network_guard

OUTSIDE = "203.0.113.7"  # TEST-NET-3 of RFC 5737: belongs to nobody


def test_connection_beyond_loopback_is_refused_and_remembered() -> None:
    with socket.socket() as client, pytest.raises(PermissionError, match=OUTSIDE):
        client.connect((OUTSIDE, 80))
    assert network_guard.violations == [f"socket.connect {OUTSIDE}"]
    del network_guard.violations[:]


def test_look_up_of_a_name_is_refused() -> None:
    with pytest.raises(PermissionError):
        socket.getaddrinfo("example.org", 80)
    del network_guard.violations[:]


def test_loopback_is_open() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        with socket.create_connection(("localhost", server.getsockname()[1]), timeout=5):
            pass


def test_child_processes_are_guarded_too() -> None:
    code = f"import socket; socket.socket().connect(({OUTSIDE!r}, 80))"
    child = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=20
    )
    assert child.returncode == 1
    assert "network guard" in child.stderr


def test_the_networks_are_opened_without_a_report_to_their_makers(tmp_path: Path) -> None:
    """The library reports from native code, which no guard in Python sees; it leaves the number of its session."""
    code = "from embeddings.reader import default_passage_reader; default_passage_reader()"
    told = {**os.environ, "TMPDIR": str(tmp_path)}
    told.pop("ORT_DISABLE_TELEMETRY", None)
    subprocess.run([sys.executable, "-c", code], env=told, check=True, timeout=60)
    assert not list(tmp_path.iterdir())
