"""The layer before Gradio: it checks bodies and the owners of files and sessions.

A program's call begins when its answer is fetched, so unread calls cost nothing.
"""

import asyncio
import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from gradio.queueing import Queue
from pydantic import ValidationError
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.errors import QuestionError
from qa.web.addresses import CALL, CANCEL, HEARTBEAT, JOIN, LISTEN, UPLOAD
from qa.web.bodies import Arguments, Cancel, Event, Join, NamedArguments
from qa.web.failures import refused
from qa.web.guard import JSON_BYTES, Recent
from qa.web.users import person_of

_MOST = 4096  # sessions or uploads that are remembered; the oldest are forgotten first
_CALL_BYTES = 128 * 2**10  # a question with a long history
WAIT_SECONDS = 30.0  # after which a call that nobody fetches is dropped
_WAITING, _WAITING_OF_ONE = 1024, 64  # calls
_BYTES, _BYTES_OF_ONE = 128 * 2**20, 16 * 2**20
_UNFIT = "请求的内容不合要求，没有处理。网页请刷新后再试，程序请对照说明检查参数。"
_NOT_OURS = "这个会话属于另一位用户。请刷新网页。"
_GONE = "没有这个问题，或者它的回答已经取走。请重新提问。"
_FULL = "现在提问的人太多，请过一会儿再试。"
_TOO_MANY = "等待取走回答的问题太多，这一个没有处理。请先取走前面的回答，或过半分钟再问。"
_UNKNOWN = "没有这个接口。"


@dataclass(frozen=True, slots=True)
class Call:
    """A call whose answer nobody has fetched yet."""

    person: str  # who may fetch its answer
    name: str  # of the end point
    body: bytes  # as the end point gets it


class Calls:
    """Calls that wait until their answer is fetched, by random numbers; limited by number, bytes and time."""

    def __init__(self) -> None:
        self._waiting: dict[str, tuple[Call, float]] = {}  # with when it came

    def add(self, call: Call) -> str | None:
        """Store a call and return its number, or None if the limits are reached."""
        since = time.monotonic() - WAIT_SECONDS
        self._waiting = {key: entry for key, entry in self._waiting.items() if entry[1] >= since}
        waiting = [other for other, _ in self._waiting.values()]
        own = [other for other in waiting if other.person == call.person]
        for others, most, most_bytes in ((own, _WAITING_OF_ONE, _BYTES_OF_ONE), (waiting, _WAITING, _BYTES)):
            if len(others) >= most or sum(len(each.body) for each in (*others, call)) > most_bytes:
                return None
        number = secrets.token_hex(16)
        self.put_back(number, call)
        return number

    def take(self, number: str, person: str) -> Call | None:
        """Remove and return a call; None if this person has none with this number."""
        call, _ = self._waiting.get(number, (None, 0.0))
        if call is None or call.person != person:
            return None
        del self._waiting[number]
        return call

    def put_back(self, number: str, call: Call) -> None:
        """Store a call again that could not start, without checking the limits."""
        self._waiting[number] = call, time.monotonic()


@dataclass(eq=False)
class Border:
    """ASGI middleware around Gradio's routes."""

    app: ASGIApp
    events: Mapping[int, Event]  # by Gradio's numbers
    queue: Queue  # Gradio's, of the events that wait or run
    _entering: asyncio.Lock = field(default_factory=asyncio.Lock)
    _owners: Recent[str, str] = field(default_factory=lambda: Recent(_MOST))  # of sessions
    _uploads: Recent[str, str] = field(default_factory=lambda: Recent(_MOST))  # paths, with who sent the file
    _calls: Calls = field(default_factory=Calls)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/gradio_api/"):
            await self.app(scope, receive, send)
        elif answer := await self._answer(scope, receive, send):
            await answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> Response | None:
        """Return our answer, or None if Gradio answered."""
        request, path, posts = Request(scope, receive), scope["path"].rstrip("/"), scope["method"] == "POST"
        if posts and path in (JOIN, CANCEL):
            return await self._event(request, path)
        if found := CALL.fullmatch(path):
            by_name, name, number = found.groups()
            event = next((each for each in self.events.values() if each.name == name), None)
            if event is None:
                return refused(404, _UNKNOWN)
            if posts and not number:
                return await self._call(request, event, by_name=by_name is not None)
            return await self._answered(scope, receive, send, number or "")
        heartbeat = path.partition(HEARTBEAT)[2]
        if path == LISTEN or heartbeat:
            return await self._listen(scope, receive, send, heartbeat)
        if path == UPLOAD:
            answer = await self._answer_to(scope, receive)
            if answer.status_code == 200:
                self._uploads |= dict.fromkeys(json.loads(bytes(answer.body)), _key(request))
            return answer
        await self.app(scope, receive, send)
        return None

    async def _event(self, request: Request, path: str) -> Response:
        """Start or cancel an event of a page."""
        body = await request.body()
        try:
            order = (Join if path == JOIN else Cancel).model_validate_json(body)
        except ValidationError:
            return refused(400, _UNFIT)
        if not self._owns(request, order.session_hash):
            return refused(403, _NOT_OURS)
        if isinstance(order, Cancel):
            found = self.queue.event_ids_to_events.get(order.event_id)
            if found is None or found.session_hash != order.session_hash:  # over, or another session's
                return JSONResponse({"success": True})
            return await self._passed(request.scope, path, order.model_dump_json().encode())
        if order.fn_index not in self.events:
            return refused(404, _UNKNOWN)
        try:
            order.data = self.events[order.fn_index].fitted(order.data, self._may_use(request))
        except ValidationError:
            return refused(400, _UNFIT)
        return await self._queued(request.scope, path, order.model_dump_json().encode())

    async def _call(self, request: Request, event: Event, *, by_name: bool) -> Response:
        """Queue a program's call until its answer is fetched."""
        body = await request.body()
        if len(body) > (JSON_BYTES if event.name == "check_draft" else _CALL_BYTES):
            return refused(413, "内容太长，没有处理。请缩短问题和历史后再试。")
        try:
            if by_name:
                data = event.in_order(NamedArguments.validate_json(body))
            else:
                data = Arguments.model_validate_json(body).data
            values = event.fitted(data, self._may_use(request))
        except ValidationError:
            return refused(400, _UNFIT)
        except QuestionError as error:
            return refused(400, str(error))
        content = json.dumps({"data": values}, ensure_ascii=False).encode()
        number = self._calls.add(Call(_key(request), event.name, content))
        return JSONResponse({"event_id": number}) if number else refused(429, _TOO_MANY)

    async def _answered(self, scope: Scope, receive: Receive, send: Send, number: str) -> Response | None:
        """Start a call and stream its answer; a call that could not start waits for the next try."""
        call = self._calls.take(number, _key(Request(scope)))
        if call is None:
            return refused(404, _GONE)
        path = f"/gradio_api/call/{call.name}"
        begun = await self._queued(scope, path, call.body)
        if begun.status_code != 200:
            self._calls.put_back(number, call)
            return begun
        path += "/" + json.loads(bytes(begun.body))["event_id"]
        await self.app({**scope, "path": path, "raw_path": path.encode()}, receive, send)
        return None

    async def _listen(self, scope: Scope, receive: Receive, send: Send, heartbeat: str) -> Response | None:
        """Stream the messages of a session, or the heartbeat of the session of this name."""
        session = heartbeat or QueryParams(scope["query_string"]).get("session_hash", "")
        if not heartbeat and session not in self.queue.pending_messages_per_session:
            return refused(404, _GONE)
        if not self._owns(Request(scope), session):
            return refused(403, _NOT_OURS)
        await self.app(scope, receive, send)
        return None

    async def _queued(self, scope: Scope, path: str, body: bytes) -> Response:
        """Pass on what goes into the queue, one at a time: when many ask at once, all else is served between."""
        async with self._entering:
            answer = await self._passed(scope, path, body)
        return refused(429, _FULL) if answer.status_code == 503 else answer  # Gradio counts what waits

    async def _passed(self, scope: Scope, path: str, body: bytes) -> Response:
        """Return Gradio's answer to this body; the query, with the link that opened the page, stays."""
        headers = [(name, value) for name, value in scope["headers"] if not name.startswith(b"content-")]
        inner = {**scope, "method": "POST", "path": path, "raw_path": path.encode()}
        inner["headers"] = [*headers, (b"content-type", b"application/json")]

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        return await self._answer_to(inner, receive)

    async def _answer_to(self, scope: Scope, receive: Receive) -> Response:
        """Return Gradio's whole answer, which is JSON."""
        status, parts = 500, list[bytes]()

        async def send(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            parts.append(message.get("body", b""))

        await self.app(scope, receive, send)
        return Response(b"".join(parts), status, media_type="application/json")

    def _may_use(self, request: Request) -> Callable[[str], bool]:
        return lambda path: self._uploads.get(path) == _key(request)

    def _owns(self, request: Request, session: str) -> bool:
        """Whether the session is this person's or new; browsers choose the names of their sessions."""
        owner = self._owners.setdefault(session, name := person_of(request).name)
        self._owners.move_to_end(session)
        return owner == name


async def unfit(_request: Request, _error: Exception) -> Response:
    """Answer what Gradio's own types refuse."""
    return refused(400, _UNFIT)


def _key(request: Request) -> str:
    person = person_of(request)
    return person.name or person.address
