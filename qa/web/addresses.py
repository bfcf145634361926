"""Which hosts, origins and paths the page answers to, and where a request comes from.

A hostile name that resolves to this machine (DNS rebinding) still stands in ``Host`` and ``Origin``.
Starlette's TrustedHostMiddleware takes only lists of names, not any address of this machine. Open are our paths,
and those of Gradio that the page and the end points need; closed are among others Gradio's proxy, its file
reader, direct calls past the queue, streams and deep links.
"""

import ipaddress
import re
import socket
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

HEALTH, LOGIN, LOGOUT, MCP = "/health", "/login", "/logout", "/mcp"
FOR_STRANGERS = (HEALTH, LOGIN, "/robots.txt", "/favicon.ico")  # paths that need no login
CANCEL, UPLOAD = "/gradio_api/cancel", "/gradio_api/upload"
JOIN, LISTEN, HEARTBEAT = "/gradio_api/queue/join", "/gradio_api/queue/data", "/gradio_api/heartbeat/"
CALL = re.compile(r"/gradio_api/call/(v2/)?(\w+)(?:/(\w+))?")  # v2: with named arguments; end point; number

_STATIC = r"/(?:static|assets|svelte)/[^\\]+|/(?:theme\.css|favicon\.ico|robots\.txt|manifest\.json)"
_GRADIO = r"""/gradio_api/(?:
    info/? | openapi\.json | theme\.css | app_id
  | queue/(?:join|data) | cancel | reset/? | heartbeat/\w{1,64}
  | call/(?:v2/)?\w+(?:/\w+)?/?
  | upload | upload_progress
)"""
_OPEN = re.compile(rf"/ | /config/? | {HEALTH} | {LOGIN} | {LOGOUT} | {MCP} | {_STATIC} | {_GRADIO}", re.X)
_HOST = re.compile(r"(?:[\w.-]+|\[[\w:.%]+\])(?::\d{1,5})?")  # RFC 9110, 7.2: name or address, and a port
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


def is_open(path: str) -> bool:
    """Whether this path may be called at all.

    >>> is_open("/gradio_api/queue/join"), is_open("/gradio_api/file=/etc/passwd")
    (True, False)
    """
    return _OPEN.fullmatch(path) is not None and ".." not in path


def is_loopback(host: str) -> bool:
    """Whether this name or address leads to this machine alone."""
    found = _ip_address(host)
    return host == "localhost" or (found is not None and found.is_loopback)


def called(host: str, listens: str, names: Iterable[str]) -> bool:
    """Whether the page answers to this ``Host``: one of ``names``, or an address, which cannot be rebound.

    If the server ``listens`` on loopback, only loopback addresses count.
    """
    if not _HOST.fullmatch(host):
        return False
    name = _hostname(f"//{host}")
    if name in {each.lower() for each in names} or is_loopback(name):
        return True
    addressed = _ip_address(name) is not None or name in (socket.gethostname().lower(), listens)
    return addressed and not is_loopback(listens)


def same_origin(headers: Mapping[str, str]) -> bool:
    """Whether the request comes from our pages, from no page, or follows a link to open a page here."""
    origin = headers.get("origin")
    if origin is not None:
        return origin.partition("://")[2].lower() == headers.get("host", "").lower() != ""
    follows = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
    return follows or headers.get("sec-fetch-site", "none") in ("none", "same-origin")


def asked_here(headers: Mapping[str, str]) -> bool:
    """Whether a request comes from this machine: not through a proxy, not from another site's page."""
    if any(name in headers for name in _FORWARDED):
        return False
    sites = [f"//{headers.get('host', '')}", *filter(None, [headers.get("origin")])]
    return all(is_loopback(_hostname(site)) for site in sites)


def address_of(connection: HTTPConnection) -> str:
    """Return the address that a request comes from, ``""`` if it is unknown."""
    return connection.client.host if connection.client else ""


def network_of(address: str) -> str:
    """Return the address that limits count by: IPv6 hosts own a whole /64 each.

    >>> network_of("2001:db8::1")
    '2001:db8::/64'
    """
    found = _ip_address(address)
    if not isinstance(found, ipaddress.IPv6Address):
        return address
    return str(ipaddress.ip_network((found, 64), strict=False))


def _ip_address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


def _hostname(site: str) -> str:
    try:
        return urlsplit(site).hostname or ""
    except ValueError:  # brackets that are no address
        return ""
