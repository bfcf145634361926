"""Run by a test as a process of its own: many ask the page as programs do, one looks at a static page all the while.

Usage: crowd.py PORT LOOP MANY SECONDS. In a ``closed`` loop MANY users ask again as soon as answered; in an ``open`` one
MANY questions come a second, whether or not the earlier ones are answered, and their time counts from the moment at
which they were due: a server that stalls is not excused by the questions that the stall held up. In a ``burst`` MANY
users ask once, at the same moment; a ``soak`` is MANY questions of eight users. Prints a line of JSON: of each request
its kind, the second at which it was due, how long it took from then until something was said and until its end, and
what became of it.
"""

import asyncio
import json
import sys
import time

from tests.hardening.questions import questions

QUESTIONS = questions(400)
PAGE, PAGE_SECONDS = "/theme.css", 0.1
PATIENCE = 60.0  # seconds after which a request hangs


class Crowd:
    """All that is asked of one server."""

    def __init__(self, port: int) -> None:
        self.port, self.started, self.begun = port, time.monotonic(), 0
        self.requests: list[tuple[str, float, float, float, str]] = []

    @property
    def now(self) -> float:
        return time.monotonic() - self.started

    async def ask(self, due: float) -> None:
        """One question: its event is posted, then the stream of the event is read to its end."""
        question, said = QUESTIONS[self.begun % len(QUESTIONS)], 0.0
        self.begun += 1
        try:
            async with asyncio.timeout(PATIENCE):
                body = json.dumps({"data": [question, [], "", ""]}).encode()
                status, reply = await self.call("POST", "/gradio_api/call/ask", body)
                said, told = self.now - due, "refused" if status == 429 else f"status {status}"
                if status == 200:
                    event = json.loads(reply)["event_id"]
                    status, reply = await self.call("GET", f"/gradio_api/call/ask/{event}")
                    if (
                        status == 429
                    ):  # a question begins when its answer is asked for, and may find no room then
                        told = "refused"
                    else:
                        complete = b"event: complete\n" in reply
                        told = "answered" if complete else f"{status} {reply[-200:]!r}"
        except TimeoutError:
            told = "hung"
        except (OSError, ValueError, IndexError) as error:
            told = repr(error)
        self.requests.append(("ask", due, said, self.now - due, told))

    async def ask_on(self, until: float) -> None:
        while self.now < until:
            await self.ask(self.now)

    async def ask_through(self, times: int) -> None:
        while self.begun < times:
            await self.ask(self.now)

    async def arrive(self, rate: float, until: float) -> None:
        async with asyncio.TaskGroup() as group:
            for number in range(int(rate * until)):
                await asyncio.sleep(max(0.0, number / rate - self.now))
                group.create_task(self.ask(number / rate))

    async def look(self, until: float) -> None:
        """Fetch the static page at fixed moments, whether or not the one before has come."""
        async with asyncio.TaskGroup() as group:
            for number in range(int(until / PAGE_SECONDS)):
                await asyncio.sleep(max(0.0, number * PAGE_SECONDS - self.now))
                group.create_task(self.fetch(number * PAGE_SECONDS))

    async def fetch(self, due: float) -> None:
        """The static page, once."""
        try:
            async with asyncio.timeout(PATIENCE):
                status, _ = await self.call("GET", PAGE)
            told = "answered" if status == 200 else f"status {status}"
        except TimeoutError:
            told = "hung"
        except (OSError, ValueError, IndexError) as error:
            told = repr(error)
        self.requests.append(("page", due, self.now - due, self.now - due, told))

    async def call(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        """Status and body; chunks are left as they come."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nConnection: close\r\n"
            head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            writer.write(head.encode() + body)
            begin, _, rest = (await reader.read()).partition(b"\r\n\r\n")
            return int(begin.split(b" ", 2)[1]), rest
        finally:
            writer.close()


async def load(port: int, loop: str, many: float, seconds: float) -> Crowd:
    crowd = Crowd(port)
    async with asyncio.TaskGroup() as group:
        match loop:
            case "burst":
                work = [crowd.ask(0.0) for _ in range(int(many))]
            case "soak":
                work = [crowd.ask_through(int(many)) for _ in range(8)]
            case "open":
                work = [crowd.arrive(many, seconds), crowd.look(seconds)]
            case _:
                work = [crowd.look(seconds), *(crowd.ask_on(seconds) for _ in range(int(many)))]
        for each in work:
            group.create_task(each)
    return crowd


if __name__ == "__main__":
    done = asyncio.run(load(int(sys.argv[1]), sys.argv[2], float(sys.argv[3]), float(sys.argv[4])))
    print(json.dumps(done.requests))
