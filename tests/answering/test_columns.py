"""A figure of a table is a result or a plan, and of a year, as the head of its column says, wherever the table stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.answering.wording import wording_of
from qa.checking.statements import judge
from qa.drafts.statements import statements_of
from qa.ledger.build import figures_of
from qa.reading import read_report
from qa.text.units import sentences_of
from qa.types import Period
from tests.reports import Desk

REPORT = """# 清丰县总工会2030年工作总结和2031年工作思路

## 一、2030年主要工作

全年新建基层工会组织38家，受理劳动争议案件91件，为职工追回工资288.4万元，各项工作都有了新的进展。

## 二、2031年工作思路

2031年，要新建基层工会组织40家，举办技能竞赛12项，劳动争议调解成功率达到90%以上。

|项目|2029年|2030年|2031年目标|
|---|---|---|---|
|疗休养|1310人次|1745人次|1900人次|
|爱心驿站|12个|17个|23个|

|年份|技能竞赛|
|---|---|
|2029年|7项|
|2030年|9项|
|2031年目标|12项|
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    path: Path = tmp_path_factory.mktemp("reports") / "清丰.md"
    path.write_text(REPORT, "utf-8")
    return Desk.over(read_report(path))


@pytest.mark.parametrize(
    ("question", "label", "short"),
    [
        ("清丰2029年疗休养多少人次？", "清丰（2029）：", "1310人次"),
        ("清丰2030年疗休养多少人次？", "清丰（2030）：", "1745人次"),
        ("清丰2029年技能竞赛多少项？", "清丰（2029）：", "7项"),  # the row says the year
    ],
)
def test_an_answer_is_headed_with_the_time_of_its_column(
    question: str, label: str, short: str, desk: Desk
) -> None:
    answer = desk.ask_in_full(question)
    assert answer.text.startswith(label) and answer.short == short, answer.text
    assert [citation.plan for citation in answer.citations] == [False]


def test_the_ledger_and_drafts_take_only_the_column_of_plans_for_one(desk: Desk) -> None:
    (report,) = desk.index.reports
    figures = list(figures_of(report, sentences_of(report)))
    of_rows = [f for f in figures if "疗休养" in f.sentence]
    assert [(f.text, f.kind, f.period) for f in of_rows] == [
        ("1310人次", "amount", Period(2029, 2029)),
        ("1745人次", "amount", Period(2030, 2030)),
        ("1900人次", "plan", Period(2031, 2031)),
    ]
    told = {s.text: s.plan for s in statements_of(report, figures) if s.text.endswith("人次")}
    assert told == {"1310人次": False, "1745人次": False, "1900人次": True}


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("2029年组织疗休养1310人次", None),
        ("已组织疗休养1900人次", "plan"),
        ("2029年计划组织疗休养1310人次", "plan"),
    ],
)
def test_the_check_takes_only_the_column_of_plans_for_one(said: str, kind: str | None, desk: Desk) -> None:
    citations = desk.ask_in_full("清丰2029年疗休养多少人次？").citations
    fault = judge(said, citations, desk.index.by_id, wording_of(desk.index))
    assert (fault and fault.kind) == kind
