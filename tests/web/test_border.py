"""The border before Gradio: files and sessions of one's own, types, and work that somebody waits for."""

import asyncio
import json
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from pydantic import TypeAdapter
from starlette.responses import JSONResponse
from starlette.types import Message, Receive, Scope, Send

from qa.settings import Settings
from qa.web.bodies import Event, Join, events_of
from qa.web.border import Border
from qa.web.serve import without_stubs
from qa.web.shelf import Shelf
from tests.web.conftest import Served, logged_in, serving, waited
from tests.web.small_library import SmallLibrary

with without_stubs():
    import gradio as gr
    from gradio.context import LocalContext
    from gradio.data_classes import FileData
    from gradio.exceptions import InvalidPathError
    from gradio.processing_utils import async_move_files_to_cache

    from qa.web.application import build_application

ASK = {"data": ["云岭市走访慰问困难职工多少人次？", [], "", ""]}
SLOW = {"data": ["这个问题很慢", [], "", ""]}


async def page_of(home: Path) -> gr.Blocks:
    application = build_application(Shelf(SmallLibrary()), Settings(home, None, None, "127.0.0.1", 7860))
    mounted = [getattr(route, "app", None) for route in application.routes]
    return next(each.blocks for each in mounted if hasattr(each, "blocks"))


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> gr.Blocks:
    return waited(page_of(tmp_path_factory.mktemp("page")))  # Gradio looks for a loop that runs


def test_gradio_checks_paths_itself_once_it_is_mounted(page: gr.Blocks, tmp_path: Path) -> None:
    """Behind our border stands Gradio's own check; mounting alone leaves it out, so this fails where that changes."""
    secret = tmp_path / "secret.txt"
    secret.write_text("秘密", encoding="utf-8")
    given = FileData(path=str(secret)).model_dump() | {"meta": {"_type": "gradio.FileData"}}
    taking = next(each for each in page.blocks.values() if isinstance(each, gr.File))

    async def move() -> Any:
        LocalContext.blocks.set(page)
        return await async_move_files_to_cache(given, taking, check_in_upload_folder=True)

    assert page.has_launched
    with pytest.raises(InvalidPathError):
        waited(move())
    page.has_launched = False
    try:
        assert Path(waited(move())["path"]).read_text(encoding="utf-8") == "秘密"  # what the check is for
    finally:
        page.has_launched = True


def test_every_component_that_is_sent_has_a_type(page: gr.Blocks) -> None:
    events = events_of(page)
    named = [event.name for event in events.values() if event.name]
    assert named == ["ask", "retrieve", "figures", "read", "check_draft"]
    assert len(events) == sum(bool(function.fn) for function in page.fns.values())


@pytest.mark.parametrize(
    "path",
    [
        "/dev/zero",
        "/etc/passwd",
        "/no/such/file",
        "http://looked.up.invalid/",
        "https://127.0.0.1:1/",
        "//host/share",
        "",
    ],
)
def test_no_end_point_takes_a_file(served: Served, path: str) -> None:
    said = set()
    for meta in ({"meta": {"_type": "gradio.FileData"}}, {}):
        given = {"path": path} | meta
        for name, data in (
            ("read", [given, 0, 10]),
            ("ask", ["问", [given], "", ""]),
            ("ask", [[[given]], [], "", ""]),
        ):
            answer = httpx.post(f"{served.url}/gradio_api/call/{name}", json={"data": data}, timeout=30)
            said.add((answer.status_code, answer.text))
        named = httpx.post(f"{served.url}/gradio_api/call/v2/read", json={"report": given})
        said.add((named.status_code, named.text))
    assert len(said) == 1  # whether it is there makes no difference
    assert said.pop()[0] == 400


def test_a_file_argument_is_an_upload_of_whoever_sends_it(tmp_path: Path) -> None:
    from qa.web.users import User, change_users, hash_password

    kept = hash_password("密码" * 4)
    change_users(tmp_path / "users.json", lambda _: {n: User(n, "administrator", kept) for n in ("甲", "乙")})
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "gradio"))
        with (
            serving(tmp_path, "tests/web/small_server.py") as server,
            httpx.Client(base_url=server.url, timeout=60) as first,
            httpx.Client(base_url=server.url, timeout=60) as second,
        ):
            for client, name in ((first, "甲"), (second, "乙")):
                client.post("/login", data={"username": name, "password": "密码" * 4}).raise_for_status()
            dependencies = first.get("/config").json()["dependencies"]
            look = next(d["id"] for d in dependencies if d["api_name"] == "look")
            (path,) = first.post("/gradio_api/upload", files={"files": ("甲.txt", "内容".encode())}).json()
            assert Path(path).is_file()

            def join(client: httpx.Client, number: int, data: list[object], session: str) -> httpx.Response:
                body = {"fn_index": number, "data": data, "session_hash": session}
                return client.post("/gradio_api/queue/join", json=body)

            def given(path: str) -> list[object]:
                file = {"path": path, "orig_name": "甲.txt", "meta": {"_type": "gradio.FileData"}}
                return [[file], None, {"headers": [], "data": []}]

            assert join(second, look, given(path), "b").status_code == 400
            assert join(first, look, given(str(tmp_path / "users.json")), "a").status_code == 400
            assert join(first, look, given(path + "x"), "a").status_code == 400
            assert join(first, look, given(path), "a").status_code == 200
            assert (
                "union-qa rebuild" in first.get("/gradio_api/queue/data?session_hash=a").text
            )  # not its index
            assert not Path(path).exists()  # so the upload goes


def test_calls_that_nobody_reads_keep_nobody_waiting(served: Served) -> None:
    """Each would work for four seconds, two at a time."""
    before = served.log.read_text(encoding="utf-8") if served.log.exists() else ""
    for _ in range(12):
        assert httpx.post(f"{served.url}/gradio_api/call/ask", json=SLOW).status_code == 200
    started = time.perf_counter()
    number = httpx.post(f"{served.url}/gradio_api/call/ask", json=ASK).json()["event_id"]
    answer = httpx.get(f"{served.url}/gradio_api/call/ask/{number}", timeout=60).text
    took = time.perf_counter() - started
    assert "3.2" in answer
    assert "complete" in answer
    assert took < 12  # not the 24 seconds of the others, however busy the machine is
    assert "很慢" not in served.log.read_text(encoding="utf-8").removeprefix(before)  # none of them began


def test_an_answer_is_taken_once_and_by_whoever_asked(guarded: Served) -> None:
    with logged_in(guarded, "读者乙") as first, logged_in(guarded, "管理员甲") as second:
        number = first.post("/gradio_api/call/ask", json=ASK).json()["event_id"]
        assert second.get(f"/gradio_api/call/ask/{number}").status_code == 404
        assert "complete" in first.get(f"/gradio_api/call/ask/{number}").text
        assert first.get(f"/gradio_api/call/ask/{number}").status_code == 404


def queue(**sessions: str) -> Any:
    """What Gradio's queue knows of these events and their sessions."""
    events = {event: SimpleNamespace(session_hash=session) for event, session in sessions.items()}
    return SimpleNamespace(event_ids_to_events=events, pending_messages_per_session=[*sessions.values()])


def call(served: Served, name: str, body: object) -> str:
    """All that an end point says to these arguments."""
    url = f"{served.url}/gradio_api/call/{name}"
    answer = httpx.post(url, json=body, timeout=30)
    if answer.status_code != 200:
        return answer.text
    stream = httpx.get(
        f"{served.url}/gradio_api/call/{name.removeprefix('v2/')}/{answer.json()['event_id']}", timeout=30
    )
    return str(json.loads(stream.text.split("data: ")[-1]))


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("ask", [{}, [], "", ""], "question 应是文字"),
        ("ask", [["a"], [], "", ""], "question 应是文字"),
        ("ask", ["问", "一", "", ""], "history 应是一列文字"),
        ("ask", ["问", [1], "", ""], "history 应是文字"),
        ("ask", ["问", ["长" * 900] * 5, "", ""], "上限是 4000 个字"),
        ("ask", ["云岭市走访慰问多少人次？", ["长" * 900] * 5 + ["前问"] * 8, "", ""], "3.2万人次"),
        ("ask", ["问", [], {"a": 1}, ""], "place 应是文字"),
        ("retrieve", ["问", True, "", "", ""], "k 应是 1 以上的整数"),
        ("retrieve", ["问", None, "", "", ""], "k 应是 1 以上的整数"),
        ("figures", ["", "", "", "", "", 0, 10**30], "total"),
        ("read", [0, 0, 1], "report 应是文字"),
        ("ask", [], "不合要求"),
        ("ask", ["a", [], "", "", ""], "不合要求"),
        ("nothing", [], "没有这个接口"),
    ],
)
def test_a_wrong_argument_is_named_in_one_sentence(
    served: Served, name: str, data: list[object], words: str
) -> None:
    said = call(served, name, {"data": data})
    assert words in said
    assert "编号" not in said


def test_arguments_may_be_left_out_or_named(served: Served) -> None:
    assert "3.2万" in call(served, "ask", {"data": ASK["data"][:1]})
    assert "3.2万" in call(served, "v2/ask", {"question": ASK["data"][0]})
    assert "缺少 question" in call(served, "v2/ask", {})


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("ask", {"question": "问", "plaec": 1}),
        ("figures", {"plaec": "云岭市"}),
        ("read", {"plaec": "云岭市"}),
    ],
)
def test_an_unknown_argument_is_named_and_nothing_is_answered_without_it(
    served: Served, name: str, body: dict[str, object]
) -> None:
    answer = httpx.post(f"{served.url}/gradio_api/call/v2/{name}", json=body)
    assert answer.status_code == 400
    assert "plaec" in answer.json()["detail"]


def test_each_end_point_has_a_limit_of_its_own(served: Served) -> None:
    draft = "五年来走访慰问困难职工2.3万人次。" + "工会工作，" * 30_000
    body = json.dumps({"data": [draft]})
    assert 2**17 < len(body) < 2**20
    assert httpx.post(f"{served.url}/gradio_api/call/check_draft", content=body).status_code == 200
    refused = httpx.post(f"{served.url}/gradio_api/call/ask", content=body)
    assert refused.status_code == 413
    assert "请缩短问题和历史" in refused.text


async def taken_again(statuses: list[int]) -> list[int]:
    """What somebody is told who asks for an answer again and again, while the queue says these one after the other."""
    told, left = list[int](), list(statuses)

    async def behind(scope: Scope, receive: Receive, send: Send) -> None:
        status = left.pop(0) if scope["method"] == "POST" else 200  # 503 of a queue that is full
        await JSONResponse({"event_id": "one"}, status)(scope, receive, send)

    event = Event("ask", TypeAdapter(tuple[str]), {})
    border, number = Border(behind, {3: event}, queue()), ""

    async def send(message: Message) -> None:
        nonlocal number
        if message["type"] == "http.response.start":
            told.append(message["status"])
        elif not number:
            number = json.loads(message["body"])["event_id"]

    async def receive() -> Message:
        return {"type": "http.request", "body": json.dumps({"data": ["问"]}).encode()}

    scope = {"type": "http", "method": "POST", "headers": [], "query_string": b"", "client": ("127.0.0.1", 1)}
    await border({**scope, "path": "/gradio_api/call/ask"}, receive, send)
    told.clear()
    for _ in range(len(statuses) + 1):
        await border({**scope, "method": "GET", "path": f"/gradio_api/call/ask/{number}"}, receive, send)
    return told


def test_a_call_that_found_no_room_waits_for_the_next_try() -> None:
    assert waited(taken_again([503, 503, 200])) == [429, 429, 200, 404]


async def most_at_once(people: int) -> int:
    """How many of those who come at one moment Gradio has to work on at a time."""
    inside, most = 0, 0

    async def behind(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        await asyncio.sleep(0.001)
        await JSONResponse({"event_id": "one"})(scope, receive, send)
        inside -= 1

    border = Border(behind, {3: Event("", TypeAdapter(tuple[str]), {})}, queue())

    async def receive() -> Message:
        return {"type": "http.request", "body": b'{"fn_index": 3, "session_hash": "a", "data": ["a"]}'}

    async def send(_: Message) -> None: ...

    scope = {"type": "http", "method": "POST", "path": "/gradio_api/queue/join", "headers": []}
    await asyncio.gather(*(border(dict(scope), receive, send) for _ in range(people)))
    return most


def test_a_crowd_enters_one_after_the_other() -> None:
    assert waited(most_at_once(20)) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[" * 5000,
        b'{"data":' * 500,
        b'{"data":["\\ud83d",[],"",""]}',
        b'{"data":[1' + b"0" * 6000 + b"]}",
        b"\xff",
        b"",
    ],
)
def test_what_is_no_json_gets_no_further(served: Served, body: bytes) -> None:
    for path in ("call/ask", "call/v2/ask", "queue/join", "cancel"):
        answer = httpx.post(f"{served.url}/gradio_api/{path}", content=body)
        assert (answer.status_code, list(answer.json())) == (400, ["detail"])


@pytest.mark.parametrize(
    "given",
    [{"path": "/etc/passwd"}, {"name": [{"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}]}],
)
def test_what_an_event_says_of_itself_holds_no_file(given: object) -> None:
    for sent, passed in ((given, None), ({"button": "useful-1"}, {"button": "useful-1"})):
        body = {"fn_index": 1, "data": [], "session_hash": "event", "event_data": sent}
        assert Join.model_validate_json(json.dumps(body)).event_data == passed


def test_an_upload_that_no_parser_takes_is_refused_in_words(served: Served) -> None:
    form = {"content-type": "multipart/form-data; boundary=" + "b" * 300}
    answer = httpx.post(f"{served.url}/gradio_api/upload", content=b"--b\r\n", headers=form)
    assert (answer.status_code, list(answer.json())) == (400, ["detail"])


def test_names_that_begin_with_our_types_stay_what_gradio_publishes(served: Served) -> None:
    info = httpx.get(f"{served.url}/gradio_api/info").json()["named_endpoints"]
    types = {p["parameter_name"]: p["type"]["type"] for p in info["/figures"]["parameters"]}
    assert types == dict.fromkeys(("indicator", "place", "period", "unit", "report"), "string") | {
        "offset": "integer",
        "limit": "integer",
    }
