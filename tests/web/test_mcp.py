"""Language models get the tools, over HTTP behind the login and over stdin and stdout, with a real client."""

import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from qa.cli import main
from tests.web.conftest import ROOT, Served, environment, free_port, logged_in, waited

mcp = pytest.importorskip("mcp", reason="the extra mcp is not installed")
INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}


async def use(client: Any) -> dict[str, Any]:
    """What each tool says, and what comes of a wrong question, an unexpected error and a wrong argument."""
    tools = (await client.list_tools()).tools
    said: dict[str, Any] = {"tools": {tool.name: tool for tool in tools}}
    for name, arguments in (
        ("ask", {"question": "云岭市走访慰问困难职工多少人次？"}),
        ("retrieve", {"question": "职工书屋建成多少个？", "k": 1}),
        ("figures", {"unit": "个"}),
        ("read", {}),
        ("check_draft", {"draft": "云岭市五年间走访慰问困难职工2.3万人次。"}),
        ("ask", {"question": "长" * 3000}),
        ("ask", {"question": "除以零"}),
        ("ask", {}),
        ("ask", {"question": {"a": 1}}),
        ("ask", {"question": "问", "history": "一"}),
        ("read", {"offset": -1}),
    ):
        said[f"{name} {next(iter(arguments.values()), '')}"[:12].rstrip()] = await client.call_tool(
            name, arguments
        )
    return said


def check(said: dict[str, Any]) -> None:
    assert list(said["tools"]) == ["ask", "retrieve", "figures", "read", "check_draft"]
    for tool in said["tools"].values():
        assert tool.annotations.read_only_hint
        assert tool.description
    assert set(said["tools"]["retrieve"].input_schema["properties"]) == {
        "question",
        "k",
        "place",
        "period",
        "report",
    }
    answer = said["ask 云岭市走访慰问困"].structured_content
    assert answer["short"] == "3.2万人次"
    assert answer["citations"][0]["quote"] == "五年间云岭市走访慰问困难职工3.2万人次。"
    item = said["check_draft"].structured_content["items"][0]
    assert (item["text"], item["verdict"], item["right"]) == ("2.3万人次", "differs", "3.2万人次")
    assert said["retrieve 职工书"].structured_content["result"][0]["place"] == "芦川县"
    assert said["figures 个"].structured_content["total"] == 3
    assert len(said["read"].structured_content["reports"]) == 2
    for key, words in (
        ("ask 长长长长长长长长", "最多 2000 个字"),
        ("ask 除以零", "编号"),
        ("ask", "缺少 question"),
        ("ask {'a': 1}", "question 应是文字"),
        ("ask 问", "history 应是一列文字"),
        ("read -1", "offset 应是 0 以上的整数"),
    ):
        result = said[key]
        assert result.is_error
        text = result.content[0].text
        assert words in text
        assert "Traceback" not in text
        assert "passwd" not in text
        assert str(ROOT) not in text


def test_tools_over_http_behind_the_login(guarded: Served) -> None:
    import httpx2
    from mcp.client.streamable_http import streamable_http_client

    with logged_in(guarded, "读者乙") as program:
        cookies = dict(program.cookies)

    async def work() -> dict[str, Any]:
        async with httpx2.AsyncClient(cookies=cookies) as http:
            transport = streamable_http_client(f"{guarded.url}/mcp", http_client=http)
            async with mcp.Client(transport) as client:
                return await use(client)

    check(waited(work()))
    assert httpx.post(f"{guarded.url}/mcp", json=INITIALIZE).status_code == 401
    foreign = {"origin": "http://evil.example"}
    assert httpx.post(f"{guarded.url}/mcp", json=INITIALIZE, headers=foreign).status_code == 403


def test_an_unknown_prompt_is_an_error_and_no_traceback(guarded: Served) -> None:
    before = guarded.log.read_text(encoding="utf-8")
    asked = INITIALIZE | {"method": "prompts/get", "params": {"name": "无"}}
    with logged_in(guarded, "读者乙") as program:
        told = program.post(
            "/mcp", json=asked, headers={"accept": "application/json, text/event-stream"}
        ).json()
    assert "no prompt" in told["error"]["message"]
    assert "Traceback" not in guarded.log.read_text(encoding="utf-8").removeprefix(before)


def test_tools_over_stdin_and_stdout(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from qa.web.api import speak;"
        "from qa.web.shelf import Shelf; from tests.web.small_library import SmallLibrary; speak(Shelf(SmallLibrary()), Path(sys.argv[1]))"
    )
    server = mcp.StdioServerParameters(
        command=sys.executable,
        args=["-c", script, str(tmp_path / "errors.jsonl")],
        env=environment(tmp_path, free_port()),
        cwd=ROOT,
    )

    async def work() -> dict[str, Any]:
        async with mcp.Client(server) as client:
            return await use(client)

    check(waited(work()))
    assert "ZeroDivisionError" in (tmp_path / "errors.jsonl").read_text(encoding="utf-8")


def test_the_command_serves_the_sample_reports(tmp_path: Path) -> None:
    server = mcp.StdioServerParameters(
        command=sys.executable, args=["-m", "qa", "mcp"], env=environment(tmp_path, free_port()), cwd=ROOT
    )

    async def work() -> dict[str, Any]:
        async with mcp.Client(server) as client:
            return {"read": await client.call_tool("read", {})}

    assert len(waited(work())["read"].structured_content["reports"]) == 5


def test_without_the_extra_one_sentence_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "mcp.server", None)
    assert main(["mcp"]) == 1
    assert 'pip install -e ".[mcp]"' in capsys.readouterr().err
