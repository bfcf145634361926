"""What each figure means, by an answer that has it and one that has not."""

import math
from typing import Any

import pytest

from qa.evaluate import Gold, Measured, measure
from qa.evaluate.gold import Pair
from qa.evaluate.measures import DEPTHS, alike, covers, says

SOURCE = "五年来，全市工会办理法律援助案件 3210 件，\n替职工追回工资4560万元。"
QUOTE = "全市工会办理法律援助案件3210件"
START = SOURCE.index("全市")
END = SOURCE.index("，\n")


def gold(**changes: Any) -> Gold:
    fields: dict[str, Any] = {
        "id": "1",
        "type": "fact_number",
        "question": "法律援助案件有多少件？",
        "history": (),
        "groups": (("3210件",),),
        "enough": 1,
        "evidence": ("办理法律援助案件3210件",),
        "pairs": (),
    }
    return Gold(**(fields | changes))


def answer(**changes: Any) -> dict[str, Any]:
    citation = {
        "marker": 1,
        "report": "a.txt",
        "title": "",
        "period": None,
        "quote": QUOTE,
        "spans": [[START, END]],
    }
    passages = [{"heading": "", "text": "别的段落，讲技能竞赛。"}, {"heading": "维权", "text": SOURCE}]
    fields = {"id": "1", "answer": "办理法律援助案件3210件[1]。", "short": "3210件", "abstained": False}
    return {**fields, "citations": [citation], "passages": passages, **changes}


def measured(given: dict[str, Any] | None = None, **changes: Any) -> Measured:
    return measure(gold(**changes), answer() if given is None else given, {"a.txt": SOURCE})


def test_a_good_answer_has_every_figure() -> None:
    row = measured()
    assert [row.value(f"recall@{depth}") for depth in DEPTHS] == [0.0, 1.0, 1.0, 1.0]
    assert row.value("mrr") == 0.5
    assert row.correct == row.value("short_em") == row.value("citation_right") == row.value("faithful") == 1.0
    assert row.parts["marks_valid"] == row.parts["citation_valid"] == (1.0, 1.0)


PIECES = ("办理法律援助案件3210件", "帮扶困难职工8600户", "建成驿站1026家")


@pytest.mark.parametrize(
    ("ranks", "gain"),
    [
        (((0,), (1,), (2,)), 1.0),
        (((0, 1, 2),), 1.0),
        ((), 0.0),
        (((), (0,)), (1 / math.log2(3)) / (1 + 1 / math.log2(3) + 0.5)),
        (((0, 1), (), (2,)), (1 + 0.5) / (1 + 1 / math.log2(3))),
        (((0,), (0,), (1,), (2,)), (1 + 0.5 + 1 / math.log2(5)) / (1 + 1 / math.log2(3) + 0.5)),
        ((*[()] * 10, (0, 1, 2)), 0.0),
    ],
)
def test_gain_falls_with_the_rank_of_each_piece_of_evidence(
    ranks: tuple[tuple[int, ...], ...], gain: float
) -> None:
    passages = [{"heading": "", "text": "讲别的事。" + "，".join(PIECES[n] for n in held)} for held in ranks]
    assert measured(answer(passages=passages), evidence=PIECES).value("ndcg@10") == pytest.approx(gain)


def test_a_question_without_evidence_has_no_gain() -> None:
    assert measured(evidence=()).value("ndcg@10") is None


def test_a_missing_answer_counts_as_wrong() -> None:
    row = measure(gold(), None, {})
    assert row.missing
    assert (row.correct, row.value("recall@1500c"), row.value("faithful")) == (0.0, 0.0, None)


def test_long_passages_gain_nothing() -> None:
    passages = [{"heading": "", "text": "很长的段落。" * 300}, {"heading": "", "text": SOURCE}]
    assert measured(answer(passages=passages)).value("recall@1500c") == 0.0


@pytest.mark.parametrize(
    "text", ["办理法律援助案件3211件[1]。", "办理法律援助案件13210件[1]。", "没有数字[1]。"]
)
def test_another_figure_is_wrong(text: str) -> None:
    assert measured(answer(answer=text)).correct == 0.0


def test_padding_is_wrong() -> None:
    assert measured(answer(answer="办理法律援助案件3210件[1]，另有8个站、9场活动、7名律师。")).correct == 0.0
    assert measured(answer(answer="办理法律援助案件3210件[1]。" + "工会工作有声有色。" * 20)).correct == 0.0


def test_figures_without_support_are_unfaithful() -> None:
    assert measured(answer(answer="办理3210件[1]，追回4560万元[1]。")).value("faithful") == 0.5
    result = answer(answer="每件1.42万元[1]。", calculation=["4560万元 / 3210件 = 1.42万元"])
    assert measured(result).value("faithful") == 0.0  # 4560万元 stands in no quote
    result["citations"][0]["quote"] = SOURCE
    assert measured(result).value("faithful") == 1.0


def test_a_quote_must_stand_at_its_spans() -> None:
    for change in (
        {"spans": [[0, 5]]},
        {"spans": []},
        {"report": "b.txt"},
        {"quote": "3210件", "spans": [[17, 23]]},
    ):
        row = measured(answer(citations=[answer()["citations"][0] | change]))
        assert row.value("citation_valid") == 0.0


def test_marks_need_their_citations() -> None:
    assert measured(answer(answer="3210件[1][2]。")).parts["marks_valid"] == (1.0, 2.0)
    assert measured(answer(answer="3210件。")).value("marks_valid") == 0.0


def test_refusals_are_right_only_where_nothing_can_be_said() -> None:
    refusal = answer(answer="报告里没有写明。", short=None, abstained=True, citations=[])
    assert measured(refusal).correct == 0.0
    assert measured(refusal, type="unanswerable", groups=(), evidence=()).correct == 1.0
    assert measured(type="unanswerable", groups=(), evidence=()).correct == 0.0


def test_a_summary_scores_its_share() -> None:
    points = (("法律援助",), ("技能竞赛",), ("爱心驿站",), ("助学金",))
    row = measured(answer(answer="主要做了法律援助[1]。"), type="summary", groups=points, enough=2)
    assert row.correct == 0.5


def test_pairs_must_stand_together() -> None:
    pairs = (Pair(("苏州",), "3210"), Pair(("昆明",), "1875"))
    question = {"type": "compare", "groups": (("3210",), ("1875",)), "enough": 2, "pairs": pairs}
    assert measured(answer(answer="苏州3210件[1]。昆明1875件[1]。"), **question).correct == 1.0
    assert measured(answer(answer="昆明3210件[1]。苏州1875件[1]。"), **question).correct == 0.0


@pytest.mark.parametrize(
    ("short", "expected", "same"),
    [
        ("1.45万件", "14500件", True),
        ("1.45万", "1.45万件", True),
        ("1.45万元", "1.45万件", False),
        ("不到100家", "超100家", False),
        ("文成县", "文成", True),
        ("文成、泰顺和苍南", "文成", False),
        ("91.5%", "百分之九十一点五", True),
    ],
)
def test_short_answers_compare_by_value_and_unit(short: str, expected: str, same: bool) -> None:
    assert alike(short, expected) is same


def test_evidence_is_found_whatever_the_layout_did() -> None:
    assert covers("办理 法律援助\n案件，3210件", "办理法律援助案件3210件")
    assert not covers("办理法律援助案件9999件", "办理法律援助案件3210件")
    assert not covers("任何段落", "")
    assert says("共3,210件", "3210")


def test_a_marker_that_is_a_list_marks_nothing() -> None:
    citation = {**answer()["citations"][0], "marker": [1]}
    assert measured(answer(citations=[citation])).value("marks_valid") == 0.0
