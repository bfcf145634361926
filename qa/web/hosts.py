"""By which name the page was called and from where: what stands against DNS rebinding and other sites' pages.

A browser sends the name that it called as ``Host`` and the page that a request comes from as ``Origin``. A hostile
name that resolves to this machine still stands in both. Starlette's TrustedHostMiddleware knows lists of names alone:
any address of this machine and words that tell people what to do are ours.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

_HOST = re.compile(
    r"(?:[\w.-]+|\[[\w:.%]+\])(?::\d{1,5})?"
)  # RFC 9110, 7.2: a name or an address, and a port
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


def is_loopback(host: str) -> bool:
    """Whether this name or address leads to nobody but this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def called(host: str, listens: str, names: Iterable[str]) -> bool:
    """Whether the page answers to this ``Host``: to names that it was given, and to addresses, which nobody rebinds.

    Args:
        listens: where the server listens; on loopback, only loopback is called.
        names: under which it is known elsewhere.
    """
    if not _HOST.fullmatch(host):
        return False
    name = _hostname(f"//{host}")
    if name in {each.lower() for each in names} or is_loopback(name):
        return True
    return not is_loopback(listens) and (_is_address(name) or name in (socket.gethostname().lower(), listens))


def same_origin(headers: Mapping[str, str]) -> bool:
    """Whether the request comes from a page of ours, or from no page at all."""
    origin = headers.get("origin")
    if origin is None:
        return headers.get("sec-fetch-site", "none") in ("none", "same-origin") or _opens_a_page(headers)
    return origin.partition("://")[2].lower() == headers.get("host", "").lower() != ""


def asked_here(headers: Mapping[str, str]) -> bool:
    """Whether a request comes from a page of this machine: not through a proxy, not from another site's page."""
    if any(name in headers for name in _FORWARDED):
        return False
    sites = [f"//{headers.get('host', '')}", *filter(None, [headers.get("origin")])]
    return all(is_loopback(_hostname(site)) for site in sites)


def _opens_a_page(headers: Mapping[str, str]) -> bool:
    """A link on another site may lead here, but nothing there may load or send what is here."""
    return headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _hostname(site: str) -> str:
    try:
        return urlsplit(site).hostname or ""
    except ValueError:  # brackets that are no address
        return ""
