"""Rows for the passage reader: passages that hold the evidence answer, those that hold nothing do not, others are left out."""

from __future__ import annotations

from pathlib import Path

from qa.evaluate.gold import Gold, read_gold
from qa.evaluate.train.passages import Row, proposed_rows, rows_of, taught
from qa.index import open_index, store_at
from tests.reports import Desk, report_of

TEXT = """# 苏州市总工会报告（2018—2023年）

五年来，全市建成职工书屋48家，其中国家级3家。

组织职工疗休养2.6万人次。

另有一处写到书屋48家，说的是县里的。
"""
QUESTION = "苏州建成职工书屋多少家？"


def rows(question: str = QUESTION, kind: str = "figure", history: tuple[str, ...] = ()) -> list[Row]:
    desk = Desk.over(report_of(TEXT, "苏州.md", "苏州市", (2018, 2023)))
    gold = Gold("1", kind, question, history, (("48家", "48"),), 1, ("建成职工书屋48家",), ())
    return list(rows_of(desk.index, gold, desk.understand(question, *history)))


def test_what_holds_the_evidence_answers_and_what_holds_nothing_does_not() -> None:
    made = rows()
    answers = [row for row in made if row["answered"]]
    assert {str(row["passage"]) for row in answers} == {"五年来，全市建成职工书屋48家，其中国家级3家。"}
    ((start, end),) = answers[0]["spans"]  # type: ignore[misc, attr-defined]
    assert str(answers[0]["passage"])[start:end] == "48家"
    others = {str(row["passage"]) for row in made if not row["answered"]}
    assert "组织职工疗休养2.6万人次。" in others and not any("县里" in passage for passage in others)


def test_an_answer_that_is_proposed_is_marked_and_answers_if_it_is_right() -> None:
    desk = Desk.over(report_of(TEXT, "苏州.md", "苏州市", (2018, 2023)))
    gold = Gold("1", "figure", QUESTION, (), (("48家",),), 1, ("建成职工书屋48家",), ())
    made = list(proposed_rows(desk.index, gold, desk.understand(QUESTION)))
    marks = {str(row["passage"]): row["answered"] for row in made}
    assert marks["五年来，全市建成职工书屋【48家】，其中国家级3家。"] is True
    assert marks["五年来，全市建成职工书屋48家，其中国家级【3家】。"] is False
    assert not any(right for passage, right in marks.items() if "【2.6万人次】" in passage)


def test_a_question_without_an_answer_is_answered_by_nothing() -> None:
    made = rows("苏州建成停机坪多少家？", "unanswerable")
    assert made and not any(row["answered"] for row in made)


def test_questions_for_several_places_and_follow_ups_are_left_out() -> None:
    assert rows("苏州和泉州各建成职工书屋多少家？") == []
    assert rows("那疗休养呢？", history=(QUESTION,)) == []


def test_what_is_taught_stands_in_reports_that_can_be_searched(tmp_path: Path) -> None:
    questions, folder = next(taught(tmp_path))
    index = open_index(store_at(folder))
    texts = ["".join(paragraph.text for paragraph in report.paragraphs) for report in index.reports]
    asked = read_gold(questions)
    assert len(index.reports) == 2 and len(asked) == 100
    proved = [any(each in text for text in texts) for gold in asked for each in gold.evidence]
    assert sum(proved) / len(proved) > 0.95
