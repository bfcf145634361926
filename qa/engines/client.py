"""Call an OpenAI-compatible service and accept nothing but text: bounded in time and size, no redirects.

The stream is read here, so that the size of every line is limited while it arrives.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, wait
from contextlib import closing
from threading import Event, Thread
from typing import TYPE_CHECKING, Literal, TypeAlias
from urllib.parse import urlsplit

from qa.settings import Endpoint

if TYPE_CHECKING:
    import httpx

Failure: TypeAlias = Literal["timeout", "unreachable", "busy", "denied", "redirected", "malformed", "refused"]
Model: TypeAlias = Callable[[str, str], str]  # instructions, material → reply; raises LLMFailure
_Reply: TypeAlias = tuple[str, int]  # with the tokens of question and answer as the service counts them, or 0

MOST_BYTES = 4_000_000  # of a reply with its frames
MOST_CHARACTERS = 20_000  # of a reply
POLL_SECONDS = 0.1  # how often a waiting call checks whether its question was cancelled
_LOOPBACK = ("127.0.0.1", "::1", "localhost")

_INSTEAD = "，以上是直接摘自报告的回答。"
NOTES: dict[Failure, str] = {  # for the user, after an answer that the rules gave instead
    "timeout": f"语言模型没有及时答完{_INSTEAD}",
    "unreachable": f"连不上语言模型{_INSTEAD}",
    "busy": f"语言模型的服务正忙或出了错{_INSTEAD}",
    "denied": f"语言模型的服务没有接受请求（请检查地址、模型名和密钥）{_INSTEAD}",
    "redirected": f"语言模型的服务要求转到别的地址，没有照办{_INSTEAD}",
    "malformed": f"语言模型的回答不完整或读不懂{_INSTEAD}",
    "refused": f"语言模型没有作答{_INSTEAD}",
}


class LLMFailure(Exception):
    """The model gave no usable reply; ``kind`` says why, without words of the service."""

    def __init__(self, kind: Failure) -> None:
        super().__init__(kind)
        self.kind: Failure = kind


class Stopped(Exception):
    """The user cancelled the question."""


class Calls:
    """The calls of one question, which share the endpoint's time limit from now on; their tokens are counted.

    If ``stop`` is set during a call, the call raises Stopped.
    """

    def __init__(self, endpoint: Endpoint, stop: Event | None = None) -> None:
        self._endpoint = endpoint
        self._stop = stop or Event()
        self._deadline = time.monotonic() + endpoint.seconds
        self.tokens = 0
        self.counted = True  # by the service; else some of them are estimated

    def __call__(self, instructions: str, material: str) -> str:
        """Return the reply to a call; a thread makes it, so no slow server or header outlasts the deadline.

        Raises LLMFailure if no usable reply came in time, Stopped if the question was cancelled.
        """
        import httpx

        loopback = urlsplit(self._endpoint.url).hostname in _LOOPBACK
        try:  # no proxy of the environment for this machine
            http = httpx.Client(timeout=self._left(), trust_env=not loopback)
        except (ImportError, OSError, ValueError):  # an unusable proxy or certificate
            raise LLMFailure("unreachable") from None
        reply: Future[_Reply] = Future()
        arguments = (self._endpoint, http, instructions, material, reply)
        Thread(target=_deliver, args=arguments, daemon=True).start()
        try:
            while not reply.done():
                wait([reply], min(self._left(), POLL_SECONDS))
        finally:
            http.close()  # also ends the thread at its next byte
        text, tokens = reply.result()
        self.counted = self.counted and tokens > 0
        self.tokens += tokens or estimated_tokens(instructions + material + text)
        return text

    def _left(self) -> float:
        if self._stop.is_set():
            raise Stopped
        if (left := self._deadline - time.monotonic()) <= 0:
            raise LLMFailure("timeout")
        return left


def estimated_tokens(text: str) -> int:
    """Estimate the tokens of a text from above: one per Chinese character or three Latin letters."""
    latin = sum(character.isascii() for character in text)
    return len(text) - latin + latin // 3


def _deliver(
    endpoint: Endpoint, http: httpx.Client, instructions: str, material: str, reply: Future[_Reply]
) -> None:
    """Make the call and set its ``reply``, or why there is none."""
    import httpx

    body = {
        "model": endpoint.model,
        "messages": [{"role": "system", "content": instructions}, {"role": "user", "content": material}],
        "temperature": 0,
        "stream": True,
    }
    headers = {"Authorization": f"Bearer {endpoint.key}"} if endpoint.key else {}
    try:
        url = f"{endpoint.url.rstrip('/')}/chat/completions"
        request = http.build_request("POST", url, json=body, headers=headers)
        del request.headers["User-Agent"]  # names the client's version
        request.headers["Accept-Encoding"] = "identity"
        with closing(http.send(request, stream=True)) as response:
            if response.status_code != 200:  # its body is not read
                raise LLMFailure(_refusal(response.status_code))
            made = _reply(_lines(response.iter_raw()))
        reply.set_result(made)
    except LLMFailure as failure:
        reply.set_exception(failure)
    except httpx.TimeoutException:
        reply.set_exception(LLMFailure("timeout"))
    except Exception:  # noqa: BLE001  # whatever goes wrong, there is the extractive answer
        reply.set_exception(LLMFailure("unreachable"))


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    size, rest = 0, b""
    for chunk in chunks:
        size += len(chunk)
        if size > MOST_BYTES:
            raise LLMFailure("malformed")
        *whole, rest = (rest + chunk).split(b"\n")
        yield from whole
    yield rest


def _reply(lines: Iterable[bytes]) -> _Reply:
    """Return the text of a stream of server-sent events that ended properly."""
    text, tokens = "", 0
    for line in lines:
        data = line.removeprefix(b"data:").strip()
        if not line.startswith(b"data:") or not data:
            continue
        words, end, counted = ("", "stop", 0) if data == b"[DONE]" else _event(data)
        text, tokens = text + words, counted or tokens
        if len(text) > MOST_CHARACTERS or end not in ("", "stop", "content_filter"):
            break
        if end == "content_filter" or (end and not text.strip()):
            raise LLMFailure("refused")
        if end:
            return text, tokens
    raise LLMFailure("malformed")


def _event(data: bytes) -> tuple[str, str, int]:
    """Return the words of an event, the reason why it is the last one or ``""``, and the tokens so far or 0."""
    try:
        event = json.loads(data)
        if event.get("error"):
            raise LLMFailure("busy")
        tokens = int((event.get("usage") or {}).get("total_tokens") or 0)
        if not event["choices"]:
            return "", "", tokens
        choice = event["choices"][0]
        delta = choice.get("delta") or {}
        if delta.get("refusal"):
            raise LLMFailure("refused")
        return "" + (delta.get("content") or ""), "" + (choice.get("finish_reason") or ""), tokens
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, OverflowError):
        raise LLMFailure("malformed") from None


def _refusal(status: int) -> Failure:
    if 300 <= status < 400:
        return "redirected"
    return "busy" if status in (408, 429) or status >= 500 else "denied"
