"""What every request passes: host, origin, path, person, rights, rate, size. Headers of every answer."""

import asyncio
import math
import time
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import quote

from limits import parse_many
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.errors import QAError
from qa.web import addresses
from qa.web.failures import Slowed, refused
from qa.web.markup import chinese
from qa.web.users import STATE, Person

JSON_BYTES = 8 * 2**20  # a draft of 5 MB as the browser sends it; a question is a thousandth of it
UPLOAD_BYTES = 512 * 2**20  # of one request, whatever number of files
FORM_BYTES = 8 * 2**10  # a name and a password
_POLICY = (
    "default-src 'self'; connect-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'; "
    "script-src 'self' 'unsafe-inline' 'unsafe-eval'; "  # Gradio's front end compiles its templates
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "worker-src 'self' blob:; object-src 'none'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
_PRIVATE = ("text/html", "application/json")  # never cached; files of the front end may be
_COMING_BYTES = 4 * JSON_BYTES  # of bodies that one person sends at the same time
_SILENCE_SECONDS = 30.0  # between two parts of a body
_TOO_MUCH = {
    408: "请求中断了，没有收完。请检查网络后再试。",
    413: "内容太大，没有处理。请缩短问题或稿件，或分几次上传较小的文件。",
}

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class Recent(OrderedDict[_Key, _Value]):
    """A dictionary of the newest keys, ``most`` of them."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def __setitem__(self, key: _Key, value: _Value) -> None:
        super().__setitem__(key, value)
        while len(self) > self.most:
            self.popitem(last=False)


class Rate:
    """How often one key may do something, ``"5/30 seconds; 12/hour"``; expired counts take no memory."""

    def __init__(self, allowed: str) -> None:
        self._items = parse_many(allowed)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def wait(self, *key: str) -> int:
        """Return the seconds until this key may go on."""
        found = (self._limiter.get_window_stats(item, *key) for item in self._items)
        return max(math.ceil(ends - time.time()) if left < 1 else 0 for ends, left in found)

    def count(self, *key: str) -> None:
        for item in self._items:
            self._limiter.hit(item, *key)

    def forget(self, *key: str) -> None:
        for item in self._items:
            self._limiter.clear(item, *key)


def with_headers(app: ASGIApp) -> ASGIApp:
    """Return the outermost layer; its headers keep the browser from loading or sending beyond this host."""

    async def call(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_HEADERS)
                if headers.get("content-type", "").startswith(_PRIVATE):
                    headers.setdefault("cache-control", "no-store")
            await send(message)

        await app(scope, receive, send_with_headers)

    return call


@dataclass(eq=False)
class Guard:
    """ASGI middleware."""

    app: ASGIApp
    listens: str  # address that the server listens on
    names: tuple[str, ...]  # host names of the page, besides addresses
    identify: Callable[[HTTPConnection], Awaitable[Person | None]]  # None for strangers
    rate: Rate | None  # of the requests of one person that send something
    _coming: Counter[str] = field(default_factory=Counter)  # bytes of incoming bodies, by sender

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] != "http":  # nothing here speaks over web sockets
            await send({"type": "websocket.close", "code": 1008})
        elif refusal := await self._refusal(scope):
            await refusal(scope, receive, send)
        else:
            await self._sized(scope, receive, send)

    async def _refusal(self, scope: Scope) -> Response | None:
        """Return why this request is refused, or None; puts the person into the scope."""
        connection = HTTPConnection(scope)
        headers, path, posts = connection.headers, scope["path"], scope["method"] not in ("GET", "HEAD")
        if not addresses.called(headers.get("host", ""), self.listens, self.names):
            words = "这个网页不认识您用的地址。请用本机地址打开，或请管理员用 --name 写上这个名称。"
            return refused(421, words)
        if not addresses.same_origin(headers):
            return refused(403, "请求来自别的网站，没有处理。请在本网页里操作；若经过代理，请让它保留 Host。")
        if not addresses.is_open(path):
            return refused(404, "没有这个网址。")
        try:
            person = None if path in addresses.FOR_STRANGERS else await self.identify(connection)
        except Slowed as error:
            return refused(429, str(error), retry_after=error.seconds)
        except QAError as error:
            return refused(503, str(error))
        if person is None and path not in addresses.FOR_STRANGERS:
            return _stranger(connection)
        if path == addresses.UPLOAD and not (person and person.may_change):
            return refused(403, chinese("readers_only"))
        if posts and self.rate is not None:
            key = _key(connection, person)
            if seconds := self.rate.wait(key):
                return refused(429, f"请求太频繁，请 {seconds} 秒后再试。", retry_after=seconds)
            self.rate.count(key)
        scope.setdefault("state", {})[STATE] = person
        return None

    async def _sized(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its body counted; limit the bodies of one person in memory."""
        path, headers = scope["path"], Headers(scope=scope)
        most = {addresses.UPLOAD: UPLOAD_BYTES, addresses.LOGIN: FORM_BYTES}.get(path, JSON_BYTES)
        length, chunked = headers.get("content-length", "0"), "transfer-encoding" in headers
        key = _key(HTTPConnection(scope), scope["state"][STATE])
        size, refusal = 0, None
        if chunked and "content-length" in headers:  # RFC 9112, 6.3: smuggling
            refusal = refused(400, "请求写了两种长度，没有处理。", close=True)
        elif not length.isdecimal() or int(length) > most:
            refusal = refused(413, _TOO_MUCH[413], close=True)
        elif path != addresses.UPLOAD:  # which goes to a file, not to memory
            size = most if chunked else int(length)
            if self._coming[key] + size > _COMING_BYTES:
                words = "同时发来的内容太多，请等前面的处理完再发。"
                refusal = refused(429, words, retry_after=5, close=True)
        if refusal:
            await refusal(scope, receive, send)
            return
        self._coming[key] += size
        try:
            await self._counted(scope, receive, send, most)
        finally:
            self._coming -= {key: size}  # which drops who sends nothing

    async def _counted(self, scope: Scope, receive: Receive, send: Send, most: int) -> None:
        """Pass the request on, as disconnected once its body exceeds ``most`` bytes or stops; then no answer counts."""
        status, size, whole, begun = 0, 0, False, False

        async def receive_counted() -> Message:
            nonlocal status, size, whole
            if status:
                return {"type": "http.disconnect"}
            if whole:
                return await receive()
            try:
                message = await asyncio.wait_for(receive(), _SILENCE_SECONDS)
            except TimeoutError:
                status = 408
                return {"type": "http.disconnect"}
            size += len(message.get("body", b""))
            whole = not message.get("more_body")
            status = 413 if size > most else 0
            return {"type": "http.disconnect"} if status else message

        async def send_unless_refused(message: Message) -> None:
            nonlocal begun
            if not status:
                begun = True
                await send(message)

        await self.app(scope, receive_counted, send_unless_refused)
        if status and not begun:
            await refused(status, _TOO_MUCH[status], close=True)(scope, receive, send)


def _key(connection: HTTPConnection, person: Person | None) -> str:
    """Return the user, or the network of the address, whose requests are counted together."""
    return person.name if person and person.name else addresses.network_of(addresses.address_of(connection))


def _stranger(connection: HTTPConnection) -> Response:
    headers, path = connection.headers, connection.url.path
    if connection.scope["method"] == "GET" and path == "/" and "text/html" in headers.get("accept", ""):
        target = f"/?{connection.url.query}" if connection.url.query else "/"
        return RedirectResponse(f"{addresses.LOGIN}?next={quote(target, safe='')}", 303)
    return refused(401, "请先登录。若刚才还能用，是登录过期了：刷新网页，重新登录。")
