"""Check ``Host`` and ``Origin``, against DNS rebinding and requests from other sites' pages.

A hostile name that resolves to this machine still stands in both headers. Starlette's TrustedHostMiddleware
takes only lists of names, not any address of this machine.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

_HOST = re.compile(r"(?:[\w.-]+|\[[\w:.%]+\])(?::\d{1,5})?")  # RFC 9110, 7.2: name or address, and a port
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


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
    """Whether the request comes from our pages, or from no page at all."""
    origin = headers.get("origin")
    if origin is None:
        return headers.get("sec-fetch-site", "none") in ("none", "same-origin") or _opens_a_page(headers)
    return origin.partition("://")[2].lower() == headers.get("host", "").lower() != ""


def asked_here(headers: Mapping[str, str]) -> bool:
    """Whether a request comes from this machine: not through a proxy, not from another site's page."""
    if any(name in headers for name in _FORWARDED):
        return False
    sites = [f"//{headers.get('host', '')}", *filter(None, [headers.get("origin")])]
    return all(is_loopback(_hostname(site)) for site in sites)


def _opens_a_page(headers: Mapping[str, str]) -> bool:
    """Whether a link is followed: other sites may link here, but not load or send anything."""
    return headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"


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
