"""Marked requests for a summary: what they mark stands in the reports, and the fit learns from them."""

import json
import lzma
from pathlib import Path

import numpy as np

from qa.answering.salience import FEATURES
from qa.evaluate.train.salience import Request, fitted, requests, softmax
from tests.evaluate.sets import invented_reports

MARKS = Path(__file__).with_name("summaries.jsonl.xz")


def test_what_is_marked_stands_in_the_reports() -> None:
    reports = invented_reports()
    bare = {(s, name): "".join(text.split()) for s, own in reports.items() for name, text in own.items()}
    with lzma.open(MARKS, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    assert len(rows) == 668
    for row in rows:
        assert row["key"] and not set(row["key"]) & set(row["also"])
        text = bare[row["set"], row["report"]]
        assert all("".join(s.split()) in text for s in (*row["key"], *row["also"])), row["ask"]


def test_a_request_becomes_sentences_with_their_worth(tmp_path: Path) -> None:
    folder = tmp_path / "set"
    folder.mkdir()
    text = "# 临屿市总工会报告（2023年）\n\n## 维权\n\n办理援助案件157件。大家都说好。\n\n## 帮扶\n\n慰问困难职工26户。\n"
    (folder / "临屿.md").write_text(text, "utf-8")
    row = {
        "set": "set",
        "report": "临屿.md",
        "ask": "临屿维权做了哪些工作",
        "key": ["办理援助案件157件。"],
        "also": [],
    }
    marks = tmp_path / "marks.jsonl"
    marks.write_text(json.dumps(row, ensure_ascii=False) + "\n", "utf-8")
    (made,) = requests(marks, tmp_path)
    assert made.features.shape == (len(made.worth), len(FEATURES))
    assert np.isfinite(made.features).all() and sorted(made.worth)[-2:] == [0.0, 1.0]


def test_the_fit_finds_what_tells_the_key_sentences() -> None:
    random = np.random.default_rng(1)
    made = []
    for number in range(30):
        table = random.normal(size=(12, len(FEATURES)))
        made.append(Request(str(number), table, (table[:, 3] == table[:, 3].max()).astype(float), 1))
    weights = fitted(made, softmax)
    assert int(np.argmax(np.abs(weights[:-1]))) == 3 and weights[3] > 0
    assert np.array_equal(weights, fitted(made, softmax))
