"""What lets right statements pass the check, each with a wrong one that must not pass."""

from __future__ import annotations

import pytest

from qa.answering.statement import Evidence
from qa.answering.wording import wording_of
from qa.checking.statements import FaultKind, judge
from qa.engines.composing import citations_of
from qa.text.units import sentence_spans
from qa.types import Hit, Scores
from tests.engines.service import asked_in, number_of, plans, said_by
from tests.reports import Desk, report_of

LONG = "、".join(f"第{n}分会的骨干队伍持续壮大" for n in "一二三四五六七八九") * 3
REPORT = f"""# 滨州市总工会工作报告

## 一、2023年工作回顾

争取省级专项资金86万元，选送"金锤、银线"两大类作品，厂区噪声降到每年2.5次/车间。

阵地建设提速，邹平市的工匠园揭牌迎客，站点布局更加均匀，读书角增到47处，爱心班增到31个。

沾化区冬枣镇是果农聚集的小镇。当地外来果农有920人，入会率达70%以上。无棣县渔港另有船员380人。

{LONG}，全年办理船员医疗补助615件。

## 二、2024年重点工作

### （一）加快释放改革成效

改造老旧活动室29间。
"""


def held() -> Desk:
    return Desk.over(report_of(REPORT, "滨州.md", "滨州市", (2023, 2023)))


def fault_of(text: str, *sentences: str) -> FaultKind | None:
    """Why a statement that cites the sentences with these words falls, or None."""
    desk = held()
    (report,) = desk.index.reports
    found = [
        Evidence(Hit(report, paragraph, (), Scores(0.0, 0.0, 0.0)), start, end, 0)
        for words in sentences
        for paragraph in report.paragraphs
        for start, end in sentence_spans(paragraph)
        if words in paragraph.text[start:end]
    ]
    assert len(found) == len(sentences)
    _, citations = citations_of([(text, found)])
    fault = judge(text, citations, desk.index.by_id, wording_of(desk.index))
    return fault.kind if fault else None


@pytest.mark.parametrize(
    ("text", "cites"),
    [
        (
            "滨州2023年争取省级专项资金86万元",
            ["省级专项资金"],
        ),  # sounds like a plan, in the report's own words
        ("滨州选送“金锤、银线”两大类作品", ["金锤"]),  # other quotation marks
        ("滨州厂区噪声降到每年2.5次/车间", ["厂区噪声"]),  # a unit with a stroke is no address
        ("滨州的读书角增到47处", ["读书角"]),  # another place is named in passing, clauses before
        (
            "沾化区冬枣镇当地外来果农有920人",
            ["果农聚集", "外来果农"],
        ),  # its place is named one sentence before
        ("2023年的报告写明，滨州办理船员医疗补助615件", ["医疗补助"]),  # behind what a quote has room for
        ("滨州2024年的重点工作是改造老旧活动室29间", ["活动室"]),  # a plan by the heading that names the year
    ],
)
def test_right_ones_hold(text: str, cites: list[str]) -> None:
    assert fault_of(text, *cites) is None


@pytest.mark.parametrize(
    ("text", "cites", "kind"),
    [
        ("滨州计划选送省级专项资金86万元", ["省级专项资金"], "plan"),
        ("滨州选送“金锤、银线”三大类作品", ["金锤"], "figure"),
        ("滨州厂区噪声见a.b/车间", ["厂区噪声"], "form"),
        ("沾化的读书角增到47处", ["读书角"], "place"),
        ("沾化区船员有380人", ["果农聚集", "渔港"], "other thing"),
        ("无棣县冬枣镇当地外来果农有920人", ["果农聚集", "外来果农"], "place"),
        ("2022年的报告写明，滨州办理船员医疗补助615件", ["医疗补助"], "period"),
        ("滨州已改造老旧活动室29间", ["活动室"], "plan"),
    ],
)
def test_wrong_ones_beside_them_fall(text: str, cites: list[str], kind: FaultKind) -> None:
    assert fault_of(text, *cites) == kind


def test_a_total_that_is_found_for_both_of_its_parts_is_not_counted_twice() -> None:
    def model(_: str, material: str) -> str:
        if plans(material):
            return "查：滨州读书角多少处\n查：滨州读书角和爱心角多少处\n算：求和"
        assert asked_in(material)
        return f"答：滨州的读书角增到47处[{number_of(material, '读书角')}]。\n短：47处"

    told = said_by(model, held(), "滨州读书角和爱心角一共多少处？")
    assert (told.text, told.calculation) == ("滨州的读书角增到47处[1]。", ())


def test_what_is_said_of_one_thing_is_taken_in_at_a_glance() -> None:
    def model(_: str, material: str) -> str:
        if plans(material):
            return "查：滨州船员医疗补助"
        line = f"答：滨州全年办理船员医疗补助615件[{number_of(material, '医疗补助')}]。"
        return "\n".join(line.replace("滨州", "滨州市" + "，" * n, 1) for n in range(1, 13))

    told = said_by(model, held(), "滨州办理了多少件船员医疗补助？")
    assert "615件" in told.text
    assert len(told.text) <= 160
