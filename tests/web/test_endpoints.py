"""Other programs ask through the named end points and get plain data or a sentence."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from qa.cli import main
from qa.errors import QuestionError
from qa.library.filters import MAX_HISTORY_CHARACTERS
from qa.question.budget import BUDGET
from qa.web.api import tools
from qa.web.shelf import Shelf
from tests.web.conftest import ROOT, Served, password_of
from tests.web.small_library import SmallLibrary, make_report

EXAMPLES = re.findall(r"```(\w+)\n(.*?)```", (ROOT / "qa/web/API.md").read_text(encoding="utf-8"), re.S)


def call(served: Served, name: str, *arguments: object) -> tuple[str, object]:
    """Gradio's documented way for plain HTTP: the last event and its data."""
    url = f"{served.url}/gradio_api/call/{name}"
    event = httpx.post(url, json={"data": arguments}).json()["event_id"]
    stream = httpx.get(f"{url}/{event}", timeout=30).text.strip().split("\n\n")[-1]
    name, data = stream.split("\n")
    return name.removeprefix("event: "), json.loads(data.removeprefix("data: "))


def result(served: Served, name: str, *arguments: object):  # type: ignore[no-untyped-def]
    event, data = call(served, name, *arguments)
    assert event == "complete", data
    return data[0]  # type: ignore[index]


def test_answer_comes_with_its_citation(served: Served) -> None:
    answer = result(served, "ask", "云岭市走访慰问困难职工多少人次？", [], "", "")
    assert answer["short"] == "3.2万人次"
    assert answer["citations"][0]["quote"] == "五年间云岭市走访慰问困难职工3.2万人次。"
    checked = {"text": "3.2万人次", "value": 32000.0, "unit": "人次", "state": "quoted", "marker": 1}
    assert answer["figures"] == [checked]
    assert answer["missing"] == []


def test_history_and_filters_reach_the_library(served: Served) -> None:
    result(served, "ask", "那书屋呢？", ["云岭市建成驿站多少个？"], "芦川县", "2019-2023")
    assert served.asked() == ("那书屋呢？", ["云岭市建成驿站多少个？"], "芦川县", "2019-2023")


@pytest.mark.parametrize(("question", "words"), [("长" * 3000, "最多 2000 个字"), ("除以零", "编号")])
def test_errors_are_sentences(served: Served, question: str, words: str) -> None:
    name, data = call(served, "ask", question, [], "", "")
    assert name == "error"
    assert words in str(data)
    assert "Traceback" not in str(data)
    assert "passwd" not in str(data)


def test_passages_come_best_first_with_a_link(served: Served) -> None:
    hits = result(served, "retrieve", "职工书屋建成多少个？", 2, "", "", "")
    assert hits[0]["place"] == "芦川县"
    assert len(hits) == 2
    assert hits[0]["score"] >= hits[1]["score"]
    assert hits[0]["link"].startswith("/?report=")


def test_figures_are_paged(served: Served) -> None:
    whole = result(served, "figures", "", "", "", "个", "", 0, 100)
    assert whole["total"] == len(whole["figures"]) == 3
    page = result(served, "figures", "", "", "", "个", "", 1, 1)
    assert page == {"total": 3, "figures": [whole["figures"][1]]}
    assert page["figures"][0]["sentence"] == "建成“职工书屋”86个。"


def test_reports_are_listed_and_read(served: Served) -> None:
    reports = result(served, "read", "", 0, 1)["reports"]
    assert [report["paragraph_count"] for report in reports] == [3, 1]
    report = result(served, "read", reports[0]["id"], 2, 1)
    assert [p["text"] for p in report["paragraphs"]] == ["全市新建基层工会1260家。选树“最美职工”45名。"]
    assert "source_text" not in report
    by_title = result(served, "read", f" {reports[1]['title']} ", 0, 1)
    assert by_title["id"] == reports[1]["id"]


def test_the_name_of_a_file_counts_more_than_a_title_like_it() -> None:
    named = make_report("山泉市工会工作报告", "云岭市", None, {"一": ["云岭市建成书屋20家。"]})
    titled = make_report("山泉.txt", "山泉市", None, {"一": ["山泉市建成书屋30家。"]})
    for reports in ((named, titled), (titled, named)):
        _, _, _, read, _ = tools(Shelf(SmallLibrary(reports=reports)), Path("errors.jsonl"), QuestionError)
        assert read(titled.title)["id"] == named.id
        assert read(titled.id)["id"] == titled.id


def test_the_limits_of_the_history_are_stated_as_they_are() -> None:
    ask, *_ = tools(Shelf(SmallLibrary()), Path("errors.jsonl"), QuestionError)
    stated = (ROOT / "qa/web/API.md").read_text(encoding="utf-8")
    assert f"last {BUDGET.turns} are read, {MAX_HISTORY_CHARACTERS:,} characters" in str(ask.__doc__)
    assert f"只读最近的 {BUDGET.turns} 个，共 {MAX_HISTORY_CHARACTERS:,} 个字" in stated


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("retrieve", ["书屋", 0, "", "", ""], "k 应是 1 以上的整数"),
        ("retrieve", ["书屋", "x", "", "", ""], "k 应是 1 以上的整数"),
        ("retrieve", ["书屋", 1.5, "", "", ""], "k 应是 1 以上的整数"),
        ("figures", ["", "", "", "", "", -1, 1], "offset 应是 0 以上的整数"),
        ("read", ["没有.txt", 0, 1], "现有报告"),
    ],
)
def test_arguments_that_cannot_be_are_refused(
    served: Served, name: str, arguments: list[object], words: str
) -> None:
    event, data = call(served, name, *arguments)
    assert event == "error"
    assert words in str(data)


def example(request: pytest.FixtureRequest, code: str) -> str:
    """A documented example for a server that runs; the one behind a login where it names a user."""
    server: Served = request.getfixturevalue("guarded" if "张三" in code else "served")
    code = code.replace("http://127.0.0.1:7860", server.url)
    return code.replace("他的密码", password_of("读者乙")).replace("张三", "读者乙")


@pytest.mark.parametrize("code", [code for language, code in EXAMPLES if language == "python"])
def test_documented_python_runs_and_asks_nobody_else(request: pytest.FixtureRequest, code: str) -> None:
    watched = (
        "import socket, sys; _look_up = socket.getaddrinfo\n"
        "socket.getaddrinfo = lambda h, *a, **k: _look_up(h, *a, **k) if h == '127.0.0.1' else sys.exit(h)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", watched + example(request, code)],
        capture_output=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    said = ran.stdout.decode()
    assert "法律援助1.23万件" in said, ran.stderr.decode()
    assert "云岭市工会工作报告" in said


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl on this machine")
@pytest.mark.parametrize("code", [code for language, code in EXAMPLES if language == "bash"])
def test_documented_http_runs(request: pytest.FixtureRequest, code: str) -> None:
    ran = subprocess.run(["bash", "-c", example(request, code)], capture_output=True, timeout=60, check=True)
    assert "complete" in ran.stdout.decode() or json.loads(ran.stdout)["status"]


def test_documented_command_for_language_models_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    told = next(json.loads(code) for language, code in EXAMPLES if language == "json")
    command = told["mcpServers"]["union-qa"]
    assert main([*command["args"], "--help"]) == 0
