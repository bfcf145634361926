"""The command line as a user and as a program sees it: output, exit codes, one clear sentence for each failure."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from qa.cli import main
from tests.index.made import KUNMING, SUZHOU, WUXI, write_reports


@dataclass(frozen=True)
class Result:
    """What a run left behind."""

    code: int
    out: str
    err: str


Run = Callable[..., Result]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: object) -> Result:
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err + captured.out
        return Result(code, captured.out, captured.err)

    return call


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_reports(
        tmp_path_factory.mktemp("cli") / "reports", suzhou=SUZHOU, wuxi=WUXI, kunming=KUNMING
    )


@pytest.fixture(scope="module")
def index(reports: Path) -> Path:
    folder = reports.parent / "index"
    assert main(["rebuild", str(reports), "--index", str(folder)]) == 0
    return folder


def test_rebuild_says_what_it_did(run: Run, reports: Path, tmp_path: Path) -> None:
    result = run("rebuild", reports, "--index", tmp_path / "index")
    assert result.code == 0
    assert "新增 3" in result.out
    again = json.loads(run("rebuild", reports, "--index", tmp_path / "index", "--json").out)
    assert (again["reports"], again["embedded"], len(again["unchanged"])) == (3, 0, 3)


def test_rebuild_lists_what_it_skipped(run: Run, tmp_path: Path) -> None:
    reports = write_reports(tmp_path / "reports", suzhou=SUZHOU, empty="")
    result = run("rebuild", reports, "--index", tmp_path / "index")
    assert result.code == 0
    assert "empty.md" in result.err


def test_status_tells_reports_and_encoder(run: Run, index: Path) -> None:
    assert "苏州市" in run("status", "--index", index).out
    status = json.loads(run("status", "--index", index, "--json").out)
    assert {report["place"] for report in status["reports"]} == {"苏州市", "无锡市", "昆明市"}
    assert status["encoder_identity"]
    assert status["warnings"] == []


def test_read_shows_restores_and_prints_json(run: Run, reports: Path) -> None:
    assert "苏州市" in run("read", reports / "suzhou.md").out
    source = (reports / "suzhou.md").read_bytes()
    assert run("read", reports, "--html", reports / "suzhou.md").code == 1
    assert (reports / "suzhou.md").read_bytes() == source
    assert "3210件" in run("read", reports / "suzhou.md", "--text").out
    lines = run("read", reports, "--json").out.splitlines()
    entries = [json.loads(line) for line in lines]
    assert [entry["report"] for entry in entries] == ["kunming.md", "suzhou.md", "wuxi.md"]
    for entry in entries:
        for paragraph in entry["paragraphs"]:
            found = "".join(entry["source_text"][start:end] for start, end in paragraph["spans"])
            assert "".join(found.split()) == "".join(paragraph["text"].split())


def test_search_finds_and_filters(run: Run, index: Path) -> None:
    result = run(
        "search", "法律援助办了多少件", "-k", 1, "--place", "昆明", "--period", "2018-2023", "--index", index
    )
    assert "1875件" in result.out
    hits = json.loads(
        run("search", "法律援助办了多少件", "--report", "suzhou.md", "--index", index, "--json").out
    )
    assert {hit["report"] for hit in hits} == {"suzhou.md"}


def test_ask_answers_with_its_source(run: Run, index: Path) -> None:
    result = run("ask", "苏州的法律援助案件办理了多少件？", "--index", index)
    assert (result.code, result.err) == (0, "")
    assert "3210件" in result.out
    assert "[1]" in result.out
    assert "suzhou.md" in result.out
    answer = json.loads(
        run(
            "ask", "那昆明呢？", "--history", "苏州的法律援助案件办理了多少件？", "--index", index, "--json"
        ).out
    )
    assert "1875件" in answer["answer"]


def test_a_file_of_questions_is_answered_line_by_line(run: Run, index: Path, tmp_path: Path) -> None:
    questions, answers = tmp_path / "questions.jsonl", tmp_path / "answers.jsonl"
    lines = [
        json.dumps(
            {"id": "a", "question": "苏州的法律援助案件办理了多少件？", "history": [], "type": "x"},
            ensure_ascii=False,
        ).encode(),
        b"",
        b"not json",
        b"[1, 2]",
        json.dumps({"id": 7, "question": "   "}).encode(),
        json.dumps({"id": "long", "question": "问" * 10_000}, ensure_ascii=False).encode(),
        json.dumps({"id": "no question"}).encode(),
        json.dumps({"id": "history", "question": "那昆明呢？", "history": 3}, ensure_ascii=False).encode(),
        b'{"id": "bytes", "question": "\xff\xfe"}',
        json.dumps({"id": "odd", "question": "\ud800 法律援助"}).encode(),
        b"[" * 100_000,
        json.dumps({"id": "z", "question": "昆明新建了多少家基层工会？"}, ensure_ascii=False).encode(),
    ]
    questions.write_bytes(b"\xef\xbb\xbf" + b"\r\n".join(lines))
    result = run("ask", "--questions", questions, "--output", answers, "--index", index)
    assert result.code == 0
    written = [json.loads(line) for line in answers.read_text(encoding="utf-8").splitlines()]
    assert [entry["id"] for entry in written] == [
        "a",
        "3",
        "4",
        "7",
        "long",
        "no question",
        "history",
        "9",
        "odd",
        "11",
        "z",
    ]
    assert "3210件" in written[0]["answer"]
    assert written[-1]["short"] == "5200家"
    for entry in written[1:8]:
        assert entry["abstained"]
        assert entry["answer"]
    for number in (3, 4, 5, 6, 7, 8, 9, 10, 11):
        assert f"第 {number} 行" in result.err
    assert "意料之外" not in result.err
    assert set(written[0]) == {
        "id", "question", "standalone_question", "answer", "short", "abstained", "outcome", "reason", "calculation", "citations",
        "figures", "missing", "table", "nearest", "passages",
    }  # fmt: skip
    assert {"marker", "report", "title", "place", "period", "heading", "quote", "spans", "plan"} == set(
        written[0]["citations"][0]
    )


def test_questions_are_not_overwritten_by_answers(run: Run, index: Path, tmp_path: Path) -> None:
    questions = tmp_path / "questions.jsonl"
    questions.write_text('{"question": "法律援助"}\n', encoding="utf-8")
    assert run("ask", "--questions", questions, "--output", questions, "--index", index).code == 1
    assert run("evaluate", questions, "--output", questions, "--index", index).code == 1
    assert questions.read_text(encoding="utf-8") == '{"question": "法律援助"}\n'


def test_a_filter_holds_for_every_question_of_a_file(run: Run, index: Path, tmp_path: Path) -> None:
    lines, sheet = tmp_path / "问.jsonl", tmp_path / "问.csv"
    lines.write_text('{"question": "办理法律援助案件多少件？"}\n', encoding="utf-8")
    sheet.write_text(
        "问题,地区\n办理法律援助案件多少件？,\n办理法律援助案件多少件？,昆明\n", encoding="utf-8"
    )
    for asked, output in ((lines, tmp_path / "答.jsonl"), (sheet, tmp_path / "答.csv")):
        given = ("--questions", asked, "--output", output, "--place", "苏州", "--index", index)
        assert run("ask", *given).code == 0
        told = output.read_text(encoding="utf-8")
        assert "3210件" in told and ("1875件" in told) == (asked == sheet)
    assert run("ask", *given, "--history", "苏州呢？").code == 2


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--nothing"], 2, "没有选项 --nothing"),
        (["nothing"], 2, "没有命令"),
        (["rebuild"], 2, "缺少 REPORTS"),
        (["ask"], 2, "二者选一"),
        (["ask", "一", "二"], 2, "多出了参数"),
        (["ask", "--questions", "q.jsonl"], 2, "一起用"),
        (["search", "工会", "-k", "五"], 2, "应是整数"),
        (["serve", "--port", "99999"], 2, "65535"),
        (["ask", ""], 1, "空的"),
        (["ask", "问" * 10_000], 1, "2000"),
        (["search", "工会", "-k", "0"], 1, "至少为 1"),
        (["search", "工会", "--place", "火星"], 1, "苏州市"),
        (["search", "工会", "--period", "很久以前"], 1, "2018-2023"),
        (["search", "工会", "--report", "没有.txt"], 1, "wuxi.md"),
        (["ask", "工会", "--encoder", "/没有/这个/模型"], 1, "模型"),
        (["ask", "--questions", "没有.jsonl", "--output", "回答.jsonl"], 1, "没有.jsonl"),
        (["evaluate", "没有.jsonl"], 1, "没有.jsonl"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(
    run: Run, index: Path, arguments: list[str], code: int, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNION_QA_INDEX", str(index))
    result = run(*arguments)
    assert (result.code, result.out) == (code, "")
    assert says in result.err
    assert result.err.count("\n") == 1


@pytest.mark.parametrize("group", [[], ["users"], ["feedback"], ["llm"]])
def test_a_group_alone_prints_its_commands_and_no_more(run: Run, group: list[str]) -> None:
    result = run(*group)
    assert (result.code, result.err) == (2, "")
    assert "--help" in result.out


@pytest.mark.parametrize("command", [["ask", "工会"], ["search", "工会"], ["status"]])
def test_an_index_that_is_not_there(run: Run, tmp_path: Path, command: list[str]) -> None:
    result = run(*command, "--index", tmp_path / "none")
    assert result.code == 1
    assert "union-qa rebuild" in result.err


def test_paths_that_are_not_there(run: Run, tmp_path: Path) -> None:
    for command in (
        ["rebuild", tmp_path / "none", "--index", tmp_path / "index"],
        ["read", tmp_path / "none"],
    ):
        result = run(*command)
        assert result.code == 1
        assert "none" in result.err


def test_a_draft_that_is_not_there_is_said_and_one_that_is_there_is_not_written_over(
    run: Run, index: Path, tmp_path: Path
) -> None:
    draft, written = tmp_path / "draft.txt", tmp_path / "checked.docx"
    draft.write_text("苏州建成爱心驿站1026家。", encoding="utf-8")
    written.write_bytes(b"older")
    missing = run("check", tmp_path / "missing.docx", "--docx", written, "--index", index)
    assert (missing.code, written.read_bytes()) == (1, b"older")
    assert "找不到文件" in missing.err and "missing.docx" in missing.err
    for option in ("--docx", "--xlsx"):
        same = run("check", draft, option, draft, "--index", index)
        assert same.code == 1
        assert f"{draft} 与 稿件 是同一个文件" in same.err
    assert "同一个文件" in run("check", draft, "--docx", written, "--xlsx", written, "--index", index).err
    assert run("check", draft, "--docx", written, "--index", index).code == 0
    assert written.read_bytes().startswith(b"PK")


@pytest.mark.parametrize("command", [("rebuild", ""), ("rebuild", "reports", "--index", "")])
def test_an_empty_path_is_not_the_current_folder(run: Run, command: tuple[str, ...]) -> None:
    result = run(*command)
    assert result.code == 2
    assert "路径是空的；当前文件夹写作 ./" in result.err


@pytest.mark.parametrize("command", [("backup",), ("restore",), ("ask", "工会", "--encoder")])
def test_a_path_of_nobody_is_no_unexpected_error(
    run: Run, index: Path, own_home: Path, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNION_QA_INDEX", str(index))
    result = run(*command, "~nobody-here/x.zip")
    assert (result.code, result.out, result.err.count("\n")) == (1, "", 1)
    assert "~nobody-here/x.zip" in result.err and "路径" in result.err
    assert not (own_home / "errors.jsonl").exists()


@pytest.mark.parametrize("variable", ["UNION_QA_HOME", "UNION_QA_INDEX"])
def test_a_setting_that_names_a_path_of_nobody_is_said(
    run: Run, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "~nobody-here/x")
    result = run("status")
    assert (result.code, result.out, result.err.count("\n")) == (1, "", 1)
    assert variable in result.err


def test_an_unexpected_error_is_logged_and_said_in_one_line(
    run: Run, index: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("inside")

    monkeypatch.setattr("qa.library.Library.ask", fail)
    result = run("ask", "法律援助", "--index", index)
    assert result.code == 1
    kept = [json.loads(line) for line in (own_home / "errors.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [each["error"] for each in kept] == ["ZeroDivisionError: inside"]
    assert f"编号 {kept[0]['id']}" in result.err
    assert "errors.jsonl" in result.err


def test_text_of_reports_cannot_steer_the_terminal(run: Run, tmp_path: Path) -> None:
    reports = write_reports(
        tmp_path / "r", a=SUZHOU.replace("3210件", "\x1b[31m3210\x07件[bold]粗[/bold]\u202e")
    )
    assert run("rebuild", reports, "--index", tmp_path / "index").code == 0
    out = run("search", "法律援助", "--index", tmp_path / "index").out
    assert "[bold]" in out
    assert not any(character in out for character in "\x1b\x07\u202e")


def child(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "qa", *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
        **options,  # type: ignore[call-overload]
    )


def test_answering_needs_no_torch(index: Path) -> None:
    code = (
        "import sys; from qa.cli import main\n"
        f"main(['ask', '苏州的法律援助案件办理了多少件？', '--index', {str(index)!r}])\n"
        "print([m for m in ('torch', 'sentence_transformers', 'gradio') if m in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert result.stdout.splitlines()[-1] == "[]"


def test_python_m_qa_is_the_same_program_and_survives_a_poor_locale(index: Path) -> None:
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    result = child("search", "法律援助", "--index", index, "--json", env=environment)
    assert (result.returncode, result.stderr) == (0, "")
    assert json.loads(result.stdout)[0]["report"] in ("suzhou.md", "kunming.md")


def test_a_port_that_is_taken_is_said_before_anything_is_opened(run: Run) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        result = run("serve", "--port", other.getsockname()[1])
    assert result.code == 1
    assert "已被占用" in result.err
    assert result.err.count("\n") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="signals differ there")
def test_ctrl_c_is_quiet_and_leaves_nothing_behind(tmp_path: Path) -> None:
    many = write_reports(tmp_path / "many", **{f"r{n}": SUZHOU.replace("3210", str(n)) for n in range(1000)})
    with (tmp_path / "err").open("wb") as err:
        command = [sys.executable, "-m", "qa", "rebuild", str(many), "--index", str(tmp_path / "index")]
        child = subprocess.Popen(command, stdout=err, stderr=err)
        deadline = time.monotonic() + 30
        while not (tmp_path / "index" / "lock").exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        child.send_signal(signal.SIGINT)
        assert child.wait(30) == 130
    assert (tmp_path / "err").read_bytes() == b""
    assert not list((tmp_path / "index").glob("generations/*"))


@pytest.mark.skipif(sys.platform == "win32", reason="pipes close otherwise there")
def test_a_closed_pipe_is_quiet(index: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "qa", "search", "工会", "-k", "50", "--index", str(index)]
    result = subprocess.run(
        command, stdout=writer, stderr=subprocess.PIPE, text=True, timeout=60, check=False
    )
    os.close(writer)
    assert result.stderr == ""


def test_status_says_which_line_of_reports_toml_would_settle_a_doubt(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "无题.txt").write_text("会员有3万人。办了5场活动，来了200人。\n", encoding="utf-8")
    assert run("rebuild", folder, "--index", tmp_path / "index").code == 0
    told = run("status", "--index", tmp_path / "index").out
    assert '["无题.txt"]' in told
    assert "place = " in told
    assert "period = [2018, 2023]" in told


def test_what_stood_in_an_output_stays_where_the_new_one_cannot_be_written(
    index: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "结论.jsonl"
    kept.write_text("旧的", encoding="utf-8")
    drafts = tmp_path / "稿件.jsonl"
    drafts.write_text(json.dumps({"id": "a", "draft": "无锡建成书屋30家。" * 400}) + "\n", encoding="utf-8")
    command = (
        f"ulimit -f 2; exec {sys.executable} -m qa check --drafts {drafts} --output {kept} --index {index}"
    )
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1
    assert "写不进" in done.stderr
    assert kept.read_text(encoding="utf-8") == "旧的"
    kept.rename(tmp_path / "别的")
    assert (
        subprocess.run(["bash", "-c", command], capture_output=True, timeout=120, check=False).returncode == 1
    )
    (tmp_path / "别的").rename(kept)
    assert sorted(path.name for path in tmp_path.iterdir()) == [drafts.name, kept.name]


def test_a_page_of_what_was_read_stays_where_the_new_one_cannot_be_written(
    reports: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "还原.html"
    kept.write_text("旧的", encoding="utf-8")
    command = f"ulimit -f 2; exec {sys.executable} -m qa read {reports} --html {kept}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1
    assert "写不进" in done.stderr
    assert kept.read_text(encoding="utf-8") == "旧的"
    assert [path.name for path in tmp_path.iterdir()] == [kept.name]


def test_a_written_file_keeps_the_rights_of_the_one_it_replaces(
    run: Run, index: Path, tmp_path: Path
) -> None:
    asked, answers = tmp_path / "问.jsonl", tmp_path / "答.jsonl"
    asked.write_text('{"question": "无锡建成书屋多少家？"}\n', encoding="utf-8")
    answers.touch(mode=0o600)
    assert run("ask", "--questions", asked, "--output", answers, "--index", index).code == 0
    assert answers.stat().st_mode & 0o777 == 0o600
    assert json.loads(answers.read_text(encoding="utf-8"))["question"]


def test_pipes_and_devices_are_no_files(run: Run, index: Path, tmp_path: Path) -> None:
    pipe, output = tmp_path / "pipe", tmp_path / "out.jsonl"
    os.mkfifo(pipe)
    for command in (
        ("ask", "--questions", pipe, "--output", output, "--index", index),
        ("ask", "--questions", "/dev/zero", "--output", output, "--index", index),
        ("check", "--drafts", pipe, "--output", output, "--index", index),
        ("evaluate", pipe, "--index", index),
        ("users", "list", "--users", pipe),
    ):
        told = run(*command)
        assert (told.code, "不是普通文件" in told.err) == (1, True), told.err


@pytest.mark.parametrize("content", ["", "{\n5\n"])
def test_where_nothing_could_be_done_the_exit_code_says_so(
    content: str, run: Run, index: Path, tmp_path: Path
) -> None:
    lines, output = tmp_path / "行.jsonl", tmp_path / "out.jsonl"
    lines.write_text(content, encoding="utf-8")
    assert run("ask", "--questions", lines, "--output", output, "--index", index).code == 1
    told = run("check", "--drafts", lines, "--output", output, "--index", index)
    assert told.code == 1
    written = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
    assert all(each["items"] == [] and each["problem"] for each in written)


def test_lines_of_the_log_that_cannot_be_read_are_counted(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNION_QA_HOME", str(tmp_path))
    (tmp_path / "audit.jsonl").write_text("{\n[]\n" + '{"a":' * 100_000 + "\n", encoding="utf-8")
    told = run("log", "-n", "99999999999999999999")
    assert "3 行读不出" in told.err
    assert "还没有记录" not in told.err


def test_a_closed_output_is_no_error(index: Path) -> None:
    command = f"exec {sys.executable} -m qa status --index {index} >&-"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_corrections_that_are_no_file_are_not_left_out_in_silence(
    run: Run, reports: Path, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    assert run("rebuild", reports, "--index", index).code == 0
    (index / "ledger.toml").mkdir()
    told = run("figures", "--index", index)
    assert (told.code, "ledger.toml" in told.err) == (1, True)
