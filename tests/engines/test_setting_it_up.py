"""A model is there only where one is set: from the environment to the answer, over HTTP."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import pytest

from qa.answering.refusal import UNSURE
from qa.engines.client import NOTES
from qa.errors import QAError
from qa.index import rebuild
from qa.library import Library
from qa.settings import Endpoint, read_settings
from tests.engines.service import (
    KEY,
    NINGBO,
    QUESTION,
    SHAOXING,
    Script,
    Service,
    Talk,
    asked_in,
    number_of,
    plans,
    serving,
)

URL = "http://127.0.0.1:8000/v1"


def test_nothing_is_set_by_itself() -> None:
    assert read_settings({}).llm is None
    assert read_settings({"UNION_QA_LLM_KEY": KEY, "UNION_QA_LLM_MODEL": "kleine"}).llm is None


def test_what_is_set() -> None:
    named = {"UNION_QA_LLM_URL": URL, "UNION_QA_LLM_MODEL": "kleine"}
    assert read_settings(named).llm == Endpoint(URL, "kleine", "", 30.0)
    more = read_settings({**named, "UNION_QA_LLM_KEY": KEY, "UNION_QA_LLM_SECONDS": "2.5"})
    assert more.llm == Endpoint(URL, "kleine", KEY, 2.5)
    assert KEY not in repr(more)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"UNION_QA_LLM_URL": URL, "UNION_QA_LLM_MODEL": ""}, "UNION_QA_LLM_MODEL"),
        *(
            ({"UNION_QA_LLM_URL": url}, "http://")
            for url in (
                "127.0.0.1:8000",
                "ftp://127.0.0.1/v1",
                "http://",
                "http://127.0.0.1:99999/v1",
                f"http://nutzer:{KEY}@127.0.0.1/v1",
                f"http://127.0.0.1/v1?key={KEY}",
                "http://[::1/v1",
                "http://127.0.0.1/v1 x",
            )
        ),
        *(({"UNION_QA_LLM_KEY": key}, "UNION_QA_LLM_KEY") for key in (f"{KEY} x", "密钥", f"{KEY}\nX-A: b")),
        *(({"UNION_QA_LLM_SECONDS": s}, "UNION_QA_LLM_SECONDS") for s in ("0", "三十", "nan", "601", "inf")),
    ],
)
def test_what_is_set_wrongly_is_refused_without_repeating_it(values: dict[str, str], words: str) -> None:
    named = {"UNION_QA_LLM_URL": URL, "UNION_QA_LLM_MODEL": "kleine"}
    with pytest.raises(QAError, match=words) as caught:
        read_settings(named | values)
    assert KEY not in str(caught.value)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("library")
    (root / "reports").mkdir()
    for name, text in (("宁波", NINGBO), ("绍兴", SHAOXING)):
        (root / "reports" / f"{name}.md").write_text(text, encoding="utf-8")
    rebuild([root / "reports"], root / "index")
    return root / "index"


def test_without_a_model_nothing_of_it_is_imported(index: Path) -> None:
    code = (
        "import sys, qa.library\n"
        f"answer = qa.library.open_library({str(index)!r}).ask({QUESTION!r})\n"
        "assert answer.short == '1340家', answer\n"
        "assert 'httpx' not in sys.modules"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr


def writes(talk: Talk) -> None:
    """Plan, or answer."""
    material = talk.seen.material
    if plans(material):
        talk.say(
            "问题：绍兴市建成职工书屋多少家？\n查：绍兴市建成职工书屋多少家"
            if "先前问" in material
            else "查：职工书屋"
        )
    elif "绍兴" in asked_in(material):
        talk.say(f"答：绍兴市2019—2023年建成职工书屋985家[{number_of(material, '985家')}]。\n短：985家")
    else:
        talk.say(f"答：宁波市2019—2023年建成职工书屋1340家[{number_of(material, '1340家')}]。\n短：1340家")


def library(index: Path, service: Service) -> Library:
    return Library(index, llm=service.endpoint)


def test_a_library_answers_in_the_models_words(index: Path) -> None:
    with serving(writes) as service:
        first = library(index, service).ask(QUESTION)
        assert (first.text, first.short) == ("宁波市2019—2023年建成职工书屋1340家[1]。", "1340家")
        assert len(service.seen) == 2
        second = library(index, service).ask("那绍兴呢？", history=[QUESTION])
        assert second.text == "绍兴市2019—2023年建成职工书屋985家[1]。"
        assert second.question == "那绍兴呢？"
        assert second.standalone_question == "绍兴市建成职工书屋多少家？"
        assert second.work is not None
        assert (second.work.engine, second.work.counted) == ("kleine", False)
        assert second.work.tokens > 100
        assert len(service.seen) == 4


def test_nothing_is_sent_where_it_is_turned_off(index: Path) -> None:
    with serving(writes) as service:
        assert library(index, service).ask(QUESTION, llm=False) == Library(index).ask(QUESTION)
        assert service.seen == []


def _hangs_up(talk: Talk) -> None:
    talk.head(Content_Type="text/event-stream")
    talk.event("宁波市建成职工")


@pytest.mark.parametrize(
    ("script", "failure"),
    [
        (lambda talk: talk.head(503), "busy"),
        (lambda talk: talk.head(401), "denied"),
        (_hangs_up, "malformed"),
    ],
)
def test_a_library_falls_back_and_says_so(
    index: Path, script: Script, failure: str, caplog: pytest.LogCaptureFixture
) -> None:
    told = Library(index).ask(QUESTION)
    with caplog.at_level(logging.DEBUG), serving(script) as service:
        answer = library(index, service).ask(QUESTION)
    assert answer.text == f"{told.text}\n{NOTES[failure]}"  # type: ignore[index]
    assert (answer.citations, answer.short, answer.figures) == (told.citations, told.short, told.figures)
    assert KEY not in caplog.text + repr(answer)


def test_a_reply_of_which_nothing_holds_is_no_answer(index: Path) -> None:
    def lies(talk: Talk) -> None:
        material = talk.seen.material
        talk.say(
            "查：职工书屋"
            if plans(material)
            else f"答：建成职工书屋1430家[{number_of(material, '1340家')}]。"
        )

    with serving(lies) as service:
        answer = library(index, service).ask(QUESTION)
        assert "未采用：建成职工书屋1430家（数、单位" in service.seen[-1].material
        assert len(service.seen) == 3  # planned, read, and read again once it was told
    assert (answer.text, answer.outcome, answer.short, answer.citations) == (UNSURE, "not_sure", None, ())
    assert "1340家" in answer.nearest[0].text


def test_the_command_line(
    index: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from qa.cli import main

    with serving(writes) as service:
        monkeypatch.setenv("UNION_QA_LLM_URL", service.endpoint.url)
        monkeypatch.setenv("UNION_QA_LLM_MODEL", "kleine")
        monkeypatch.setenv("UNION_QA_LLM_KEY", KEY)
        assert main(["ask", QUESTION, "--index", str(index)]) == 0
        assert "宁波市2019—2023年建成职工书屋1340家[1]。" in capsys.readouterr().out
        assert main(["ask", QUESTION, "--index", str(index), "--no-llm"]) == 0
        assert "宁波（2019–2023）：" in capsys.readouterr().out
        assert len(service.seen) == 2


def _knows(talk: Talk) -> None:
    """Answers the question of the check from the sample report."""
    material = talk.seen.material
    if talk.seen.body["messages"][0]["content"] == "只回答一个字。":
        talk.say("好")
    elif plans(material):
        talk.say("查：劳动关系监测点")
    else:
        talk.say(f"答：温州市设立市级劳动关系监测点164个[{number_of(material, '监测点')}]。\n短：164个")


def _drops_the_mark(talk: Talk) -> None:
    """Never says where a statement stands."""
    talk.say("查：劳动关系监测点" if plans(talk.seen.material) else "答：温州市设立市级劳动关系监测点164个。")


def _checked(
    script: Script, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> tuple[int, str]:
    """Exit code and all that ``union-qa llm check`` says of a service."""
    from qa.cli import main

    with serving(script) as service:
        monkeypatch.setenv("UNION_QA_LLM_URL", service.endpoint.url)
        monkeypatch.setenv("UNION_QA_LLM_MODEL", "kleine")
        monkeypatch.setenv("UNION_QA_LLM_KEY", KEY)
        code = main(["llm", "check"])
    said = capsys.readouterr()
    assert KEY not in said.out + said.err
    assert "Traceback" not in said.out + said.err
    return code, said.out + said.err


def test_the_check_says_that_a_model_suits(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, said = _checked(_knows, capsys, monkeypatch)
    assert code == 0, said
    assert "密钥  有" in said
    assert "连接  正常" in said
    assert "164个[1]" in said
    assert "格式  合用" in said and "核对  一次通过" in said and "结果  答对了" in said
    assert "建议" not in said


def test_the_check_says_what_does_not_suit_and_what_to_do(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, said = _checked(_drops_the_mark, capsys, monkeypatch)
    assert code == 1, said
    assert "连接  正常" in said
    assert "格式  不合用" in said and "结果  没有答对" in said
    assert "建议  换大一些的模型" in said


def test_the_check_says_why_a_service_is_not_reached(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, said = _checked(lambda talk: talk.head(401), capsys, monkeypatch)
    assert code == 1
    assert "连接  失败" in said and "密钥" in said
    assert "以上" not in said and "提问" not in said


def test_the_check_without_a_model_says_how_to_set_one(capsys: pytest.CaptureFixture[str]) -> None:
    from qa.cli import main

    assert main(["llm", "check"]) != 0
    assert "UNION_QA_LLM_URL" in capsys.readouterr().err
