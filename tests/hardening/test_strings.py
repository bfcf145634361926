"""Naughty strings wherever text comes in: as a question, in a file of questions, as a report's line, as a file's name."""

import json
import time
from collections import Counter
from pathlib import Path

import pytest

from qa.cli import main
from qa.errors import QuestionError
from qa.index import rebuild
from qa.library import SAMPLE_REPORTS, Library
from qa.text.normal import one_line
from tests.hardening.conftest import Tried
from tests.hardening.serving import asked, free_port, posted, served
from tests.hardening.sizes import child, needs_bad_input, sizes
from tests.hardening.strings import distinct, naughty, some, visible

pytestmark = needs_bad_input
SECONDS, PATIENCE = 1.0, 20.0  # that no question takes longer than, at the 99th percentile; in a short run


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("strings") / "index"
    rebuild([SAMPLE_REPORTS], folder)
    return folder


@sizes(10, 515)
def test_as_questions(index: Path, tried: Tried, n: int) -> None:
    library, seconds, refused = Library(index), list[float](), 0
    library.ask("法律援助办了多少件？")
    for text in some(n):
        for call in (library.retrieve, library.ask):
            started = time.perf_counter()
            try:
                call(text)
            except QuestionError:
                refused += 1
            seconds.append(time.perf_counter() - started)
    slow = sorted(seconds)[len(seconds) * 99 // 100]
    assert slow < (SECONDS if n > 10 else PATIENCE)
    tried(strings=n, calls=len(seconds), refused_with_a_sentence=refused, p99_seconds=round(slow, 3))


@sizes(5, 515)
def test_as_history_and_filters(index: Path, tried: Tried, n: int) -> None:
    library, refused = Library(index), 0
    for text in some(n):
        library.ask("那漳州呢？", history=[text, "温州的法律援助办了多少件？"])
        for name in ("place", "period", "report"):
            try:
                library.retrieve("法律援助", **{name: text})  # type: ignore[arg-type]
            except QuestionError:
                refused += 1
    tried(strings=n, calls=4 * n, refused_with_a_sentence=refused)


@sizes(5, 515)
def test_as_a_file_of_questions(
    index: Path, tmp_path: Path, tried: Tried, n: int, capsys: pytest.CaptureFixture[str]
) -> None:
    questions, answers = tmp_path / "q.jsonl", tmp_path / "a.jsonl"
    lines = [{"id": str(i), "question": text, "history": []} for i, text in enumerate(some(n))]
    questions.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    assert main(["ask", "--questions", str(questions), "--output", str(answers), "--index", str(index)]) == 0
    assert "意料之外" not in capsys.readouterr().err
    told = [json.loads(line) for line in answers.read_text(encoding="utf-8").split("\n")[:-1]]
    assert [(t["id"], t["question"]) for t in told] == [(line["id"], line["question"]) for line in lines]
    tried(strings=n, abstained=sum(t["abstained"] for t in told))


@sizes(4, 515)
def test_as_posted(index: Path, tried: Tried, n: int) -> None:
    port, seconds, refused = free_port(), list[float](), 0
    with served(index, port):
        asked(port, "法律援助办了多少件？")
        for text in some(n):
            started = time.perf_counter()
            event, told = posted(port, text)
            seconds.append(time.perf_counter() - started)
            assert event in ("complete", "error")
            if event == "complete":
                assert told[0]["question"] == text
            else:
                assert "意料之外" not in str(told) and "Traceback" not in str(told)
                refused += 1
    slow = sorted(seconds)[len(seconds) * 99 // 100]
    assert slow < (SECONDS if n > 10 else PATIENCE)
    tried(strings=n, refused_with_a_sentence=refused, p99_seconds=round(slow, 3))


@sizes(1, 25)
def test_as_an_argument(index: Path, tried: Tried, n: int) -> None:
    refused = 0
    for text in some(n):
        if "\x00" in text:
            continue  # no argument can hold it
        done = child("-m", "qa", "ask", "--index", index, "--", text, seconds=60)
        assert done.returncode in (0, 1) and "Traceback" not in done.stderr
        assert "意料之外" not in done.stderr
        refused += done.returncode
    tried(strings=n, refused_with_a_sentence=refused)


def test_as_lines_of_a_report(tmp_path: Path, tried: Tried) -> None:
    """As a file holds them: characters that no text file holds as such are gone, and line ends are."""
    (tmp_path / "reports").mkdir()
    lines = "\n".join(" ".join(text.splitlines()) for text in naughty())
    (tmp_path / "reports" / "lines.txt").write_text(lines, encoding="utf-8")
    rebuild([tmp_path / "reports"], tmp_path / "index")
    library = Library(tmp_path / "index")
    source, wanted, found = library.reports[0].source.text, distinct(), 0
    for text in wanted:
        seen = ""
        for hit in library.retrieve(text, 3):
            start, end = min(hit.paragraph.spans)[0], max(b for _, b in hit.paragraph.spans)
            seen += f"{source[start:end]}\n{hit.report.title}\n{hit.paragraph.heading}\n"
        found += visible(text) in visible(seen)
    assert found / len(wanted) >= 0.95
    tried(strings=len(naughty()), unique_with_two_characters=len(wanted), found_in_the_first_three=found)


def test_as_names_of_files(tmp_path: Path, tried: Tried) -> None:
    reports = tmp_path / "reports"
    reports.mkdir()
    made = dict[str, str]()
    for number, text in enumerate(naughty()):
        try:
            if "/" in text or text.startswith("."):
                continue  # a folder, and what is hidden
            (reports / f"{text}.txt").write_text(
                f"第{number}号文件记录办理案件{1000 + 7 * number}件。\n", "utf-8"
            )
        except (OSError, ValueError):
            continue  # the system allows no such name
        if text:
            made[f"{text}.txt"] = f"第{number}号文件"
    summary = rebuild([reports], tmp_path / "index")
    assert summary.skipped == () and summary.reports == len(made)
    library = Library(tmp_path / "index")
    alike = Counter(one_line(name) for name in made)
    for name, text in made.items():
        if alike[one_line(name)] > 1:
            continue  # told apart by their paths, or by a number
        assert library.retrieve("记录办理案件多少件", 3, report=name)[0].paragraph.text.startswith(text)
        assert any(
            h.report.source.name == one_line(name) for h in library.retrieve(f"{text}记录办理案件多少件", 3)
        )
    tried(names=len(made), strings=len(naughty()))
