"""The command on a questions file of one's own: figures, saved, compared, misses listed."""

import json
from pathlib import Path

import pytest

from qa.cli import main
from qa.errors import QAError
from qa.evaluate import read_answers, read_earlier, read_gold
from tests.index.made import KUNMING, SUZHOU, write_reports

QUESTIONS = [
    {"id": "a", "type": "fact_number", "question": "苏州建成爱心驿站多少家？", "answer_groups": [["1026家"]], "evidence": ["建成爱心驿站1026家"]},
    {"id": "b", "type": "unanswerable", "question": "苏州的工会养了多少只熊猫？"},
    {"question": "昆明发展了多少会员？", "answer_groups": [["没有这样的答案"]]},
]  # fmt: skip


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    reports = write_reports(tmp_path / "reports", suzhou=SUZHOU, kunming=KUNMING)
    assert main(["rebuild", str(reports), "--index", str(tmp_path / "index")]) == 0
    questions = tmp_path / "questions.jsonl"
    questions.write_text("\n".join(json.dumps(q, ensure_ascii=False) for q in QUESTIONS), encoding="utf-8")
    return tmp_path / "index", questions


def test_figures_are_printed_saved_and_compared(
    files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index, questions = files
    capsys.readouterr()
    result = tmp_path / "result.json"
    assert main(["evaluate", str(questions), "--index", str(index), "--output", str(result), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads(result.read_text(encoding="utf-8"))
    assert printed["figures"]["questions"] == 3
    assert printed["figures"]["recall@1"] == 1.0
    assert printed["figures"]["citation_valid"] == 1.0
    assert "3" in printed["misses"]
    assert printed["figures"]["ndcg@10"] == 1.0
    assert printed["intervals"]["recall@1"] == [1.0, 1.0]
    assert printed["parts"]["a"]["correct"] == [1.0, 1.0]
    assert "recall@1" not in printed["parts"]["b"]
    older = tmp_path / "older.json"
    printed["figures"]["mrr"] = 0.25
    printed["parts"]["a"]["mrr"] = [0.25, 1.0]
    older.write_text(json.dumps(printed), encoding="utf-8")
    assert main(["evaluate", str(questions), "--index", str(index), "--against", str(older), "--misses"]) == 0
    out = capsys.readouterr().out
    assert "0.25" in out
    assert "没有这样的答案" in out


def test_saved_answers_are_measured_without_asking(
    files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index, questions = files
    answers = tmp_path / "answers.jsonl"
    assert main(["ask", "--questions", str(questions), "--output", str(answers), "--index", str(index)]) == 0
    capsys.readouterr()
    figures = []
    for more in ([], ["--answers", str(answers)]):
        assert main(["evaluate", str(questions), "--index", str(index), "--json", *more]) == 0
        figures.append(json.loads(capsys.readouterr().out)["figures"])
    assert figures[1].pop("answer seconds median") is None
    assert figures[0].pop("answer seconds median") > 0
    assert figures[0] == figures[1]


def test_what_differs_is_compared_and_marked_where_it_is_no_chance(
    files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index, questions = files
    result, older = tmp_path / "result.json", tmp_path / "older.json"
    assert main(["evaluate", str(questions), "--index", str(index), "--output", str(result)]) == 0
    saved = json.loads(result.read_text(encoding="utf-8"))
    saved["figures"]["mrr"], saved["figures"]["gone"] = 0.25, 1.0
    saved["parts"]["a"]["mrr"] = [0.25, 1.0]
    older.write_text(json.dumps(saved), encoding="utf-8")
    capsys.readouterr()
    assert main(["evaluate", str(questions), "--index", str(index), "--against", str(older)]) == 0
    line = next(line for line in capsys.readouterr().out.splitlines() if "mrr" in line and "+0.750" in line)
    assert "0.25" in line and line.rstrip().endswith("是")
    del saved["parts"]  # as it was saved before there were any
    older.write_text(json.dumps(saved), encoding="utf-8")
    assert main(["evaluate", str(questions), "--index", str(index), "--against", str(older)]) == 0
    line = capsys.readouterr().out.split("有变化的指标")[1]
    assert "mrr" in line and "是" not in line and "gone" not in line


def test_a_run_that_only_took_another_time_has_not_changed(
    files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index, questions = files
    result = tmp_path / "result.json"
    assert main(["evaluate", str(questions), "--index", str(index), "--output", str(result)]) == 0
    saved = json.loads(result.read_text(encoding="utf-8"))
    saved["figures"]["answer seconds median"] = 1000.0
    result.write_text(json.dumps(saved), encoding="utf-8")
    capsys.readouterr()
    assert main(["evaluate", str(questions), "--index", str(index), "--against", str(result)]) == 0
    assert "指标都没有变化" in capsys.readouterr().out


def test_a_result_that_is_not_there_is_said_to_be_unreadable(tmp_path: Path) -> None:
    with pytest.raises(QAError, match=r"读不到.*no\.json"):
        read_earlier(tmp_path / "no.json")


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"figures": {"mrr": "x"}}',
        '{"figures": {}, "parts": [1]}',
        '{"figures": ' + "[" * 99_999,
    ],
)
def test_a_result_that_cannot_be_compared_with(tmp_path: Path, content: str) -> None:
    path = tmp_path / "result.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(QAError, match="--output"):
        read_earlier(path)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "没有问题"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b'{"question": "a"}\n{"no": 1}', "第 2 行"),
        (b'{"question": 3}', "第 1 行"),
        (b'{"question": "a", "answer_groups": [[3]]}', "第 1 行"),
        ('{"question": "a", "history": "温州"}'.encode(), "第 1 行.*'温州' 不是用方括号"),
        ('{"question": "a", "answer_groups": ["164个"]}'.encode(), "第 1 行.*'164个' 不是用方括号"),
        ('{"question": "a", "evidence": "设立164个"}'.encode(), "第 1 行.*不是用方括号"),
        (b'{"question": "a", "evidence": {"a": 1}}', "第 1 行.*不是用方括号"),
        (b'{"question": "a", "pairs": [{"labels": "ab", "figure": "3"}]}', "第 1 行.*不是用方括号"),
        (b'{"question": "a", "min_groups": 1e999}', "第 1 行"),
        (b"[" * 99_999, "第 1 行"),
        (b'{"id": "x", "question": "a"}\n{"id": "x", "question": "b"}', "重复"),
    ],
)
def test_a_questions_file_that_cannot_be_used(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_bytes(content)
    with pytest.raises(QAError, match=says):
        read_gold(path)


@pytest.mark.parametrize(
    "content",
    [
        "[1]",
        '"a"',
        "[" * 99_999,
        '{"answer": "no id"}',
        *(
            f'{{"id": "a", {part}}}'
            for part in (
                '"citations": "abc"',
                '"citations": ["abc"]',
                '"citations": {"marker": 1}',
                '"citations": [{"marker": 1, "spans": 3}]',
                '"citations": [{"marker": 1, "spans": [3, 5]}]',
                '"citations": [{"marker": 1, "spans": [[3, 5, 7]]}]',
                '"citations": [{"marker": 1, "spans": [["3", "5"]]}]',
                '"passages": 3',
                '"passages": [["abc"]]',
                '"calculation": 3',
            )
        ),
    ],
)
def test_answers_of_another_shape_are_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "answers.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(QAError, match="ask --questions 写出的文件"):
        read_answers(path)


def test_answers_of_other_programs_may_leave_parts_out(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    path.write_text(
        '\ufeff{"id": 1}\n{"id": 2, "citations": null, "calculation": "1+1=2", "passages": [{}]}\n'
        '{"id": 3, "citations": [{"marker": [1], "spans": null}], "calculation": ["1+1=2"]}\n',
        encoding="utf-8",
    )
    assert list(read_answers(path)) == ["1", "2", "3"]
