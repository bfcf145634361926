"""Ports of this machine for servers of the tests."""

import socket

__all__ = ["free_port"]


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])
