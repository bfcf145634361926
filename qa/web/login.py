"""Login by form for people and by basic authentication for programs, both slowed by failures.

A signed token stands for a login; it ends by time, by a change of password or role, with the user, or by logout.
"""

import asyncio
import base64
import hashlib
import hmac
import logging
import os
import secrets
import time
from collections.abc import Mapping
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote
from weakref import WeakValueDictionary

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from qa.errors import QAError, os_errors
from qa.index.disk import make_folder, replace_file, require_regular_file
from qa.settings import Settings
from qa.web.addresses import LOGIN, address_of, network_of
from qa.web.failures import Slowed
from qa.web.guard import Rate, Recent
from qa.web.markup import both, chinese, render
from qa.web.users import Action, Person, User, matches, normalised_name, person_of, present_users, record

_logger = logging.getLogger(__name__)

_AT_ONCE = 2  # passwords that are tried at the same time: each takes 32 MB
_OF_NAME = "5/30 seconds; 8/5 minutes; 12/hour"  # failures of a name from one network,
_OF_NAME_ANYWHERE = "50/hour"  # of a name from all networks,
_OF_ADDRESS = "20/minute; 100/hour"  # and of a network with any names
_KNOWN = 256  # correct headers of programs, and names that logged in from a network, that are remembered
LIFETIME_SECONDS = 12 * 3600  # a working day
_KEY_BYTES = 32
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL


class Logins:
    """Identifies the person behind a request, serves login and logout; QAError if tokens cannot be signed."""

    def __init__(self, settings: Settings) -> None:
        key = settings.home / "login.key"
        self._users, self._key = partial(present_users, settings.users_file), signing_key(key)
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
        user, number = self._login(connection)
        if number in self._ended:
            user = None
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
        if number := self._login(request)[1]:
            try:
                self._ended.add(number)
            except QAError as error:
                _logger.error("%s", error)
                done = _form(request, "/", chinese("logout_unkept"), both("logout_unkept"), 503)
        self._note(person.name, person.address, "logout")
        done.delete_cookie(self._cookie, httponly=True, samesite="lax")
        return done

    def _login(self, connection: HTTPConnection) -> tuple[User | None, str]:
        """As ``read`` the cookie; a logout may have ended it."""
        token = connection.cookies.get(self._cookie)
        return read(token, self._users(), self._key) if token else (None, "")

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


def signing_key(path: Path) -> bytes:
    """Return the key of a file, made with mode 0600 if missing; QAError if that fails."""
    with os_errors(f"读写不了登录密钥 {path}", "请检查权限。"):
        path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError), os.fdopen(os.open(path, _NEW, 0o600), "wb") as file:
            file.write(secrets.token_bytes(_KEY_BYTES))
        key = require_regular_file(path).read_bytes()
    if len(key) != _KEY_BYTES:
        raise QAError(f"登录密钥 {path} 不完整。请删除它再启动，所有人重新登录一次即可。")
    return key


def issue(user: User, key: bytes) -> str:
    """Return a token for this user."""
    return str(_signer(key).dumps([user.name, secrets.token_hex(8), _state(user, key)]))


def read(token: str, users: Mapping[str, User], key: bytes) -> tuple[User | None, str]:
    """Return user and random id of a token's login, None and ``""`` if it ended or another key signed it."""
    try:
        name, number, state = _signer(key).loads(token, LIFETIME_SECONDS)
    except BadSignature:
        return None, ""
    user = users.get(name)
    if user is None or not hmac.compare_digest(_state(user, key), state):
        return None, ""
    return user, number


def _signer(key: bytes) -> URLSafeTimedSerializer:
    salt = "union-qa login 2"  # 1 ended in another way: what was logged out then must not come back
    return URLSafeTimedSerializer(key, salt, signer_kwargs={"digest_method": hashlib.sha256})


def _state(user: User, key: bytes) -> str:
    """Return a digest of role and password hash, so that a change of either ends every login."""
    return hmac.new(key, f"{user.role}\n{user.password}".encode(), hashlib.sha256).hexdigest()[:32]


@dataclass(eq=False)
class Logouts:
    """A folder with an empty file for each ended login, until that login would have ended by itself.

    If one cannot be written all logins end: the file of the signing ``key`` is removed, and the next start
    makes another key.
    """

    folder: Path
    key: Path
    unwritten: set[str] = field(default_factory=set)

    def __contains__(self, number: str) -> bool:
        try:
            return number in self.unwritten or (self.folder / number).exists()
        except OSError:  # in doubt it ended
            return True

    def add(self, number: str) -> None:
        """End a login; QAError if it cannot be written, until the next one is written."""
        self.unwritten.add(number)
        try:
            make_folder(self.folder)
            for each in tuple(self.unwritten):
                replace_file(self.folder / each, b"", private=True)
                self.unwritten.discard(each)
        except OSError as error:
            with suppress(OSError):
                self.key.unlink(missing_ok=True)
            raise QAError(
                f"退出没有记下，写不进 {self.folder}（{error.strerror or error}）。请检查磁盘空间和写权限；"
                f"登录密钥 {self.key} 若还在，请删除它再重新启动，所有人需要重新登录。"
            ) from error
        with suppress(OSError):  # another process may do the same; what stays is forgotten next time
            for path in self.folder.iterdir():
                if path.stat().st_mtime < time.time() - LIFETIME_SECONDS:
                    path.unlink()
