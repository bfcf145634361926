"""Login by form for people and by basic authentication for programs, both slowed by failures."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import logging
import secrets
from contextlib import nullcontext
from typing import Any
from urllib.parse import quote, unquote
from weakref import WeakValueDictionary

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from qa.errors import QAError
from qa.settings import Settings
from qa.web.addresses import LOGIN, address_of, network_of
from qa.web.failures import Slowed
from qa.web.guard import Rate, Recent
from qa.web.markup import both, chinese, render
from qa.web.tokens import LIFETIME_SECONDS, Login, Logouts, issue, read, signing_key
from qa.web.users import Action, Person, User, UserFile, matches, normalised_name, person_of, record

_logger = logging.getLogger(__name__)

_AT_ONCE = 2  # passwords that are tried at the same time: each takes 32 MB
_OF_NAME = "5/30 seconds; 8/5 minutes; 12/hour"  # failures of a name from one network,
_OF_NAME_ANYWHERE = "50/hour"  # of a name from all networks,
_OF_ADDRESS = "20/minute; 100/hour"  # and of a network with any names
_KNOWN = 256  # correct headers of programs, and names that logged in from a network, that are remembered


class Logins:
    """Identifies the person behind a request, serves login and logout; QAError if tokens cannot be signed."""

    def __init__(self, settings: Settings) -> None:
        key = settings.home / "login.key"
        self._users, self._key = UserFile(settings.users_file), signing_key(key)
        self._ended = Logouts(settings.home / "logouts", key)
        self._cookie = f"union-qa-{settings.port}"  # browsers keep one set of cookies for all ports of a host
        self._log = settings.audit_log
        self._of_name, self._of_name_anywhere = Rate(_OF_NAME), Rate(_OF_NAME_ANYWHERE)
        self._of_address = Rate(_OF_ADDRESS)
        self._hashing = asyncio.Semaphore(_AT_ONCE)
        self._lock_of: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()  # by network
        self._verified: Recent[bytes, None] = Recent(_KNOWN)  # digests of correct credentials
        self._logged_in: Recent[tuple[str, str], None] = Recent(_KNOWN)  # (name, network)
        self._secret = secrets.token_bytes(32)

    async def person(self, connection: HTTPConnection) -> Person | None:
        """Return the person by cookie or basic authentication, None for strangers; QAError if unknown."""
        address = address_of(connection)
        login = self._login(connection)
        user = login.user if login and login.number not in self._ended else None
        if user is None and (credentials := _basic(connection.headers)):
            user = await self._checked(*credentials, address)
        return Person(user.name, user.role, address) if user else None

    async def login(self, request: Request) -> Response:
        """Serve the form and take what it sends; programs get JSON."""
        target = safe_target(request.query_params.get("next", "/"))
        if request.method != "POST":
            return _form(request, target)
        form = await request.form(max_files=0, max_fields=4)
        name, password = (str(form.get(field) or "") for field in ("username", "password"))
        try:
            user = await self._tried(name, password, address_of(request))
        except Slowed as error:
            headers = {"retry-after": str(error.seconds)}
            return _form(request, target, str(error), both("slowed", seconds=error.seconds), 429, headers)
        except QAError as error:
            return _form(request, target, str(error), str(error), 503)
        if user is None:
            return _form(request, target, chinese("wrong_password"), both("wrong_password"), 401)
        self._note(user.name, address_of(request), "login")
        page = _wants_page(request)
        done: Response = RedirectResponse(target, 303) if page else JSONResponse({"success": True})
        token, secure = issue(user, self._key), request.url.scheme == "https"
        done.set_cookie(self._cookie, token, LIFETIME_SECONDS, secure=secure, httponly=True, samesite="lax")
        return done

    async def logout(self, request: Request) -> Response:
        """End the login of this browser and of copies of its cookie; say so if it cannot be written down."""
        person = person_of(request)
        done: Response = RedirectResponse(LOGIN, 303)
        if login := self._login(request):
            try:
                self._ended.add(login.number)
            except QAError as error:
                _logger.error("%s", error)
                done = _form(request, "/", chinese("logout_unkept"), both("logout_unkept"), 503)
        self._note(person.name, person.address, "logout")
        done.delete_cookie(self._cookie, httponly=True, samesite="lax")
        return done

    def _login(self, connection: HTTPConnection) -> Login | None:
        """Return the login of the cookie, which a logout may have ended."""
        token = connection.cookies.get(self._cookie)
        return read(token, self._users(), self._key) if token else None

    async def _checked(self, name: str, password: str, address: str) -> User | None:
        """As ``_tried``, but right credentials are not hashed again while the file has the same user."""
        user = self._users().get(name)
        parts = "\n".join((name, user.password if user else "", password)).encode("utf-8", "surrogatepass")
        digest = hmac.new(self._secret, parts, hashlib.sha256).digest()
        if user and digest in self._verified:
            self._verified.move_to_end(digest)
            return user
        user = await self._tried(name, password, address)
        if user:
            self._verified[digest] = None
        return user

    async def _tried(self, name: str, password: str, address: str) -> User | None:
        """Return the user, if this is the password.

        A network tries one password at a time, so that its guesses do not delay others; a name that logged in
        from it before does not wait for its guesses either.
        """
        try:
            name = normalised_name(name)
        except QAError:
            return None
        network = network_of(address)
        known = (name, network) in self._logged_in
        async with nullcontext() if known else self._lock_of.setdefault(network, asyncio.Lock()):
            of_address = 0 if known else self._of_address.wait(network)
            of_name = max(self._of_name.wait(name, network), self._of_name_anywhere.wait(name))
            if seconds := max(of_address, of_name):
                raise Slowed(seconds)
            self._of_name.count(name, network)  # before the check: many may be tried at once
            self._of_name_anywhere.count(name)
            user = self._users().get(name)
            async with self._hashing:
                right = await asyncio.to_thread(matches, password, user.password if user else "")
            if not right:
                self._of_address.count(network)
        if right:
            self._of_name.forget(name, network)
            self._of_name_anywhere.forget(name)
            self._logged_in[name, network] = None
            return user
        if self._of_name.wait(name, network) or self._of_name_anywhere.wait(name):
            self._note(name, address, "locked")
        return None

    def _note(self, name: str, address: str, action: Action) -> None:
        """Record the action; a full disk prevents no login."""
        try:
            record(self._log, name, address, action)
        except QAError as error:
            _logger.error("%s", error)


def safe_target(target: str) -> str:
    """Return the path to go on to after the login; anything but our page becomes ``/``.

    >>> safe_target("/?report=a"), safe_target("//elsewhere.example"), safe_target("https://elsewhere.example")
    ('/?report=a', '/', '/')
    """
    plain = unquote(target)
    fits = plain == "/" or plain.startswith("/?")
    return target if fits and "\\" not in plain and plain.isprintable() else "/"


def _basic(headers: Headers) -> tuple[str, str] | None:
    kind, _, encoded = headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        name, colon, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:
        return None
    return (name, password) if colon else None


def _wants_page(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")


def _form(
    request: Request, target: str, problem: str = "", shown: str = "", status: int = 200, headers: Any = None
) -> Response:
    """Return the form with the problem as the page shows it, or for programs the problem as JSON."""
    if problem and not _wants_page(request):
        return JSONResponse({"detail": problem}, status, headers)
    html = render("page.login", action=f"{LOGIN}?next={quote(target, safe='')}", problem=shown)
    return HTMLResponse(html, status, headers)
