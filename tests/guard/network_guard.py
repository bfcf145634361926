"""No test speaks to the network: a connection or a look-up beyond loopback raises, and is remembered.

An audit hook sees every socket of the interpreter, whoever opens it, and nothing can take it off again.
``sitecustomize.py`` beside it carries the guard into the Python processes that tests start.
"""

import ipaddress
import os
import sys

__all__ = ["install", "violations"]

violations: list[str] = []
_LOCAL_NAMES = {"", "localhost", "localhost.localdomain", "ip6-localhost"}


def _is_local(host: object) -> bool:
    if host is None:
        return True
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    if name.lower() in _LOCAL_NAMES:
        return True
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _audit(event: str, arguments: tuple[object, ...]) -> None:
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None  # a path is a Unix socket
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    else:
        return
    if not _is_local(host):
        violations.append(f"{event} {host}")
        raise PermissionError(f"network guard: {event} {host!r}")


def install() -> None:
    """Guard this process, unless it was guarded when it started: then what that guard remembers is remembered here."""
    global violations  # noqa: PLW0603  # one list, whichever guard came first
    first = sys.modules.get("network_guard")
    if first is not None and first.__dict__ is not globals():
        violations = first.violations
    else:
        sys.addaudithook(_audit)


def carry_into_children(folder: str) -> None:
    """Let Python processes that are started from here load the guard first."""
    os.environ["PYTHONPATH"] = os.pathsep.join(p for p in (folder, os.environ.get("PYTHONPATH", "")) if p)
